"""The sheet of symptoms is made from the clinic: how a fault looks, what shows it, and what mends it."""

from docutils import nodes
from docutils.statemachine import StringList
from sphinx.util.docutils import SphinxDirective

from course.arguments import choice
from course.clinic import panel
from course.clinic.experiments import EXPERIMENTS
from course.clinic.faults import FAULTS, neighbours
from course.clinic.repairs import REPAIRS
from course.words import say


def checks(name):
    """Return what shows a fault, and the experiments that tell it from what it is taken for."""
    experiment, _, number = FAULTS[name].seen.partition(": ")
    first = say(panel.READ[number]) if experiment == "panel" else say(experiment)
    others = [told.partition(": ")[0] for told, _ in neighbours(name).values()]
    further = [say(one) for one in dict.fromkeys(others) if one not in (experiment, "panel")]
    return "; ".join([first[0].upper() + first[1:], *further]) + "."


def row(name):
    """Return a row of the sheet: symptom, check, cause, repair."""
    fault = FAULTS[choice("fault", name, FAULTS)]
    return say(fault.looks), checks(name), say(fault.sentence), say(REPAIRS[fault.repair].sentence)


class FaultSheet(SphinxDirective):
    """`{fault-sheet}`: a table of the faults that its lines name."""

    has_content = True

    def run(self):
        """Write the table as Markdown and have it parsed."""
        head = [say("symptom"), say("check"), say("cause"), say("repair")]
        return table(self, "fault-sheet", head, [row(name) for name in self.content])


class Experiments(SphinxDirective):
    """`{experiments}`: what each experiment asks."""

    def run(self):
        """Write the table as Markdown and have it parsed."""
        rows = [(say(name), say(one.question)) for name, one in EXPERIMENTS.items()]
        return table(self, "experiments", [say("experiment"), say("question")], rows)


def table(directive, kind, head, rows):
    """Return the nodes of a table; its class is its kind."""
    lines = ["| " + " | ".join(cells) + " |" for cells in (head, ["---"] * len(head), *rows)]
    node = nodes.container()
    directive.state.nested_parse(StringList(lines, source="course.clinic"), 0, node)
    for found in node.findall(nodes.table):
        found["classes"].append(kind)
    return node.children


def setup(app):
    """Tell Sphinx."""
    app.add_directive("fault-sheet", FaultSheet)
    app.add_directive("experiments", Experiments)
    return {"parallel_read_safe": True, "parallel_write_safe": True}
