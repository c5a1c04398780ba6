"""RoutingKit's customisable contraction hierarchies, by the package `routingkit-cch`."""

import random
from threading import Thread

import routingkit_cch

from harness import THREADS, Report, best, once

UNREACHABLE = 2**31 - 1  # the weight that RoutingKit takes for "closed"
CLOSED_ARCS = 100
ONE_TO_ALL_SOURCES = 20


def measure(export, data, roads):
    report = Report("RoutingKit CCH", "routingkit-cch", THREADS, prepares_from_pbf=False)
    tail, head, weights = export.tail, export.head, export.deciseconds

    time, order = once(
        lambda: routingkit_cch.compute_order_inertial(len(export.lon), tail, head, export.lat, export.lon)
    )
    report.time("ordering_s", time, preparation=True)
    time, cch = best(lambda: routingkit_cch.CCH(order, tail, head, False))
    report.time("build_s", time, preparation=True)
    metric = routingkit_cch.CCHMetric(cch, weights)
    time, _ = best(lambda: metric.reset(weights))
    report.time("customise_s", time, preparation=True)
    report.time("recustomise_local_s", local_update(cch, metric, weights))

    for matrix, origins, destinations in export.matrices():
        ways = [best(lambda: many_to_many(metric, origins, destinations, way)) for way in (by_rows, by_columns)]
        report.time(f"{matrix}_s", min((time for time, _ in ways), key=lambda time: time.wall_s))
        report.checksum(matrix, distances(metric, origins, destinations))

    sources = export.origins[:ONE_TO_ALL_SOURCES]
    everywhere = list(range(len(export.lon)))
    search = routingkit_cch.CCHOneToMany(metric, everywhere)
    time, _ = best(lambda: [search.distances_from(source) and None for source in sources])
    time.wall_s /= len(sources)
    time.cpu_s /= len(sources)
    report.time("one_to_all_s", time)

    report.note("ordering, building and customisation run on one thread, as the package offers no other")
    report.note("matrices: the better of pinned destinations and pinned origins, on one query object per thread")
    report.note("all times hold the making of Python lists from the results; the package offers no other way out")
    report.note(f"recustomise_local_s: {CLOSED_ARCS} random arcs closed by the package's partial update")
    report.note("one_to_all_s: per source on one thread, all nodes pinned as destinations")
    return [report.row]


def local_update(cch, metric, weights):
    """Time to close some arcs; they are opened again afterwards."""
    updater = routingkit_cch.CCHMetricPartialUpdater(cch)
    arcs = random.Random(4).sample(range(len(weights)), CLOSED_ARCS)
    opened = {arc: weights[arc] for arc in arcs}
    closed = dict.fromkeys(arcs, UNREACHABLE)
    times = []
    for _ in range(3):
        times.append(once(lambda: updater.apply(metric, closed))[0])
        updater.apply(metric, opened)
    return min(times, key=lambda time: time.wall_s)


def many_to_many(metric, origins, destinations, way):
    """The matrix on all threads, row by row or column by column; a query object belongs to one thread."""
    lines = origins if way is by_rows else destinations
    threads = [
        Thread(target=way, args=(metric, lines[part::THREADS], destinations if way is by_rows else origins))
        for part in range(THREADS)
    ]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()


def by_rows(metric, origins, destinations):
    distances_from = routingkit_cch.CCHOneToMany(metric, destinations).distances_from
    for origin in origins:
        distances_from(origin)


def by_columns(metric, destinations, origins):
    distances_to = routingkit_cch.CCHManyToOne(metric, origins).distances_to
    for destination in destinations:
        distances_to(destination)


def distances(metric, origins, destinations):
    search = routingkit_cch.CCHOneToMany(metric, destinations)
    for origin in origins:
        yield from search.distances_from(origin)
