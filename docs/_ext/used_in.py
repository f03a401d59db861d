"""The reference says in which topics each function is used: what their notebooks import is read as code."""

import ast
import functools
import importlib

import nbformat
from IPython.core.inputtransformer2 import TransformerManager
from left_out import NOTEBOOKS

GROUPS = {"Used in": "[0-9][0-9]_*.ipynb", "In the exercises of": "practice/[0-9][0-9]_*.ipynb"}


def used(code):
    """Yield what some code imports from the course and uses."""
    tree, known = ast.parse(code), {}
    for node in ast.walk(tree):
        if isinstance(node, ast.ImportFrom) and (node.module or "").split(".")[0] == "course":
            module = importlib.import_module(node.module)
            for alias in node.names:
                if not hasattr(module, alias.name):
                    importlib.import_module(f"{node.module}.{alias.name}")
                known[alias.asname or alias.name] = getattr(module, alias.name)
    for node in ast.walk(tree):
        if isinstance(node, ast.Name) and isinstance(node.ctx, ast.Load) and node.id in known:
            yield known[node.id]
        elif isinstance(node, ast.Attribute) and isinstance(node.value, ast.Name) and node.value.id in known:
            yield getattr(known[node.value.id], node.attr, None)


@functools.cache
def identities(path, changed):
    """Return the identities of what a notebook uses; `changed` is when it was written last."""
    cells = nbformat.read(path, as_version=4).cells
    code = TransformerManager().transform_cell
    code = "\n".join(code(cell.source) for cell in cells if cell.cell_type == "code")
    return {id(thing) for thing in used(code)}


def line(thing):
    """Return the line of a function in the reference, "Used in 01, 04.", or "" where no notebook uses it."""
    parts = []
    for group, pattern in GROUPS.items():
        paths = sorted(NOTEBOOKS.glob(pattern))
        paths = [path for path in paths if id(thing) in identities(path, path.stat().st_mtime_ns)]
        pages = [path.relative_to(NOTEBOOKS.parent).with_suffix("").as_posix() for path in paths]
        if pages:
            links = (f":doc:`{path.name[:2]} </{page}>`" for path, page in zip(paths, pages, strict=True))
            parts.append(f"{group} {', '.join(links)}.")
    return " ".join(parts)


def write(app, what, name, thing, options, lines):
    """Put the line below an entry, and have its page read again where a notebook has changed."""
    for path in (path for pattern in GROUPS.values() for path in NOTEBOOKS.glob(pattern)):
        app.env.note_dependency(str(path))
    if what != "module" and (said := line(thing)):
        lines += ["", said]


def setup(app):
    """Tell Sphinx."""
    app.connect("autodoc-process-docstring", write)
    return {"parallel_read_safe": True, "parallel_write_safe": True}
