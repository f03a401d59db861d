"""Run the benchmark and store what it found: `python -m benchmarks [ROW ...]`, all rows without a name."""

import json
import os
import subprocess
import sys

from benchmarks.one import rows
from benchmarks.report import RESULTS, markdown, write

# The libraries read these when they are imported, so that each row has a process of its own.
ONE_THREAD = {
    "OPENBLAS_NUM_THREADS": "1",
    "MKL_NUM_THREADS": "1",
    "OMP_NUM_THREADS": "1",
    "XLA_FLAGS": "--xla_cpu_multi_thread_eigen=false",
}
# Two threads of Python with one of NumPy's each; the others have both cores to themselves.
TWO_CORES = {"OPENBLAS_NUM_THREADS": "1", "PYTHONWARNINGS": "ignore::UserWarning"}


def measure(name):
    """Run a row in a fresh process; return its figures."""
    environment = os.environ | (ONE_THREAD if rows()[name].cores == 1 else TWO_CORES)
    command = [sys.executable, "-m", "benchmarks.one", name]
    done = subprocess.run(command, env=environment, stdout=subprocess.PIPE, text=True)
    if done.returncode:
        sys.exit(f"benchmarks: the row {name} failed, as said above.")
    return json.loads(done.stdout.splitlines()[-1])


if __name__ == "__main__":
    names = sys.argv[1:] or list(rows())
    if unknown := set(names) - set(rows()):
        sys.exit(f"benchmarks: no row {', '.join(sorted(unknown))}; there are {', '.join(rows())}.")
    results = json.loads(RESULTS.read_text(encoding="utf-8")) if RESULTS.exists() else {}
    for name in names:
        print(f"{rows()[name].title} ...", file=sys.stderr, flush=True)
        results[name] = measure(name)
        write({name: results[name] for name in rows() if name in results})
    print(markdown({name: results[name] for name in names}))
