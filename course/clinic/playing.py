"""The game in JupyterLab: widgets around `course.clinic.game`, which judges."""

import ctypes
import html
import os
import random
import threading

import numpy as np
from matplotlib.backends.backend_agg import FigureCanvasAgg
from PIL import Image

from course.arguments import choice, function, whole
from course.clinic import drawing
from course.clinic.experiments import EXPERIMENTS, train
from course.clinic.faults import FAULTS
from course.clinic.game import HEALTHY, NOTHING, OFFERED, ORDER, Play, dealt, following, large, repaired
from course.clinic.repairs import REPAIRS
from course.explore import PAINTING, _stored
from course.practice import progress
from course.words import reason, say

CHOOSE, TITLE = "Choose one, or type a word of it", "Case {number}: is this network ill, and of what?"
AGAIN = "You missed it before."
OWN = "Your own repair."
TWIN, BEFORE = "In grey, its healthy twin.", "In grey, as it was before the repair."
WIDE = {"width": "auto", "max_width": "44em"}
# The highest number of a random case, and the seconds that a training and all that judges it may take.
HIGHEST, SECONDS = 9999, 20
DPI = 80


def play(case=None, repair=None):
    """Play a case by its number, from 1 on, or with None the one that comes next. What was missed comes back.

    The first 36 are the same for everybody, from easy to hard; every other number is a case drawn at random.
    A `repair` of your own, a function that takes a `Setup` and returns another, stands below those that can
    be chosen: `play(28, repair=lambda setup: replace(setup, learning_rate=0.003))`.
    """
    number = following(_kept) if case is None else whole("case", case, low=1)
    own = None if repair is None else function("repair", repair, "setup")
    homes = {"live": _live, "frames": _page, "still": _still}
    homes[choice("COURSE_FIGURES", os.environ.get("COURSE_FIGURES", "live"), homes)](number, own)


def _kept(number):
    return progress.status(f"case {number}")


def _page(number, own):
    from IPython.display import display

    words = say("In JupyterLab this cell deals case {number}.", number=number)
    link = say("On the page of the clinic cases are played without it.")
    page = f'<p>{html.escape(words)} <a href="../clinic.html">{html.escape(link)}</a></p>'
    display({"text/plain": f"{words} {link}", "text/html": page}, raw=True)


def _still(number, own):
    from IPython.display import display

    data, metadata = panel(train(dealt(number)).run)
    display(data, metadata=metadata, raw=True)
    print(data["text/plain"], _invitation(number), sep="\n")


def _invitation(number):
    return say("Case {number}: run this cell in JupyterLab to play it.", number=number)


def panel(run, twin=None):
    """Return the panel as a notebook stores a picture, `(data, metadata)`; its text is the sentence."""
    # Answers come in a thread of their own, and matplotlib has one style.
    with PAINTING:
        figure, sentence = drawing.figure(run, twin)
        figure.set_dpi(DPI)
        canvas = FigureCanvasAgg(figure)
        canvas.draw()
    return _stored(Image.fromarray(np.asarray(canvas.buffer_rgba())).convert("RGB"), sentence)


def picture(run, twin=None, grey=""):
    """Return the panel as HTML, whose sentence is caption and alternative text; `grey` says what is grey."""
    data, _ = panel(run, twin)
    words, source = html.escape(data["text/plain"]), f"data:image/png;base64,{data['image/png']}"
    # Who hears the picture need not hear it again.
    return (
        f'<img src="{source}" alt="{words}" style="max-width: 100%"><p style="line-height: 1.4">'
        f'<span aria-hidden="true">{words}</span> {html.escape(grey)}</p>'
    )


def within(work, seconds=SECONDS):
    """Return what `work()` returns. Where it takes longer, it is ended, and TimeoutError says so.

    >>> within(lambda: 1 + 1)
    2
    """
    outcome = []

    def run():
        try:
            outcome.append((work(), None))
        except BaseException as error:
            outcome.append((None, error))

    thread = threading.Thread(target=run, daemon=True)
    thread.start()
    thread.join(seconds)
    if not outcome:
        # Raised there at the next line of Python; what NumPy does in between is short.
        ctypes.pythonapi.PyThreadState_SetAsyncExc(
            ctypes.c_ulong(thread.ident), ctypes.py_object(KeyboardInterrupt)
        )
        raise TimeoutError(say("it does not end within {seconds} seconds", seconds=seconds))
    result, error = outcome[0]
    if error is not None:
        # What would end the kernel ends the repair alone.
        raise error if isinstance(error, Exception) else RuntimeError(type(error).__name__)
    return result


def _live(number, own):
    import ipywidgets as widgets

    from course.practice.asking import display_box

    table = widgets.VBox(layout=WIDE)
    deal(table, number, own)
    words = _invitation(number)
    page = f"{picture(train(dealt(number)).run)}<p>{html.escape(words)}</p>"
    display_box(table, {"text/html": page, "text/plain": words})


