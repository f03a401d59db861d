"""The stored notebooks are whole; tests/figures.py looks at what they draw."""

import ast
import html
import itertools
import re
import statistics
import symtable
import sys
from pathlib import Path

import nbformat
import pytest

sys.path.insert(0, str(Path(__file__).parents[1] / "tools"))
sys.path.insert(0, str(Path(__file__).parents[1] / "docs" / "_ext"))
import execute
from left_out import TOPICS

pytestmark = pytest.mark.slow
NOTEBOOKS = sorted(Path(__file__).parents[1].joinpath("notebooks").glob("*.ipynb"))
LARGEST = 300_000
# The most lines of code in all notebooks together, and in one cell.
LINES, LONGEST = 1_550, 12
# What a machine leaves behind: folders of its user, addresses of objects, keys of its server.
TRACES = re.compile(r"/home/|/root/|/Users/|/tmp/|[A-Z]:\\|token=|\b0x[0-9a-f]{6,}|site-packages")


def code_cells(notebook):
    return [cell for cell in notebook.cells if cell.cell_type == "code"]


def is_question(cell):
    """Tell whether a cell asks a question, in one line."""
    return cell.cell_type == "code" and re.fullmatch(r'ask\("\w+"\)', cell.source) is not None


def measured(notebook):
    """The cells that count: a question does not, and prose that it parts counts as one cell."""
    kept, asked = [], False
    for cell in notebook.cells:
        if is_question(cell):
            asked = True
        else:
            if not (asked and kept and cell.cell_type == kept[-1].cell_type == "markdown"):
                kept.append(cell)
            asked = False
    return kept


def is_opening(notebook):
    """Topic 00 says how the course works and is as short as that."""
    return notebook.cells[0].source.startswith("# 00 ")


def is_ours(path):
    """A topic that somebody adds for a class may be as short as they like."""
    return path.stem in TOPICS


def complaints(notebook, ours=True):
    """Yield in sentences what is wrong with a stored notebook; each names its cell."""
    if notebook.metadata != execute.METADATA:
        yield f"The metadata are not those that JupyterLab stores: {dict(notebook.metadata)}."
    if (size := len(nbformat.writes(notebook))) > LARGEST:
        yield f"The notebook has {size} bytes, but {LARGEST} are the most."
    if ours and not 30 <= (count := len(measured(notebook))) <= 60 and not is_opening(notebook):
        yield f"The notebook has {count} cells, but 30 to 60 are its measure."
    counts = [cell.execution_count for cell in code_cells(notebook)]
    if counts != list(range(1, len(counts) + 1)):
        yield f"The cells were not run once each, from top to bottom: their counts are {counts}."
    for number, cell in enumerate(notebook.cells):
        where = f"Cell {number}"
        if set(cell.metadata) - {"tags"} or cell.metadata.get("tags"):
            yield f"{where} has metadata or tags: {dict(cell.metadata)}."
        if cell.cell_type == "code":
            yield from (f"{where} {fault}" for fault in faults_of_code(cell))
    lengths = [length(cell) for cell in measured(notebook) if cell.cell_type == "code"]
    if ours and (median := statistics.median(lengths)) > 3:
        yield f"Half of the cells have {median:g} lines of code or more, but 3 are their measure."
    if ours and (long := sum(n > 8 for n in lengths)) > len(lengths) / 10:
        yield f"Of {len(lengths)} cells {long} have more than 8 lines of code, but one in ten is the most."
    yield from names_bound_anew(notebook)
    yield from imports_in_the_middle(notebook)
    yield from faults_of_frame(notebook)
    movable = sum(map(has_figure, code_cells(notebook)))
    if ours and movable < 2 and not is_opening(notebook):
        yield "The notebook has fewer than two figures to move."


def names_bound_anew(notebook):
    """After the last cell a slider must still draw from the data that it drew from at first."""
    tables = [symtable.symtable(cell.source, "cell", "exec") for cell in code_cells(notebook)]
    bound = [{name.get_name() for name in table.get_symbols() if name.is_assigned()} for table in tables]
    for n, table in enumerate(tables):
        anew = set().union(*bound[: n + 1]) & set().union(*bound[n + 1 :])
        for name in sorted(anew & set(read_when_called(table))):
            yield f"{name}, which a function of code cell {n + 1} reads, is bound anew later."
        late = set().union(*bound[n + 1 :]) - set().union(*bound[: n + 1])
        for name in sorted(late & set(read_when_called(table))):
            yield f"{name}, which a function of code cell {n + 1} reads, is not defined before it."


