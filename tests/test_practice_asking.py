"""Questions: their keys are right, every typical wrong answer is met by its own words, in all three homes."""

import ast
import gzip
import html
import re
import subprocess
import sys
from collections import Counter
from pathlib import Path

import ipywidgets
import nbformat
import pytest
from test_vocabulary import faults

from course.practice import asking, questions_02
from course.practice.asking import QUESTIONS, ask, stored
from course.practice.questions import Choice, Number, number, topics

ROOT = Path(__file__).parents[1]
TOPICS = topics("QUESTIONS")
EVERY = pytest.mark.parametrize("question", QUESTIONS.values(), ids=QUESTIONS)
TOPIC = pytest.mark.parametrize("topic", TOPICS)
NUMBERS = {name: question for name, question in QUESTIONS.items() if isinstance(question, Number)}
CHOICES = {name: question for name, question in QUESTIONS.items() if isinstance(question, Choice)}


def cells_of(topic):
    """The cells of the notebook of a topic, which a class may have left out, or of the self-test."""
    pattern = "practice/self_test.ipynb" if topic == "all" else f"{topic}_*.ipynb"
    for path in ROOT.joinpath("notebooks").glob(pattern):
        return nbformat.read(path, as_version=4).cells
    return pytest.skip(f"topic {topic} was left out")


def asked_in(topic):
    """The names of the questions that the notebook of a topic asks, in their order."""
    return [name for cell in cells_of(topic) for name in re.findall(r'^ask\("(\w+)"\)$', cell.source)]


def test_every_question_has_a_name_of_its_own():
    assert len(QUESTIONS) == sum(map(len, TOPICS.values()))
    assert len({question.text for question in QUESTIONS.values()}) == len(QUESTIONS)


@TOPIC
def test_a_topic_has_three_to_five_questions_and_its_notebook_asks_each_once(topic):
    least, most = (6, 10) if topic == "all" else (3, 5)
    assert least <= len(TOPICS[topic]) <= most
    assert asked_in(topic) == list(TOPICS[topic])


@TOPIC
def test_at_least_half_of_the_keys_are_computed(topic):
    computed = [callable(question.right) for question in TOPICS[topic].values()]
    assert sum(computed) >= len(computed) / 2


def test_a_key_that_is_computed_calls_the_course():
    """A function that returns what somebody typed computes nothing."""
    for topic in TOPICS:
        path = Path(asking.__file__).with_name(f"questions_{topic}.py")
        tree = ast.parse(path.read_text(encoding="utf-8"))
        ours = {
            name.asname or name.name
            for node in tree.body
            if isinstance(node, ast.ImportFrom) and node.module.split(".")[0] == "course"
            for name in node.names
        }
        functions = {node.name: node for node in tree.body if isinstance(node, ast.FunctionDef)}
        for node in ast.walk(tree):
            if (
                isinstance(node, ast.keyword)
                and node.arg == "right"
                and not isinstance(node.value, ast.Constant)
            ):
                body = functions[node.value.id] if isinstance(node.value, ast.Name) else node.value
                used = {part.id for part in ast.walk(body) if isinstance(part, ast.Name)}
                assert used & ours, f"{path.name}, line {node.lineno}: the key calls nothing of the course."


@TOPIC
def test_the_notebook_has_stored_each_question_with_the_key_that_is_computed_today(topic):
    """Whoever reads the stored file is told the same answer, and by words that somebody has read there."""
    kept = {cell.source: cell.outputs[0].data for cell in cells_of(topic) if cell.source.startswith("ask(")}
    for name, question in TOPICS[topic].items():
        assert kept[f'ask("{name}")'] == stored(f"question {name}", question), name


@EVERY
def test_exactly_one_answer_is_right_and_all_say_something_else(question):
    outcomes = [(right, words) for _, right, words in question.replies()]
    assert [right for right, _ in outcomes].count(True) == 1
    assert len({words for _, words in outcomes}) == len(outcomes) >= 3
    for right, words in outcomes:
        assert words.startswith("Right. " if right else "No. ")
        assert len(words.split()) >= 8, words
        assert words.endswith("."), words


@pytest.mark.parametrize("question", NUMBERS.values(), ids=NUMBERS)
def test_every_typical_number_gets_its_own_words_and_others_a_direction(question):
    for value, right, words in question.replies():
        assert question.reply(value) == (right, words), value
    low, high = question.tolerated(question.key)
    assert low < question.key < high
    assert question.reply(low)[0]
    assert question.reply(high)[0]
    assert question.reply(1e9) == (False, "No. It is less than that.")
    assert question.reply(-1e9) == (False, "No. It is more than that.")


