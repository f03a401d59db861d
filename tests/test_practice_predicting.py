"""Predictions: a figure asks first, and the guess lies where it belongs, in all three homes."""

import html
import json
import re
from functools import partial
from pathlib import Path

import ipywidgets
import numpy as np
import pytest
from matplotlib.figure import Figure
from test_practice_asking import cells_of, text_of
from test_vocabulary import faults

from course import plots
from course.explore import explore, painter
from course.practice import predicting, progress
from course.practice.predicting import PREDICTIONS, marks, predict, spot
from course.practice.questions import Number, Prediction, topics

TOPICS = topics("PREDICTIONS")
TOPIC = pytest.mark.parametrize("topic", TOPICS)
EVERY = pytest.mark.parametrize("prediction", PREDICTIONS.values(), ids=PREDICTIONS)


def test_every_prediction_has_a_name_of_its_own():
    assert len(PREDICTIONS) == sum(map(len, TOPICS.values()))


@TOPIC
def test_two_figures_of_a_topic_or_more_ask_first_and_each_prediction_is_asked_once(topic):
    source = "\n".join(cell.source for cell in cells_of(topic) if cell.cell_type == "code")
    assert re.findall(r'guess=predict\("(\w+)"\)', source) == list(TOPICS[topic])
    assert len(TOPICS[topic]) >= 2


@TOPIC
def test_a_figure_that_asks_has_stored_its_question_before_its_picture(topic):
    for cell in cells_of(topic):
        if found := re.search(r'guess=predict\("(\w+)"\)', cell.source):
            first, second = (output.get("data", {}) for output in cell.outputs[:2])
            assert first == {"text/markdown": PREDICTIONS[found[1]].text}
            assert "image/png" in second


@EVERY
def test_a_prediction_says_how_exact_to_be_and_knows_what_people_guess(prediction):
    assert re.search(r"to within (a factor of )?[\d.]+\?$", prediction.text)
    assert ("a factor of" in prediction.text) == (prediction.factor > 1) == (prediction.within == 0)
    assert len(prediction.wrong) >= 2
    for words in [prediction.text, prediction.because, *prediction.wrong.values()]:
        assert list(faults(words)) == []
        assert words.count("$") % 2 == words.count("`") % 2 == 0
        assert words.endswith((".", "?"))


FACTOR = Number("How many?", 1e-6, "So many.", {1: "One."}, factor=2)
WITHIN = Number("How many?", 0.25, "So many.", {1: "One."}, within=0.05)


@pytest.mark.parametrize(
    ("question", "guess", "said"),
    [
        (FACTOR, 2e-6, "too large by a factor of 2."), (FACTOR, 1e-7, "too small by a factor of 10."),
        (FACTOR, 1.7e-4, "too large by a factor of 170."), (FACTOR, 1e3, "too large by a factor of 1e9."),
        (FACTOR, 1.04e-6, "as you guessed."), (FACTOR, 0, "too small by 1e-6."),
        (FACTOR, -3, "too small by 3."), (WITHIN, 0.68, "too large by 0.43."),
        (WITHIN, -1, "too small by 1.2."), (WITHIN, 0.252, "as you guessed."),
    ],
)  # fmt: skip
def test_how_far_a_guess_is_off_is_a_factor_or_a_difference(question, guess, said):
    truth = "1e-6" if question is FACTOR else "0.25"
    assert question.distance(guess).startswith(f"The figure says {truth}")
    assert question.distance(guess).endswith(said)


@pytest.fixture
def tested(monkeypatch):
    """Make predictions of the name "tested"."""

    def make(at=2, **others):
        given = {
            "because": "So it is.",
            "wrong": {1000: "That is $10^3$.", 5: "Five."},
            "factor": 2,
            "at": at,
        }
        prediction = Prediction("How high is it, to within a factor of 2?", **(given | others))
        monkeypatch.setitem(predicting.PREDICTIONS, "tested", prediction)
        return predict("tested")

    return make


def draw(left, right, height, rows=1):
    """A point at height 100, of which both Axes have one."""
    plots.curve(left, [1, 2, 3], [1, height, 7], ylim=(0, 200))
    plots.curve(right, [1, 2, 3], [7, 7, 7])
    plots.curve(right, [1, 2, 3], [1, height, 10 * height], yscale="log", ylim=(0.1, 1e4))
    return f"It is {height}."


PAINT = partial(painter(draw, (1, 2)), height=100)
RIGHT = {"panel": 1, "line": 1}


def where(prediction, paint=PAINT):
    found = []
    paint(lambda axes: found.append((spot(prediction, axes), axes)) or ())
    return found[0]


