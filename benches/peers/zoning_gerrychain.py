"""GerryChain: ReCom and flips under its optimiser, with keniki's objective as the score."""

import random
from functools import partial
from math import log

import networkx
from gerrychain import Graph, Partition
from gerrychain.constraints import contiguous, no_vanishing_districts
from gerrychain.optimization import SingleMetricOptimizer
from gerrychain.proposals import propose_random_flip, recom
from gerrychain.proposals.tree_proposals import MetagraphError
from gerrychain.tree import bipartition_tree
from zoning import Best

SLICE_S = 0.5  # that a method has before the next one begins where it ended
SEED = 1
FLIPS = 0.3  # share of steps that move one unit; the others recombine two zones


def solve(instance, budget_s):
    """Every number of zones gets the same time at first; the better half goes on, until one is left."""
    best = Best(instance, "gerrychain", "recom + short bursts, tilted, annealing", budget_s)
    chance = random.Random(SEED)
    graph = graph_of(instance)
    alive = {zones: start(instance, graph, zones, chance) for zones in instance.zone_counts()}
    rounds = max(1, len(alive).bit_length())
    for number in range(rounds):
        share_s = (budget_s - best.elapsed()) / (rounds - number) / len(alive)
        for zones in alive:
            alive[zones] = run(instance, alive[zones], share_s, best, chance)
        ranked = sorted(alive, key=lambda zones: score(instance, alive[zones]))
        alive = {zones: alive[zones] for zones in ranked[: (len(ranked) + 1) // 2]}
    return [best.row()]


def graph_of(instance):
    """Nodes are added in order, so that the package's own numbers for them are ours."""
    graph = networkx.Graph()
    graph.add_nodes_from((unit, {"demand": instance.demand[unit]}) for unit in instance.units)
    graph.add_edges_from(instance.edges)
    return Graph.from_networkx(graph)


def start(instance, graph, zones, chance):
    """A random spanning tree cut at random edges, the best of some."""
    return min(
        (Partition(graph, cut_tree(instance, zones, chance)) for _ in range(20)),
        key=lambda partition: score(instance, partition),
    )


def cut_tree(instance, zones, chance):
    forest = networkx.Graph(instance.edges)
    forest.add_nodes_from(instance.units)
    for edge in forest.edges:
        forest.edges[edge]["weight"] = chance.random()
    tree = networkx.minimum_spanning_tree(forest)
    missing = zones - networkx.number_connected_components(tree)
    tree.remove_edges_from(chance.sample(sorted(tree.edges), max(0, missing)))
    parts = networkx.connected_components(tree)
    return {unit: part for part, units in enumerate(sorted(map(sorted, parts))) for unit in units}


def score(instance, partition):
    return instance.score(frozenset(part) for part in partition.parts.values())


def run(instance, partition, share_s, best, chance):
    """Methods in turn, each from the best partition of the former, for so long."""
    end = best.elapsed() + share_s
    metric = partial(score, instance)
    turn = 0
    while best.elapsed() < end and len(partition.parts) > 1:
        stop = min(end, best.elapsed() + SLICE_S)
        optimiser, annealer = (
            SingleMetricOptimizer(
                partial(step, instance),
                [no_vanishing_districts, contiguous],
                partition,
                of,
                maximize=False,
                rng=chance.randrange(2**32),
            )
            for of in (metric, tempered(metric, partition))
        )
        cooling = annealer.linear_jumpcycle_beta_function(100, 200, 100)
        methods = [
            lambda: optimiser.short_bursts(10, 10**6),
            lambda: optimiser.tilted_run(10**6, p=0.05),
            # A hundredth of the objective more is accepted once in e times when cold.
            lambda: annealer.simulated_annealing(10**6, cooling, 100),
        ]
        for found in methods[turn % len(methods)]():
            if metric(found) < metric(partition):
                partition = found
                best.take(plan(instance, found))
            if best.elapsed() >= stop:
                break
        turn += 1
    best.take(plan(instance, partition))
    # Without its history, which would be kept for ever.
    return Partition(partition.graph, partition.assignment)


def tempered(metric, start):
    """The logarithm, and what is 150 times as bad as the start is as bad as it gets: GerryChain raises e to the
    power of every improvement, which overflows where a plan that breaks rules becomes one that keeps them."""
    most = log(max(metric(start), 1)) + 5
    return lambda partition: min(log(max(metric(partition), 1)), most)


def step(instance, partition, *, rng):
    """ReCom with the lower limit of demand; where no cut keeps it, and now and then anyway, a flip."""
    if rng.random() >= FLIPS:
        total = max(sum(instance.demand), 1)
        try:
            # Between the limit and everything: the floor alone binds.
            return recom(
                partition,
                "demand",
                total,
                1 - instance.min_demand / total,
                bipartition_tree_fn=partial(bipartition_tree, max_attempts=10, allow_pair_reselection=True),
                rng=rng,
            )
        except MetagraphError:
            pass  # no two zones can be cut anew
    return propose_random_flip(partition, rng=rng)


def plan(instance, partition):
    return [partition.assignment.mapping[unit] for unit in instance.units]
