"""What a learner has done: kept in one small file of their own, shown by topic, deleted at a word.

Each line of the file is JSON, such as {"exercise dead": "done"}. A line is added in one piece, and none is
ever changed: several notebooks may write at once, and a line that cannot be read costs no other. Of two lines
with the same name the later one holds. What the site exports is such a file too.

The environment variable COURSE_PROGRESS names the file, and where it is empty, nothing is kept. So run tests,
and whatever runs notebooks that are not the learner's own run.
"""

import json
import os
from pathlib import Path

from course.practice.exercises import exercises
from course.practice.questions import topics
from course.words import Text, say

# Git ignores this folder, and no update touches it.
FILE = Path("notebooks", "mine", "progress.jsonl")
# Where the kernel was started; a learner may go elsewhere.
HERE = Path.cwd()
# What was said of each name since then, where nothing is kept too.
_latest = {}


def place():
    """Return the path of the learner's file, or None where nothing is kept.

    It lies in the checkout that the notebook is in; the package may be installed elsewhere, as for a class.
    """
    named = os.environ.get("COURSE_PROGRESS")
    if named is not None:
        return Path(os.path.expanduser(named)) if named else None
    folders = HERE, *HERE.parents, Path(__file__).parents[2]
    parts = "notebooks", "course"
    checkouts = (f for f in folders if all(os.path.isdir(f / part) for part in parts))
    return next((folder / FILE for folder in checkouts), None)


def note(name, value):
    """Keep that what has this name is "done" or "tried", or with None that it is neither; or keep its points.

    What is done stays so, however it is tried again, and of points the most are kept. Returns "", or a
    sentence where what is done cannot be kept: a learner's answer is worth more than the note of it, so this
    raises nothing.
    """
    _latest[name] = value
    if (path := place()) is None:
        return ""
    try:
        content = path.read_bytes() if path.exists() else b""
        before = _read(content)[0].get(name)
        if value == before or _is_less(value, before):
            return ""
        path.parent.mkdir(parents=True, exist_ok=True)
        # A line that somebody was kept from writing to its end stays one of its own.
        start = b"\n" if content and not content.endswith(b"\n") else b""
        with path.open("ab", buffering=0) as file:
            file.write(start + json.dumps({name: value}).encode() + b"\n")
    except OSError as error:
        return _unkept(path, error) if value == "done" else ""
    return ""


def status(name):
    """Return "done", "tried" or None: what was said last in this kernel, or else what is kept."""
    return _latest[name] if name in _latest else _kept()[0].get(name)


def cases():
    """Return how many cases of the clinic are solved, and the points for all that were played."""
    known = _together(_kept()[0], _latest)
    solved = sum(name.startswith("case ") and value == "done" for name, value in known.items())
    points = [value for name, value in known.items() if name.startswith("points of case ")]
    return solved, sum(value for value in points if isinstance(value, int))


def show():
    """Return how much of each topic is done, as a text; topics in which nothing was tried are left out."""
    path, (kept, trouble) = place(), _kept()
    if path is None and not _latest:
        return Text(say("Run this cell in JupyterLab: it shows what you have done."))
    known = [*kept.items(), *_latest.items()]
    tried = {name for name, value in known if value}
    done = {name for name, value in known if value == "done"}
    lines = []
    # The self-test has questions alone.
    for topic in [*sorted({asked.topic for asked in exercises().values()}), "all_topics"]:
        parts = _parts(topic)
        if any(tried & names for names in parts.values()):
            counts = [text.format(done=len(done & names), all=len(names)) for text, names in parts.items()]
            lines.append(f"{topic.replace('_', ' ')}: {', '.join(counts)}")
    solved, points = cases()
    if solved or points:
        lines.append(
            say("cases of the clinic: {solved} solved, {points} points", solved=solved, points=points)
        )
    if path is not None and not lines:
        lines.append(say("Nothing is done yet."))
    if path is not None and not trouble:
        where = say("What you do is kept in {path}, on this computer alone.", path=_written(path))
        lines.append(f"{where} {say('progress.delete() deletes it.')}")
    return Text("\n".join(lines + trouble))


def delete():
    """Forget all that was done, and delete the file; return a sentence that says so."""
    _latest.clear()
    path = place()
    try:
        if path is not None:
            path.unlink(missing_ok=True)
    except OSError as error:
        words = say("{path} cannot be deleted ({reason}).", path=_written(path), reason=error.strerror)
        return Text(words)
    return Text(say("What you had done is deleted."))


def _parts(topic):
    """Return the names of what can be done in a topic, by what is said of how many are."""
    own = [name for name, asked in exercises().items() if asked.topic == topic]
    asked, guessed = (topics(kind).get(topic.split("_")[0], ()) for kind in ("QUESTIONS", "PREDICTIONS"))
    parts = {
        say("{done} of {all} questions"): {f"question {name}" for name in asked},
        say("{done} of {all} predictions"): {f"prediction {name}" for name in guessed},
        say("{done} of {all} exercises"): {f"exercise {name}" for name in own},
    }
    return {text: names for text, names in parts.items() if names}


def _kept():
    """Return what the file holds, and a list of at most one sentence, on what of it cannot be read."""
    path = place()
    try:
        content = path.read_bytes() if path is not None and path.exists() else b""
    except OSError as error:
        return {}, [_unkept(path, error)]
    kept, broken = _read(content)
    if not broken:
        return kept, []
    words = say(
        "Of {path} not every line can be read, the first of these is line {n}; all others hold.",
        path=_written(path),
        n=broken[0],
    )
    return kept, [words]


def _read(content):
    """Return what the lines of a file hold together, and the numbers of those that are no such line."""
    kept, broken = {}, []
    for number, line in enumerate(content.split(b"\n"), 1):
        try:
            entries = json.loads(line) if line.strip() else {}
        except (ValueError, RecursionError):
            entries = None
        if not isinstance(entries, dict):
            broken.append(number)
            continue
        kept = _together(kept, entries)
    return kept, broken


def _together(kept, entries):
    return kept | {name: value for name, value in entries.items() if not _is_less(value, kept.get(name))}


def _is_less(value, before):
    if isinstance(value, int) and isinstance(before, int):
        return value < before
    return value == "tried" and before == "done"


def _unkept(path, error):
    return say(
        "What you do is not kept: {path} cannot be read and written ({reason}).",
        path=_written(path),
        reason=error.strerror,
    )


def _written(path):
    """Write the path of the file as a learner sees it in JupyterLab."""
    return FILE.as_posix() if path.parts[-3:] == FILE.parts else str(path)