def imports_in_the_middle(notebook):
    # The opening shows that Python runs before it imports anything.
    first = 2 + is_opening(notebook)
    for n, cell in enumerate(code_cells(notebook)[first - 1 :], start=first):
        if any(isinstance(node, ast.Import | ast.ImportFrom) for node in ast.walk(ast.parse(cell.source))):
            yield f"Code cell {n} imports something, but imports stand at the top."
        if "course.words" in cell.source:
            yield f"Code cell {n} uses course.words: a notebook writes f-strings instead of say."


def read_when_called(table):
    """Yield the names of the notebook that functions read; other comprehensions are over at once."""
    for child in table.get_children():
        if table.get_type() == "function" or not re.search("comp|genexpr", child.get_name()):
            yield from (s.get_name() for s in child.get_symbols() if s.is_global() and s.is_referenced())
            yield from read_when_called(child)


def length(cell):
    """The lines of code; to bring in what asks the questions counts as little as they do."""
    lines = cell.source.splitlines()
    return sum(bool(line.strip()) and not line.startswith("from course.practice") for line in lines)


def faults_of_code(cell):
    if not 1 <= length(cell) <= LONGEST:
        yield f"has {length(cell)} lines of code, but 1 to {LONGEST} are its measure."
    shown = re.search(r"^\s*(print|@explore|ask)\(", cell.source, re.MULTILINE)
    if shown and not cell.outputs:
        yield "shows something, but no output is stored."
    for output in cell.outputs:
        data = output.get("data", {})
        text = output.get("text", "") + "".join(data.get("text/plain", ""))
        if output.output_type == "error":
            yield f"has stored an error, {output.ename}."
        if output.get("name") == "stderr":
            yield f"has stored a warning, {output.text.strip()!r}."
        if trace := TRACES.search(text):
            yield f"has stored a trace of its machine, {trace[0]!r}."
        if "application/vnd.jupyter.widget-view+json" in data:
            yield "has stored a widget, which shows nothing without a kernel."
        if "image/png" in data:
            alt = output.metadata.get("image/png", {}).get("alt", "")
            if len(alt.split()) < 4 or not alt.endswith("."):
                yield f"has a picture whose alternative text is no sentence: {alt!r}."
            if alt not in "".join(other.get("text", "") for other in cell.outputs):
                yield "has a picture without its sentence printed beside it."


def faults_of_frame(notebook):
    """The frame of every topic: a question, what is needed, and at its end the answer and the sources."""
    first, texts = notebook.cells[0].source, [c.source for c in notebook.cells if c.cell_type == "markdown"]
    titles = [text.splitlines()[0] for text in texts if text.startswith("#")]
    if not re.match(r"# \d\d .*\?$", titles[0]) or not first.startswith(titles[0]):
        yield f"The title must be a number and a question, but is {titles[0]!r}."
    for part in ("**What you will see**", "**What you need**", "minutes", "slides"):
        if part not in first:
            yield f"The first cell does not say {part!r}."
    if titles[-3:] != ["## Summary", "## What has changed since 2017", "## Further reading"]:
        yield f"The last three sections are {titles[-3:]}."
    for cell, following in itertools.pairwise(measured(notebook)):
        if has_figure(cell) and following.cell_type != "markdown":
            yield f"Cell {notebook.cells.index(cell)} has a figure that no prose reads."


def has_figure(cell):
    return "\n@explore(" in "\n" + cell.source


@pytest.fixture(params=NOTEBOOKS, ids=lambda path: path.stem)
def notebook(request):
    return nbformat.read(request.param, as_version=4)


def test_there_are_notebooks():
    assert len(NOTEBOOKS) >= 3


def test_a_stored_notebook_is_whole(notebook, request):
    nbformat.validate(notebook)
    assert list(complaints(notebook, is_ours(request.node.callspec.params["notebook"]))) == []


