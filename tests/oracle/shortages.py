#!/usr/bin/env python3
"""Recomputes the shortages of 訪問診療 from the travel times of a planned study.

    keniki plan STUDY.toml --out PLAN
    keniki shortage STUDY.toml --out SHORTAGE
    python3 tests/oracle/shortages.py PLAN SHORTAGE [municipality code ...]

Needs `pyproj` (tried with 3.7). From `study.gpkg` it takes where cells and institutions are, their
classes and times; circle, cover, causes, depth, losses and E2SFCA are its own. Every figure must be
that of the tables. For the municipalities that are named it prints who is nearest.
"""

import csv
import pathlib
import sqlite3
import struct
import sys
from collections import Counter, defaultdict

from pyproj import Geod

EARTH = Geod(ellps="GRS80")
CIRCLE_M, LIMIT_DS = 16_000, 18_000
AROUND_THE_CLOCK = {"支援診1", "支援診2", "支援診3", "支援病1", "支援病2", "支援病3"}
DOCTORS = {"支援診1": 1.5, "支援診2": 0.5, "支援診3": 0.3, "支援病1": 1.5, "支援病2": 0.5, "支援病3": 0.3, "在医総管": 0.2}
CAUSES = ["16km以内になし", "時間内になし", "夜間・休日だけ届かない", "1か所だけ", "提供量の不足（仮定A）"]
RECEIPTS, LEAST = 80, 0.5


def weight(deciseconds):
    return next((w for until, w in ((6_000, 1.0), (12_000, 0.68), (18_000, 0.22)) if deciseconds <= until), 0.0)


def point(blob):
    """Longitude and latitude of a GeoPackage point."""
    start = 8 + (0, 32, 48, 48, 64)[blob[3] >> 1 & 7] + 5
    return struct.unpack("<dd", blob[start : start + 16])


def table(folder, name):
    with open(folder / name, encoding="utf-8-sig", newline="") as file:
        return [row for row in csv.DictReader(file) if row.get("サービス", "訪問診療") == "訪問診療"]


class Study:
    def __init__(self, folder):
        rows = sqlite3.connect(folder / "study.gpkg").execute
        self.cells = list(rows("SELECT mesh, municipality_code, total, age_75_plus, demand_receipts_per_month,"
                               " centre_longitude, centre_latitude FROM cells"))
        at = {cell[:2]: number for number, cell in enumerate(self.cells)}
        institutions = rows("SELECT id, name, classes, geom FROM facilities").fetchall()
        self.names = {one[0]: one[1] for one in institutions}
        classes = {one[0]: set(one[2].split("・")) for one in institutions}
        self.providers = [one for one, own in classes.items() if own & DOCTORS.keys()]
        self.night = {one for one in self.providers if classes[one] & AROUND_THE_CLOCK}
        self.capacity = {one: RECEIPTS * max(DOCTORS[own] for own in classes[one] & DOCTORS.keys()) for one in self.providers}
        places = {one[0]: point(one[3]) for one in institutions if one[3]}
        self.metres = {one: self.distances(*places[one]) for one in self.providers if one in places}
        self.times = defaultdict(dict)
        for one, mesh, code, time in rows("SELECT institution_id, mesh, municipality_code, deciseconds FROM travel_visits"):
            if time is not None and one in self.metres and self.metres[one][at[mesh, code]] <= CIRCLE_M:
                self.times[one][at[mesh, code]] = time

    def distances(self, longitude, latitude):
        size = len(self.cells)
        ends = [cell[5] for cell in self.cells], [cell[6] for cell in self.cells]
        return EARTH.inv([longitude] * size, [latitude] * size, *ends)[2]

    def solve(self):
        numbers = range(len(self.cells))
        self.cover = {one: {cell for cell, time in self.times[one].items() if time <= LIMIT_DS} for one in self.providers}
        self.count = Counter(cell for one in self.providers for cell in self.cover[one])
        nights = Counter(cell for one in self.night for cell in self.cover[one])
        inside = {cell for metres in self.metres.values() for cell in numbers if metres[cell] <= CIRCLE_M}
        self.score = [0.0] * len(self.cells)
        for one in self.providers:
            asked = sum(self.cells[cell][4] * weight(time) for cell, time in self.times[one].items())
            for cell, time in self.times[one].items() if asked > 0 else ():
                self.score[cell] += self.capacity[one] / asked * weight(time)
        self.causes = {}
        for cell in numbers:
            reached = self.count[cell] > 0
            holds = [not reached and cell not in inside, not reached and cell in inside, reached and nights[cell] == 0,
                     self.count[cell] == 1, reached and self.score[cell] < LEAST]
            if self.cells[cell][2] > 0 and any(holds):
                self.causes[cell] = [cause for cause, held in zip(CAUSES, holds) if held]

    def people(self, cells):
        return sum(self.cells[cell][2] for cell in cells)


