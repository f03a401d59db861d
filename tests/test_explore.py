import html
import json
import re
import sys
import time
import warnings
from concurrent.futures import ThreadPoolExecutor

import ipywidgets
import matplotlib as mpl
import matplotlib.style
import numpy as np
import pytest
from matplotlib import rc_context, rcParams
from matplotlib.axis import Axis

from course import explore as module
from course import plots
from course.explore import combinations, explore, painter


def slope(ax, slope=1):
    plots.curve(ax, [0, 1], [0, slope], ylim=(-5, 5))
    return f"The slope is {slope}."


@pytest.fixture
def shown(monkeypatch):
    """What `display` was given in one of the homes."""

    def run(home, draw, **keywords):
        monkeypatch.setenv("COURSE_FIGURES", home)
        seen = []
        monkeypatch.setattr("IPython.display.display", lambda *a, **k: seen.append((a, k)))
        assert explore(**keywords)(draw) is draw
        return seen

    return run


@pytest.fixture
def live(shown, monkeypatch):
    """A live figure: its sliders, its picture and its caption."""

    def run(draw, **keywords):
        made = []
        box = ipywidgets.VBox
        monkeypatch.setattr(ipywidgets, "VBox", lambda children: made.append(box(children)) or made[-1])
        shown("live", draw, **keywords)
        *controls, picture, caption = made[0].children
        return controls, picture, caption

    return run


def test_the_stored_file_has_one_picture_its_sentence_as_alt_text_and_printed(shown, capsys):
    (((data,), keywords),) = shown("still", slope, slope=[1, 2, 3], start={"slope": 2})
    assert set(data) == {"image/png", "text/plain"}
    assert keywords["metadata"] == {"image/png": {"alt": "The slope is 2."}}
    assert capsys.readouterr().out == "The slope is 2.\n"


def test_the_site_has_a_frame_for_every_combination_and_the_last_slider_moves_fastest(shown):
    def draw(ax, a, b):
        slope(ax, a * b)
        return f"a is {a}, b is {b}."

    (((page,), _),) = shown("frames", draw, a=[1, 2], b=[1, 2, 3], start={"b": 2})
    frames = json.loads(html.unescape(re.search(r"data-frames='([^']*)'", page.data)[1]))
    assert [alt for _, alt in frames] == [f"a is {a}, b is {b}." for a in (1, 2) for b in (1, 2, 3)]
    assert len({src for src, _ in frames}) == len({1 * 1, 1 * 2, 1 * 3, 2 * 2, 2 * 3})
    assert re.findall(r'<input type="range" name="(.*?)"', page.data) == ["a", "b"]
    assert 'alt="a is 1, b is 2."' in page.data
    assert 'max="2" value="1"' in page.data


def test_a_figure_without_sliders_stands_still_everywhere(shown):
    (((page,), _),) = shown("frames", slope)
    assert "data-frames" not in page.data
    assert "<input" not in page.data
    assert "explore-play" not in page.data
    assert "image/png" in shown("live", slope)[0][0][0]


@pytest.mark.parametrize(
    ("name", "called"),
    [("there_and_back", "there-and-back"), ("_Two__Runs", "two-runs"), ("<lambda>", "lambda")],
)
def test_a_figure_of_the_site_is_called_as_its_function_and_its_picture_waits(shown, name, called):
    def draw(ax, slope=1):
        ax.plot([0, slope])
        return "A line."

    draw.__name__ = name
    for sliders in ({}, {"slope": [1, 2]}):
        page = shown("frames", draw, **sliders)[0][0][0].data
        assert page.startswith('<figure class="explore explore-plot" ')
        assert re.search(r'<figure [^>]*?\bid="(.*?)"', page)[1] == f"figure-{called}"
        picture = re.search("<img .*?>", page)[0]
        assert re.findall(r'(?:width|height|loading|decoding)="\w+"', picture) == [
            'width="960"', 'height="570"', 'loading="lazy"', 'decoding="async"',
        ]  # fmt: skip


def test_all_that_a_figure_of_the_site_says_is_in_the_language_of_the_reader(shown, monkeypatch):
    monkeypatch.setattr(module, "say", lambda text, **values: f"~{text.format(**values)}")
    page = shown("frames", lambda ax, a, b: slope(ax, a * b), a=[1, 2], b=[1, 2])[0][0][0].data
    buttons = re.search('<div class="explore-buttons">(.*?)<output></output></div>', page)[1]
    texts = re.findall(r'>(.+?)</button>| data-(?:done|else|pause)="(.*?)"', buttons)
    assert len(texts) == 8
    assert all("".join(text).startswith("~") for text in texts)
    names = html.unescape(re.search(' data-names="(.*?)"', buttons)[1])
    assert json.loads(names) == ["~Play: ~a", "~Play: ~b"]
    (alone,) = re.findall(
        'class="explore-play".*?>(.*?)<', shown("frames", slope, slope=[1, 2])[0][0][0].data
    )
    assert alone == "~Play"


