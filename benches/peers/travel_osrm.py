"""OSRM's table service with its own car profile, by the package `osrm-bindings`."""

import time
from multiprocessing import get_context
from pathlib import Path

import osrm

from harness import RUNS, THREADS, Report, Time, cpu_seconds, prepared

# Contraction hierarchies, and the multi-level partition that takes new weights quickly.
ALGORITHMS = {"CH": ["contract"], "MLD": ["partition", "customize"]}
PACKAGE = Path(osrm.__file__).parent
UNLIMITED = -1


def measure(export, data, roads):
    return [measure_algorithm(export, data, roads, algorithm) for algorithm in ALGORITHMS]


def measure_algorithm(export, data, roads, algorithm):
    report = Report(f"OSRM {algorithm}", "osrm-bindings", THREADS, prepares_from_pbf=True)
    folder = data / algorithm.lower()
    times, made = prepared(folder, steps(algorithm, roads))
    for step, step_time in times.items():
        report.time(step, step_time, preparation=True)

    for matrix, origins, destinations in export.matrices():
        places = [[(export.lon[node], export.lat[node]) for node in nodes] for nodes in (origins, destinations)]
        report.time(f"{matrix}_s", table(folder / "roads.osrm", algorithm, *places))

    report.note(f"prepared on {made}; delete {folder} to measure it again")
    report.note("its own profile, turn costs and snapping: times compare, minutes do not")
    report.note(f"matrices: rows divided among {THREADS} processes, as a call holds Python's lock")
    report.note("places are snapped beforehand; the times hold the making of OSRM's JSON tree, not of Python objects")
    return report.row


def steps(algorithm, roads):
    """Measure -> command."""
    program = lambda name: [PACKAGE / "bin" / f"osrm-{name}", "--threads", str(THREADS)]
    extract = program("extract") + ["--profile", PACKAGE / "share/profiles/car.lua", "--output", "roads.osrm", roads]
    return {"extract_s": extract} | {f"{step}_s": program(step) + ["roads.osrm"] for step in ALGORITHMS[algorithm]}


def table(network, algorithm, origins, destinations):
    """Best time of the whole table: from the common start to the end of the last process."""
    context = get_context("spawn")
    start = context.Barrier(THREADS)
    times = context.Queue()
    workers = [
        context.Process(target=rows, args=(network, algorithm, origins[part::THREADS], destinations, start, times))
        for part in range(THREADS)
    ]
    for worker in workers:
        worker.start()
    parts = [times.get() for _ in workers]
    for worker in workers:
        worker.join()
    # The clock is the machine's own, so that the times of two processes compare.
    runs = [
        Time(max(end for _, end, _ in run) - min(begin for begin, _, _ in run), sum(cpu for _, _, cpu in run))
        for run in zip(*parts)
    ]
    return min(runs, key=lambda run: run.wall_s)


def rows(network, algorithm, origins, destinations, start, times):
    """The work of one process: begin, end and processor seconds of each run."""
    engine = osrm.OSRM(
        algorithm=algorithm,
        storage_config=str(network),
        use_shared_memory=False,
        max_locations_distance_table=UNLIMITED,
    )
    question = {
        "coordinates": origins + destinations,
        "sources": list(range(len(origins))),
        "destinations": list(range(len(origins), len(origins) + len(destinations))),
    }
    answer = engine.Table(osrm.TableParameters(**question))  # the warm-up, and where each place snaps to
    hints = [place["hint"] for side in ("sources", "destinations") for place in answer[side]]
    parameters = osrm.TableParameters(**question, hints=hints, generate_hints=False)
    runs = []
    for _ in range(RUNS):
        start.wait()
        begin, cpu = time.monotonic(), cpu_seconds()
        engine.Table(parameters)
        runs.append((begin, time.monotonic(), cpu_seconds() - cpu))
    times.put(runs)
