"""One source of dependencies: the lock and conda's file say what pyproject.toml says."""

import ast
import itertools
import re
import sys
import tomllib
from pathlib import Path

import pytest
import yaml
from packaging.requirements import InvalidRequirement, Requirement
from packaging.specifiers import SpecifierSet
from packaging.utils import canonicalize_name

ROOT = Path(__file__).parents[1]
PROJECT = (ROOT / "pyproject.toml").read_text(encoding="utf-8")
LOCK = (ROOT / "requirements.lock").read_text(encoding="utf-8")
CONDA = (ROOT / "environment.yml").read_text(encoding="utf-8")

# Below these versions there are known holes.
FLOORS = {"jupyter-server": ">=2.20.0", "jupyterlab": ">=4.6.2", "nbconvert": ">7.16.6"}
# What conda-forge calls otherwise; conda, unlike pip, takes - and _ for different letters.
CONDA_NAMES = {"jupyter-server": "jupyter_server", "playwright": "playwright-python"}
# What conda-forge lacks; the tests that ask for it skip.
NOT_OF_CONDA = {"axe-playwright-python"}
# What conda's grammar makes of an entry: a name, and a range without blanks.
CONDA_ENTRY = re.compile(
    r"[a-z0-9][a-z0-9._-]*((>=|<=|==|!=|=|>|<)[0-9][0-9.*]*(,(>=|<=|!=|>|<)[0-9][0-9.*]*)*)?"
)
# Names in the code that differ from those of their packages, and a peer that some tests ask for.
IMPORTED = {
    "PIL": "pillow",
    "yaml": "pyyaml",
    "sklearn": "scikit-learn",
    "docutils": "sphinx",
    "jinja2": "sphinx",
    "pygments": "sphinx",
    "dask": "distributed",
    "IPython": "ipykernel",
    "traitlets": "nbclient",
    "myst_parser": "myst-nb",
    "markdown_it": "myst-nb",
    "fontTools": "matplotlib",
}
PEERS = {"anki", "torch", "jax"}


def declared(project):
    """The requirements of pyproject.toml, all groups together, by name."""
    table = tomllib.loads(project)["project"]
    entries = itertools.chain(table["dependencies"], *table["optional-dependencies"].values())
    requirements = map(Requirement, entries)
    return {canonicalize_name(requirement.name): requirement.specifier for requirement in requirements}


def of_conda(text):
    """Yield what is wrong with a file of conda, by itself."""
    try:
        environment = yaml.safe_load(text)
        channels, (*entries, last) = environment["channels"], environment["dependencies"]
    except (yaml.YAMLError, TypeError, KeyError, ValueError) as error:
        yield f"environment.yml cannot be read: {error!r}."
        return
    if channels != ["conda-forge", "nodefaults"]:
        yield f"The channels are {channels}."
    if "python=3.12" not in entries:
        yield "Python must be the one version python=3.12."
    if last != {"pip": ["-e ."]}:
        yield f"pip may install the course alone, but is told {last}."
    for entry in entries:
        if not isinstance(entry, str) or not CONDA_ENTRY.fullmatch(entry):
            yield f"conda does not read {entry!r}."
        elif entry != "pip" and not re.search("[<>=]", entry):
            yield f"{entry} has no range."


def of_ranges(project, text):
    """Yield where conda's file and pyproject.toml differ."""
    if list(of_conda(text)):
        return
    asked = {CONDA_NAMES.get(name, name): limits for name, limits in declared(project).items()}
    asked = {name: limits for name, limits in asked.items() if name not in NOT_OF_CONDA}
    given = {}
    for entry in yaml.safe_load(text)["dependencies"][:-1]:
        name, limits = re.fullmatch(r"([a-z0-9._-]+?)([<>=!].*)?", entry).groups()
        if name not in ("python", "pip"):
            given[name] = SpecifierSet(limits or "")
    for name in sorted(asked.keys() | given.keys()):
        if name not in given or name not in asked:
            yield f"{name} is in one of pyproject.toml and environment.yml alone."
        elif asked[name] != given[name]:
            yield f"{name} is {asked[name]} in pyproject.toml, {given[name]} in environment.yml."


