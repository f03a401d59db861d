"""The game in JupyterLab: widgets around `course.clinic.game`, which judges."""

import base64
import html
import io
import os

from course.arguments import choice, whole
from course.clinic import drawing
from course.clinic.experiments import EXPERIMENTS, train
from course.clinic.faults import FAULTS
from course.clinic.game import HEALTHY, NOTHING, OFFERED, Play, dealt, following, large, repaired
from course.clinic.repairs import REPAIRS
from course.practice import progress
from course.words import reason, say

CHOOSE, TITLE = "Choose one", "Case {number}: is this network ill, and of what?"
WIDE = {"width": "auto", "max_width": "44em"}


def play(case=None):
    """Play a case by its number, from 1 on, or with None the one that comes next. What was missed comes back.

    The first 36 are the same for everybody, from easy to hard; every other number is a case by chance.
    """
    number = following(_kept) if case is None else whole("case", case, low=1)
    homes = {"live": _live, "frames": _text, "still": _text}
    homes[choice("COURSE_FIGURES", os.environ.get("COURSE_FIGURES", "live"), homes)](number)


def _kept(number):
    return progress.status(f"case {number}")


def _text(number):
    from IPython.display import display

    words = say("Case {number} is played where this cell runs, in JupyterLab.", number=number)
    display({"text/plain": words, "text/html": f"<p>{html.escape(words)}</p>"}, raw=True)


def picture(run, twin=None):
    """Return the panel as HTML, whose sentence is caption and alternative text."""
    figure, sentence = drawing.figure(run, twin)
    file = io.BytesIO()
    figure.savefig(file, format="png", dpi=80)
    data, words = base64.b64encode(file.getvalue()).decode(), html.escape(sentence)
    return f'<img src="data:image/png;base64,{data}" alt="{words}" style="max-width: 100%"><p>{words}</p>'


def _live(number):
    import ipywidgets as widgets
    from IPython.display import display

    table = widgets.VBox(layout=WIDE)
    deal(table, number)
    display(table)


def deal(table, number):
    """Lay a case on the table, a box of widgets."""
    import ipywidgets as widgets

    play = Play(dealt(number))
    case, run = play.case, train(play.case).run

    def text(words=""):
        return widgets.HTML(words, layout=WIDE)

    def choose(label, options):
        return widgets.Dropdown(options=[(say(CHOOSE), ""), *options], description=say(label), layout=WIDE)

    def button(label, pressed):
        made = widgets.Button(description=say(label), layout={"width": "fit-content"})
        made.on_click(lambda _: pressed())
        return made

    def experiment():
        if not (name := asked.value) or name in play.made:
            return
        try:
            words = play.experiment(name)
        except Exception as error:
            words = say("That came to no end: {reason}.", reason=reason(error))
        log.value += _paragraph(f"{say(EXPERIMENTS[name].question)} {words}")
        if name == "healthy twin":
            before.value = picture(run, train(case.twin).run)
        score()

    def change():
        if not cause.value or not repair.value:
            said.value = _status(say("Name a cause, and choose what to change."))
            return
        named = None if cause.value == HEALTHY else cause.value
        name = None if repair.value == NOTHING else repair.value
        try:
            mended = train(repaired(case, name)).run
            verdicts = play.change(named, name)
        except Exception as error:
            said.value = _status(say("It could not be trained: {reason}.", reason=reason(error)))
            return
        after.value = picture(mended, run)
        titles = {"cause": say("The cause"), "repair": say("The repair")}
        said.value = "".join(_status(words, right, titles[part]) for part, (right, words) in verdicts.items())
        keep()

    def show():
        said.value = _status(play.show())
        keep()

    def keep():
        name = f"case {number}"
        if play.done or progress.status(name) != "done":
            note = progress.note(name, "done" if play.done else "tried")
            said.value += _status(note) if note else ""
        score()

    def score():
        parts = [say("Experiments: {n}.", n=len(play.made))]
        if "cause" in play.earned:
            parts.append(say("Points for the cause: {n}.", n=play.earned["cause"]))
        if "repair" in play.earned:
            parts.append(say("Points for the repair: {n}.", n=play.earned["repair"]))
        scored.value = _paragraph(" ".join(parts))

    before, after, log, said, scored = (text() for _ in range(5))
    asked = choose("Experiment", [(say(EXPERIMENTS[name].question), name) for name in OFFERED])
    causes = [(large(say(name)), name) for name in sorted(FAULTS, key=str.lower)]
    cause = choose("Cause", [(say(HEALTHY), HEALTHY), *causes])
    repair = choose(
        "Repair", [(say(NOTHING), NOTHING), *((say(r.sentence), name) for name, r in REPAIRS.items())]
    )
    title = text(f"<p><strong>{html.escape(say(TITLE, number=number))}</strong></p>")
    before.value = picture(run)
    score()
    table.children = [
        title,
        before,
        asked,
        button("Make the experiment, for a point", experiment),
        log,
        cause,
        repair,
        button("Change this, and train again", change),
        said,
        after,
        scored,
        widgets.HBox(
            [button("Show me", show), button("Next case", lambda: deal(table, following(_kept, number)))]
        ),
    ]


def _paragraph(words):
    return f'<p style="line-height: 1.4">{html.escape(words, quote=False)}</p>'


def _status(words, right=None, title=""):
    mark = {None: "", True: "\N{CHECK MARK}", False: "\N{MULTIPLICATION X}"}[right]
    title = f"<strong>{html.escape(title)}:</strong> " if title else ""
    return (
        f'<p role="status" style="line-height: 1.4"><span aria-hidden="true">{mark}</span> {title}'
        f"{html.escape(words, quote=False)}</p>"
    )
