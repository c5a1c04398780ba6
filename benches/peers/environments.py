"""An environment of its own for every peer, with exactly the versions of its list in `requirements/`."""

import glob
import os
import shutil
import subprocess
import sys
from pathlib import Path

HERE = Path(__file__).resolve().parent
CHECKOUT = HERE.parent.parent
PYTHON = "3.12"  # the oldest for which all pinned packages come ready built


def home():
    return Path(os.environ.get("KENIKI_PEERS_DIR") or CHECKOUT / "target" / "peers").resolve()


def run_peer(peer, *command):
    """Runs a script with the Python of a peer's environment; whether it went well."""
    python = environment(home() / "venv" / peer, HERE / "requirements" / f"{peer}.txt")
    surroundings = os.environ | {"PYTHONDONTWRITEBYTECODE": "1"}  # no litter in the checkout
    # A peer may write what it likes to its output; the table is ours.
    return subprocess.run([python, *command], env=surroundings, stdout=sys.stderr).returncode == 0


def environment(folder, requirements):
    """The Python of a virtual environment that holds exactly these requirements."""
    python, installed = folder / "bin" / "python", folder / "installed.txt"
    if not installed.exists() or installed.read_text() != requirements.read_text():
        shutil.rmtree(folder, ignore_errors=True)
        subprocess.run([base_python(), "-m", "venv", folder], check=True)
        install = [python, "-m", "pip", "install", "--quiet", "--requirement", requirements]
        subprocess.run(install, stdout=sys.stderr, check=True)
        shutil.copy(requirements, installed)
    return python


def base_python():
    pyenv = os.environ.get("PYENV_ROOT") or os.path.expanduser("~/.pyenv")
    candidates = [sys.executable, f"python{PYTHON}", *glob.glob(f"{pyenv}/versions/{PYTHON}.*/bin/python{PYTHON}")]
    for candidate in candidates:
        ask = [candidate, "-c", "import sys; print('%d.%d' % sys.version_info[:2])"]
        try:
            if subprocess.run(ask, capture_output=True, text=True).stdout.strip() == PYTHON:
                return candidate
        except OSError:
            pass  # not there
    sys.exit(f"Python {PYTHON} is missing: looked for {', '.join(candidates)}; install it (`pyenv install {PYTHON}`)")


def line(cells):
    return f"| {' | '.join(cells)} |"
