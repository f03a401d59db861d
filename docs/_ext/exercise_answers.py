"""Under each exercise of a page stand its hints and its solution, folded, one after the other.

They are those that `check.dead.hint()` and `check.dead.solution()` give in JupyterLab, from the same data.
"""

import html
import re

from docutils import nodes
from sphinx.transforms.post_transforms import SphinxPostTransform

from course.practice.exercises import exercises
from course.words import say

CHECK = re.compile(r"^check\.(\w+)\(", re.MULTILINE)


def folded(words, *inside):
    """Return nodes that stand in an element which opens, under these words."""
    start = f'<details class="folded"><summary>{html.escape(words)}</summary>'
    return [nodes.raw("", start, format="html"), *inside, nodes.raw("", "</details>", format="html")]


class ExerciseAnswers(SphinxPostTransform):
    """Put them after the cell that checks the exercise."""

    # Before folded_code, at 200, which looks at cells alone.
    default_priority = 190
    formats = ("html",)

    def run(self, **kwargs):
        """Go through the cells of one page of exercises."""
        if not self.env.docname.startswith("notebooks/practice/"):
            return
        for cell in list(self.document.findall(nodes.container)):
            found = CHECK.search(cell.astext()) if cell.get("nb_element") == "cell_code" else None
            if found and (asked := exercises().get(found[1])):
                answers = []
                for number, hint in enumerate(asked.hints, 1):
                    words = say("Hint {number} of {all}", number=number, all=len(asked.hints))
                    answers += folded(words, nodes.paragraph("", say(hint)))
                # The edition for a class has none.
                if asked.solution:
                    code = nodes.literal_block(asked.solution, asked.solution, language="python")
                    answers += folded(say("Solution"), code)
                cell.parent[cell.parent.index(cell) + 1 : cell.parent.index(cell) + 1] = answers


def setup(app):
    """Tell Sphinx."""
    app.add_post_transform(ExerciseAnswers)
    return {"parallel_read_safe": True, "parallel_write_safe": True}