def of_lock(project, lock):
    """Yield what is wrong with a lock."""
    if "://" in re.sub(r"#.*", "", lock) or re.search(r"--(extra-)?index-url|--find-links", lock):
        yield "The lock names an address."
    pins, asked = {}, declared(project)
    for entry in re.split(r"\n(?=\S)", re.sub(r"(?m)^\s*#.*\n?", "", lock).strip()):
        head = entry.split("\\")[0].strip()
        try:
            requirement = Requirement(head)
        except InvalidRequirement:
            yield f"The lock has an entry that cannot be read: {head!r}."
            continue
        name, limits = canonicalize_name(requirement.name), list(requirement.specifier)
        if len(limits) != 1 or limits[0].operator != "==":
            yield f"{name} is not pinned to one version."
            continue
        if "--hash=sha256:" not in entry:
            yield f"{name} has no hash."
        # What others bring along may differ between Pythons, by a marker; what we ask for may not.
        if name in pins and (name in asked or not requirement.marker):
            yield f"{name} is pinned twice."
        pins[name] = limits[0].version
    for name, limits in asked.items():
        if name not in pins:
            yield f"{name} is missing from the lock, which is older than pyproject.toml."
        elif pins[name] not in limits:
            yield f"{name} {pins[name]} in the lock is outside {limits}."
    for name, floor in FLOORS.items():
        if name in pins and pins[name] not in SpecifierSet(floor):
            yield f"{name} {pins[name]} is below its security floor, {floor}."


def test_conda_reads_its_file_and_asks_for_the_same():
    assert list(of_conda(CONDA)) == []
    assert list(of_ranges(PROJECT, CONDA)) == []


def test_the_lock_is_whole_and_within_the_ranges():
    assert list(of_lock(PROJECT, LOCK)) == []


def of_floors(project):
    """Yield where pyproject.toml allows a version with a known hole."""
    for name, floor in FLOORS.items():
        limits = str(declared(project)[name])
        if floor not in limits.split(","):
            yield f"{name} is {limits} in pyproject.toml, without its security floor, {floor}."


def test_the_floors_are_those_of_the_project():
    assert list(of_floors(PROJECT)) == []


BAD_CONDA = {
    "no YAML": ("dependencies: [", "cannot be read"),
    "a tab": (CONDA.replace("  - numpy", "\t- numpy"), "cannot be read"),
    "an empty file": ("", "cannot be read"),
    "no dependencies": ("channels: []", "cannot be read"),
    "an empty list": (re.sub(r"(?s)dependencies:.*", "dependencies: []", CONDA), "cannot be read"),
    "another channel": (CONDA.replace("nodefaults", "defaults"), "The channels are"),
    "a range of Pythons": (CONDA.replace("python=3.12", "python>=3.12"), "python=3.12"),
    "no range": (CONDA.replace("numpy>=2.2,<3", "numpy"), "numpy has no range"),
    "a blank in a range": (CONDA.replace("numpy>=2.2,<3", "numpy >=2.2, <3"), "conda does not read"),
    "more for pip": (CONDA + "      - requests\n", "pip may install the course alone"),
}
BAD_RANGES = {
    "one more": (CONDA.replace("  - pip:\n", "  - polars>=2\n  - pip:\n"), "polars is in one of"),
    "one less": (re.sub(r"  - tqdm.*\n", "", CONDA), "tqdm is in one of"),
    "the name on PyPI": (CONDA.replace("jupyter_server", "jupyter-server"), "jupyter-server is in one of"),
    "another range": (CONDA.replace("numpy>=2.2", "numpy>=2.0"), "numpy is <3,>=2.2"),
}
NUMPY = re.search(r"^numpy==.*(\n .*)*", LOCK, re.MULTILINE)[0]
EARLY = re.sub(r" \\", " ; python_version < '3.12' \\\\", NUMPY, count=1)
LATE = re.sub(r"==(\S+) \\", r"==\1.1 ; python_version >= '3.12' \\\\", NUMPY, count=1)
# A version below each of the floors.
BELOW = {"jupyter-server": "2.19.0", "jupyterlab": "4.6.1", "nbconvert": "7.16.6"}
BAD_LOCKS = {
    "a stale lock": (LOCK.replace(NUMPY, ""), "numpy is missing from the lock"),
    "two NumPys": (LOCK + "\n" + NUMPY.replace("numpy==2", "numpy==2.9"), "numpy is pinned twice"),
    "a NumPy for each Python": (LOCK.replace(NUMPY, EARLY + "\n" + LATE), "numpy is pinned twice"),
    "no pin": (LOCK.replace("numpy==", "numpy>="), "numpy is not pinned"),
    "no hash": (LOCK.replace(NUMPY, NUMPY.split("\\")[0]), "numpy has no hash"),
    "out of range": (
        re.sub(r"(?m)^numpy==\S+", "numpy==1.26.4", LOCK),
        "numpy 1.26.4 in the lock is outside",
    ),
    **{
        f"a hole, {name}": (
            re.sub(rf"(?m)^{name}==\S+", f"{name}=={version}", LOCK),
            f"{name} {version} is below its security floor",
        )
        for name, version in BELOW.items()
    },
    "an address": ("--index-url https://example.org/simple\n" + LOCK, "names an address"),
}