def test_text_on_the_site_cannot_become_markup(shown):
    def draw(ax, name):
        slope(ax, len(name))
        return f"<b onclick='x'>{name}</b>."

    (((page,), _),) = shown("frames", draw, name=["<i>", '"quoted"'])
    assert "<b " not in page.data
    assert "<i>" not in page.data
    frames = json.loads(html.unescape(re.search(r"data-frames='([^']*)'", page.data)[1]))
    assert [alt for _, alt in frames] == ["<b onclick='x'><i></b>.", "<b onclick='x'>\"quoted\"</b>."]


def test_live_sliders_change_the_picture_and_say_so(live):
    (control,), picture, caption = live(slope, slope=[1, 2, 3])
    before = picture.value
    control.value = 3
    assert picture.value != before
    assert "The slope is 3." in caption.value
    assert 'role="status"' in caption.value


def test_a_slider_moved_back_shows_the_same_picture(live):
    (control,), picture, _ = live(slope, slope=[1, 2, 3])
    before = picture.value
    control.value = 2
    control.value = 1
    assert picture.value == before


def test_a_callback_that_raises_says_so_and_the_next_move_works(live):
    def draw(ax, n):
        if n == 2:
            raise ZeroDivisionError("two is <not> allowed")
        return slope(ax, n)

    (control,), picture, caption = live(draw, n=[1, 2, 3])
    control.value = 2
    assert "ZeroDivisionError" in caption.value
    assert "two is &lt;not&gt; allowed" in caption.value
    assert 'role="alert"' in caption.value
    before = picture.value
    control.value = 3
    assert "The slope is 3." in caption.value
    assert picture.value != before


@pytest.mark.parametrize("home", ["still", "frames"])
def test_a_callback_that_raises_stops_the_build(home, monkeypatch):
    def draw(ax, n):
        raise ZeroDivisionError

    monkeypatch.setenv("COURSE_FIGURES", home)
    with pytest.raises(ZeroDivisionError):
        explore(n=[1, 2])(draw)


def test_only_live_figures_load_widgets(shown, monkeypatch):
    monkeypatch.setitem(sys.modules, "ipywidgets", None)
    shown("still", slope, slope=[1, 2])
    shown("frames", slope, slope=[1, 2])
    with pytest.raises(ImportError):
        shown("live", slope, slope=[1, 2])


@pytest.fixture
def timers(monkeypatch):
    """The timers that were made, which run out when a test lets them."""
    made = []

    class Timer:
        def __init__(self, interval, function):
            self.function, self.state = function, "made"
            made.append(self)

        def start(self):
            self.state = "started"

        def cancel(self):
            self.state = "cancelled"

    monkeypatch.setattr(module.threading, "Timer", Timer)
    return made


def test_a_slider_that_moves_shows_previews_and_where_it_rests_the_whole_picture(live, timers):
    drawn = []

    def draw(ax, n, rows=1000):
        drawn.append((n, rows))
        return slope(ax, n / rows)

    (control,), picture, caption = live(draw, n=[1000, 2000, 3000], preview={"rows": 500})
    assert drawn == [(1000, 1000)]
    for n in (2000, 3000):
        control.value = n
    assert drawn[1:] == [(2000, 500), (3000, 500)]
    assert [timer.state for timer in timers] == ["cancelled", "started"]
    assert all(timer.daemon for timer in timers), "a picture that never ends keeps a kernel alive"
    # The numbers of a sentence are always those of the whole picture.
    assert "The slope is 1.0." in caption.value
    moving = picture.value
    timers[-1].function()
    assert drawn[-1] == (3000, 1000)
    assert "The slope is 3.0." in caption.value
    assert picture.value != moving
    resting = picture.value
    control.value = 1000
    control.value = 3000
    timers[-1].function()
    assert picture.value == resting


def test_a_picture_that_comes_late_is_that_of_the_values_of_its_moment(live, timers):
    (control,), _, caption = live(lambda ax, n, k=1: slope(ax, n * k), n=[1, 2, 3], preview={"k": 2})
    control.value = 2
    control.value = 3
    # The first timer ran out just before it was cancelled.
    timers[0].function()
    assert "The slope is 3." in caption.value


