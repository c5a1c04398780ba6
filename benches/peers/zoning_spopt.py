"""spopt: SKATER and max-p on travel minutes; AZP, which takes any objective, on keniki's own."""

import itertools
import random
import warnings

import geopandas
import numpy
from libpysal.weights import W
from scipy.optimize import OptimizeWarning
from sklearn.metrics import pairwise
from spopt.region import AZP, MaxPHeuristic
from spopt.region.objective_function import ObjectiveFunction
from spopt.region.skater import SpanningForest
from zoning import Best, members

# A zone may need more than the least demand before it has a lead and a hub: max-p is asked for each.
BOUNDS = (1.0, 1.25, 1.5, 2.0, 3.0, 4.0, 6.0, 8.0)
METRICS = (pairwise.manhattan_distances, pairwise.euclidean_distances)
FLOORS = (1, 2, 3, 4)  # units of a zone: the only floor that its SKATER knows


def solve(instance, budget_s):
    warnings.simplefilter("ignore", OptimizeWarning)  # too small an island: the judge says so
    weights = W({unit: sorted(beside) for unit, beside in instance.beside.items()}, silence_warnings=True)
    minutes = numpy.array(instance.minutes())
    leads = {f"lead{at}": column for at, column in enumerate(minutes.T)}
    table = geopandas.GeoDataFrame({"demand": instance.demand, "unit": list(instance.units)} | leads)
    plans = {
        "skater": skater(instance, weights, minutes),
        "azp, keniki's objective": azp(instance, weights, table),
        "max-p": maxp(instance, weights, table),
    }
    return [gather(instance, name, found, budget_s).row() for name, found in plans.items()]


def gather(instance, name, calls, budget_s):
    """`calls` gives the plans of one call after the other; all of a call that began are judged."""
    best = Best(instance, "spopt", name, budget_s)
    for plans in calls:
        for plan in plans:
            best.take(plan)
        if best.over():
            break
    return best


def skater(instance, weights, minutes):
    """One tree pruned on and on holds a plan for every number of zones."""
    for metric, floor in itertools.product(METRICS, FLOORS):
        forest = SpanningForest(dissimilarity=metric)
        forest.fit(max(instance.zone_counts()), weights, data=minutes, quorum=floor, trace=True)
        yield [labels for labels, _ in forest._trace]


class Objective(ObjectiveFunction):
    """keniki's objective; the attribute of a unit is its number."""

    def __init__(self, instance):
        super().__init__()
        self.instance = instance

    def __call__(self, labels, attr):
        units = attr[:, 0].astype(int)
        zones = {}
        for unit, label in zip(units, labels):
            zones.setdefault(label, set()).add(int(unit))
        return self.instance.score(map(frozenset, zones.values()))

    def update(self, moving_area, recipient_region, labels, attr):
        units = attr[:, 0].astype(int)
        donor = labels[moving_area]
        zone = lambda label: frozenset(map(int, units[labels == label]))
        before = zone(donor), zone(recipient_region)
        moved = {int(units[moving_area])}
        after = [zone for zone in (before[0] - moved, before[1] | moved) if zone]
        return self.instance.score(after) - self.instance.score(before)


def azp(instance, weights, table):
    """Random restarts; numbers of zones whose plans were good come back more often."""
    random.seed(1)
    chance = random.Random(2)
    reached = {zones: float("inf") for zones in instance.zone_counts()}
    objective = Objective(instance)
    for number in itertools.count():
        ranked = sorted(reached, key=reached.get)
        untried = [zones for zones in ranked if reached[zones] == float("inf")]
        zones = untried[-1] if untried else ranked[int(len(ranked) * chance.random() ** 3)]
        model = AZP(table, weights, ["unit"], zones, random_state=number, objective_func=objective)
        try:
            model.solve()
        except ValueError:
            # Its random start has fewer zones than asked for now and then.
            reached[zones] = min(reached[zones], 1e300)
            yield []
            continue
        reached[zones] = min(reached[zones], instance.score(members(model.labels_)))
        yield [model.labels_]


def maxp(instance, weights, table):
    attributes = [name for name in table.columns if name.startswith("lead")]
    for seed in itertools.count(1):
        for factor in BOUNDS:
            numpy.random.seed(seed)
            model = MaxPHeuristic(
                table,
                weights,
                attributes,
                "demand",
                factor * max(instance.min_demand, 1),
                max_iterations_construction=20,
                max_iterations_sa=3,
            )
            model.solve()
            yield [model.labels_]
