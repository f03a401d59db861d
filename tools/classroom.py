"""Run the checks in the notebooks that a class has handed in: tools/classroom.py FOLDER.

Each notebook is run on a kernel of its own, in a folder of its own, for at most two minutes and with at most
2 GB, and what is stored in it does not count. FOLDER/answers.csv then says who has passed what, and what was
wrong; what is wrong most often is printed. Nothing leaves this computer.
"""

import asyncio
import contextlib
import csv
import os
import re
import sys
import tempfile
import warnings
from collections import Counter
from pathlib import Path

import nbclient
import nbformat
from execute import run
from tqdm import tqdm

from course.practice.exercises import exercises
from course.words import LANGUAGE, say

# Seconds: for one cell, and for one notebook.
CELL, NOTEBOOK = 20, 120
# How many outputs of a cell are kept.
MOST = 100
# Bytes for each kernel: the topics themselves take a quarter of it.
MEMORY = 2**31
COLUMNS = ["notebook", "exercise", "answer", "sentence"]
CHECK = re.compile(r"^check\.(\w+)\(", re.MULTILINE)
# What a check answers in the language of the teacher, and what the table calls it in every language.
ANSWERS = {say("not started"): "not started", say("passed"): "passed", say("not yet"): "not yet"}
ANSWER = re.compile(f"({'|'.join(map(re.escape, ANSWERS))})(?:: (.*))?", re.DOTALL)
NO_ANSWER = "The check shows no answer: it is to be the last line of its cell."
# What JupyterLab and macOS put beside the files of a folder.
HIDDEN = re.compile(r"(^|/)(\.|__MACOSX/)")
TABLE = "answers.csv"


def handed_in(folder):
    """Return the notebooks in a folder, under any name that a browser saves them by, and all other files."""
    files = [path for path in sorted(folder.rglob("*")) if path.is_file() and path != folder / TABLE]
    seen = [path for path in files if not HIDDEN.search(path.relative_to(folder).as_posix())]
    notebooks = [path for path in seen if ".ipynb" in path.name.lower()]
    return notebooks, [path for path in seen if path not in notebooks]


def answers(notebook):
    """Yield `(exercise, answer, sentence)` for each check in a notebook that was run."""
    for cell in notebook.cells:
        named = CHECK.findall(cell.source) if cell.cell_type == "code" else []
        for name in (name for name in named if name in exercises()):
            yield name, *answer(cell.outputs)


def answer(outputs):
    """Return what the check of one cell answered, and the sentence, as the last of its outputs tell."""
    for output in reversed(outputs):
        if output.output_type == "error":
            return "could not be run", f"{output.ename}: {output.evalue}"
        text = "".join(output.get("data", {}).get("text/plain", ""))
        if found := ANSWER.fullmatch(text.strip()):
            return ANSWERS[found[1]], found[2] or ""
    return "could not be run", NO_ANSWER


def read(path):
    """Return a notebook without what it has stored."""
    # An editor on Windows may have put a mark before the text.
    notebook = nbformat.reads(path.read_text(encoding="utf-8-sig"), as_version=4)
    for cell in notebook.cells:
        cell.update({"outputs": []} if cell.cell_type == "code" else {})
    return notebook


def first_line(error):
    """Return the first line of what an exception says."""
    return (str(error).splitlines() or [type(error).__name__])[0]


class Client(nbclient.NotebookClient):
    """Keeps what a check answers. A loop that prints or draws for ever would fill the memory."""

    def output(self, outs, msg, *where):
        """Add what a cell shows to its outputs `outs`."""
        kind = msg["msg_type"]
        if kind in ("execute_result", "error") or (kind != "stream" and len(outs) < MOST):
            return super().output(outs, msg, *where)
        return None