def deal(table, number, own=None):
    """Lay a case on the table, a box of widgets; `own` is a repair of the learner's."""
    import ipywidgets as widgets

    play = Play(dealt(number))
    case, run = play.case, train(play.case).run

    def text(words=""):
        return widgets.HTML(words, layout=WIDE)

    # Where keys go to a list, JupyterLab takes an X for its own and cuts the cell; a field keeps them. It
    # sends what was typed when it is left: letters wait for each other, and a button would overtake the last.
    def choose(label, options):
        return widgets.Combobox(
            options=list(options),
            description=say(label),
            placeholder=say(CHOOSE),
            layout=WIDE,
            continuous_update=False,
        )

    def button(label, pressed):
        made = widgets.Button(description=say(label), layout={"width": "fit-content"})
        made.on_click(lambda _: pressed())
        return made

    def tell(words, kept=""):
        """Read an answer out; those before it stay."""
        log.value += latest.pop()
        latest.append(kept and _paragraph(kept))
        answered.value = _status(words)

    def experiment():
        if not (name := experiments.get(asked.value)):
            tell(say("Choose an experiment."))
            return
        if name in play.made:
            tell(say("You have already done this one: its answer is above."))
            return
        try:
            words = within(lambda: play.experiment(name))
        except Exception as error:
            words = say("The experiment failed: {reason}.", reason=reason(error))
        words = f"{asked.value} {words}"
        # A field that is empty offers all again; it is, before the answer invites to the next.
        asked.value = ""
        tell(words, kept=words)
        if name == "healthy twin":
            before.value = picture(run, train(case.twin).run, say(TWIN))
        score()

    def change():
        if cause.value not in causes or repair.value not in repairs:
            said.value = _status(say("Choose a cause and a change, both from the lists."))
            return
        named, name = causes[cause.value], repairs[repair.value]
        try:
            mended, verdicts = within(lambda: (train(repaired(case, name)).run, play.change(named, name)))
        except Exception as error:
            after.value = ""
            said.value = _status(say("It could not be trained: {reason}.", reason=reason(error)))
            return
        after.value = picture(mended, run, say(BEFORE))
        told = []
        for field, (right, words) in zip((cause, repair), verdicts.values(), strict=True):
            told.append(_status(words, right, field.value))
            if not right:
                field.value = ""
        # Once the fields are ready for another answer.
        said.value = "".join(told)
        keep()

    def show():
        said.value = _status(play.show())
        keep()

    def keep():
        points, unkept = sum(play.earned.values()), []
        if play.done or _kept(number) != "done":
            unkept.append(progress.note(f"case {number}", "done" if play.done else "tried"))
        if points:
            unkept.append(progress.note(f"points of case {number}", points))
        said.value += "".join(map(_status, dict.fromkeys(filter(None, unkept))))
        score()

    def score():
        parts = [say("Experiments: {n}.", n=len(play.made))]
        if "cause" in play.earned:
            parts.append(say("Points for the cause: {n}.", n=play.earned["cause"]))
        if "repair" in play.earned:
            parts.append(say("Points for the repair: {n}.", n=play.earned["repair"]))
        found, points = progress.cases()
        parts.append(say("Solved so far: {n}, for {points} points.", n=found, points=points))
        scored.value = _paragraph(" ".join(parts))

    def then(number):
        deal(table, number, own)
        # Who plays by keys goes on from there, below the new picture.
        table.children[2].focus()

    before, after, log, answered, said, scored = (text() for _ in range(6))
    latest = [""]
    experiments = {say(EXPERIMENTS[name].question): name for name in OFFERED}
    causes = {say(HEALTHY): None}
    causes |= {large(say(name)): name for name in sorted(FAULTS, key=str.lower)}
    repairs = {say(NOTHING): None} | {say(repair.sentence): name for name, repair in REPAIRS.items()}
    if own:
        repairs[say(OWN)] = own
    asked, cause, repair = map(choose, ("Experiment", "Cause", "Repair"), (experiments, causes, repairs))
    title = [say(TITLE, number=number)] + [say(AGAIN)] * (_kept(number) == "tried")
    before.value = picture(run)
    score()
    table.children = [
        text(f'<p role="status"><strong>{html.escape(" ".join(title))}</strong></p>'),
        before,
        asked,
        button("Make the experiment, for a point", experiment),
        log,
        answered,
        cause,
        repair,
        button("Change this, and train again", change),
        said,
        after,
        scored,
        widgets.HBox(
            [
                button("Show me", show),
                button("Next case", lambda: then(following(_kept, number))),
                button("A random case", lambda: then(random.randint(len(ORDER) + 1, HIGHEST))),
            ]
        ),
    ]


def _paragraph(words):
    return f'<p style="line-height: 1.4">{html.escape(words, quote=False)}</p>'


def _status(words, right=None, title=""):
    mark = {None: "", True: "\N{CHECK MARK}", False: "\N{MULTIPLICATION X}"}[right]
    title = f"<strong>{html.escape(title.rstrip('.'))}:</strong> " if title else ""
    return (
        f'<p role="status" style="line-height: 1.4"><span aria-hidden="true">{mark}</span> {title}'
        f"{html.escape(words, quote=False)}</p>"
    )
