"""pygeoda: SKATER, AZP (greedy, annealing, tabu) and max-p (the same) on travel minutes, demand as the bound."""

import itertools
import os
import tempfile

import pygeoda
from zoning import Best

# A zone may need more than the least demand before it has a lead and a hub: max-p is asked for each.
BOUNDS = (1.0, 1.25, 1.5, 2.0, 3.0, 4.0, 6.0, 8.0)
DISTANCES = ("euclidean", "manhattan")
SCALES = ("raw", "standardize")


def solve(instance, budget_s):
    ground = Ground(instance)
    families = {"skater": ground.skater, "azp greedy/sa/tabu": ground.azp, "max-p greedy/sa/tabu": ground.maxp}
    return [gather(instance, name, calls, budget_s).row() for name, calls in families.items()]


def gather(instance, name, calls, budget_s):
    best = Best(instance, "pygeoda", name, budget_s)
    for call in calls():
        if best.over():
            break
        clusters = call()["Clusters"]
        best.take(clusters)
    return best


class Ground:
    """Every call that a family of methods can make, the seeds without end."""

    def __init__(self, instance):
        self.instance = instance
        self.weights = weights(instance)
        self.data = [list(map(float, column)) for column in zip(*instance.minutes())]
        self.demand = [float(demand) for demand in instance.demand]

    def settings(self):
        for distance, scale in itertools.product(DISTANCES, SCALES):
            yield {"distance_method": distance, "scale_method": scale}

    def bound(self):
        bound = float(self.instance.min_demand)
        return {"bound_variable": self.demand, "min_bound": bound} if bound else {}

    def counts(self):
        return [zones for zones in self.instance.zone_counts() if zones > 1]

    def skater(self):
        for zones, setting, bound in itertools.product(self.counts(), self.settings(), ({}, self.bound())):
            yield lambda: pygeoda.skater(zones, self.weights, self.data, cpu_threads=1, **setting, **bound)

    def azp(self):
        for seed in itertools.count(1):
            for zones, setting in itertools.product(reversed(self.counts()), self.settings()):
                fixed = {"random_seed": seed, "inits": 10, **setting, **self.bound()}
                yield lambda: pygeoda.azp_greedy(zones, self.weights, self.data, **fixed)
                yield lambda: pygeoda.azp_sa(zones, self.weights, self.data, cooling_rate=0.85, **fixed)
                yield lambda: pygeoda.azp_tabu(zones, self.weights, self.data, tabu_length=10, **fixed)

    def maxp(self):
        for seed in itertools.count(1):
            for factor, setting in itertools.product(BOUNDS, self.settings()):
                bound = factor * max(self.instance.min_demand, 1)
                fixed = {"random_seed": seed, "cpu_threads": 1, **setting}
                arguments = (self.weights, self.data, self.demand, bound)
                yield lambda: pygeoda.maxp_greedy(*arguments, **fixed)
                yield lambda: pygeoda.maxp_sa(*arguments, cooling_rate=0.85, **fixed)
                yield lambda: pygeoda.maxp_tabu(*arguments, tabu_length=10, **fixed)


def weights(instance):
    """The package reads neighbours from a file only."""
    lines = [f"0 {len(instance.units)} units id"]
    for unit in instance.units:
        beside = sorted(instance.beside[unit])
        lines += [f"{unit} {len(beside)}", " ".join(map(str, beside))]
    handle, file = tempfile.mkstemp(suffix=".gal")
    with os.fdopen(handle, "w") as text:
        text.write("\n".join(lines) + "\n")
    try:
        return pygeoda.read_gal(file, [str(unit) for unit in instance.units])
    finally:
        os.unlink(file)
