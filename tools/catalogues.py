"""Bring the catalogues of a translation up to date with the English course: tools/catalogues.py LANGUAGE.

A catalogue is a .po file, which any editor of translations opens. What the English course says anew has no
translation in it yet, a reworded message keeps the old one marked as fuzzy, and what is no longer said is
gone. Prose is what Sphinx read of the English site, which is built first; words of code and of the package
are found in syntax trees and as data. What the theme says, sphinx.po, is written by hand.
"""

import ast
import importlib
import pickle
import subprocess
import sys
import tomllib
from collections.abc import Mapping
from dataclasses import fields, is_dataclass
from datetime import UTC, datetime
from pathlib import Path

import nbformat
from babel.messages import Catalog
from babel.messages.pofile import read_po, write_po
from notebook_prose import messages
from notebook_words import WORD, words
from sphinx import addnodes
from sphinx.application import ENV_PICKLE_FILENAME
from sphinx.util.nodes import extract_messages

from course import faults
from course.clinic.faults import CONFUSED, FAULTS

ROOT = Path(__file__).parents[1]
# Pages that stay English, and say so.
ENGLISH = {
    "reference_clinic", "reference_figures", "reference_kernels", "reference_training", "licences",
    "bibliography", "benchmarks",
}  # fmt: skip
# What is said through a variable: what a module holds under these names.
DATA = {
    "clinic.diagnosis": ["MEASURES", "ANSWERS"],
    "clinic.drawing": ["SHARES"],
    "clinic.experiments": ["EXPERIMENTS"],
    "clinic.faults": ["MET", "FAULTS", "CONFUSED"],
    "clinic.game": ["IN_VALIDATION"],
    "clinic.paged": ["SAYS"],
    "clinic.panel": ["READ"],
    "clinic.repairs": ["REPAIRS"],
    "practice.checking": ["MEANT"],
    "practice.questions": ["OFF", "TOO_MUCH", "TOO_LITTLE"],
}
# What of data is no words.
UNSAID = {"topic", "section", "repair", "right", "example"}


BEGUN = datetime(2026, 11, 27, tzinfo=UTC)
# Names of measurements, "panel: last_loss".
MEASUREMENTS = {fault.seen for fault in FAULTS.values()} | {name for name, _ in CONFUSED.values()}


def prose():
    """Return the messages of all pages that are translated, `{page: messages}`, as Sphinx has them.

    They are those of the last English site, which tools/publish.py builds.
    """
    found, read = {}, ROOT / "docs" / "_build" / "doctrees"
    # Some of what it read is of classes of the site's extensions.
    sys.path.insert(0, str(ROOT / "docs" / "_ext"))
    env = pickle.loads(read.joinpath(ENV_PICKLE_FILENAME).read_bytes())
    for page in sorted(env.found_docs - ENGLISH):
        trees = [*env.tocs[page].findall(addnodes.toctree), env.get_doctree(page)]
        texts = [text for tree in trees for _, text in extract_messages(tree)]
        found[page] = list(dict.fromkeys(text for text in texts if text))
    # The pages of the book alone are Markdown and no more.
    for path in sorted(ROOT.glob("docs/book*.md")):
        found[path.stem] = messages(path.read_text(encoding="utf-8").rpartition("\n---\n")[2])
    return found


def code():
    """Return the messages of the code of each notebook, `{notebook: messages}`."""
    found = {}
    for path in sorted(ROOT.glob("notebooks/*.ipynb")) + sorted(ROOT.glob("notebooks/practice/*.ipynb")):
        cells = nbformat.read(path, as_version=4).cells
        texts = [text for cell in cells if cell.cell_type == "code" for text in words(cell.source)]
        if path.parent.name == "practice":
            # There a name alone is one of a learner's own dict.
            texts = [text for text in texts if not text.isidentifier()]
        found[path.stem] = list(dict.fromkeys(texts))
    return {name: texts for name, texts in found.items() if texts}


def said():
    """Return the messages that package, site and tools say, `{catalogue: messages}`."""
    found = {}
    for path in [*ROOT.glob("course/**/*.py"), *ROOT.glob("docs/_ext/*.py"), *ROOT.glob("tools/*.py")]:
        texts = list(_literals(ast.parse(path.read_text(encoding="utf-8"))))
        name = (
            ".".join(path.relative_to(ROOT / "course").with_suffix("").parts)
            if "course" in path.parts
            else ""
        )
        if name:
            texts += _data(name)
        found.setdefault(_catalogue(path), []).extend(texts)
    topics = tomllib.loads(ROOT.joinpath("docs", "topics.toml").read_text(encoding="utf-8"))
    found["site"] += [topic[key] for topic in topics.values() for key in ("name", "afterwards")]
    found["course"] += [*_sliders(), *faults.CHECKS, *faults.FAULTS]
    found["course"] += [part for fault in faults.FAULTS.values() for part in fault.change]
    # The columns and stages of topic 08 are called as its record calls them.
    found["course"] += ["train", "cost", "coarse", "fine", "last"]
    seen = set()
    for texts in (found[name] for name in sorted(found)):
        texts[:] = [text for text in dict.fromkeys(texts) if text not in seen]
        seen.update(texts)
    return {name: texts for name, texts in sorted(found.items()) if texts}