@pytest.mark.parametrize("fails", ["whole", "quick"])
def test_a_preview_and_a_picture_at_rest_that_raise_say_so(live, timers, fails):
    def draw(ax, n, how="whole"):
        if n == 2 and how == fails:
            raise ZeroDivisionError("two is not allowed")
        return slope(ax, n)

    (control,), _, caption = live(draw, n=[1, 2, 3], preview={"how": "quick"})
    control.value = 2
    assert ("two is not allowed" in caption.value) == (fails == "quick")
    timers[-1].function()
    assert ("two is not allowed" in caption.value) == (fails == "whole")
    control.value = 3
    timers[-1].function()
    assert "The slope is 3." in caption.value


def test_a_slider_comes_to_rest_by_itself(live):
    (control,), _, caption = live(lambda ax, n, k=1: slope(ax, n * k), n=[1, 2, 3], preview={"k": 2})
    control.value = 3
    end = time.monotonic() + 60
    while "The slope is 3." not in caption.value:
        assert time.monotonic() < end, caption.value
        time.sleep(0.01)


@pytest.mark.parametrize("home", ["still", "frames"])
def test_only_a_live_slider_shows_previews(shown, home, capsys):
    def draw(ax, n, rows=1000):
        assert rows == 1000
        return slope(ax, n)

    shown(home, draw, n=[1, 2], preview={"rows": 1})


def test_values_read_as_people_write_them(live):
    (control,), _, _ = live(slope, slope=[1e-6, 0.1 + 0.2, 3])
    assert isinstance(control, ipywidgets.SelectionSlider)
    assert [text for text, _ in control.options] == ["1e-6", "0.3", "3"]


@pytest.mark.parametrize(
    ("values", "texts"),
    [
        ([20240, 20241], ["20240", "20241"]),
        ([0.1 + 0.2, 0.30001, 1], ["0.3", "0.30001", "1"]),
        ([2**60, 2**60 + 1], ["1152921504606846976", "1152921504606846977"]),
        (["leaky_relu", "leaky relu"], ["'leaky_relu'", "'leaky relu'"]),
        ([1, "1"], ["1", "'1'"]),
        (["leaky_relu", "{x} $10^{-3}$", r"$\alpha_1$"], ["leaky relu", "{x} $10^{-3}$", r"$\alpha_1$"]),
        (["50%", "%s", "{", "<b>"], ["50%", "%s", "{", "<b>"]),
        ([False, True], ["False", "True"]),
        ([0, float("inf")], ["0", "inf"]),
    ],
)
@pytest.mark.parametrize("home", ["live", "frames"])
def test_two_values_of_a_slider_never_read_the_same(shown, live, home, values, texts):
    def draw(ax, value):
        return slope(ax, values.index(value))

    if home == "live":
        (control,), _, _ = live(draw, value=values)
        assert [text for text, _ in control.options] == texts
    else:
        page = shown(home, draw, value=values)[0][0][0].data
        assert json.loads(html.unescape(re.search(r'data-texts="([^"]*)"', page)[1])) == texts


def test_texts_of_a_reader_stay_as_they_are_written(shown):
    seen = []

    def draw(ax, **values):
        texts = "{x} $10^{-3}$", "{0}", "a_b {}", "{"
        plots.curves(ax, [0, 1], {texts[0]: [0, 1]}, "best", xlabel=texts[1], ylabel=texts[2], title=texts[3])
        (entry,) = ax.get_legend().get_texts()
        seen.append((entry.get_text(), ax.get_xlabel(), ax.get_ylabel(), ax.get_title()) == texts)
        return "Braces {x} and $10^{-3}$ stay, 1e-06 becomes short."

    (((page,), _),) = shown("frames", draw, **{"rate {x} $10^{-3}$": [1, 2]})
    assert seen == [True, True]
    assert ">rate {x} $10^{-3}$<" in page.data
    assert 'alt="Braces {x} and $10^{-3}$ stay, 1e-6 becomes short."' in page.data


@pytest.mark.parametrize(
    ("values", "kind"),
    [
        (np.array([1, 2], np.float32), float),
        (np.array([1, 2]), int),
        ([np.int8(1), np.float16(2)], int),
        (np.array([True, False]), bool),
        (range(1, 3), int),
        (np.array(["1", "2"]), str),
        ((k for k in (1, 2)), int),
    ],
)
def test_values_are_plain_numbers_and_names_whatever_held_them(shown, values, kind):
    seen = []

    def draw(ax, value):
        seen.append(value)
        return slope(ax, float(value))

    shown("frames", draw, value=values)
    assert type(seen[0]) is kind
    assert [float(value) for value in seen] in ([1, 2], [1, 0])


