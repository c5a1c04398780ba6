"""Valhalla's isochrones with its own car costing, by the package `pyvalhalla`."""

import json

import valhalla

from harness import THREADS, Report, Time, best, prepared

CONTOURS_MIN = (15, 30, 45, 60)


def measure(export, data, roads):
    report = Report("Valhalla", "pyvalhalla", 1, prepares_from_pbf=True)
    folder = data / "tiles"
    settings = data / "valhalla.json"
    settings.write_text(json.dumps(config(folder)))
    program = valhalla.PYVALHALLA_DIR / "bin" / "valhalla_build_tiles"
    times, made = prepared(folder, {"tiles_s": [program, "--config", settings, roads]})
    report.time("tiles_s", times["tiles_s"], preparation=True)

    actor = valhalla.Actor(settings)
    towns = export.towns()
    walls, cpus = [], []
    for town in towns:
        time, _ = best(lambda: actor.isochrone(request(town)))
        walls.append(time.wall_s)
        cpus.append(time.cpu_s)
    if towns:
        report.time("isochrone_s", Time(sum(walls) / len(towns), sum(cpus) / len(towns)))

    report.note(f"prepared on {made}; delete {folder} to measure it again")
    report.note("its own costing: times compare, minutes do not")
    report.note(f"isochrone: mean over {'・'.join(town.name for town in towns)}; polygons as GeoJSON text")
    report.note("matrices are left out: they take minutes")
    return [report.row]


def config(folder):
    folder.mkdir(parents=True, exist_ok=True)  # else the package refuses to name it
    settings = valhalla.get_config(tile_extract="", tile_dir=folder)
    settings["mjolnir"]["concurrency"] = THREADS
    return settings


def request(town):
    """As text: what Python would do with the answer is not timed."""
    return json.dumps(
        {
            "locations": [{"lon": town.lon, "lat": town.lat}],
            "costing": "auto",
            "contours": [{"time": minutes} for minutes in CONTOURS_MIN],
            "polygons": True,
        }
    )
