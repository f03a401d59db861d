"""One question, three homes: buttons in JupyterLab and on the site, folded answers in the stored file.

`ask`, `explore` and the game of the clinic are the only parts of the course that know widgets. The
environment variable COURSE_FIGURES says which home it is, as it does for figures. The site and the file show
the same HTML, and on the site docs/_static/ask.js makes it answer.
"""

import html
import json
import os
import re

from course.arguments import choice
from course.practice import progress
from course.practice.questions import TOO_LITTLE, TOO_MUCH, Choice, number, topics
from course.words import say, short

QUESTIONS = {name: question for topic in topics("QUESTIONS").values() for name, question in topic.items()}

YOURS, ANSWER, SHOW, ANSWERS = "Your answer", "Answer", "Show me", "All answers"
NO_NUMBER = "Type a number, such as 0.25 or 2.5e-7."
# Buttons are as wide as their text, and keep it on one line, unless they are told otherwise.
STYLE = """<style>.asked button { height: auto; line-height: 1.4; padding: 0.4em 0.8em; text-align: left;
white-space: normal; } .asked p { line-height: 1.4; margin: 0; }</style>"""


def ask(name):
    """Show the question of this name. It may be tried any number of times, and passed by.

    In JupyterLab and on the site an answer is a button, or a number that is typed, and a sentence says what a
    wrong one reveals. The stored file, and a page without scripts, have the question with all answers folded
    below it.
    """
    question = QUESTIONS[choice("name", name, QUESTIONS)]
    homes = {"live": _live, "frames": _page, "still": _page}
    homes[choice("COURSE_FIGURES", os.environ.get("COURSE_FIGURES", "live"), homes)](name, question)


def _page(name, question):
    from IPython.display import display

    display(stored(f"question {name}", question), raw=True)


def stored(name, question, says=(YOURS, ANSWER, TOO_MUCH, TOO_LITTLE, NO_NUMBER), **data):
    """Return what a page and a file have of a question, `{kind: text}`: HTML, and plain text.

    Whether it is done is kept under its `name`. `says` are the words of the field for a number, and `data` is
    what else the script has to know.
    """
    replies = list(question.replies())
    lines, pairs = [], []
    for answer, right, words in replies:
        tolerance, shown = "", answer
        if not isinstance(question, Choice):
            # To six digits, since the last ones may differ from one machine to another.
            tolerance = ' data-low="{:.6g}" data-high="{:.6g}"'.format(*question.tolerated(answer))
            shown = say("about {answer:.3g}", answer=answer) if right else short(f"{answer:g}")
        lines.append(f"- {shown}: {words}")
        mark = ' class="ask-right"' if right else ""
        pairs.append(f"<div{mark}{tolerance}><dt>{_markup(shown)}</dt><dd>{_markup(words)}</dd></div>")
    if isinstance(question, Choice):
        items = "".join(f"<li>{_markup(answer)}</li>" for answer, *_ in replies)
        choices = f"<ul>{items}</ul>"
    else:
        choices, data = "", {"says": [say(text) for text in says]} | data
    known = "".join(f' data-{name}="{html.escape(json.dumps(value))}"' for name, value in data.items())
    page = (
        f'<div class="ask" data-progress="{name}"{known}>'
        f"<p><strong>{_markup(question.asked)}</strong></p>{choices}"
        f"<details><summary>{say(ANSWERS)}</summary><dl>{''.join(pairs)}</dl></details></div>"
    )
    return {"text/html": page, "text/plain": "\n".join([question.asked, *lines])}


def _markup(text):
    """Write a text as HTML; formulas stay between dollars, for JupyterLab and for docs/_ext/mathml.py."""
    return re.sub(r"`([^`]*)`", r"<code>\1</code>", html.escape(text, quote=False))


# Where a notebook is opened again and nothing runs, the stored question stands in for the widgets, and for
# JupyterLab's words about a missing model. A file that is not trusted loses the style, and needs none.
STAND_IN = """<div class="stored-{name}">{page}</div><style>
:root:has(.live-{name}) .stored-{name}, {missing}:has(+ * .stored-{name}) {{ display: none; }}</style>"""


def _live(name, question):
    def noted(right, words):
        unkept = progress.note(f"question {name}", "done" if right else "tried")
        return right, f"{words} {unkept}".strip()

    if isinstance(question, Choice):
        box = _choice(question, noted)
    else:
        box = number_box(question.asked, lambda value: noted(*question.reply(value)))
    display_box(box, stored(f"question {name}", question))


def display_box(box, text):
    """Show a box of widgets; where nothing runs, the file has `text` in its place, as `stored` returns it."""
    from IPython.display import display

    from course.explore import MISSING

    box.add_class(f"live-{box.model_id}")
    view = {"application/vnd.jupyter.widget-view+json": box.get_view_spec()}
    display(view | {"text/plain": ""}, raw=True)
    stand_in = STAND_IN.format(name=box.model_id, page=text["text/html"], missing=MISSING)
    display(text | {"text/html": stand_in}, raw=True)


def _choice(question, noted):
    import ipywidgets as widgets

    def chosen(button, outcome):
        for other in buttons:
            other.button_style = "primary" if other is button else ""
        reply(*noted(*outcome))

    buttons = []
    for answer, *outcome in question.replies():
        layout = {"width": "fit-content", "max_width": "100%"}
        buttons.append(widgets.Button(description=answer, layout=layout))
        buttons[-1].on_click(lambda button, outcome=outcome: chosen(button, outcome))
    box, reply = _box(question.asked, *buttons)
    return box


def number_box(asked, judge, yours=YOURS, show=None):
    """Return a box of widgets that asks for a number, which `judge(number)` answers: (right, words).

    Where `show` is a function, a button calls it instead, once, and is there until something is answered.
    """
    import ipywidgets as widgets

    typed = widgets.Text(description=say(yours), continuous_update=False)
    button, passing = (
        widgets.Button(description=say(text), layout={"width": "fit-content"}) for text in (ANSWER, SHOW)
    )

    def answer(_):
        value = number(typed.value)
        if value is None:
            reply(False, say(NO_NUMBER))
            return
        passing.layout.display = "none"
        reply(*judge(value))

    def passed(_):
        passing.layout.display = "none"
        show()

    # Enter answers, and so does the button.
    typed.observe(answer, names="value")
    button.on_click(answer)
    passing.on_click(passed)
    box, reply = _box(asked, widgets.HBox([typed, button, passing] if show else [typed, button]))
    return box


def _box(asked, *answers):
    """Return a box that asks, and a function that says (right, words) in it."""
    import ipywidgets as widgets

    wide = {"width": "auto", "max_width": "44em"}
    said = widgets.HTMLMath(layout=wide)

    def reply(right, words):
        mark = "\N{CHECK MARK}" if right else "\N{MULTIPLICATION X}"
        said.value = f'<p role="status"><span aria-hidden="true">{mark}</span> {_markup(words)}</p>'

    text = widgets.HTMLMath(f"{STYLE}<p><strong>{_markup(asked)}</strong></p>", layout=wide)
    return widgets.VBox([text, *answers, said], layout=wide).add_class("asked"), reply
