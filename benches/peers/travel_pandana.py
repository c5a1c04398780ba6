"""pandana: contraction hierarchies, one search per pair, on OpenMP threads."""

import numpy
import pandana
import pandas

from harness import THREADS, Report, best

UNREACHED = 4294967.295  # the largest 32-bit number in pandana's thousandths


def measure(export, data, roads):
    report = Report("pandana", "pandana", THREADS, prepares_from_pbf=False)
    lon, lat = pandas.Series(export.lon), pandas.Series(export.lat)
    tail, head = pandas.Series(export.tail), pandas.Series(export.head)
    weights = pandas.DataFrame({"deciseconds": export.deciseconds})

    time, network = best(lambda: pandana.Network(lon, lat, tail, head, weights, twoway=False), warm_up=False)
    report.time("build_s", time, preparation=True)

    for matrix, origins, destinations in export.matrices():
        froms = numpy.repeat(numpy.array(origins, dtype=numpy.int64), len(destinations))
        tos = numpy.tile(numpy.array(destinations, dtype=numpy.int64), len(origins))
        # The compiled part of `shortest_path_lengths`; what lies above it translates node names,
        # which are positions here, and lists unreached pairs one by one.
        time, lengths = best(lambda: network.net.shortest_path_distances(froms, tos, 0))
        report.time(f"{matrix}_s", time)
        report.checksum(matrix, (None if length == UNREACHED else round(length) for length in lengths))

    report.note("matrices: pair by pair, as the package has no many-to-many search; called below its pandas layer")
    report.note("the times hold the making of Python lists from the results")
    return [report.row]
