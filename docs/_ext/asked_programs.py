"""The page of the programs that people asked about is made from their data and from two records."""

from diagnosis_tables import head
from docutils import nodes
from docutils.statemachine import StringList
from sphinx.util.docutils import SphinxDirective

from course.clinic.faults import FAULTS
from course.clinic.programs import ALWAYS_ONE, PROGRAMS
from course.words import say
from measurements import FOLDER, recorded

# What is said where no fault of the thirty is named, and yet something is found.
STILL = "every gradient is zero"
RECORDS = "09_programs", "09_asked"
ASKED = [number for number, program in PROGRAMS.items() if program.faults]
# What tools published of themselves and each other: programs that were detected, and that were diagnosed.
PUBLISHED = {
    "the 52 programs of DeepFD (Cao and others 2022)": {
        "DeepFD": (47, 27),
        "UMLAUT": (50, 14),
        "DeepLocalize": (36, 7),
        "AutoTrainer": (12, 10),
    },
    "the 52 of DeepDiagnosis (Wardat and others 2022)": {
        "DeepDiagnosis": (46, 38),
        "DeepLocalize": (45, 23),
        "UMLAUT": (26, 17),
    },
}


def works(number):
    """Return in how many runs a program works, the faulty one and the repaired."""
    return (recorded("09_programs", str(number))["score"] >= PROGRAMS[number].enough).sum(axis=0)


def causes(number, view):
    """Return the first three causes of each run as names, None for none, or `STILL` first."""
    names = [*FAULTS, STILL, None]
    return [[names[int(k)] for k in run] for run in recorded("09_asked", str(number))[view]]


def firsts(number, view):
    """Return what comes first, with the number of runs: "rate too low (17), nothing found (3)"."""
    said = [run[0] or say("nothing found") for run in causes(number, view)]
    counted = sorted({*said}, key=lambda name: (-said.count(name), name))
    return ", ".join(f"{say(name)} ({said.count(name)})" for name in counted)


def right(number):
    """Return what would be right to say of a program."""
    program = PROGRAMS[number]
    return *program.planted, *[STILL] * (ALWAYS_ONE in program.faults)


def hits(number, view, among):
    """Return in how many runs one of the first causes, so many, is right."""
    return sum(not {*right(number)}.isdisjoint(run[:among]) for run in causes(number, view))


def most(view, count):
    """Return for how many programs with a fault more than half of the runs count."""
    return sum(count(number) > len(causes(number, view)) / 2 for number in ASKED)


def named(number, view):
    """Return of how many runs any cause is named."""
    return sum(run[0] is not None for run in causes(number, view))


def programs():
    """Return what each program is, as a list: seven columns would not fit on a phone."""
    for number, program in PROGRAMS.items():
        faulty, *repaired = works(number)
        parts = {
            say("Trained on"): say(program.data),
            say("Wrong"): " ".join(map(say, program.faults)) or say("Nothing."),
            say("Seen"): say(program.looks),
            say("Mended by"): say(program.repair),
            say("Works"): say("in {faulty} of 20 runs.", faulty=faulty),
        }
        if repaired:
            parts[say("Repaired")] = say("works in {runs}.", runs=repaired[0])
        yield f"- **{number}** {say(program.meant)}"
        yield ""
        yield "  " + " ".join(f"*{name}:* {text}" for name, text in parts.items())
        yield ""


def said():
    """Return the table of what the diagnosis says of the programs as they were asked about."""
    yield head(say("question"), say("what it has"), say("named first, in 20 runs"), say("right; in three"))
    yield "|---|---|---|--:|"
    for number, program in PROGRAMS.items():
        wanted = ", ".join(map(say, right(number)))
        wanted = wanted or (say("none of the thirty") if program.faults else say("no fault"))
        counts = "; ".join(str(hits(number, "faulty", among)) for among in (1, 3)) if right(number) else ""
        yield f"| {number} | {wanted} | {firsts(number, 'faulty')} | {counts} |"


def alarms():
    """Return the table of what it says of those that are repaired, in which nothing should be found."""
    yield head(say("question"), say("of the repaired program named first, in 20 runs"))
    yield "|---|---|"
    for number in ASKED:
        yield f"| {number} | {firsts(number, 'repaired')} |"


def tools():
    """Return the table of totals: ours, where more than half of the runs agree, and those published."""
    yield head(say("on"), say("tool"), say("detected"), say("diagnosed"))
    yield "|---|---|--:|--:|"
    views = {
        say("these ten, the panel alone"): "faulty",
        say("these ten, with the repaired program as its twin"): "beside",
        say("these ten, the panel of the repaired program"): "repaired",
    }
    for text, view in views.items():
        detected = most(view, lambda number, view=view: named(number, view))
        counts = [most(view, lambda number, view=view, n=n: hits(number, view, n)) for n in (1, 3)]
        diagnosed = (
            say("{first}; among three {three}", first=counts[0], three=counts[1])
            if view != "repaired"
            else ""
        )
        yield f"| {text} | {say('ours')} | {detected} | {diagnosed} |"
    for benchmark, found in PUBLISHED.items():
        for tool, (detected, diagnosed) in found.items():
            yield f"| {say(benchmark)} | {tool} | {detected} | {diagnosed} |"


TABLES = {"programs": programs, "said": said, "alarms": alarms, "tools": tools}


class Programs(SphinxDirective):
    """`{programs} said`: one of the tables."""

    required_arguments = 1

    def run(self):
        """Write the table as Markdown and have it parsed."""
        for topic in RECORDS:
            self.env.note_dependency(str(FOLDER / f"topic_{topic}.json"))
        node = nodes.container()
        self.state.nested_parse(StringList([*TABLES[self.arguments[0]]()], source="programs"), 0, node)
        return node.children


def setup(app):
    """Tell Sphinx."""
    app.add_directive("programs", Programs)
    return {"parallel_read_safe": True, "parallel_write_safe": True}
