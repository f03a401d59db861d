import html
import json
import re
import sys
import time
from concurrent.futures import ThreadPoolExecutor

import ipywidgets
import numpy as np
import pytest
from matplotlib import rc_context, rcParams, style
from matplotlib.axis import Axis

from course import explore as module
from course import plots
from course.explore import combinations, explore, painter


def slope(fig, slope=1):
    (ax,) = plots.panels(fig)
    plots.line(ax, "line", [0, 1], [0, slope])
    plots.frame(ax, ylim=(-5, 5))
    return f"The slope is {slope}."


@pytest.fixture
def shown(monkeypatch):
    """What `display` was given in one of the homes."""

    def run(home, *arguments, **keywords):
        monkeypatch.setenv("COURSE_FIGURES", home)
        seen = []
        monkeypatch.setattr("IPython.display.display", lambda *a, **k: seen.append((a, k)))
        explore(*arguments, **keywords)
        return seen

    return run


def widgets(box):
    *controls, picture, caption = box.children
    return controls, picture, caption


def test_the_stored_file_has_one_picture_its_sentence_as_alt_text_and_printed(shown, capsys):
    (((data,), keywords),) = shown("still", slope, slope=[1, 2, 3], start={"slope": 2})
    assert set(data) == {"image/png", "text/plain"}
    assert keywords["metadata"] == {"image/png": {"alt": "The slope is 2."}}
    assert capsys.readouterr().out == "The slope is 2.\n"


def test_the_site_has_a_frame_for_every_combination_and_the_last_slider_moves_fastest(shown):
    def draw(fig, a, b):
        slope(fig, a * b)
        return f"a is {a}, b is {b}."

    (((page,), _),) = shown("frames", draw, a=[1, 2], b=[1, 2, 3], start={"b": 2})
    frames = json.loads(html.unescape(re.search(r'data-frames="([^"]*)"', page.data)[1]))
    assert [frame["alt"] for frame in frames] == [f"a is {a}, b is {b}." for a in (1, 2) for b in (1, 2, 3)]
    assert len({frame["src"] for frame in frames}) == len({1 * 1, 1 * 2, 1 * 3, 2 * 2, 2 * 3})
    assert page.data.count('<input type="range"') == 2
    assert 'alt="a is 1, b is 2."' in page.data
    assert 'max="2" value="1"' in page.data


def test_a_figure_without_sliders_stands_still_everywhere(shown):
    (((page,), _),) = shown("frames", slope)
    assert "data-frames" not in page.data
    assert "<input" not in page.data
    assert "image/png" in shown("live", slope)[0][0][0]


def test_text_on_the_site_cannot_become_markup(shown):
    def draw(fig, name):
        slope(fig, len(name))
        return f"<b onclick='x'>{name}</b>."

    (((page,), _),) = shown("frames", draw, name=["<i>", '"quoted"'])
    assert "<b" not in page.data
    assert "<i>" not in page.data


def test_live_sliders_change_the_picture_and_say_so(shown):
    (((box,), _),) = shown("live", slope, slope=[1, 2, 3])
    (control,), picture, caption = widgets(box)
    before = picture.value
    control.value = 3
    assert picture.value != before
    assert "The slope is 3." in caption.value
    assert 'role="status"' in caption.value


def test_a_slider_moved_back_shows_the_same_picture(shown):
    (((box,), _),) = shown("live", slope, slope=[1, 2, 3])
    (control,), picture, _ = widgets(box)
    before = picture.value
    control.value = 2
    control.value = 1
    assert picture.value == before


def test_a_callback_that_raises_says_so_and_the_next_move_works(shown):
    def draw(fig, n):
        if n == 2:
            raise ZeroDivisionError("two is <not> allowed")
        return slope(fig, n)

    (((box,), _),) = shown("live", draw, n=[1, 2, 3])
    (control,), picture, caption = widgets(box)
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
    def draw(fig, n):
        raise ZeroDivisionError

    monkeypatch.setenv("COURSE_FIGURES", home)
    with pytest.raises(ZeroDivisionError):
        explore(draw, n=[1, 2])


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


