#!/usr/bin/env python3
"""Compares the floating catchment methods with PySAL `access` on 20 random instances.

    cargo run --release --example oracle -- out/oracle
    python3 tests/oracle/catchments.py out/oracle

`access` is installed into a virtual environment below the folder. 2SFCA, E2SFCA and 3SFCA must
agree to 1e-6 of the value. RAAM of `access` moves whole units of demand for a given number of cycles
and ends near the equilibrium, not in it: the instances have demands of millions, it is given many
cycles of small steps, and must agree to RAAM_TOLERANCE; ours must be in equilibrium to 1e-9.
"""

import json
import pathlib
import subprocess
import sys
import venv

VERSION = "access==1.1.10.post3"
TOLERANCE = 1e-6
RAAM_TOLERANCE = 1e-4


def inside_environment(folder):
    """Runs this script again inside a virtual environment with `access`."""
    environment = folder / "venv-access"
    python = environment / "bin" / "python"
    if not python.exists():
        venv.create(environment, with_pip=True)
    subprocess.run([python, "-m", "pip", "install", "--quiet", VERSION], check=True)
    sys.exit(subprocess.run([python, __file__, str(folder), "--inside"]).returncode)


def answers(instance):
    """What `access` says."""
    import pandas
    from access import Access, weights

    pairs = [
        {"origin": cell, "dest": at, "cost": minutes}
        for cell, row in enumerate(instance["minutes"])
        for at, minutes in enumerate(row)
    ]
    question = Access(
        demand_df=pandas.DataFrame({"geoid": range(len(instance["demand"])), "demand": instance["demand"]}),
        demand_index="geoid",
        demand_value="demand",
        supply_df=pandas.DataFrame({"geoid": range(len(instance["capacity"])), "supply": instance["capacity"]}),
        supply_index="geoid",
        supply_value=["supply"],
        cost_df=pandas.DataFrame(pairs),
        cost_origin="origin",
        cost_dest="dest",
        cost_name="cost",
    )
    bands = weights.step_fn({10: 1, 20: 0.68, 30: 0.22})
    question.two_stage_fca(name="two_step", max_cost=30)
    question.enhanced_two_stage_fca(name="enhanced", weight_fn=bands)
    question.three_stage_fca(name="three_step", weight_fn=bands)
    question.raam(name="raam", tau=60, max_cycles=20_000, initial_step=0.2, half_life=200, min_step=1e-5)
    return question.access_df


def worst(ours, theirs):
    """The largest difference of two series, as a share of the larger value."""
    assert len(ours) == len(theirs)
    pairs = zip(ours, (0.0 if value != value else value for value in theirs))
    return max(abs(a - b) / max(abs(a), abs(b), 1e-300) for a, b in pairs)


def main(folder):
    instances = json.loads((folder / "catchments.json").read_text())
    assert len(instances) == 20
    largest = dict.fromkeys(["two_step", "enhanced", "three_step", "raam"], 0.0)
    for instance in instances:
        theirs = answers(instance)
        assert instance["raam_largest_gain"] <= 1e-9
        for method in largest:
            largest[method] = max(largest[method], worst(instance[method], theirs[f"{method}_supply"]))
    for method, difference in largest.items():
        tolerance = RAAM_TOLERANCE if method == "raam" else TOLERANCE
        print(f"{method}: largest relative difference {difference:.3g}, tolerance {tolerance:g}")
        assert difference <= tolerance, method
    print(f"{len(instances)} instances agree")


if __name__ == "__main__":
    target = pathlib.Path(sys.argv[1])
    if "--inside" not in sys.argv:
        inside_environment(target)
    main(target)