@pytest.mark.parametrize("options", [{}, RIGHT, {"axis": "x", "at": 100}, RIGHT | {"axis": "x", "at": 100}])
def test_the_truth_and_its_place_are_read_off_the_picture(tested, options):
    place, axes = where(tested(**options).prediction)
    ax = axes[options.get("panel", 0)]
    assert place.key == (2 if "axis" in options else 100)
    assert place.log == (ax.yaxis.get_scale() == "log" and "axis" not in options)
    x, y = ax.transData.transform((2, 100))
    assert place.point(place.key) == pytest.approx((x, 570 - y), abs=0.3)
    # Any other number lies where matplotlib would draw it.
    for number in (1.5, 3) if "axis" in options else (30, 170):
        x, y = ax.transData.transform((number, 100) if "axis" in options else (2, number))
        assert place.point(number) == pytest.approx((x, 570 - y), abs=0.3)
        assert place.pixel(number)[1]


def test_a_point_is_told_from_one_beside_it_where_both_are_tiny(tested):
    def tiny(ax):
        plots.curve(ax, [1e-12, 1e-11, 1e-10], [1, 2, 3], xscale="log")
        return "It is so."

    place, _ = where(tested(at=1e-11).prediction, painter(tiny))
    assert place.key == 2


@pytest.mark.parametrize(("number", "end"), [(1e9, 1), (np.inf, 1), (1e-9, 0), (0, 0), (-1, 0)])
def test_what_is_not_on_a_logarithmic_axis_lies_at_its_end(tested, number, end):
    place, _ = where(tested(**RIGHT).prediction)
    along, on = place.pixel(number)
    assert not on
    assert along == pytest.approx(max(place.ends[end], predicting.EDGE))


@pytest.mark.parametrize(
    ("options", "said"),
    [
        ({"at": 2.5}, "one point, but its line has 0 there"), ({"at": None}, "one point, but its line has 3"),
        ({"line": 1, "panel": 1, "axis": "x", "at": 7}, "but its line has 0"),
    ],
)  # fmt: skip
def test_a_prediction_of_a_point_that_is_not_drawn_is_refused(tested, options, said):
    with pytest.raises(ValueError, match=said):
        tested(**options).page(PAINT)


def test_a_prediction_on_an_axis_of_another_scale_is_refused(tested):
    def sym(ax):
        ax.plot([1, 2], [3, 4])
        ax.set_yscale("symlog")
        return "It is so."

    with pytest.raises(ValueError, match="an axis that is symlog"):
        tested().page(painter(sym))


def test_a_guess_is_drawn_beside_the_truth_and_gone_with_the_next_picture(tested):
    prediction = tested(**RIGHT).prediction
    plain, marked = PAINT()[0], PAINT(lambda axes: marks(prediction, axes, 1.0))[0]
    place, _ = where(prediction)
    again = PAINT()[0]
    changed = np.argwhere((np.asarray(plain) != np.asarray(marked)).any(axis=2))
    for x, y in map(place.point, (1.0, 100.0)):
        assert (np.abs(changed - [y, x]).max(axis=1) < 12).any()
    # Nothing else of the picture has moved, and nothing stays.
    (top, left), (bottom, right) = changed.min(axis=0), changed.max(axis=0)
    assert left > 480
    assert bottom - top < 260
    assert right < 960
    np.testing.assert_array_equal(np.asarray(plain), np.asarray(again))


def test_a_guess_that_is_not_on_its_axis_is_said_to_be_outside(tested):
    prediction = tested(**RIGHT).prediction
    axes = Figure().subplots(1, 2)
    draw(*axes, height=100)
    for number, said in {3: "your guess", 1e9: "your guess, outside"}.items():
        *_, text = marks(prediction, axes, number)
        assert text.get_text() == said


@pytest.mark.parametrize("number", [1e-9, 1e9])
def test_the_name_of_a_guess_at_an_end_of_its_axis_leaves_the_names_of_the_ticks_free(tested, number):
    axes = Figure(figsize=(9.6, 5.7), dpi=100).subplots(1, 2)
    draw(*axes, height=100)
    *_, name = marks(tested(**RIGHT).prediction, axes, number)
    box, panel = name.get_window_extent(), axes[1].get_window_extent()
    assert panel.y0 - 1 <= box.y0 < box.y1 <= panel.y1 + 1


@pytest.fixture
def shown(monkeypatch):
    """What `display` was given for a figure that asks, in one of the homes."""

    def run(home, guess, **others):
        monkeypatch.setenv("COURSE_FIGURES", home)
        seen = []
        monkeypatch.setattr("IPython.display.display", lambda *a, **k: seen.append(a[0]))
        explore(panels=(1, 2), height=[10, 100, 1000], start={"height": 100}, guess=guess, **others)(draw)
        return seen

    return run


def test_the_stored_file_has_the_question_before_its_picture(shown, tested, capsys):
    question, picture = shown("still", tested())
    assert question == {"text/markdown": "How high is it, to within a factor of 2?"}
    assert "image/png" in picture
    assert capsys.readouterr().out == "It is 100.\n"


def test_the_site_has_the_question_with_folded_answers_and_knows_where_they_lie(shown, tested):
    guess = tested(**RIGHT)
    question, figure = (part.data for part in shown("frames", guess))
    assert figure.startswith('<figure class="explore ')
    assert "<strong>How high is it, to within a factor of 2?</strong>" in question
    assert [text_of(dt) for dt in re.findall("<dt>(.*?)</dt>", question)] == ["about 100", "1000", "5"]
    known = known_to(question)
    place, _ = where(guess.prediction)
    assert {name: known[name] for name in place._fields} == json.loads(json.dumps(place._asdict()))


