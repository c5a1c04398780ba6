"""Runs one peer inside its own environment: measure.py PEER EXPORT DATA ROADS RESULT."""

import importlib
import json
import sys
from pathlib import Path

from harness import Export

if __name__ == "__main__":
    peer, export, data, roads, result = sys.argv[1:]
    report = importlib.import_module(peer).measure(Export.read(export), Path(data), Path(roads))
    Path(result).write_text(json.dumps(report))