def check(what, ours, theirs):
    differing = [key for key in ours.keys() | theirs.keys() if ours.get(key) != theirs.get(key)]
    print(f"{what}: {len(theirs)} compared, {len(differing)} differ")
    for key in differing[:5]:
        print(f"  {key}: {ours.get(key)} here, {theirs.get(key)} there")
    return not differing


def compare(study, folder):
    rows = table(folder, "shortages.csv")
    cells, own = study.cells, defaultdict(list)
    for number, cell in enumerate(cells):
        own[cell[1]].append(number)
    same = [check("causes of cells", {cells[cell][:2]: "、".join(causes) for cell, causes in study.causes.items()},
                  {(row["メッシュ"], row["市区町村コード"]): row["原因"] for row in rows if row["区分"] == "メッシュ"})]
    of_municipality = {
        (code, cause): study.people(cell for cell in members if cause in study.causes.get(cell, ()))
        for code, members in own.items() for cause in CAUSES
    }
    told = {(row["市区町村コード"], cause): int(row[f"{cause}_人数"])
            for row in rows if row["区分"] == "市区町村" for cause in CAUSES}
    same.append(check("people of municipalities by cause", of_municipality, told))
    levels = ["0", "1", "2", "3以上"]
    depth = {(code, level): study.people(cell for cell in members if min(study.count[cell], 3) == number)
             for code, members in own.items() for number, level in enumerate(levels)}
    told = {(row["市区町村コード"], row["か所数"]): int(row["人数"]) for row in table(folder, "depth.csv")}
    same.append(check("depth", depth, told))
    losses = {one: study.people(cell for cell in study.cover[one] if study.count[cell] == 1) for one in study.providers}
    told = {row["機関コード"]: int(row["届かなくなる_人数"]) for row in table(folder, "losses.csv")}
    same.append(check("losses", losses, told))
    scores = {(row["メッシュ"], row["市区町村コード"]): float(row["E2SFCA"]) for row in table(folder, "catchments.csv")}
    off = max(abs(scores[cell[:2]] - score) for cell, score in zip(cells, study.score))
    print(f"E2SFCA: {len(scores)} compared, largest difference {off:.1e}")
    return all(same) and off < 1e-6


def nearest(study, code):
    own = [number for number, cell in enumerate(study.cells) if cell[1] == code and cell[2] > 0]
    print(f"{code}: {len(own)} cells, {study.people(own)} people")
    for one in sorted(study.metres, key=lambda one: min(study.metres[one][cell] for cell in own))[:5]:
        metres = [study.metres[one][cell] for cell in own]
        times = [study.times[one][cell] / 600 for cell in own if cell in study.times[one]]
        print(f"  {study.names[one]}: {min(metres) / 1000:.2f}–{max(metres) / 1000:.2f} km,"
              f" {f'from {min(times):.1f} min' if times else 'no cell within both 16 km and 60 min'},"
              f" {study.people(cell for cell in own if cell in study.cover[one])} people within the rule,"
              f" {'24 h' if one in study.night else 'no filing of 24 h'}")


if __name__ == "__main__":
    planned = Study(pathlib.Path(sys.argv[1]))
    planned.solve()
    agrees = compare(planned, pathlib.Path(sys.argv[2]))
    for named in sys.argv[3:]:
        nearest(planned, named)
    sys.exit(not agrees)