def known_to(page):
    return json.loads(html.unescape(re.search('data-guess="(.*?)"', page)[1]))


def test_the_place_is_that_of_the_frame_at_the_start(tested, monkeypatch):
    """A frame with longer labels, which is drawn before, has moved the axes."""

    def wide(ax, n):
        plots.curve(ax, [1, 2, 3], [0, n, 2 * n], ylim=(0, 2 * n))
        return f"It is {n}."

    pages, paint, guess = [], painter(wide), tested()
    alone, _ = where(guess.prediction, partial(painter(wide), n=1))
    paint(n=10_000_000)
    after, _ = where(guess.prediction, partial(paint, n=1))
    monkeypatch.setenv("COURSE_FIGURES", "frames")
    monkeypatch.setattr("IPython.display.display", lambda page: pages.append(page.data))
    explore(n=[10_000_000, 1], start={"n": 1}, guess=guess)(wide)
    assert tuple(known_to(pages[0])["ends"]) == after.ends != alone.ends


@pytest.fixture
def live(shown, tested, monkeypatch):
    """A live figure that asks: how it is answered, what it says, and the figure itself."""

    def run(**options):
        made = []
        box = ipywidgets.VBox
        monkeypatch.setattr(ipywidgets, "VBox", lambda c, **k: made.append(box(c, **k)) or made[-1])
        seen = shown("live", tested(**RIGHT), **options)
        asks, figure = made[-1].children
        _, row, said = asks.children
        return row.children, said, figure, seen

    return run


def test_a_live_picture_waits_for_an_answer_and_then_has_the_guess_where_it_starts(live, monkeypatch):
    monkeypatch.setattr(progress, "_latest", {})
    (typed, _, passing), said, figure, _ = live()
    slider, picture, caption = figure.children
    assert figure.layout.display == "none"
    plain = picture.value
    typed.value = "many"
    assert figure.layout.display == "none"
    assert progress.status("prediction tested") is None
    typed.value = "1000"
    # Who has guessed has done it, however far off.
    assert progress.status("prediction tested") == "done"
    assert figure.layout.display is None
    assert passing.layout.display == "none"
    words = text_of(said.value)
    assert "No. That is $10^3$. The figure says 100: your guess is too large by a factor of 10." in words
    marked = picture.value
    assert marked != plain
    slider.value = 10
    elsewhere = picture.value
    slider.value = 100
    assert picture.value == marked
    # Another guess moves the mark, and elsewhere there is none.
    typed.value = "130"
    assert "Right. So it is. The figure says 100: your guess is too large by a factor of 1.3." in text_of(
        said.value
    )
    assert picture.value not in (plain, marked)
    slider.value = 10
    assert picture.value == elsewhere
    assert "It is 10." in caption.value


def test_show_me_shows_the_picture_as_it_is(live):
    (_, _, passing), said, figure, _ = live()
    picture = figure.children[1]
    plain = picture.value
    passing.click()
    assert figure.layout.display is None
    assert passing.layout.display == "none"
    assert picture.value == plain
    assert said.value == ""


def test_a_guess_is_drawn_in_previews_too(live):
    (typed, *_), _, figure, _ = live(preview={"rows": 2})
    typed.value = "5"
    slider, picture, _ = figure.children
    marked = picture.value
    slider.value = 10
    slider.value = 100
    assert picture.value == marked


def test_a_live_figure_that_is_saved_has_its_question_too(live):
    *_, (view, stand_in) = live()
    assert "image/png" in view
    before, _, after = stand_in["text/html"].partition('class="stand-in')
    assert re.fullmatch(r'<p class="said-\w+">How high is it, to within a factor of 2\?</p><div ', before)
    assert "It is 100." in after


def test_a_figure_without_sliders_may_ask(tested, monkeypatch):
    def still(ax):
        plots.curve(ax, [1, 2], [3, 4])
        return "It is so."

    monkeypatch.setenv("COURSE_FIGURES", "live")
    made, box = [], ipywidgets.VBox
    monkeypatch.setattr(ipywidgets, "VBox", lambda c, **k: made.append(box(c, **k)) or made[-1])
    monkeypatch.setattr("IPython.display.display", lambda *a, **k: None)
    explore(guess=tested())(still)
    asks, figure = made[-1].children
    assert figure.layout.display == "none"
    asks.children[1].children[0].value = "4"
    assert figure.layout.display is None


def test_what_is_no_prediction_is_refused():
    with pytest.raises(TypeError, match=r'^guess must be as predict\("its_name"\) gives it, but is'):
        explore(guess="gradient_in_layer_1")
    with pytest.raises(ValueError, match=r"^name must be one of .*, but is 'none'\.$"):
        predict("none")


def test_the_script_of_the_site_is_small():
    import gzip

    script = Path(__file__).parents[1].joinpath("docs", "_static", "predict.js").read_bytes()
    assert len(gzip.compress(script)) <= 3000