def said(cell):
    """Return what a cell prints, gives, and says of its figure at the start: the same in every home."""
    texts = []
    for output in cell.outputs:
        data = output.get("data", {})
        if output.output_type in ("stream", "execute_result"):
            texts.append(output.get("text") or data["text/plain"])
        elif "explore-plot" in (page := data.get("text/html", "")) or "explore-pictures" in page:
            texts.append(html.unescape(re.search(r'<p role="status">(.*?)</p>', page)[1]))
    return [text.rstrip("\n") for text in texts]


def differences(stored, ran):
    """Yield in sentences where a notebook says, when it is run, something else than is stored.

    What asks, and is answered live, has on the site a form of its own.
    """
    for number, (old, new) in enumerate(zip(stored.cells, ran.cells, strict=True)):
        asks = is_question(old) or old.source == "play()"
        if old.cell_type == "code" and not asks and said(old) != said(new):
            yield f"Cell {number} has stored {said(old)}, but says {said(new)}."


@pytest.mark.skipif(sys.platform != "linux", reason="outputs are compared where they were made")
@pytest.mark.parametrize("path", NOTEBOOKS, ids=lambda path: path.stem)
def test_what_is_stored_is_what_the_site_has_run(path, site):
    ran = site.parents[1] / "notebooks" / path.name
    stored, ran = (nbformat.read(p, as_version=4) for p in (path, ran))
    assert list(differences(stored, ran)) == []


def test_another_number_is_found():
    stored, ran = (nbformat.read(NOTEBOOKS[1], as_version=4) for _ in range(2))
    first(ran, printing).outputs[0].text += "0.5\n"
    (sentence,) = differences(stored, ran)
    assert "0.5" in sentence


def dead_links(notebook):
    """Yield in sentences the links of a notebook to others that are not there."""
    for number, cell in enumerate(notebook.cells):
        for name in re.findall(r"\]\((\w+\.ipynb)", cell.source):
            if name not in {path.name for path in NOTEBOOKS}:
                yield f"Cell {number} links to {name}, which is not there: take the link out."


def test_every_link_of_a_notebook_to_another_leads_there(notebook):
    assert list(dead_links(notebook)) == []


def test_a_link_to_a_notebook_that_is_not_there_is_found():
    cell = nbformat.v4.new_markdown_cell(f"[Here]({NOTEBOOKS[0].name}), [there](99_nowhere.ipynb#part).")
    (said,) = dead_links(nbformat.v4.new_notebook(cells=[cell]))
    assert said.startswith("Cell 0 links to 99_nowhere.ipynb")


# The tables in which a reader finds the topics.
TABLES = ["README.md", "notebooks/00_start_here.ipynb"]
ROW = re.compile(
    r'(?m)^ *"?\| \[?(?P<name>\d\d [^]|]*?)(?:\]\(.*?\))? \| (?P<question>[^|]*) \|'
    r"([^|\n]*\|)? (?P<minutes>\d+) \|"
)


@pytest.mark.parametrize("table", TABLES)
def test_a_table_lists_the_topics_that_are_there_and_no_other(table):
    page = NOTEBOOKS[0].parents[1] / table
    if not page.exists():
        pytest.skip(f"{table} was left out")
    listed = set(re.findall(r'(?m)^ *"?\| \[?(\d\d) ', page.read_text(encoding="utf-8")))
    there = {path.name[:2] for path in NOTEBOOKS} - ({"00"} if "00" in table else set())
    assert listed, f"{table} lists no topic."
    assert listed <= there, f"{table}: take the rows of {sorted(listed - there)} out, which are not there."
    assert there <= listed, f"{table}: add a row for each of {sorted(there - listed)}."


