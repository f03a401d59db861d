"""Notebooks are run before Sphinx reads them, one on each core, and what they gave is kept."""

import asyncio
import functools
import hashlib
import json
import logging
import os
import sys
from pathlib import Path

import nbformat
from execute import METADATA, run
from sphinx.errors import ExtensionError
from tqdm import tqdm

# Every figure is drawn at all values of its sliders, and nothing is kept as if a learner had done it. A
# second thread would take the core of another notebook.
SETTINGS = {"COURSE_FIGURES": "frames", "COURSE_PROGRESS": "", "OPENBLAS_NUM_THREADS": "1"}

# The theme's style of code, a11y_pygments, has every library log all that it does.
logging.getLogger("traitlets").setLevel(logging.WARNING)

ROOT = Path(__file__).parents[2]
# A cell that draws all frames of a figure takes this long at most, in seconds.
TIMEOUT = 300


@functools.cache
def drawn_by(language):
    """Return a name of all that decides what a notebook shows besides its code: package, versions, language.

    A translation is part of the package, and changes the notebooks of its own language alone.
    """
    digest = hashlib.sha256(language.encode())
    for file in [ROOT / "requirements.lock", *sorted((ROOT / "course").rglob("*.*"))]:
        if file.is_file() and file.suffix != ".pyc" and speaks(file.relative_to(ROOT).parts, language):
            digest.update(file.read_bytes())
    return digest.hexdigest()


def speaks(parts, language):
    """Return whether a file of the package, by its parts, matters to what is said in a language."""
    match parts:
        case "course", "locale", other, *_:
            return other == language
        case "course", "fonts", name if not name.endswith(".py"):
            return name.partition(".")[0] == language
    return True


def code(notebook):
    """Return a notebook of the code alone, as nobody has run it."""
    cells = [
        nbformat.v4.new_code_cell(cell.source, metadata={"tags": cell.metadata.get("tags", [])})
        for cell in notebook.cells
        if cell.cell_type == "code"
    ]
    return nbformat.v4.new_notebook(cells=cells, metadata=METADATA)


def executed(notebooks, store):
    """Return, for `{(language, path): notebook}`, their code as it was run; what `store` has was run before.

    What a notebook shows depends on its code and on what it is drawn by.
    All are run, also where one fails; ExtensionError then names each that has failed, and its cell.
    """
    store.mkdir(parents=True, exist_ok=True)
    ran, kept = {one: code(notebook) for one, notebook in notebooks.items()}, {}
    for one, notebook in ran.items():
        sources = [[cell.source, cell.metadata.tags] for cell in notebook.cells]
        key = hashlib.sha256(json.dumps([drawn_by(one[0]), sources]).encode()).hexdigest()
        kept[one] = store / f"{key[:32]}.ipynb"
    missing = {one: notebook for one, notebook in ran.items() if not kept[one].exists()}
    if missing:
        print(
            f"{len(missing)} of {len(ran)} notebooks are run, with all values of their sliders. For all of "
            "the course this takes one to three minutes a language; what has not changed is not run again.",
            file=sys.stderr,
        )
        asyncio.run(_run_all(missing, kept))
    return {one: nbformat.read(kept[one], as_version=4) for one in ran}


async def _run_all(notebooks, kept):
    cores = asyncio.Semaphore(os.cpu_count() or 1)
    cells = sum(len(notebook.cells) for notebook in notebooks.values())
    # A log keeps every state of the bar.
    seconds = 0.1 if sys.stderr.isatty() else 10
    with tqdm(total=cells, unit="cell", mininterval=seconds) as bar:

        async def one(language, path):
            notebook, file = notebooks[language, path], kept[language, path]
            async with cores:
                bar.set_postfix_str(path.name, refresh=False)
                await run(
                    notebook,
                    path,
                    TIMEOUT,
                    env=os.environ | SETTINGS | {"COURSE_LANGUAGE": language},
                    on_cell_executed=lambda **_: bar.update(),
                )
            # Whole or not at all, whenever it is interrupted.
            part = file.with_suffix(".part")
            nbformat.write(notebook, part)
            part.replace(file)

        results = await asyncio.gather(*(one(*names) for names in notebooks), return_exceptions=True)
    failures = [result for result in results if isinstance(result, Exception)]
    for failure in failures:
        if not isinstance(failure, RuntimeError):
            raise failure
    if failures:
        raise ExtensionError("\n".join(map(str, failures)))