def test_a_slider_that_moves_shows_previews_and_where_it_rests_the_whole_picture(shown, timers):
    drawn = []

    def draw(fig, n, rows=1000):
        drawn.append((n, rows))
        return slope(fig, n / rows)

    (((box,), _),) = shown("live", draw, n=[1000, 2000, 3000], preview={"rows": 500})
    (control,), picture, caption = widgets(box)
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


def test_a_picture_that_comes_late_is_that_of_the_values_of_its_moment(shown, timers):
    (((box,), _),) = shown("live", lambda fig, n, k=1: slope(fig, n * k), n=[1, 2, 3], preview={"k": 2})
    (control,), _, caption = widgets(box)
    control.value = 2
    control.value = 3
    # The first timer ran out just before it was cancelled.
    timers[0].function()
    assert "The slope is 3." in caption.value


@pytest.mark.parametrize("fails", ["whole", "quick"])
def test_a_preview_and_a_picture_at_rest_that_raise_say_so(shown, timers, fails):
    def draw(fig, n, how="whole"):
        if n == 2 and how == fails:
            raise ZeroDivisionError("two is not allowed")
        return slope(fig, n)

    (((box,), _),) = shown("live", draw, n=[1, 2, 3], preview={"how": "quick"})
    (control,), _, caption = widgets(box)
    control.value = 2
    assert ("two is not allowed" in caption.value) == (fails == "quick")
    timers[-1].function()
    assert ("two is not allowed" in caption.value) == (fails == "whole")
    control.value = 3
    timers[-1].function()
    assert "The slope is 3." in caption.value


def test_a_slider_comes_to_rest_by_itself(shown):
    (((box,), _),) = shown("live", lambda fig, n, k=1: slope(fig, n * k), n=[1, 2, 3], preview={"k": 2})
    (control,), _, caption = widgets(box)
    control.value = 3
    end = time.monotonic() + 60
    while "The slope is 3." not in caption.value:
        assert time.monotonic() < end, caption.value
        time.sleep(0.01)


@pytest.mark.parametrize("home", ["still", "frames"])
def test_only_a_live_slider_shows_previews(shown, home, capsys):
    def draw(fig, n, rows=1000):
        assert rows == 1000
        return slope(fig, n)

    shown(home, draw, n=[1, 2], preview={"rows": 1})


def test_values_read_as_people_write_them(shown):
    (((box,), _),) = shown("live", slope, slope=[1e-6, 0.1 + 0.2, 3])
    (control,), _, _ = widgets(box)
    assert isinstance(control, ipywidgets.SelectionSlider)
    assert [text for text, _ in control.options] == ["1e-6", "0.3", "3"]


def test_numbers_of_numpy_are_numbers(shown):
    (((page,), _),) = shown("frames", slope, slope=np.array([1, 2], np.float32))
    assert "The slope is 1.0." in page.data


@pytest.mark.parametrize(
    ("sliders", "error", "words"),
    [
        ({"n": []}, ValueError, "n must hold at least two values"),
        ({"n": [1]}, ValueError, "n must hold at least two values"),
        ({"n": [1, 1]}, ValueError, "all different"),
        ({"n": 3}, TypeError, "n must be a sequence of values for its slider, but is 3"),
        ({"n": "abc"}, TypeError, "n must be a sequence"),
        ({"n": [1, None]}, TypeError, "n must hold numbers or names, but None is neither"),
        ({"n": [[1], [2]]}, TypeError, "n must hold numbers or names, but [1] is neither"),
        ({"n": [1, float("nan")]}, TypeError, "n must hold numbers or names, but nan is neither"),
        ({"n": [1, 2], "start": {"n": 3}}, ValueError, "start of n must be one of"),
        ({"n": [1, 2], "start": {"m": 1}}, ValueError, "start names m, which is no slider"),
        ({"n": [1, 2], "start": 2}, TypeError, "start must map names to values, but is 2"),
        ({"n": [1, 2], "preview": ["rows"]}, TypeError, "preview must map names to values, but is ['rows']"),
        ({"n": [1, 2], "preview": {"n": 1}}, ValueError, "preview names n, which is a slider"),
    ],
)
def test_what_is_no_slider_is_refused_in_a_sentence(sliders, error, words):
    with pytest.raises(error, match=re.escape(words)) as raised:
        explore(slope, **sliders)
    assert str(raised.value).endswith(".")


