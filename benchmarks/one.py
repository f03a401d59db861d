"""Run one row and print its figures: `python -m benchmarks.one ROW`, in a process whose threads are set."""

import importlib
import json
import sys

from benchmarks.measure import ROWS, machine

MODULES = ["kernels", "learning", "starting", "reading", "live"]


def rows():
    """Return all rows by name, in the order of the modules."""
    for module in MODULES:
        importlib.import_module(f"benchmarks.{module}")
    return ROWS


if __name__ == "__main__":
    row = rows()[sys.argv[1]]
    figures = [figure._asdict() for figure in row.run()]
    print(json.dumps({"title": row.title, "cores": row.cores, "figures": figures, "machine": machine()}))