@pytest.mark.parametrize(("text", "complaint"), BAD_CONDA.values(), ids=BAD_CONDA)
def test_a_bad_file_of_conda_is_found(text, complaint):
    assert complaint in " ".join(of_conda(text))


@pytest.mark.parametrize(("text", "complaint"), BAD_RANGES.values(), ids=BAD_RANGES)
def test_another_range_is_found(text, complaint):
    assert complaint in " ".join(of_ranges(PROJECT, text))


@pytest.mark.parametrize(("text", "complaint"), BAD_LOCKS.values(), ids=BAD_LOCKS)
def test_a_bad_lock_is_found(text, complaint):
    assert complaint in " ".join(of_lock(PROJECT, text))


def test_a_lock_older_than_the_ranges_is_found():
    raised = PROJECT.replace("numpy>=2.2,<3", "numpy>=9")
    assert raised != PROJECT
    assert "in the lock is outside >=9" in " ".join(of_lock(raised, LOCK))
    one_more = PROJECT.replace('"numpy>=', '"polars>=2", "numpy>=')
    assert "polars is missing from the lock" in " ".join(of_lock(one_more, LOCK))


@pytest.mark.parametrize("name", FLOORS)
def test_a_floor_that_is_lowered_is_found(name):
    lowered = re.sub(rf'"{name}[^"]*"', f'"{name}>=1"', PROJECT)
    assert f"{name} is >=1 in pyproject.toml, without its security floor" in " ".join(of_floors(lowered))
    assert BELOW[name] not in SpecifierSet(FLOORS[name])


def imports(path):
    """The packages of others that a file imports."""
    for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
        if isinstance(node, ast.Import):
            yield from (alias.name.split(".")[0] for alias in node.names)
        elif isinstance(node, ast.ImportFrom) and not node.level:
            yield node.module.split(".")[0]


def test_whatever_is_imported_is_declared():
    folders = "tools", "docs", "docs/_ext", "tests"
    own = {path.stem for folder in folders for path in ROOT.joinpath(folder).glob("*.py")}
    packages = {"course", "benchmarks", "measurements"}
    for folder in (*packages, "tools", "docs", "tests"):
        for path in ROOT.joinpath(folder).rglob("*.py"):
            for name in set(imports(path)) - sys.stdlib_module_names - own - packages - PEERS:
                assert canonicalize_name(IMPORTED.get(name, name)) in declared(PROJECT), (
                    f"{path.name}: {name}"
                )