def test_an_unknown_home_is_refused(monkeypatch):
    monkeypatch.setenv("COURSE_FIGURES", "paper")
    with pytest.raises(ValueError, match="COURSE_FIGURES must be one of live, frames, still, but is 'paper'"):
        explore(slope, slope=[1, 2])


def test_a_drawing_must_say_something():
    with pytest.raises(TypeError, match="draw must return the sentence"):
        painter(lambda fig: None)()


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

    for path in Path(module.__file__).parent.glob("*.py"):
        if path.name != "explore.py":
            assert "ipywidgets" not in path.read_text(encoding="utf-8"), path.name


def test_a_picture_painted_on_its_old_ground_is_what_matplotlib_draws():
    figures = []

    def draw(fig, n):
        figures[:] = [fig]
        left, shown = plots.panels(fig, 1, 2)
        plots.line(left, "line", [0, 1], [0, n], label=f"slope {n}")
        plots.histograms(left, "bars", np.array([[n, 1]]), np.array([0.0, 1.0, 2.0]))
        plots.frame(
            left, x="x", y="many" if n > 3 else "few", title=f"slope {n}", xlim=(0, max(n, 2)), ylim=(0, 5)
        )
        plots.legend(left, loc="upper left")
        plots.image(shown, "picture", [[0, n]], 0, 4)
        return f"The slope is {n}."

    paint = painter(draw)
    for n in (1, 2, 3, 4, 1):
        painted = np.asarray(paint(n=n)[0])
        for artist in figures[0].findobj():
            artist.set_animated(False)
        with style.context(plots.STYLE):
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

    def widening(fig, n):
        slope(fig, n)
        plots.frame(fig.axes[0], x="x", title=str(n), xlim=(0, max(n, 3)))
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

    def draw(fig, n):
        here.append(n)
        most.append(len(here))
        time.sleep(0.02)
        here.remove(n)
        return slope(fig, n)

    paints = [painter(draw) for _ in range(4)]
    with ThreadPoolExecutor(4) as pool:
        pictures = list(pool.map(lambda n: np.asarray(paints[n](n=n)[0]), range(4)))
    assert max(most) == 1
    for n in range(4):
        np.testing.assert_array_equal(pictures[n], np.asarray(painter(slope)(slope=n)[0]))


def test_labels_that_grow_wider_are_not_cut_off():
    """Axes stay in place while a slider moves, unless numbers at their ticks would leave the picture."""

    def draw(fig, top):
        (ax,) = plots.panels(fig)
        plots.frame(ax, y="as high as it goes", ylim=(0, top))
        return f"The top is {top}."

    paint = painter(draw)
    for top in (1, 5, 123_456_789.0, 0.001):
        pixels = np.asarray(paint(top=top)[0])
        for edge in (pixels[0], pixels[-1], pixels[:, 0], pixels[:, -1]):
            assert (edge == 255).all(), f"something reaches the edge where the top is {top}"


@pytest.mark.parametrize("kind", ["plot", "pictures"])
def test_the_site_can_tell_plots_from_pictures_of_things(shown, kind):
    """On a dark page plots change light and dark, but a digit must not become its negative."""

    def draw(fig, low=0):
        (ax,) = plots.panels(fig)
        if kind == "pictures":
            plots.image(ax, "digit", np.eye(3), low, 1)
        return "Here it is."

    (((page,), _),) = shown("frames", draw, low=[-1, 0])
    assert f'<figure class="explore explore-{kind}"' in page.data
