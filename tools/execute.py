"""Run notebooks top to bottom on fresh kernels and store what they show: tools/execute.py NOTEBOOK..."""

import asyncio
import base64
import io
import os
import sys
from pathlib import Path

import nbclient
import nbformat
import numpy as np
from PIL import Image
from tqdm import tqdm
from traitlets.config import Config

CELL_TIMEOUT = 60
# What JupyterLab itself stores of a kernel in .venv; with anything else it marks a notebook as changed.
METADATA = {
    "kernelspec": {"display_name": "Python 3 (ipykernel)", "language": "python", "name": "python3"},
    "language_info": {
        "codemirror_mode": {"name": "ipython", "version": 3},
        "file_extension": ".py",
        "mimetype": "text/x-python",
        "name": "python",
        "nbconvert_exporter": "python",
        "pygments_lexer": "ipython3",
        "version": "3",
    },
}


def execute(path):
    """Run one notebook and store it; one that fails is left as it was, and RuntimeError names its cell."""
    notebook = nbformat.read(path, as_version=4)
    stored = {alt: data["image/png"] for alt, data in pictures(notebook)}
    asyncio.run(run(notebook, path, CELL_TIMEOUT))
    for alt, data in pictures(notebook):
        if alt in stored and alike(stored[alt], data["image/png"]):
            data["image/png"] = stored[alt]
    nbformat.write(scrubbed(notebook), path)


async def run(notebook, path, timeout, env=None, client=nbclient.NotebookClient, **hooks):
    """Run the cells of the notebook that lies at `path`; RuntimeError names the cell that fails."""
    begun = []
    # A signal would end one notebook, and the next would be run: left to asyncio, Ctrl-C ends all of them.
    asyncio.get_running_loop().add_signal_handler = _refuse
    client = client(
        notebook,
        timeout=timeout,
        kernel_name="python3",
        # What goes between here and the kernel can be read by nobody else on this machine.
        config=Config({"KernelManager": {"transport_encryption": "auto"}}),
        coalesce_streams=True,
        resources={"metadata": {"path": str(path.parent)}},
        on_cell_start=lambda cell, cell_index: begun.append(cell.cell_type),
        **hooks,
    )
    try:
        await client.async_execute(env=env or os.environ)
    except Exception as error:
        reason = (
            f"{error.ename}: {error.evalue}"
            if hasattr(error, "ename")
            else f"{type(error).__name__}: {error}"
        )
        raise RuntimeError(f"{path.name}, code cell {begun.count('code')}: {reason}") from error


def _refuse(*_):
    raise RuntimeError


def pictures(notebook):
    """Yield the alternative text and the data of each picture that a notebook holds."""
    for cell in notebook.cells:
        for output in cell.get("outputs", []):
            if alt := output.get("metadata", {}).get("image/png", {}).get("alt"):
                yield alt, output.data


def alike(*pngs):
    """Tell whether two pictures differ by a rounding alone, as from one machine to another."""
    a, b = (np.asarray(Image.open(io.BytesIO(base64.b64decode(png))).convert("RGB"), int) for png in pngs)
    return a.shape == b.shape and np.abs(a - b).mean() < 0.01


def scrubbed(notebook):
    """Leave nothing in a notebook that differs from machine to machine or from run to run."""
    notebook.metadata = nbformat.from_dict(METADATA)
    notebook.nbformat_minor = 5
    for number, cell in enumerate(notebook.cells):
        cell.id = f"cell-{number:02d}"
        cell.metadata = nbformat.from_dict({"tags": cell.metadata.tags} if cell.metadata.get("tags") else {})
    return notebook


def main(names):
    """Run all notebooks named, also those after one that fails; the exit status tells."""
    # A picture at its starting values, no widgets, nothing of a learner's, and the language of the notebook's
    # folder; and kernels inherit it.
    os.environ["COURSE_FIGURES"] = "still"
    os.environ["COURSE_LANGUAGE"] = ""
    os.environ["COURSE_PROGRESS"] = ""
    os.environ["PYTHONWARNINGS"] = "default"
    failures = []
    for name in (bar := tqdm(names, unit="notebook")):
        bar.set_postfix_str(Path(name).name)
        try:
            execute(Path(name))
        except RuntimeError as error:
            failures.append(str(error))
    sys.exit("\n".join(failures) or None)


if __name__ == "__main__":
    main(sys.argv[1:])