@pytest.mark.parametrize("table", TABLES)
def test_a_table_says_of_a_topic_what_the_list_of_topics_says(table):
    page = NOTEBOOKS[0].parents[1] / table
    if not page.exists():
        pytest.skip(f"{table} was left out")
    listed = {name[:2]: (topic["name"], str(topic["minutes"])) for name, topic in TOPICS.items()}
    rows = [row for row in ROW.finditer(page.read_text(encoding="utf-8")) if row["name"][:2] in listed]
    assert rows
    for row in rows:
        assert (row["name"], row["minutes"]) == listed[row["name"][:2]], table
        path = next(path for path in NOTEBOOKS if path.name[:2] == row["name"][:2])
        title = nbformat.read(path, as_version=4).cells[0].source.partition("\n")[0]
        assert title == f"# {row['name'][:2]} {row['question']}", table


@pytest.mark.parametrize("path", NOTEBOOKS, ids=lambda path: path.stem)
def test_a_topic_takes_as_long_as_the_list_of_topics_says(path):
    if not is_ours(path):
        pytest.skip("the list of topics need not name it")
    text = nbformat.read(path, as_version=4).cells[0].source.replace("some eight minutes", "8 minutes")
    assert re.search(r"(\d+) minutes", text)[1] == str(TOPICS[path.stem]["minutes"])


def test_the_notebooks_together_are_short():
    notebooks = [nbformat.read(path, as_version=4) for path in NOTEBOOKS]
    cells = [cell for notebook in notebooks for cell in measured(notebook) if cell.cell_type == "code"]
    assert sum(map(length, cells)) <= LINES


def test_every_emphasized_word_is_in_the_glossary(notebook):
    glossary = NOTEBOOKS[0].parents[1].joinpath("docs", "glossary.md").read_text(encoding="utf-8")
    terms = {line.lower() for line in glossary.splitlines() if line and line[0].isalpha()}
    prose = "\n".join(cell.source for cell in notebook.cells if cell.cell_type == "markdown")
    prose = re.sub(r"`[^`]*`", "", prose)
    emphasized = {word.lower() for word in re.findall(r"(?<![*\w])\*([^*\n]+)\*(?!\*)", prose)}
    assert emphasized
    singular = {word for word in emphasized for end in ("", "s", "es") if word.removesuffix(end) in terms}
    assert emphasized - singular == set()


def first(notebook, has):
    return next(cell for cell in code_cells(notebook) if has(cell))


def with_picture(cell):
    return any("image/png" in output.get("data", {}) for output in cell.outputs)


def printing(cell):
    return any(output.output_type == "stream" for output in cell.outputs)


def swap(nb):
    i, j = [n for n, cell in enumerate(nb.cells) if cell.cell_type == "code"][3:5]
    nb.cells[i], nb.cells[j] = nb.cells[j], nb.cells[i]


def store_error(nb):
    first(nb, printing).outputs = [nbformat.v4.new_output("error", ename="E", evalue="", traceback=[])]


def store_text(name, text):
    def change(nb):
        first(nb, printing).outputs.append(nbformat.v4.new_output("stream", name=name, text=text))

    return change


def picture_output(nb):
    return next(o for o in first(nb, with_picture).outputs if "image/png" in o.get("data", {}))


def store_widget(nb):
    picture_output(nb).data["application/vnd.jupyter.widget-view+json"] = {}


def forget_printed(nb):
    cell = first(nb, with_picture)
    cell.outputs = [output for output in cell.outputs if output.output_type != "stream"]


