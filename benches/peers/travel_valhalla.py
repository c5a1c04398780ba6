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
    steps, made = prepared(folder, {"tiles_s": [program, "--config", settings, roads]})
    report.time("tiles_s", steps["tiles_s"], preparation=True)

    actor = valhalla.Actor(settings)
    towns = export.towns()
    times = [best(lambda: actor.isochrone(request(town)))[0] for town in towns]
    if times:
        mean = lambda values: sum(values) / len(times)
        wall, cpu = mean([time.wall_s for time in times]), mean([time.cpu_s for time in times])
        report.time("isochrone_s", Time(wall, cpu, min(time.runs for time in times)))

    report.note(f"prepared on {made}; delete {folder} to measure it again")
    report.note("its own costing: times compare, minutes do not")
    names = "・".join(town.name for town in towns) or "no town: none of towns.csv lies on the network"
    report.note(f"isochrone: mean over {names}; polygons as GeoJSON text")
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