def test_the_place_of_the_right_answer_gives_nothing_away():
    places = Counter(list(question.answers).index(question.key) for question in CHOICES.values())
    assert max(places.values()) <= len(CHOICES) / 2
    assert len(places) >= 3


@EVERY
def test_what_a_button_or_a_question_says_is_fit_for_it(question):
    assert question.text.endswith((".", "?"))
    if isinstance(question, Choice):
        for answer in question.answers:
            assert not re.search(r"[$`\\{}]", answer), f"A button shows no formula: {answer}"
    for _, _, words in question.replies():
        assert words.count("$") % 2 == words.count("`") % 2 == 0
        assert "{key" not in words
        assert "{{" not in words


@EVERY
def test_a_question_keeps_to_the_terms_of_the_field(question):
    assert list(faults(stored("question tested", question)["text/plain"])) == []


@pytest.mark.parametrize(
    ("text", "value"),
    [
        ("0.25", 0.25), (" .25 ", 0.25), ("0,25", 0.25), ("2.5e-7", 2.5e-7), ("+3.", 3), ("-1E3", -1000),
        ("\N{MINUS SIGN}2", -2), ("", None), ("half", None), ("1/4", None), ("0x1", None), ("nan", None),
        ("inf", None), ("1_000", None), (".", None), ("e5", None), ("1,000,000", None), ("%", None),
        ("5 %", 0.05), ("-2,5%", -0.025), ("5 % %", None), ("5 percent", None),
    ],
)  # fmt: skip
def test_what_is_typed_is_a_number_or_none(text, value):
    assert number(text) == value


def test_the_script_of_the_site_knows_numbers_by_the_same_form():
    script = ROOT.joinpath("docs", "_static", "ask.js").read_text(encoding="utf-8")
    from course.practice.questions import NUMBER

    assert f"/^{NUMBER}$/i" in script
    assert len(gzip.compress(script.encode())) <= 3000


HALF = Number("How much is a `half` of $1$?", 0.5, "It is {key:g} & no < more.", {2: "Twice."}, within=0.01)
SIGN = Choice(
    "Which $x<0$?", {"a < b": "Not this one.", '"c"': "This is it.", "none": "There is one."}, '"c"'
)


@pytest.fixture
def shown(monkeypatch):
    """What `display` was given for a question in one of the homes."""

    def run(home, question):
        monkeypatch.setenv("COURSE_FIGURES", home)
        monkeypatch.setitem(asking.QUESTIONS, "tested", question)
        seen = []
        monkeypatch.setattr("IPython.display.display", lambda *a, **k: seen.append(a))
        assert ask("tested") is None
        return seen

    return run


@pytest.mark.parametrize("question", [HALF, SIGN])
def test_the_site_and_the_file_show_the_same(shown, question):
    ((page,),), ((file,),) = shown("frames", question), shown("still", question)
    assert page == file == stored("question tested", question)
    assert set(file) == {"text/html", "text/plain"}
    # No script and no style, and nothing that needs one.
    assert not re.search(r"<(script|style|input|button)|on\w+=", file["text/html"])


def text_of(markup):
    return html.unescape(re.sub("<[^>]*>", " ", markup))


def test_a_stored_question_has_its_choices_and_folded_answers_with_what_they_reveal():
    page = stored("question tested", SIGN)["text/html"]
    assert page.startswith('<div class="ask" data-progress="question tested">')
    before, folded = page.split("<details>")
    assert [text_of(item).strip() for item in re.findall("<li>(.*?)</li>", before)] == list(SIGN.answers)
    assert "<p><strong>Which $x&lt;0$?</strong></p>" in before
    assert "This is it" not in before
    assert re.findall('class="ask-right"><dt>(.*?)</dt><dd>(.*?)</dd>', folded) == [
        ('"c"', "Right. This is it.")
    ]
    assert stored("question tested", SIGN)["text/plain"].splitlines()[1:] == [
        "- a < b: No. Not this one.", '- "c": Right. This is it.', "- none: No. There is one.",
    ]  # fmt: skip