def test_values_of_pandas_are_taken_in_order(shown):
    pandas = pytest.importorskip("pandas")
    for values in (
        pandas.Index([1, 2]),
        pandas.Series([1, 2], index=[5, 0]),
        pandas.Series([1, 2], dtype="Int64"),
    ):
        seen = []
        shown("frames", lambda ax, value, seen=seen: seen.append(value) or slope(ax, value), value=values)
        assert seen == [1, 2]


def test_a_start_of_another_type_is_the_value_that_it_equals(shown):
    seen = []

    def draw(ax, value):
        seen.append(value)
        return slope(ax, value)

    for start in (2.0, np.float32(2), np.int64(2)):
        shown("still", draw, value=[1, 2, 3], start={"value": start})
        assert type(seen[-1]) is int


@pytest.mark.parametrize(
    ("sliders", "error", "words"),
    [
        ({"n": []}, ValueError, "n must hold at least one item, but is empty"),
        ({"n": [1, 1.0]}, ValueError, "all different"),
        ({"n": [True, 1]}, ValueError, "all different"),
        ({"n": {"a": 1, "b": 2}}, TypeError, "n must be a sequence"),
        ({"n": {1, 2}}, TypeError, "n must be a sequence"),
        ({"n": np.eye(2)}, TypeError, "n must hold numbers or names"),
        ({"n": [1, 10**400]}, TypeError, "n must hold numbers or names"),
        ({"n": None}, TypeError, "n must be a sequence"),
        ({"n": [1, 2], "start": {"n": [1, 2]}}, ValueError, "start of n must be one number"),
        ({"n": [1, 2], "start": {"n": None}}, TypeError, "start of n must hold real numbers"),
        ({"n": [1, 2], "start": {1: 2}}, ValueError, "start names 1, which is no slider"),
        ({"n": [1, 2], "preview": {1: 2}}, ValueError, "preview names 1, which is a slider or no name"),
        ({"n": [1, 2], "panels": (True, 2)}, ValueError, "panels must be a whole number of at least 1"),
        ({"n": [1, 2], "panels": "12"}, TypeError, "panels must be a sequence"),
        ({"n": [1, 2], "panels": None}, TypeError, "panels must be a sequence"),
        ({"n": [1]}, ValueError, "n must hold at least two values"),
        ({"n": [1, 1]}, ValueError, "all different"),
        ({"n": 3}, TypeError, "n must be a sequence, as a list is, but is 3"),
        ({"n": "abc"}, TypeError, "n must be a sequence"),
        ({"n": [1, None]}, TypeError, "n must hold numbers or names, but None is neither"),
        ({"n": [[1], [2]]}, TypeError, "n must hold numbers or names, but [1] is neither"),
        ({"n": [1, float("nan")]}, TypeError, "n must hold numbers or names, but nan is neither"),
        ({"n": [1, 2], "start": {"n": 3}}, ValueError, "start of n must be one of"),
        ({"n": [1, 2], "start": {"m": 1}}, ValueError, "start names m, which is no slider"),
        ({"n": [1, 2], "start": 2}, TypeError, "start must map names to values, but is 2"),
        ({"n": [1, 2], "preview": ["rows"]}, TypeError, "preview must map names to values, but is ['rows']"),
        ({"n": [1, 2], "preview": {"n": 1}}, ValueError, "preview names n, which is a slider"),
        ({"n": [1, 2], "panels": 2}, TypeError, "panels must be a sequence, as a list is, but is 2"),
        ({"n": [1, 2], "panels": (0, 2)}, ValueError, "panels must be a whole number of at least 1"),
        ({"n": [1, 2], "panels": (1, 2, 3)}, ValueError, "panels must be a pair of rows and columns"),
    ],
)
def test_what_is_no_slider_is_refused_in_a_sentence(sliders, error, words):
    with pytest.raises(error, match=re.escape(words)) as raised:
        explore(**sliders)
    assert str(raised.value).endswith(".")


def test_an_unknown_home_is_refused(monkeypatch):
    monkeypatch.setenv("COURSE_FIGURES", "paper")
    with pytest.raises(ValueError, match="COURSE_FIGURES must be one of live, frames, still, but is 'paper'"):
        explore(slope=[1, 2])


def test_a_picture_painted_again_is_the_same_and_keeps_its_place():
    paint = painter(slope)
    first, _ = paint(slope=1)
    paint(slope=4)
    again, sentence = paint(slope=1)
    assert sentence == "The slope is 1."
    np.testing.assert_array_equal(np.asarray(first), np.asarray(again))


def test_combinations_are_all_there():
    assert len(list(combinations({"a": [1, 2], "b": [3, 4, 5], "c": ["x", "y"]}))) == 12


