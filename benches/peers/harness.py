"""What every peer needs: the exported network, the clock, data prepared once, the report."""

import csv
import json
import os
import resource
import shutil
import subprocess
import sys
import time
from dataclasses import dataclass
from datetime import datetime, timezone
from importlib.metadata import version
from pathlib import Path

THREADS = len(os.sched_getaffinity(0))
SMALL = 200  # destinations of the small matrix
RUNS = 3
BUDGET_S = 60  # of one measure; no further run begins after this


@dataclass
class Point:
    name: str
    lon: float
    lat: float


@dataclass
class Export:
    """The network and the points that `cargo bench --bench travel -- --export` wrote."""

    lon: list
    lat: list
    tail: list
    head: list
    deciseconds: list
    origins: list
    destinations: list

    @classmethod
    def read(cls, folder):
        folder = Path(folder)
        nodes = rows(folder / "nodes.csv")
        arcs = rows(folder / "arcs.csv")
        points = rows(folder / "points.csv")
        return cls(
            lon=[float(row[1]) for row in nodes],
            lat=[float(row[2]) for row in nodes],
            tail=[int(row[0]) for row in arcs],
            head=[int(row[1]) for row in arcs],
            deciseconds=[int(row[2]) for row in arcs],
            origins=[int(row[2]) for row in points if row[0] == "origin"],
            destinations=[int(row[2]) for row in points if row[0] == "destination"],
        )

    def matrices(self):
        """Key, origins and destinations of the matrices to compute."""
        for destinations in (self.destinations[:SMALL], self.destinations):
            yield f"matrix_{len(self.origins)}x{len(destinations)}", self.origins, destinations

    def towns(self):
        """The towns of `towns.csv` that lie on this network."""
        towns = [Point(name, float(lon), float(lat)) for name, lon, lat in rows(Path(__file__).with_name("towns.csv"))]
        within = lambda value, values: min(values) <= value <= max(values)
        return [town for town in towns if within(town.lon, self.lon) and within(town.lat, self.lat)]


def rows(file):
    """The rows of a CSV file below its header."""
    with open(file, encoding="utf-8", newline="") as text:
        return list(csv.reader(text))[1:]


@dataclass
class Time:
    """Seconds on the wall, and of all processors together: on a busy machine the second is the truer."""

    wall_s: float
    cpu_s: float


def best(function, runs=RUNS, warm_up=True):
    """Best of several runs, and what the last one returned."""
    began = time.perf_counter()
    if warm_up:
        function()
    times = []
    while len(times) < runs and (not times or time.perf_counter() - began < BUDGET_S):
        result = None  # a former result is given back before the clock starts
        wall, cpu = time.perf_counter(), cpu_seconds()
        result = function()
        times.append(Time(time.perf_counter() - wall, cpu_seconds() - cpu))
    return min(times, key=lambda t: t.wall_s), result


def once(function):
    """For what is too long to repeat, or is by nature done once."""
    return best(function, runs=1, warm_up=False)


def cpu_seconds():
    """Of this process and of its children that have ended."""
    usages = (resource.getrusage(who) for who in (resource.RUSAGE_SELF, resource.RUSAGE_CHILDREN))
    return sum(usage.ru_utime + usage.ru_stime for usage in usages)


def prepared(folder, steps):
    """Runs the commands of `steps` (measure -> command) in a folder of their own, once.

    Later calls return the times of that first run and its date.
    """
    record = folder / "prepared.json"
    if not record.exists():
        shutil.rmtree(folder, ignore_errors=True)
        folder.mkdir(parents=True)
        times = {}
        for measure, command in steps.items():
            say(f"preparing, {measure}: {' '.join(map(str, command))}")
            with open(folder / f"{measure}.log", "wb") as log:
                run = lambda: subprocess.run(command, cwd=folder, stdout=log, stderr=log, check=True)
                times[measure] = vars(once(run)[0])
        today = datetime.now(timezone.utc).date().isoformat()
        record.write_text(json.dumps({"made": today, "times": times}, indent=1))
    kept = json.loads(record.read_text())
    return {measure: Time(**time) for measure, time in kept["times"].items()}, kept["made"]


class Report:
    """One row of the table."""

    def __init__(self, peer, package, threads, prepares_from_pbf):
        self.row = {
            "peer": peer,
            "version": version(package),
            "threads": threads,
            "prepares_from_pbf": prepares_from_pbf,
            "preparation": [],
            "times": {},
            "checksums": {},
            "notes": [],
        }

    def time(self, measure, time, preparation=False):
        say(f"{self.row['peer']} {measure}: {time.wall_s:.4f} s ({time.cpu_s:.4f} s of processor)")
        self.row["times"][measure] = vars(time)
        if preparation:
            self.row["preparation"].append(measure)

    def checksum(self, matrix, deciseconds):
        """`deciseconds`: of all reached pairs and None for the others."""
        total = reached = pairs = 0
        for value in deciseconds:
            pairs += 1
            if value is not None:
                reached += 1
                total += value
        self.row["checksums"][matrix] = {"sum": total, "unreached": pairs - reached}

    def note(self, text):
        self.row["notes"].append(text)


def say(text):
    print(text, file=sys.stderr, flush=True)
