"""The page of numbers is made from the record: every published number, ours, and whether they agree."""

import itertools

import numpy as np
from docutils import nodes
from docutils.statemachine import StringList
from sphinx.util.docutils import SphinxDirective

from course import lecture
from course.reproduction import comparisons
from course.words import say


def labels(table, row, comparison):
    """Yield what each number of a row is, in the order of the row's elements."""
    if table == "A":
        for layer, what in itertools.product(range(11), (say("mean"), say("std"))):
            if layer:
                yield say("{row}: {what} of layer {layer}", row=say(row), what=what, layer=layer)
            else:
                yield say("{row}: {what} of the input", row=say(row), what=what)
    elif table == "first loss":
        yield from (say("regularization {reg:g}", reg=reg) for reg in lecture.SANITY_LOSS)
    elif table == "B":
        printed = np.isfinite(lecture.OVERFIT_20[:, {"cost": 1, "train": 2}[row]])
        for epoch in lecture.OVERFIT_20[printed, 0]:
            yield say("{row}, epoch {epoch:g}", row=say(row), epoch=epoch)
    elif table == "C":
        for epoch in range(1, comparison.published.size + 1):
            yield say("rate {rate}, epoch {epoch}", rate=row, epoch=epoch)
    else:
        for trial in range(comparison.published.size):
            yield say("{row}, trial {trial}", row=say(row), trial=trial)


def rows(table):
    """Return the table's numbers as rows of text: what, published, ours, tolerance, whether they agree."""
    found = []
    for row, comparison in comparisons()[table].items():
        digits = 6 if table in ("A", "first loss") or "cost" in row else 3
        for label, published, mean, tolerance, agree in zip(
            labels(table, row, comparison), *(values.ravel() for values in comparison), strict=True
        ):
            ours = (written(mean, digits), f"{tolerance:.{digits}f}" if np.isfinite(tolerance) else "")
            found.append(
                (label, written(published, digits), *ours, say("yes") if agree else f"**{say('no')}**")
            )
    return found


def written(number, digits):
    """Write a number with so many digits after its point."""
    return f"{number:.{digits}f}" if np.isfinite(number) else say("not finite")


class Numbers(SphinxDirective):
    """`{numbers} A`: the numbers of one table."""

    required_arguments = 1
    final_argument_whitespace = True

    def run(self):
        """Write the table as Markdown and have it parsed."""
        found = rows(self.arguments[0])
        agree = sum(row[-1] == say("yes") for row in found)
        head = [say("number"), say("published"), say("ours"), say("tolerance"), say("agrees")]
        lines = [say("{agree} of {all} agree.", agree=agree, all=len(found)), ""]
        lines += ["| " + " | ".join(head) + " |", "|---|--:|--:|--:|---|"]
        lines += ["| " + " | ".join(row) + " |" for row in found]
        node = nodes.container()
        self.state.nested_parse(StringList(lines, source="reproduction.json"), 0, node)
        return node.children


def setup(app):
    """Tell Sphinx."""
    app.add_directive("numbers", Numbers)
    return {"parallel_read_safe": True, "parallel_write_safe": True}