def test_nobody_else_in_the_package_knows_widgets():
    from pathlib import Path

    package = Path(module.__file__).parent
    know = [p for p in package.rglob("*.py") if re.search("ipywidgets", p.read_text(encoding="utf-8"))]
    assert {path.relative_to(package).as_posix() for path in know} == {
        "explore.py",
        "practice/asking.py",
        "clinic/playing.py",
    }


def test_a_picture_painted_on_its_old_ground_is_what_matplotlib_draws():
    figures = []

    def draw(left, shown, n):
        figures[:] = [left.figure]
        plots.curves(left, [0, 1], {f"slope {n}": [[0, n], [1, n + 1]]}, "upper left", title=f"slope {n}")
        plots.histograms(left, np.array([[n, 1]]), np.array([0.0, 1.0, 2.0]))
        left.axhline(n, color="gray")
        left.set(xlabel="x", ylabel="many" if n > 3 else "few", xlim=(0, max(n, 2)), ylim=(0, 5))
        plots.images([shown], [[[0, n]]], 0, 4)
        return f"The slope is {n}."

    paint = painter(draw, (1, 2))
    for n in (1, 2, 3, 4, 1):
        painted = np.asarray(paint(n=n)[0])
        for artist in figures[0].findobj():
            artist.set_animated(False)
        with plots.styled():
            figures[0].set_layout_engine("none")
            figures[0].canvas.draw()
        np.testing.assert_array_equal(painted, np.asarray(figures[0].canvas.buffer_rgba())[..., :3])


def test_a_picture_is_the_same_whatever_style_its_reader_has_set():
    own = {"figure.facecolor": "black", "font.family": "serif", "lines.marker": "o", "axes.labelsize": 30}
    picture = painter(slope)(slope=2)[0]
    with rc_context(own):
        assert painter(slope)(slope=2)[0] == picture
        assert rcParams["lines.marker"] == "o"


def test_ticks_are_drawn_only_when_they_have_changed(monkeypatch):
    drawn = []
    real = Axis.draw
    monkeypatch.setattr(Axis, "draw", lambda axis, renderer: drawn.append(axis) or real(axis, renderer))

    def widening(ax, n):
        slope(ax, n)
        ax.set(xlabel="x", title=str(n), xlim=(0, max(n, 3)))
        return "It is wide."

    paint = painter(widening)
    paint(n=1)
    drawn.clear()
    for n in (2, 3):
        paint(n=n)
    assert drawn == []
    paint(n=4)
    assert len(drawn) == 2


def test_a_slider_that_moves_while_a_cell_runs_waits_for_its_picture():
    """JupyterLab answers sliders in another thread."""
    here, most = [], []

    def draw(ax, n):
        here.append(n)
        most.append(len(here))
        time.sleep(0.02)
        here.remove(n)
        return slope(ax, n)

    paints = [painter(draw) for _ in range(4)]
    with ThreadPoolExecutor(4) as pool:
        pictures = list(pool.map(lambda n: np.asarray(paints[n](n=n)[0]), range(4)))
    assert max(most) == 1
    for n in range(4):
        np.testing.assert_array_equal(pictures[n], np.asarray(painter(slope)(slope=n)[0]))


def test_labels_that_grow_wider_are_not_cut_off():
    """Axes stay in place while a slider moves, unless numbers at their ticks would leave the picture."""

    def draw(ax, top):
        plots.curve(ax, [0, 1], [0, top], ylabel="as high as it goes", ylim=(0, top))
        return f"The top is {top}."

    paint = painter(draw)
    for top in (1, 5, 123_456_789.0, 0.001):
        pixels = np.asarray(paint(top=top)[0])
        for edge in (pixels[0], pixels[-1], pixels[:, 0], pixels[:, -1]):
            assert (edge == 255).all(), f"something reaches the edge where the top is {top}"


@pytest.mark.parametrize(("drawn", "kind"), [("plot", "plot"), ("graph", "plot"), ("images", "pictures")])
def test_the_site_can_tell_plots_from_pictures_of_things(shown, drawn, kind):
    """On a dark page plots change light and dark, but a digit must not become its negative."""

    def draw(ax, low=0):
        if drawn == "images":
            plots.images([ax], [np.eye(3)], low, 1)
        if drawn == "graph":
            plots.graph(ax, {"a": (low, 0), "b": (1, 0)}, [("a", "b")])
        return slope(ax, low)

    (((page,), _),) = shown("frames", draw, low=[-1, 0])
    assert f'<figure class="explore explore-{kind}"' in page.data


def wrong_plt(ax):
    plt = pytest.importorskip("matplotlib.pyplot")
    plt.plot([0, 1], [0, 1])
    return slope(ax)


