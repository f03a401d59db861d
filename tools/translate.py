"""Write the notebooks in another language, into notebooks/LANGUAGE: tools/translate.py LANGUAGE.

Their prose, and the words in their code, are those of the catalogues; everything else is that of the English
notebooks. What is not translated stays English. Outputs are kept where the code is what it was.
"""

import sys
from pathlib import Path

import nbformat
import notebook_prose
import notebook_words
from babel.messages.pofile import read_po

from course.words import catalogue

ROOT = Path(__file__).parents[1]


def read(path):
    """Return the translations of a catalogue, `{English: translation}`."""
    if not path.exists():
        return {}
    with path.open("rb") as file:
        return {one.id: one.string for one in read_po(file) if one.id and one.string and not one.fuzzy}


def translated(notebook, prose, code):
    """Put translations, dicts of messages, in place of the words of a notebook."""
    for cell in notebook.cells:
        if cell.cell_type == "markdown":
            cell.source = notebook_prose.translated(cell.source, lambda text: prose.get(text, text))
        elif cell.cell_type == "code":
            cell.source = notebook_words.translated(cell.source, lambda text: code.get(text, text))
            cell.outputs, cell.execution_count = [], None
    return notebook


def notebooks(language):
    """Yield (name below notebooks/, notebook in a language) of all English notebooks; nothing is run."""
    pages, said = ROOT / "docs" / "locale" / language / "LC_MESSAGES", catalogue(language)
    folder = ROOT / "notebooks"
    for path in sorted(folder.glob("*.ipynb")) + sorted(folder.glob("practice/*.ipynb")):
        name = path.relative_to(folder)
        prose = read(pages / "notebooks" / name.with_suffix(".po"))
        # A comment in the code to begin with is what the package says, too.
        code = {f"# {text}": f"# {said[text]}" for text in said} | read(pages / "code" / f"{path.stem}.po")
        yield name.as_posix(), translated(nbformat.read(path, as_version=4), prose, code)


def sources(notebook):
    """Return what stands in the cells of a notebook."""
    return [(cell.cell_type, cell.source) for cell in notebook.cells]


def write(language):
    """Write the notebooks that say something else than they did, and take away those without an original."""
    folder, written = ROOT / "notebooks" / language, set()
    for name, notebook in notebooks(language):
        path = folder / name
        written.add(path)
        if path.exists() and sources(nbformat.read(path, as_version=4)) == sources(notebook):
            continue
        path.parent.mkdir(parents=True, exist_ok=True)
        nbformat.write(notebook, path)
    for path in {*folder.glob("*.ipynb"), *folder.glob("practice/*.ipynb")} - written:
        path.unlink()


if __name__ == "__main__":
    write(sys.argv[1])
