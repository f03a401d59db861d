"""What a page knows of a case: the answers to all that can be asked of it, kept in record.json.

A page cannot train. `python -m course.clinic.record` asks each case every experiment, cause and repair, in
the language of COURSE_LANGUAGE: record.ko.json is Korean. All cores are at it for a minute or two, and a test
asks some of it again.
"""

import hashlib
import json
import os
import re
import subprocess
import sys
from concurrent.futures import ProcessPoolExecutor
from pathlib import Path

from tqdm import tqdm

from course.arguments import whole
from course.clinic.experiments import answer
from course.clinic.faults import FAULTS
from course.clinic.game import OFFERED, ORDER, dealt, judge_cause, judge_repair, truth
from course.clinic.repairs import REPAIRS
from course.words import LANGUAGE, LOCALE

LANGUAGES = "en", *sorted(path.name for path in LOCALE.iterdir() if path.is_dir())
# What the answers hang on, and what is asked.
CODE = "cases", "experiments", "faults", "game", "panel", "record", "repairs", "setup"
# The cases of the page: those that come in order.
NUMBERS = range(1, len(ORDER) + 1)


def asked(number):
    """Return all that can be asked of a case: `{what: {name: [right, sentence]}}`; "" is no fault, no repair.

    What is asked are "experiments", whose answers are always right, "causes" and "repairs"; "truth" is a
    sentence without a name.

    >>> found = asked(1)
    >>> [found["causes"][name][0] for name in ("inputs not scaled", "summed loss", "")]
    [True, False, False]
    """
    case = dealt(whole("number", number))
    return {
        "truth": {"": [True, truth(case)]},
        "experiments": {name: [True, answer(name, case)[1]] for name in OFFERED},
        "causes": {name or "": list(judge_cause(case, name)) for name in (None, *FAULTS)},
        "repairs": {name or "": list(judge_repair(case, name)) for name in (None, *REPAIRS)},
    }


def sentences(text):
    """Return the parts of a text, most of which are said of several cases.

    >>> sentences("That does not cure it. The loss is 2.3; it stays there.")
    ['That does not cure it.', 'The loss is 2.3;', 'it stays there.']
    """
    return re.split("(?<=[.:;]) ", text)


def file(language=LANGUAGE):
    """Return where the answers in a language are kept.

    >>> file("en").name, file("ko").name
    ('record.json', 'record.ko.json')
    """
    return Path(__file__).with_name("record.json" if language == "en" else f"record.{language}.json")


def digest(language=LANGUAGE):
    """Return what tells whether the code of the cases, or its words, has changed since they were asked."""
    code = [Path(__file__).with_name(f"{module}.py") for module in CODE]
    said = [] if language == "en" else [LOCALE / language / "LC_MESSAGES" / "clinic.po"]
    return hashlib.sha256(b"".join(path.read_bytes() for path in code + said)).hexdigest()[:16]


def stale():
    """Return whether the record of a language is older than the code or the catalogue."""

    def fresh(language):
        path = file(language)
        return path.exists() and json.loads(path.read_text("utf-8")).get("digest") == digest(language)

    return not all(map(fresh, LANGUAGES))


def recorded(language=LANGUAGE):
    """Return what is recorded of each case, by its number as text, as `asked` returns it.

    A language whose cases have not been asked yet gets the English answers.
    """
    path = file(language) if file(language).exists() else file("en")
    kept = json.loads(path.read_text("utf-8"))
    return {
        number: {
            what: {
                name: [bool(right), " ".join(kept["sentences"][place] for place in places)]
                for name, (right, *places) in answers.items()
            }
            for what, answers in found.items()
        }
        for number, found in kept["cases"].items()
    }


def write(found):
    """Write the record of what `asked` returned of each case; a sentence stands there once."""
    places = {}
    cases = {
        number: {
            what: {
                name: [int(right), *(places.setdefault(part, len(places)) for part in sentences(words))]
                for name, (right, words) in answers.items()
            }
            for what, answers in kinds.items()
        }
        for number, kinds in found.items()
    }
    lines = [f'"{number}": {json.dumps(kinds)}' for number, kinds in cases.items()]
    text = json.dumps(list(places), indent=0, ensure_ascii=False)
    joined = ",\n".join(lines)
    file().write_text(
        f'{{"digest": "{digest()}",\n"sentences": {text},\n"cases": {{\n{joined}\n}}}}\n', encoding="utf-8"
    )


def ask():
    """Ask all cases in each language, and write the records; each language has a process of its own."""
    for language in LANGUAGES:
        command = [sys.executable, "-m", "course.clinic.record"]
        subprocess.run(command, env={**os.environ, "COURSE_LANGUAGE": language}, check=True)


def main():
    """Ask all cases, and write the record."""
    with ProcessPoolExecutor(os.cpu_count()) as pool:
        answers = tqdm(pool.map(asked, NUMBERS), desc=f"clinic, {LANGUAGE}", unit="case", total=len(NUMBERS))
        write(dict(zip(NUMBERS, answers, strict=True)))


if __name__ == "__main__":
    main()