def test_a_stored_number_has_its_tolerance_and_its_words():
    page = stored("question tested", HALF)["text/html"]
    assert "<strong>How much is a <code>half</code> of $1$?</strong>" in page
    low, high, shown, words = re.search(
        'class="ask-right" data-low="(.*?)" data-high="(.*?)"><dt>(.*?)</dt><dd>(.*?)</dd>', page
    ).groups()
    assert (float(low), float(high), shown) == (0.49, 0.51, "about 0.5")
    assert words == "Right. It is 0.5 &amp; no &lt; more."
    assert '<div data-low="1.99" data-high="2.01"><dt>2</dt>' in page
    says = html.unescape(re.search('data-says="(.*?)"', page)[1])
    assert asking.NO_NUMBER in says


@pytest.fixture
def live(shown, monkeypatch):
    """A live question: what it is answered by, and what it says."""

    def run(question):
        made = []
        box = ipywidgets.VBox
        monkeypatch.setattr(
            ipywidgets, "VBox", lambda children, **k: made.append(box(children, **k)) or made[-1]
        )
        seen = shown("live", question)
        asked, *answers, said = made[0].children
        return asked, answers, said, seen

    return run


def test_a_live_choice_answers_each_button_with_its_words_any_number_of_times(live):
    asked, buttons, said, _ = live(SIGN)
    assert "Which $x&lt;0$?" in asked.value
    assert [button.description for button in buttons] == list(SIGN.answers)
    assert said.value == ""
    for button, (_, right, words) in [*zip(buttons, SIGN.replies(), strict=True)][::-1]:
        button.click()
        assert words in text_of(said.value)
        assert ("\N{CHECK MARK}" in said.value) == right
        assert 'role="status"' in said.value


def test_a_live_number_is_judged_by_enter_and_by_its_button(live):
    _, (row,), said, _ = live(HALF)
    typed, button = row.children
    for text, words in {
        "0,5": "Right. It is 0.5 & no < more.", "2": "No. Twice.", "3": "No. It is less than that.",
        "-1": "No. It is more than that.", "two": asking.NO_NUMBER,
    }.items():  # fmt: skip
        typed.value = text
        assert words in text_of(said.value)
    said.value = ""
    button.click()
    assert asking.NO_NUMBER in said.value


@pytest.mark.parametrize("question", [HALF, SIGN])
def test_a_live_question_stores_its_text_beside_the_widgets(live, question):
    *_, ((data,), (stand_in,)) = live(question)
    assert set(data) == {"application/vnd.jupyter.widget-view+json", "text/plain"}
    assert data["text/plain"] == ""
    assert stored("question tested", question)["text/html"] in stand_in["text/html"]
    assert stored("question tested", question)["text/plain"] == stand_in["text/plain"]


def test_only_a_live_question_loads_widgets(shown, monkeypatch):
    monkeypatch.setitem(sys.modules, "ipywidgets", None)
    shown("still", SIGN)
    shown("frames", SIGN)
    with pytest.raises(ImportError):
        shown("live", SIGN)


def test_to_import_it_loads_neither_widgets_nor_ipython():
    code = (
        "import sys, course.practice.asking; print({'ipywidgets', 'IPython', 'matplotlib'} & {*sys.modules})"
    )
    done = subprocess.run([sys.executable, "-c", code], cwd=ROOT, capture_output=True, text=True)
    assert done.stdout == "set()\n", done.stderr


def test_nothing_of_the_course_imports_practice():
    """Imports go downward: practice knows the course, and the course does not know practice."""
    for path in Path(asking.__file__).parents[1].glob("*.py"):
        assert "practice" not in path.read_text(encoding="utf-8"), path.name


def test_a_name_that_is_none_is_refused_with_those_there_are():
    with pytest.raises(ValueError, match=r"^name must be one of silent_relu, .*, but is 'silent'\.$"):
        ask("silent")


def test_a_home_that_is_none_is_refused(monkeypatch):
    monkeypatch.setenv("COURSE_FIGURES", "paper")
    with pytest.raises(ValueError, match="COURSE_FIGURES must be one of live, frames, still"):
        ask("revived")


def test_a_key_that_is_none_of_the_answers_is_refused():
    with pytest.raises(ValueError, match="is 'd', which is none of its answers"):
        stored("question tested", Choice("Which?", {"a": "No.", "b": "Yes."}, lambda: "d"))


def test_a_kernel_that_is_broken_changes_the_key(monkeypatch):
    """What the course computes decides which answer is right."""
    monkeypatch.setattr(questions_02.statistics, "dead", lambda z: (z < 0).mean())
    question = QUESTIONS["closed_gates"]
    broken = Number(question.text, question.right, question.because, question.wrong, within=question.within)
    assert not broken.reply(question.key)[0]