async def checked(path, folder):
    """Return the rows of one notebook, whatever it does."""
    name, notebook, reason = path.relative_to(folder).as_posix(), nbformat.v4.new_notebook(), ""
    try:
        notebook = read(path)
    except Exception as error:
        reason = f"This is no notebook, or a damaged one: {first_line(error)}"
    else:
        # What they have done is not what the teacher has done, but sentences are in the teacher's language.
        env = os.environ | {"COURSE_PROGRESS": "", "COURSE_LANGUAGE": LANGUAGE}
        options = {"client": Client, "env": env, "allow_errors": True, "interrupt_on_timeout": True}
        limit = asyncio.timeout(NOTEBOOK)
        try:
            with tempfile.TemporaryDirectory(ignore_cleanup_errors=True) as apart:
                async with limit:
                    await run(notebook, Path(apart, path.name), CELL, **options)
        except Exception as error:
            # Which way a kernel ends that was stopped is a matter of chance.
            late = f"The notebook was not at its end after {NOTEBOOK} seconds."
            reason = late if limit.expired() else first_line(error)
    # What was never reached has failed for the reason of the notebook.
    found = {}
    for exercise, *said in answers(notebook):
        # The last answer counts, unless an earlier one has passed.
        if found.get(exercise, [""])[0] != "passed":
            found[exercise] = said
    rows = {exercise: said for exercise, said in found.items() if said[1] != NO_ANSWER or not reason}
    if reason or not rows:
        rows[""] = ["could not be run", reason or "There is no check in it."]
    return [[name, exercise, *said] for exercise, said in rows.items()]


async def all_checked(paths, folder):
    """Return the rows of all notebooks, in the order of their names."""
    cores = asyncio.Semaphore(os.cpu_count() or 1)
    with tqdm(total=len(paths), unit="notebook") as bar:

        async def one(path):
            async with cores:
                rows = await checked(path, folder)
            bar.update()
            return rows

        return [row for rows in await asyncio.gather(*map(one, paths)) for row in rows]


@contextlib.contextmanager
def memory_limited():
    """Limit the memory of each process that is started, where the system can."""
    try:
        import resource
    except ImportError:
        yield
        return
    soft, hard = resource.getrlimit(resource.RLIMIT_DATA)
    # A lower one that the system has set stays.
    with contextlib.suppress(ValueError):
        resource.setrlimit(resource.RLIMIT_DATA, (MEMORY, hard))
    try:
        yield
    finally:
        resource.setrlimit(resource.RLIMIT_DATA, (soft, hard))


def summary(rows):
    """Yield lines that say how a class has done: each exercise, and what was wrong most often."""
    for exercise in dict.fromkeys(row[1] for row in rows if row[1]):
        said = Counter(row[2] for row in rows if row[1] == exercise)
        yield f"{exercise}: " + ", ".join(f"{count} {what}" for what, count in said.most_common())
        # Numbers in a sentence are those of one draw.
        sentences = [row[3] for row in rows if row[1:3] == [exercise, "not yet"]]
        wrong = Counter(re.sub(r"\d[\d.e+-]*", "…", sentence) for sentence in sentences)
        yield from (f"  {count} x {sentence}" for sentence, count in wrong.most_common(3))
    if failed := [row[0] for row in rows if not row[1]]:
        yield "could not be run: " + ", ".join(failed)


def main(folder):
    """Check the notebooks of a folder, and write its table."""
    if not folder:
        sys.exit("Say where the notebooks are: make class FOLDER=handed_in")
    folder = Path(folder)
    paths, others = handed_in(folder)
    if not paths:
        sys.exit(f"There is no notebook in {folder}.")
    # A notebook of an older form is not the teacher's concern.
    with memory_limited(), warnings.catch_warnings(action="ignore"):
        rows = asyncio.run(all_checked(paths, folder))
    # With a mark that tells spreadsheets that the file is UTF-8.
    with open(folder / TABLE, "w", newline="", encoding="utf-8-sig") as file:
        csv.writer(file).writerows([COLUMNS, *rows])
    print("\n".join(summary(rows)))
    if others:
        print("no notebook: " + ", ".join(path.relative_to(folder).as_posix() for path in others))


if __name__ == "__main__":
    main(*sys.argv[1:])