def wrong_axes(ax):
    ax.figure.subplots().plot([0, 1])
    return slope(ax)


def wrong_twin(ax):
    ax.twinx().plot([0, 1])
    return slope(ax)


def wrong_clear(ax):
    ax.figure.clear()
    return "It is gone."


def wrong_nothing(ax):
    ax.set(xlim=(0, 3))
    return "There is nothing."


def wrong_silence(ax):
    slope(ax)


def wrong_blank(ax):
    slope(ax)
    return " "


def wrong_colorbar(ax):
    ax.figure.colorbar(ax.imshow(np.eye(2)))
    return slope(ax)


def wrong_add_axes(ax):
    ax.figure.add_axes([0, 0, 1, 1]).plot([0, 1])
    return slope(ax)


def wrong_remove(ax):
    ax.remove()
    return "It is gone."


def wrong_label(ax):
    ax.set_xlabel(r"$\nosuch$")
    return slope(ax)


def wrong_title(ax):
    plots.curve(ax, [0, 1], [0, 1], title=r"$\nosuch$")
    return "It has a title."


def wrong_order(ax):
    ax.plot([0, 1], zorder="first")
    return "It has an order."


def wrong_width(ax):
    plots.histograms(ax, [[1]], [0, 1], linewidth="thick")
    return "It is thick."


@pytest.mark.parametrize(
    ("draw", "error", "words"),
    [
        (wrong_plt, ValueError, "wrong_plt draws with plt, on another figure"),
        (wrong_axes, ValueError, "wrong_axes changes the Axes of its figure"),
        (wrong_twin, ValueError, "wrong_twin changes the Axes of its figure"),
        (wrong_clear, ValueError, "wrong_clear changes the Axes of its figure"),
        (wrong_nothing, ValueError, "wrong_nothing drew nothing on the Axes that it was given"),
        (wrong_colorbar, ValueError, "wrong_colorbar changes the Axes of its figure"),
        (wrong_add_axes, ValueError, "wrong_add_axes changes the Axes of its figure"),
        (wrong_remove, ValueError, "wrong_remove changes the Axes of its figure"),
        (wrong_label, ValueError, "wrong_label draws what matplotlib cannot show: .*Unknown symbol"),
        (wrong_title, ValueError, "wrong_title draws what matplotlib cannot show: .*Unknown symbol"),
        (wrong_order, ValueError, "wrong_order draws what matplotlib cannot show"),
        (wrong_width, ValueError, "wrong_width draws what matplotlib cannot show"),
        (wrong_blank, TypeError, "wrong_blank must return the sentence of the picture"),
        (
            wrong_silence,
            TypeError,
            "wrong_silence must return the sentence of the picture, but returned",
        ),
    ],
)
def test_a_callback_that_does_not_draw_a_picture_says_why(draw, error, words, live):
    before = plt_figures()
    try:
        paint = painter(draw)
        for _ in range(2):
            with pytest.raises(error, match=words):
                paint()
        (control,), picture, caption = live(lambda ax, n: draw(ax) if n == 1 else slope(ax, n), n=[1, 2, 3])
        assert 'role="alert"' in caption.value
        control.value = 2
        assert "The slope is 2." in caption.value
        again = live(slope, slope=[2, 3])
        assert picture.value == again[1].value
    finally:
        for number in set(plt_figures()) - set(before):
            sys.modules["matplotlib.pyplot"].close(number)


def plt_figures():
    plt = sys.modules.get("matplotlib.pyplot")
    return plt.get_fignums() if plt else []


@pytest.mark.parametrize(
    ("draw", "given", "words"),
    [
        (
            lambda ax, rate: "",
            {"scale": [1, 2]},
            "must be a function of (ax, scale=...), but takes (ax, rate).",
        ),
        (
            lambda ax, scale: "",
            {"scale": [1, 2], "panels": (1, 2)},
            "must be a function of (ax0, ax1, scale=...), but takes (ax, scale).",
        ),
        (
            lambda ax, n: "",
            {"n": [1, 2], "preview": {"rows": 1}},
            "must be a function of (ax, n=..., rows=...), but takes (ax, n).",
        ),
        (
            lambda ax, n, rows: "",
            {"n": [1, 2], "preview": {"rows": 1}},
            "must be a function of (ax, n=...), but takes (ax, n, rows).",
        ),
        (lambda: "", {}, "must be a function of (ax), but takes ()."),
        (5, {}, "draw must be a function, but is 5."),
    ],
)
def test_a_callback_that_takes_other_arguments_is_refused_in_a_sentence(draw, given, words):
    with pytest.raises(TypeError, match=re.escape(words)):
        explore(**given)(draw)


