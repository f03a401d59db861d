"""The page of the diagnosis is made from its rules and from its record: what it says of runs, counted."""

import numpy as np
from docutils import nodes
from docutils.statemachine import StringList
from sphinx.util.docutils import SphinxDirective

from course.clinic.diagnosis import ANSWERS, MEASURES, RULES
from course.clinic.faults import FAULTS
from course.words import say
from measurements import FOLDER, recorded

RECORD = FOLDER / "topic_09_diagnosis.json"
VIEWS = {
    "panel and experiments": "the panel, a twin, and ten experiments",
    "panel": "the panel and a twin",
    "without a twin": "the panel alone",
    "curves": "loss and accuracies, and a twin",
    "loss": "the loss alone, and a twin",
}


def causes(kind, view):
    """Return the first three causes of each run of a fault, or of "healthy", as names; None for none."""
    names = [*FAULTS, None]
    return [[names[int(k)] for k in run] for run in recorded("09_diagnosis", kind)[view]]


def shares(view):
    """Return the shares of ill runs whose fault comes first, or among the first three, and of false alarms.

    The last is the share of healthy runs for which any cause is named.
    """
    found = [(fault, run) for fault in FAULTS for run in causes(fault, view)]
    first, three = (np.mean([fault in run[:n] for fault, run in found]) for n in (1, 3))
    return first, three, np.mean([run[0] is not None for run in causes("healthy", view)])


def confusion(view):
    """Return how often a cause comes first, `(31, 31)`: a row for each fault and one for healthy runs.

    The last column is that of runs for which nothing was found.
    """
    columns = [*FAULTS, None]
    rows = [[run[0] for run in causes(kind, view)] for kind in (*FAULTS, "healthy")]
    return np.array([[row.count(name) for name in columns] for row in rows])


def head(*names):
    """Return the first line of a table."""
    return "| " + " | ".join(names) + " |"


def views():
    """Return the table of what each view tells."""
    yield head(say("what is seen"), say("first"), say("among the first three"), say("false alarms"))
    yield "|---|--:|--:|--:|"
    for view, text in VIEWS.items():
        yield f"| {say(text)} | " + " | ".join(f"{share:.1%}" for share in shares(view)) + " |"


def faults():
    """Return the table of what is said of each fault."""
    yield head(
        say("planted"), say("runs"), say("first, by panel"), say("among three"),
        say("first, with experiments"), say("taken for, by panel"),
    )  # fmt: skip
    yield "|---|--:|--:|--:|--:|---|"
    for fault in FAULTS:
        panel, more = (causes(fault, view) for view in ("panel", "panel and experiments"))
        others = [run[0] or say("nothing found") for run in panel if run[0] != fault]
        counted = sorted({*others}, key=lambda name: (-others.count(name), name))
        taken = ", ".join(f"{say(name)} ({others.count(name)})" for name in counted)
        counts = sum(run[0] == fault for run in panel), sum(fault in run for run in panel)
        numbers = len(panel), *counts, sum(run[0] == fault for run in more)
        yield f"| {say(fault)} | " + " | ".join(map(str, numbers)) + f" | {taken} |"
    false = [run[0] for run in causes("healthy", "panel") if run[0]]
    proved = [run[0] for run in causes("healthy", "panel and experiments") if run[0]]
    alarms = ", ".join(f"{say(name)} ({false.count(name)})" for name in sorted({*false}))
    healthy = len(causes("healthy", "panel"))
    numbers = healthy, healthy - len(false), healthy - len(false), healthy - len(proved)
    yield f"| {say('none: nothing found')} | " + " | ".join(map(str, numbers)) + f" | {alarms} |"


def rules():
    """Return the table of the rules."""
    yield head(say("fault"), say("suspected where"), say("proved where"), say("taught in"))
    yield "|---|---|---|---|"
    for fault, rule in RULES.items():
        signs, proof = (
            "; ".join(f"{say(name)} {side} {limit:g}" for name, side, limit in part) for part in rule[:2]
        )
        cells = signs, proof or say("the panel is enough")
        yield f"| {say(fault)} | " + " | ".join(cells).replace("<", "&lt;") + f" | {rule.section} |"


def measurements():
    """Return the table of what the lines of rules measure."""
    yield head(say("measurement"), say("what it is"))
    yield "|---|---|"
    for name, text in (MEASURES | ANSWERS).items():
        yield f"| {say(name)} | {say(text).rstrip(',')} |"


TABLES = {"views": views, "faults": faults, "rules": rules, "measurements": measurements}


class Diagnosis(SphinxDirective):
    """`{diagnosis} views`: one of the tables."""

    required_arguments = 1

    def run(self):
        """Write the table as Markdown and have it parsed."""
        self.env.note_dependency(str(RECORD))
        node = nodes.container()
        lines = [*TABLES[self.arguments[0]]()]
        self.state.nested_parse(StringList(lines, source=RECORD.name), 0, node)
        return node.children


def setup(app):
    """Tell Sphinx."""
    app.add_directive("diagnosis", Diagnosis)
    return {"parallel_read_safe": True, "parallel_write_safe": True}