def _catalogue(path):
    if "course" not in path.parts:
        return "site"
    topic = path.stem.rpartition("_")[2]
    if path.stem.startswith(("questions_", "topic_")):
        return f"practice_{topic}"
    return path.parent.name


def _literals(tree):
    for node in ast.walk(tree):
        if isinstance(node, ast.Call) and ast.unparse(node.func) == "say" and node.args:
            yield from (text for text in _constants(node.args[0]) if WORD.search(text))


def _constants(node):
    """Yield the texts that an argument may be: those within it name keys, or what is replaced."""
    if isinstance(node, ast.IfExp):
        yield from (*_constants(node.body), *_constants(node.orelse))
    elif isinstance(node, ast.Constant) and isinstance(node.value, str):
        yield node.value


def _data(name):
    module = importlib.import_module(f"course.{name.removesuffix('.__init__')}")
    if name.startswith("practice.questions_"):
        kinds = [kind for kind in ("QUESTIONS", "PREDICTIONS") if hasattr(module, kind)]
        for kind in kinds:
            for one in getattr(module, kind).values():
                yield from _texts(one)
    elif name.startswith("practice.topic_"):
        for one in module.EXERCISES:
            yield from _texts(one)
    else:
        tree = ast.parse(Path(module.__file__).read_text(encoding="utf-8"))
        named = {
            node.args[0].id
            for node in ast.walk(tree)
            if isinstance(node, ast.Call) and ast.unparse(node.func) == "say" and node.args
            and isinstance(node.args[0], ast.Name) and isinstance(getattr(module, node.args[0].id, None), str)
        }  # fmt: skip
        for key in [*sorted(named), *DATA.get(name, [])]:
            yield from _texts(getattr(module, key), keys=key in ("FAULTS", "EXPERIMENTS"))


def _texts(data, keys=True):
    """Yield the texts of data, however deep."""
    if isinstance(data, str):
        if data not in MEASUREMENTS:
            yield data
    elif isinstance(data, Mapping):
        for key, value in data.items():
            if keys and isinstance(key, str):
                yield key
            yield from _texts(value, keys)
    elif is_dataclass(data):
        for field in fields(data):
            if field.name not in UNSAID:
                yield from _texts(getattr(data, field.name), field.name == "answers")
    elif isinstance(data, list | tuple):
        for one in data:
            yield from _texts(one, keys)


def _sliders():
    """The names of the sliders in all notebooks."""
    for path in sorted(ROOT.glob("notebooks/*.ipynb")):
        for cell in nbformat.read(path, as_version=4).cells:
            if cell.cell_type == "code":
                for node in ast.walk(ast.parse(cell.source)):
                    if isinstance(node, ast.Call) and ast.unparse(node.func) == "explore":
                        names = [word.arg for word in node.keywords]
                        own = ("start", "preview", "panels", "guess")
                        yield from (name.replace("_", " ") for name in names if name and name not in own)


def update(path, language, messages):
    """Bring one catalogue up to date, or begin it."""
    template = Catalog(language)
    # No date and no name: they would differ from one update to the next.
    catalogue = Catalog(
        language,
        header_comment=f"# The course in another language: {path.stem}",
        project="training-neural-networks",
        version="",
        fuzzy=False,
        creation_date=BEGUN,
        revision_date=BEGUN,
    )
    if path.exists():
        with path.open("rb") as file:
            catalogue = read_po(file, locale=language)
    for text in messages:
        template.add(text)
    catalogue.update(template, update_header_comment=False, update_creation_date=False)
    catalogue.obsolete.clear()
    path.parent.mkdir(parents=True, exist_ok=True)
    with path.open("wb") as file:
        write_po(file, catalogue, width=None, omit_header=False, ignore_obsolete=True)


def main(language):
    """Update all catalogues of a language."""
    subprocess.run([sys.executable, ROOT / "tools" / "publish.py", "site", "en"], check=True)
    pages = ROOT / "docs" / "locale" / language / "LC_MESSAGES"
    for page, texts in prose().items():
        update(pages / f"{page}.po", language, texts)
    package = said()
    remarks = {f"# {text}" for texts in package.values() for text in texts}
    for name, texts in code().items():
        own = [text for text in texts if text not in remarks]
        update(pages / "code" / f"{name}.po", language, own)
    for name, texts in package.items():
        update(ROOT / "course" / "locale" / language / "LC_MESSAGES" / f"{name}.po", language, texts)


if __name__ == "__main__":
    main(sys.argv[1])