@pytest.mark.parametrize("sliders", [{}, {"slope": [1, 2]}])
def test_the_old_call_says_what_replaces_it(sliders):
    with pytest.raises(
        TypeError, match=r"explore stands above its function: write @explore\(scale="
    ) as raised:
        explore(slope, **sliders)
    assert str(raised.value).endswith(".")


def test_a_function_has_as_many_axes_as_it_asks_for(shown):
    shapes = []

    def draw(*axes, n):
        shapes.append([(p.rowspan.start, p.colspan.start) for p in (ax.get_subplotspec() for ax in axes)])
        for ax in axes:
            slope(ax, n)
        return f"It is {n}."

    shown("still", draw, n=[1, 2], panels=(2, 3))
    assert shapes == [[(0, 0), (0, 1), (0, 2), (1, 0), (1, 1), (1, 2)]]


def test_what_was_drawn_before_is_gone_unless_it_is_drawn_again():
    """A drawing may draw other things at each value, by matplotlib's own calls too."""
    drawn_on = []

    def draw(ax, n):
        slope(ax, n)
        for k in range(n):
            plots.curve(ax, [0, 1], [k, k], str(k), "upper left")
            ax.plot([0, 1], [0, k])
            ax.axhline(k)
            ax.axvspan(k, k + 1)
            ax.text(0, k, "here")
            ax.bar([k], [1])
        drawn_on[:] = [ax]
        return f"It is {n}."

    paint = painter(draw)
    first = np.asarray(paint(n=1)[0])
    for n in (3, 0, 1):
        again = np.asarray(paint(n=n)[0])
        (ax,) = drawn_on
        assert [len(ax.lines), len(ax.patches), len(ax.texts), len(ax.containers)] == [1 + 3 * n, 2 * n, n, n]
    np.testing.assert_array_equal(first, again)


def test_limits_that_are_not_given_follow_the_data():
    limits = []

    def draw(ax, top, fixed=False):
        plots.curve(ax, [0, top], [0, top])
        plots.curve(ax, [0, top], [[0, -top], [0, 2 * top]])
        if fixed:
            ax.set(ylim=(0, 1))
        limits[:] = [ax]
        return f"The top is {top}."

    paint = painter(draw)
    for top, fixed in [(1, False), (100, False), (100, True), (5, True), (0.01, False)]:
        paint(top=top, fixed=fixed)
        (ax,) = limits
        assert ax.get_xlim() == pytest.approx((-0.05 * top, 1.05 * top))
        assert ax.get_ylim() == pytest.approx((0, 1) if fixed else (-1.15 * top, 2.15 * top))


@pytest.mark.parametrize("home", ["still", "live"])
def test_a_style_that_a_reader_has_set_does_not_show(home, shown):
    def draw(ax, n):
        plots.curves(ax, [0, 1], {"a": [0, n], "b": [n, 0]}, xlabel="x", ylabel="y", title="title")
        ax.plot([0, 1], [n, n])
        return f"It is {n}."

    ours = shown(home, draw, n=[1, 2])[0][0][0]["image/png"]
    with mpl.rc_context(), warnings.catch_warnings():
        warnings.simplefilter("ignore")
        mpl.style.use("dark_background")
        mpl.rcParams |= {"font.size": 30, "lines.linestyle": ":", "xtick.color": "red", "figure.dpi": 40}
        theirs = dict(mpl.rcParams)
        assert shown(home, draw, n=[1, 2])[0][0][0]["image/png"] == ours
        assert dict(mpl.rcParams) == theirs


def test_a_live_figure_stores_its_picture_beside_the_widgets(shown):
    """Each front end takes of these what it can show; tests/test_lab.py looks at JupyterLab."""

    def draw(ax, n):
        slope(ax, n)
        return f'The "slope" is <{n}>.'

    ((data,), keywords), ((stand_in,), _) = shown("live", draw, n=[1, 2, 3], start={"n": 2})
    (((still,), kept),) = shown("still", draw, n=[1, 2, 3], start={"n": 2})
    assert set(data) == {"application/vnd.jupyter.widget-view+json", "image/png", "text/plain"}
    assert {name: data[name] for name in still} == still
    assert keywords["metadata"] == kept["metadata"] == {"image/png": {"alt": 'The "slope" is <2>.'}}
    assert stand_in["text/html"].count("The &quot;slope&quot; is &lt;2&gt;.") == 2
    assert data["image/png"] in stand_in["text/html"]
    assert len(json.dumps([data, stand_in])) < 60_000


