"""The surroundings of every test and every notebook that is held: the same, however pytest was started."""

import os
import sys
import tempfile
from pathlib import Path

import nbformat

# Where programs and temporary files are, what Windows needs, and what some of our tests are given on purpose.
# Anything else, from a proxy to a hook of git, would reach the programs that tests start.
KEPT = {
    "PATH", "LD_LIBRARY_PATH", "TMPDIR", "TEMP", "TMP", "CI",
    "COURSE_CIFAR10", "COURSE_SCREENSHOTS",
    "SYSTEMROOT", "SYSTEMDRIVE", "WINDIR", "COMSPEC", "PATHEXT", "LOCALAPPDATA", "PROGRAMFILES",
}  # fmt: skip


def pytest_sessionstart(session):
    """Before anything is imported that reads its settings once, leave only those that a test expects."""
    # A runner of jobs may have closed it, and pytest, which would give its encoding, then fails.
    sys.__stdin__ = sys.__stdin__ or open(os.devnull, encoding="utf-8")  # noqa: SIM115
    home = tempfile.TemporaryDirectory(ignore_cleanup_errors=True)
    session.config.add_cleanup(home.cleanup)
    kept = {k: v for k, v in os.environ.items() if k in KEPT or k.startswith("PYTEST_XDIST_")}
    os.environ.clear()
    os.environ |= kept | {
        # The settings of git, JupyterLab, IPython and the browser are sought at home.
        "HOME": home.name,
        "USERPROFILE": home.name,
        "PYTHONUTF8": "1",
        # The list of fonts takes long to make, and is kept. An empty file of settings is the default style.
        "MPLCONFIGDIR": str(Path(sys.prefix, "state", "matplotlib")),
        "MATPLOTLIBRC": os.devnull,
        "MPLBACKEND": "agg",
        # Stored outputs have still figures, and last digits that do not hang on the number of cores.
        "COURSE_FIGURES": "still",
        # What a learner has done in this checkout is theirs.
        "COURSE_PROGRESS": "",
        "OPENBLAS_NUM_THREADS": "1",
    }


def pytest_collection_modifyitems(items):
    """What nbval holds is for `make long`; after its last cell a topic has its figures looked at as well."""
    check, topics = Path(__file__).parent / "tests" / "figures.py", Path(__file__).parent / "notebooks"
    last = {item.path: item for item in items if type(item).__name__ == "IPyNbCell"}
    for path, item in last.items():
        if check.exists() and path.parent == topics:
            source = f"__import__('runpy').run_path({str(check)!r})['look']({str(path)!r}, globals())"
            cell = nbformat.v4.new_code_cell(source)
            looked = type(item).from_parent(
                item.parent, name="Figures", cell_num=item.cell_num + 1, cell=cell, options=item.options
            )
            items.insert(items.index(item) + 1, looked)
    for item in items:
        if type(item).__name__ == "IPyNbCell":
            item.add_marker("long")


def pytest_addoption(parser):
    """With how many draws of their arguments exercises are proved; `make practice` asks for more."""
    parser.addoption("--seeds", type=int, default=50)
