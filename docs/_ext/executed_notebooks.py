"""Notebooks are run before Sphinx reads them, one on each core, and what they gave is kept."""

import asyncio
import hashlib
import json
import logging
import os
import sys

import nbformat
from execute import METADATA, run
from sphinx.errors import ExtensionError
from tqdm import tqdm

# Every figure is drawn at all values of its sliders, and nothing is kept as if a learner had done it. A
# second thread would take the core of another notebook.
SETTINGS = {"COURSE_FIGURES": "frames", "COURSE_PROGRESS": "", "OPENBLAS_NUM_THREADS": "1"}

# The theme's style of code, a11y_pygments, has every library log all that it does.
logging.getLogger("traitlets").setLevel(logging.WARNING)


def code(notebook):
    """Return a notebook of the code alone, as nobody has run it."""
    cells = [
        nbformat.v4.new_code_cell(cell.source, metadata={"tags": cell.metadata.get("tags", [])})
        for cell in notebook.cells
        if cell.cell_type == "code"
    ]
    return nbformat.v4.new_notebook(cells=cells, metadata=METADATA)


def executed(notebooks, store, drawn_by, timeout):
    """Return, for `{path: notebook}`, their code as it was run; what `store` has was run before.

    What a notebook shows depends on its code and on `drawn_by`, which names the package and its versions.
    All are run, also where one fails; ExtensionError then names each that has failed, and its cell.
    """
    store.mkdir(parents=True, exist_ok=True)
    ran, kept = {path: code(notebook) for path, notebook in notebooks.items()}, {}
    for path, notebook in ran.items():
        sources = [[cell.source, cell.metadata.tags] for cell in notebook.cells]
        key = hashlib.sha256(json.dumps([drawn_by, sources]).encode()).hexdigest()
        kept[path] = store / f"{key[:32]}.ipynb"
    missing = {path: notebook for path, notebook in ran.items() if not kept[path].exists()}
    if missing:
        print(
            f"{len(missing)} of {len(ran)} notebooks are run, with all values of their sliders. For all of "
            "the course this takes one to three minutes; what has not changed is not run again.",
            file=sys.stderr,
        )
        asyncio.run(_run_all(missing, kept, timeout))
    return {path: nbformat.read(kept[path], as_version=4) for path in ran}


async def _run_all(notebooks, kept, timeout):
    cores = asyncio.Semaphore(os.cpu_count() or 1)
    cells = sum(len(notebook.cells) for notebook in notebooks.values())
    # A log keeps every state of the bar.
    seconds = 0.1 if sys.stderr.isatty() else 10
    with tqdm(total=cells, unit="cell", mininterval=seconds) as bar:

        async def one(path, notebook):
            async with cores:
                bar.set_postfix_str(path.name, refresh=False)
                await run(
                    notebook,
                    path,
                    timeout,
                    env=os.environ | SETTINGS,
                    on_cell_executed=lambda **_: bar.update(),
                )
            # Whole or not at all, whenever it is interrupted.
            part = kept[path].with_suffix(".part")
            nbformat.write(notebook, part)
            part.replace(kept[path])

        results = await asyncio.gather(*map(one, notebooks, notebooks.values()), return_exceptions=True)
    failures = [result for result in results if isinstance(result, Exception)]
    for failure in failures:
        if not isinstance(failure, RuntimeError):
            raise failure
    if failures:
        raise ExtensionError("\n".join(map(str, failures)))
