"""What every zoning peer needs: the exported problem, the judge, the best plan so far. No outside package.

    zoning.py PEER INSTANCE BUDGET_S RESULT    runs one peer inside its own environment
"""

import importlib
import json
import sys
import time
from dataclasses import dataclass, field
from importlib.metadata import version
from pathlib import Path


TRAVEL_ALONE = {"travel": 1, "zones": 0, "breaches": []}


@dataclass
class Judgement:
    """What a plan is worth under keniki's rules: `objective` is None if a rule is broken."""

    objective: int | None
    broken: list  # names of rules, in order, each once
    zones: int


@dataclass(frozen=True)
class ZoneScore:
    """`travel` of the best lead; `breach` counts shortages by share and units that the lead may not lead."""

    travel: float
    breach: float
    broken: tuple


class Instance:
    """A problem that `cargo bench --bench zoning -- --export` wrote, with keniki's answers."""

    def __init__(self, file):
        told = json.loads(Path(file).read_text(encoding="utf-8"))
        self.name, self.exact, self.search, self.sample = (told[key] for key in ("name", "exact", "search", "sample"))
        problem = told["problem"]
        if problem["conditions"] or problem.get("objective", TRAVEL_ALONE) != TRAVEL_ALONE:
            raise ValueError(f"{file}: the judge knows travel and no further conditions; export a problem without")
        self.units = range(len(problem["units"]))
        self.demand = [unit["demand_milli"] for unit in problem["units"]]
        self.resources = [unit["resources"] for unit in problem["units"]]
        self.least = [need["least"] for need in problem["min_resources"]]
        self.min_demand = problem["min_demand_milli"]
        self.fewest, self.most = problem["zone_count"]["least"], problem["zone_count"]["most"]
        self.cost, self.travel = problem["cost"], told["travel"]
        self.lead_unit = [lead["unit"] for lead in problem["leads"]]
        closed = {frozenset(pair) for pair in problem["closed"]}
        self.edges = sorted({tuple(sorted(pair)) for pair in problem["neighbours"] if frozenset(pair) not in closed})
        self.beside = {unit: set() for unit in self.units}
        for a, b in self.edges:
            self.beside[a].add(b)
            self.beside[b].add(a)
        self.leads_of = [[lead for lead, at in enumerate(self.lead_unit) if at == unit] for unit in self.units]
        self.scores = {}
        farthest = (max((time for time in row if time is not None), default=0) for row in self.travel)
        self.penalty = sum(farthest) or 1  # of one breach: no plan travels more

    def judge(self, zone_of_unit):
        """The one evaluation of every plan, whoever made it."""
        zones = members(zone_of_unit)
        scores = [self.zone(zone) for zone in zones]
        broken = {rule for score in scores for rule in score.broken}
        broken |= {"contiguity" for zone in zones if not self.connected(zone)}
        if len(zone_of_unit) != len(self.units):
            broken.add("partition")
        if len(zones) < self.fewest or self.most is not None and len(zones) > self.most:
            broken.add("number of zones")
        objective = None if broken else sum(score.travel for score in scores)
        return Judgement(objective, sorted(broken), len(zones))

    def zone(self, zone):
        """The score of a zone (a frozenset of units), contiguous or not."""
        score = self.scores.get(zone)
        if score is None:
            score = self.scores[zone] = self._zone(zone)
        return score

    def _zone(self, zone):
        breach, broken = 0.0, []
        demand = sum(self.demand[unit] for unit in zone)
        if demand < self.min_demand:
            breach += 1 - demand / self.min_demand
            broken.append("demand")
        for at, least in enumerate(self.least):
            held = sum(self.resources[unit][at] for unit in zone)
            if held < least:
                breach += 1 - held / least
                broken.append("resource")
        best = (len(zone) + 1, 0)
        for lead in (lead for unit in zone for lead in self.leads_of[unit]):
            costs = [self.cost[unit][lead] for unit in zone]
            refused = costs.count(None)
            travel = sum(costs) if not refused else sum(self.travel[unit][lead] or 0 for unit in zone)
            best = min(best, (refused, travel))
        if best[0]:
            breach += best[0]
            broken.append("lead within reach")
        return ZoneScore(best[1], breach, tuple(broken))

    def score(self, zones):
        """For packages that take any score: the objective, and far more for each broken rule."""
        scores = [self.zone(zone) for zone in zones]
        beyond = max(0, len(scores) - (self.most or len(scores))) + max(0, self.fewest - len(scores))
        return sum(score.travel for score in scores) + self.penalty * (beyond + sum(score.breach for score in scores))

    def connected(self, zone):
        reached, ahead = set(), [next(iter(zone))]
        while ahead:
            unit = ahead.pop()
            if unit not in reached:
                reached.add(unit)
                ahead += (self.beside[unit] & zone) - reached
        return len(reached) == len(zone)

    def zone_counts(self):
        """Every number of zones that demand, resources and leads could allow."""
        most = len({unit for unit in self.lead_unit})
        if self.min_demand:
            most = min(most, sum(self.demand) // self.min_demand)
        for at, least in enumerate(self.least):
            if least:
                most = min(most, sum(held[at] for held in self.resources) // least)
        if self.most is not None:
            most = min(most, self.most)
        return range(max(self.fewest, 1), most + 1)

    def minutes(self):
        """Of each unit, the mean travel from every lead: what attributes can say of the objective.

        A lead that no road joins is twice as far as the farthest.
        """
        mean = lambda cost, demand: cost / max(demand, 1) / 600
        known = [
            [None if cost is None else mean(cost, demand) for cost in row]
            for row, demand in zip(self.travel, self.demand)
        ]
        farthest = max((time for row in known for time in row if time is not None), default=1.0)
        return [[2 * farthest if time is None else time for time in row] for row in known]


def members(zone_of_unit):
    """The zones of a plan as frozensets of units."""
    zones = {}
    for unit, zone in enumerate(zone_of_unit):
        zones.setdefault(zone, set()).add(unit)
    return [frozenset(zone) for zone in zones.values()]


@dataclass
class Best:
    """Gathers the plans of one method; the best feasible one counts, and when it came."""

    instance: Instance
    peer: str
    method: str
    budget_s: float
    tried: int = 0
    feasible: int = 0
    objective: int | None = None
    zone_of_unit: list | None = None
    found_s: float | None = None
    fewest_broken: list | None = None
    began: float = field(default_factory=time.process_time)

    def over(self):
        return self.elapsed() >= self.budget_s

    def elapsed(self):
        """Processor seconds, which other work on the machine disturbs less."""
        return time.process_time() - self.began

    def take(self, zone_of_unit):
        zone_of_unit = [int(zone) for zone in zone_of_unit]
        judgement = self.instance.judge(zone_of_unit)
        self.tried += 1
        if judgement.objective is None:
            if self.fewest_broken is None or len(judgement.broken) < len(self.fewest_broken):
                self.fewest_broken = judgement.broken
            return
        self.feasible += 1
        if self.objective is None or judgement.objective < self.objective:
            self.objective, self.zone_of_unit, self.found_s = judgement.objective, zone_of_unit, self.elapsed()

    def row(self):
        return {
            "peer": self.peer,
            "version": version(self.peer),
            "method": self.method,
            "tried": self.tried,
            "feasible": self.feasible,
            "zone_of_unit": self.zone_of_unit,
            "broken": self.fewest_broken if self.zone_of_unit is None else [],
            "found_s": self.found_s,
            "spent_s": self.elapsed(),
        }


if __name__ == "__main__":
    peer, file, budget, result = sys.argv[1:]
    # Imported under its own name, so that the peer and this file share one Instance.
    harness = importlib.import_module("zoning")
    rows = importlib.import_module(f"zoning_{peer}").solve(harness.Instance(file), float(budget))
    Path(result).write_text(json.dumps(rows))
