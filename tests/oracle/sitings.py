#!/usr/bin/env python3
"""Compares the optima of the siting models with PySAL `spopt` on 10 random instances.

    cargo run --release --example oracle -- out/oracle
    python3 tests/oracle/sitings.py out/oracle

`spopt` is installed into a virtual environment below the folder and solves with CBC, which comes
with PuLP. Objectives must be equal.
"""

import json
import pathlib
import subprocess
import sys
import venv

VERSION = "spopt==0.7.0"


def inside_environment(folder):
    """Runs this script again inside a virtual environment with `spopt`."""
    environment = folder / "venv-spopt"
    python = environment / "bin" / "python"
    if not python.exists():
        venv.create(environment, with_pip=True)
    subprocess.run([python, "-m", "pip", "install", "--quiet", VERSION], check=True)
    sys.exit(subprocess.run([python, __file__, str(folder), "--inside"]).returncode)


def optima(instance):
    """The objectives that `spopt` finds. LSCP sees only the cells that somebody can cover."""
    import numpy
    import pulp
    from spopt.locate import LSCP, MCLP, PMedian

    solver = pulp.PULP_CBC_CMD(msg=False)
    minutes = numpy.array(instance["minutes"])
    weights = numpy.array(instance["weights"])
    limit, most, existing = instance["limit_minutes"], instance["most"], instance["existing"]
    stands = numpy.zeros(minutes.shape[1], dtype=int)
    stands[existing] = 1
    coverable = numpy.setdiff1d(numpy.arange(len(weights)), instance["uncoverable"])
    assert (minutes[instance["uncoverable"]] > limit).all()
    cover = MCLP.from_cost_matrix(
        minutes, weights, limit, p_facilities=most + len(existing), predefined_facilities_arr=stands
    ).solve(solver)
    covered = [cell for cell, by in enumerate(cover.cli2fac) if by]
    fewest = LSCP.from_cost_matrix(minutes[coverable], limit, predefined_facilities_arr=stands).solve(solver)
    nearest = PMedian.from_cost_matrix(minutes, weights, p_facilities=most).solve(solver)
    return {
        "mclp": int(weights[covered].sum()),
        "lscp": round(fewest.problem.objective.value()) - len(existing),
        "p_median": 600 * round(nearest.problem.objective.value()),
    }


def main(folder):
    instances = json.loads((folder / "sitings.json").read_text())
    assert len(instances) == 10
    for instance in instances:
        assert instance["proven"]
        theirs = optima(instance)
        print(instance["seed"], theirs)
        for model, objective in theirs.items():
            assert instance[model] == objective, (instance["seed"], model, instance[model], objective)
    print(f"{len(instances)} instances agree")


if __name__ == "__main__":
    target = pathlib.Path(sys.argv[1])
    if "--inside" not in sys.argv:
        inside_environment(target)
    main(target)