SPOILT = {
    "an output was emptied": (lambda nb: first(nb, printing).update(outputs=[]), "no output is stored"),
    "a cell was not run": (lambda nb: first(nb, printing).update(execution_count=None), "not run once"),
    "two cells were swapped": (swap, "from top to bottom"),
    "a cell was run twice": (lambda nb: code_cells(nb)[-1].update(execution_count=99), "not run once"),
    "an error is stored": (store_error, "stored an error"),
    "a warning is stored": (store_text("stderr", "DeprecationWarning"), "stored a warning"),
    "a path is stored": (store_text("stdout", "/home/jane/course"), "trace of its machine"),
    "a Windows path is stored": (store_text("stdout", r"C:\Users\jane"), "trace of its machine"),
    "a token is stored": (store_text("stdout", "http://localhost:8888/?token=ab"), "trace of its machine"),
    "an address is stored": (store_text("stdout", "<object at 0x7f3a90>"), "trace of its machine"),
    "a widget is stored": (store_widget, "stored a widget"),
    "widget state is stored": (lambda nb: nb.metadata.update(widgets={}), "metadata are not"),
    "a user name is stored": (lambda nb: nb.metadata.update(authors=["Jane"]), "metadata are not"),
    "a kernel is stored in part": (lambda nb: nb.metadata.language_info.popitem(), "metadata are not"),
    "a cell is tagged": (lambda nb: nb.cells[5].metadata.update(tags=["skip"]), "metadata or tags"),
    "a cell is long": (lambda nb: code_cells(nb)[0].update(source="x = 1\n" * 13), "13 lines"),
    "cells are long": (
        lambda nb: [c.update(source="x = 1\n" * 4) for c in code_cells(nb)],
        "4 lines of code",
    ),
    "too many cells are long": (
        lambda nb: [c.update(source="x = 1\n" * 9) for c in code_cells(nb)[::8]],
        "have more than 8 lines",
    ),
    "an import stands in the middle": (
        lambda nb: code_cells(nb)[3].update(source="def f():\n    import math"),
        "imports stand at the top",
    ),
    "a name is used before it is defined": (
        lambda nb: code_cells(nb)[3].update(source="def f():\n    return RATES"),
        "RATES, which a function of code cell 4 reads, is not defined before it",
    ),
    "a sentence is put together by say": (
        lambda nb: code_cells(nb)[1].update(source="from course.words import say"),
        "f-strings instead of say",
    ),
    "a picture has no text": (lambda nb: picture_output(nb).metadata.clear(), "is no sentence"),
    "a picture has no number": (forget_printed, "without its sentence"),
    "a figure's data are replaced": (
        lambda nb: code_cells(nb)[-1].update(source="RATES = [1]"),
        "RATES, which a function",
    ),
    "it is large": (lambda nb: nb.cells[0].update(source=nb.cells[0].source + "x" * 300_000), "bytes"),
    "a question is not stored": (
        lambda nb: first(nb, is_question).update(outputs=[]),
        "no output is stored",
    ),
    "cells are added behind questions": (
        lambda nb: nb.cells.extend(nbformat.v4.new_code_cell(s) for s in ['ask("a")', "1"] * 9),
        "69 cells, but 30 to 60",
    ),
    "a question has a second line": (
        lambda nb: first(nb, is_question).update(source='ask("a")\nask("b")'),
        "62 cells, but 30 to 60",
    ),
    "it is short": (lambda nb: nb.cells.__delitem__(slice(2, -6)), "30 to 60"),
    "it asks nothing": (lambda nb: nb.cells[0].update(source="# 02 Dead units"), "number and a question"),
    "it ends early": (lambda nb: nb.cells.pop(), "last three sections"),
}


def test_questions_do_not_count_against_the_measure():
    prose, code = nbformat.v4.new_markdown_cell("a"), nbformat.v4.new_code_cell("1")
    question = nbformat.v4.new_code_cell('ask("a")')
    for cells, count in [
        ([prose, question, prose], 1), ([prose, question, question, prose, code], 2), ([prose, prose], 2),
        ([code, question, prose], 2), ([question, prose, code, question, code], 3),
    ]:  # fmt: skip
        notebook = nbformat.v4.new_notebook(
            cells=[nbformat.from_dict(cell | {"id": f"{n}"}) for n, cell in enumerate(cells)]
        )
        assert len(measured(notebook)) == count


@pytest.mark.parametrize(("spoil", "complaint"), SPOILT.values(), ids=SPOILT)
def test_a_spoilt_notebook_is_found(spoil, complaint):
    spoilt = nbformat.read(NOTEBOOKS[1], as_version=4)
    spoil(spoilt)
    assert complaint in " ".join(complaints(spoilt))


def test_a_topic_that_somebody_adds_may_have_few_cells_and_long_ones():
    added = nbformat.read(NOTEBOOKS[1], as_version=4)
    for cell in code_cells(added)[1:]:
        cell.source = "\n".join(f"x{n} = {n}" for n in range(10))
    said = [list(complaints(added, ours)) for ours in (True, False)]
    assert [" ".join(each).count("are their measure") for each in said] == [1, 0]
    assert ["one in ten is the most" in " ".join(each) for each in said] == [True, False]