def test_a_live_figure_that_fails_at_first_is_there_and_stores_no_picture(shown):
    def draw(ax, n):
        raise ZeroDivisionError

    (((data,), _),) = shown("live", draw, n=[1, 2])
    assert set(data) == {"application/vnd.jupyter.widget-view+json", "text/plain"}


@pytest.mark.parametrize(
    ("call", "words"),
    [
        (lambda: painter(5), "draw must be a function, but is 5"),
        (lambda: painter(slope, 2), "panels must be a sequence"),
        (lambda: combinations([1]), "sliders must map names to values, but is [1]"),
        (lambda: combinations({"a": 5}), "sliders['a'] must be a sequence"),
        (lambda: combinations({"a": "xy"}), "sliders['a'] must be a sequence"),
    ],
)
def test_what_is_wrong_is_said_at_the_call(call, words):
    with pytest.raises(TypeError, match=re.escape(words)):
        call()


AFRESH = {
    "a text of the figure": lambda ax, n: ax.figure.text(0.2 * n, 0.5, f"{n}"),
    "a title of the figure": lambda ax, n: n == 2 and ax.figure.suptitle("two"),
    "a legend of the figure": lambda ax, n: ax.figure.legend([f"{n}"]),
    "a title at times": lambda ax, n: n > 1 and ax.set_title(f"{n}"),
    "pictures at times": lambda ax, n: n > 1 and plots.images([ax], [np.eye(3)]),
    "no axes at times": lambda ax, n: n > 1 and ax.set_axis_off(),
    "cleared": lambda ax, n: (ax.clear(), ax.plot([0, n])),
    "an inset": lambda ax, n: ax.inset_axes([0.5, 0.5, 0.3, 0.3]).plot([0, n]),
    "a limit at one end": lambda ax, n: ax.set_ylim(bottom=-n),
    "dates": lambda ax, n: (ax.clear(), ax.plot(np.array(["2020-01-01", "2021-01-01"], "M8[D]"), [0, n])),
    "names": lambda ax, n: (ax.clear(), ax.bar(["a", "b"], [1, n])),
}


@pytest.mark.parametrize("extra", AFRESH.values(), ids=AFRESH)
def test_a_picture_does_not_hang_on_those_before_it(extra):
    def draw(ax, n):
        plots.curve(ax, [0, 1], [0, n], f"slope {n}", xlabel="x", ylabel="y", ylim=(-5, 5))
        extra(ax, n)
        return f"It is {n}."

    paint = painter(draw)
    for n in (1, 2, 3, 1, 1):
        np.testing.assert_array_equal(np.asarray(paint(n=n)[0]), np.asarray(painter(draw)(n=n)[0]))


ELSEWHERE = {
    "a line": lambda plt: plt.plot([0, 1]),
    "a label": lambda plt: plt.xlabel("x"),
    "a title": lambda plt: plt.title("x"),
    "a limit": lambda plt: plt.ylim(0, 5),
    "a scale": lambda plt: plt.yscale("log"),
    "a picture anew": lambda plt: (plt.clf(), plt.plot([0, 1])),
    "another figure": lambda plt: (plt.figure(1), plt.plot([0, 1])),
    "a new figure": lambda plt: plt.figure(),
}


@pytest.mark.parametrize("elsewhere", ELSEWHERE.values(), ids=ELSEWHERE)
def test_what_plt_does_to_a_figure_that_is_open_is_seen(elsewhere):
    plt = pytest.importorskip("matplotlib.pyplot")

    def draw(ax, far):
        if far:
            elsewhere(plt)
        return slope(ax)

    paint = painter(draw)
    try:
        for number in (1, 2):
            plt.figure(number)
            plt.plot([0, 1])
        assert paint(far=False)[1] == "The slope is 1."
        with pytest.raises(ValueError, match="draw draws with plt, on another figure"):
            paint(far=True)
    finally:
        plt.close("all")


@pytest.mark.parametrize(
    "own",
    [
        {"axes.grid": False},
        {"axes.prop_cycle": mpl.cycler(color=["k"])},
        {"text.usetex": True},
        {"path.sketch": (1, 100, 2)},
        {"axes.facecolor": "black", "axes.edgecolor": "white"},
        {"savefig.dpi": 10, "figure.figsize": (1, 1)},
        {"legend.loc": "center"},
    ],
)
def test_no_setting_of_a_reader_shows(own):
    def draw(ax, n):
        plots.curves(ax, [0, 1], {"a": [0, n]}, xlabel="x", title="title")
        return f"It is {n}."

    picture = painter(draw)(n=2)[0]
    paint = painter(draw)
    paint(n=1)
    with rc_context(own):
        assert painter(draw)(n=2)[0] == picture
        assert paint(n=2)[0] == picture
