import itertools
import re
import warnings

import matplotlib as mpl
import matplotlib.style
import numpy as np
import pytest
from matplotlib.backends.backend_agg import FigureCanvasAgg
from matplotlib.colors import to_rgb, to_rgba
from matplotlib.figure import Figure

from course import plots


@pytest.fixture
def ax():
    return panel()


def panel():
    return Figure().subplots(subplot_kw={"axes_class": plots.Panel})


def test_a_line_drawn_again_is_the_same_line_elsewhere(ax):
    line = plots.curve(ax, [0, 1], [0, 1])
    with plots.redrawn([ax]):
        assert plots.curve(ax, [0, 1], [2, 3]) is line
    np.testing.assert_array_equal(line.get_xydata(), [[0, 2], [1, 3]])
    assert len(ax.lines) == 1


def test_what_is_not_drawn_again_is_gone(ax):
    plots.curves(ax, [0, 1], {"a": [0, 1], "b": [[0, 1], [1, 2]]})
    plots.histograms(ax, [[1, 2]], [0, 1, 2])
    ax.text(0, 0, "here")
    with plots.redrawn([ax]):
        kept = plots.curve(ax, [0, 1], [0, 1], linestyle="-")
    assert list(ax.lines) == [kept]
    assert not [*ax.collections, *ax.texts]
    assert ax.get_legend() is None


def test_a_drawing_that_fails_leaves_no_doubt_behind(ax):
    plots.curve(ax, [0, 1], [0, 1])
    with pytest.raises(ZeroDivisionError), plots.redrawn([ax]):
        raise ZeroDivisionError
    assert not ax.lines
    plots.curve(ax, [0, 1], [0, 1])
    assert len(ax.lines) == 1


def test_a_line_takes_nothing_over_from_another(ax):
    plots.curve(ax, [0, 1], [0, 1], "a", color="red", linestyle=":", alpha=0.5, marker="x", linewidth=9)
    fresh = plots.curve(panel(), [0, 1], [0, 1])
    with plots.redrawn([ax]):
        line = plots.curve(ax, [0, 1], [0, 1])
    for look in ("color", "linestyle", "alpha", "marker", "linewidth", "label"):
        assert getattr(line, f"get_{look}")() == getattr(fresh, f"get_{look}")(), look


def test_lines_that_are_given_no_colour_have_others_in_turn(ax):
    for _ in range(2):
        with plots.redrawn([ax]):
            lines = [plots.curve(ax, [0], [0]) for _ in range(3)]
            plots.curve(ax, [0], [0], color="gray")
            ax.axhline(1)
            lines += [plots.points(ax, [0], [0]) for _ in range(4)]
        assert [to_rgb(line.get_color()) for line in lines] == [to_rgb(colour) for colour in plots.COLOURS]


def test_every_colour_is_seen_on_a_dark_ground_of_the_reader():
    with mpl.rc_context(), warnings.catch_warnings():
        warnings.simplefilter("ignore")
        mpl.style.use("dark_background")
        ax = panel()
        lines = [plots.curve(ax, [0], [0]) for _ in range(7)]
    assert (
        min(np.ptp([to_rgb(line.get_color()), to_rgb(ax.get_facecolor())], axis=0).max() for line in lines)
        > 0.5
    )


def test_points_are_points(ax):
    points = plots.points(ax, [0, 1], [0, 1], marker="x")
    assert (points.get_linestyle(), points.get_marker()) == ("None", "x")


def test_missing_values_leave_a_gap(ax):
    line = plots.curve(ax, [0, 1, 2], [0, np.nan, np.inf])
    assert np.isfinite(line.get_ydata()).sum() == 1


def test_several_runs_are_their_median_within_a_band_from_the_lowest_to_the_highest(ax):
    runs = np.array([[1.0, 5.0, 2.0], [2.0, 0.0, 2.5], [4.0, 1.0, 9.0]])
    for _ in range(2):
        with plots.redrawn([ax]):
            line = plots.curve(ax, [10, 20, 30], runs, "runs")
        (band,) = ax.collections
        np.testing.assert_array_equal(line.get_ydata(), [2, 1, 2.5])
        outline = band.get_paths()[0].vertices
        for x, low, high in [(10, 1, 4), (20, 0, 5), (30, 2, 9)]:
            assert {y for place, y in outline if place == x} == {low, high}
        assert to_rgb(line.get_color()) == to_rgb(band.get_facecolor()[0, :3])


def test_names_of_matplotlib_are_set_on_the_axes_and_keep_the_rest(ax):
    plots.curve(ax, [0, 1], [0, 1], xlabel="time", ylabel="loss", xlim=(0, 2), yscale="log")
    plots.points(ax, [0, 1], [1, 1], ylim=(0.1, 10), title="title", xticks=[0, 2], xticklabels=["no", "yes"])
    assert (ax.get_xlabel(), ax.get_ylabel(), ax.get_title(), ax.get_yscale()) == (
        "time",
        "loss",
        "title",
        "log",
    )
    assert [text.get_text() for text in ax.get_xticklabels()] == ["no", "yes"]
    assert ax.get_xlim() == (0, 2)
    assert ax.get_ylim() == (0.1, 10)


def test_each_name_of_the_axes_is_one_of_matplotlib(ax):
    for name in plots.OF_THE_AXES:
        assert hasattr(ax, f"set_{name}"), name
        assert hasattr(ax, f"get_{name}"), name


@pytest.mark.parametrize(
    "given",
    [
        {"xlim": (0, 4), "xticks": range(0, 5, 2)},
        {"xlim": np.array([0, 4]), "xlabel": "x", "xscale": "linear", "title": "title"},
        {"xticks": [1, 2], "xticklabels": ["a", 2]},
        {"xlim": (1, 10), "xscale": "log"},
    ],
)
def test_what_stays_is_not_set_anew(ax, given):
    ax.set(**given)
    ax.figure.canvas.draw()
    ax.xaxis.stale = False
    ax.set(**given)
    assert not ax.xaxis.stale
    ax.set(xticks=[])
    assert ax.xaxis.stale
    assert list(ax.get_xticks()) == []


def test_limits_that_are_not_given_follow_the_data(ax):
    plots.curve(ax, [0, 10], [[0, 100], [-100, 0]])
    assert ax.get_xlim() == pytest.approx((-0.5, 10.5))
    assert ax.get_ylim() == pytest.approx((-110, 110))
    plots.points(ax, [20], [200])
    assert ax.get_xlim() == pytest.approx((-1, 21))
    with plots.redrawn([ax]):
        plots.curve(ax, [0, 1], [0, 1], ylim=(0, 9))
    assert ax.get_xlim() == pytest.approx((-0.05, 1.05))
    assert ax.get_ylim() == (0, 9)


def test_limits_that_stay_leave_the_ticks_alone(ax):
    with plots.redrawn([ax]):
        plots.curve(ax, [0, 1, 2], [0, 5, 1])
    ax.figure.canvas.draw()
    ax.xaxis.stale = ax.yaxis.stale = False
    with plots.redrawn([ax]):
        plots.curve(ax, [0, 1, 2], [5, 0, 1])
    ax.get_xlim()
    assert not any(axis.stale for axis in (ax.xaxis, ax.yaxis))


def texts_of(ax):
    return [text.get_text() for text in ax.get_legend().get_texts()]


def test_a_legend_explains_the_labelled_lines_and_follows_new_ones(ax):
    plots.curve(ax, [0], [0], "one")
    plots.curve(ax, [0], [0])
    ax.axhline(1, label="threshold")
    plots.points(ax, [0], [0], "two", "upper left")
    assert texts_of(ax) == ["one", "threshold", "two"]
    first = ax.get_legend()
    with plots.redrawn([ax]):
        plots.curve(ax, [0], [0], "one")
        ax.axhline(1, label="threshold")
        plots.points(ax, [0], [0], "three", {"loc": "upper left", "ncols": 2})
    assert texts_of(ax) == ["one", "threshold", "three"]
    assert ax.get_legend() is not first


def test_a_legend_that_says_the_same_stays(ax):
    for colour in ("red", "red", "blue"):
        with plots.redrawn([ax]):
            plots.curve(ax, [0], [0], "one", "upper left", color=colour)
        if colour == "red":
            kept = ax.get_legend()
    assert ax.get_legend() is not kept
    with plots.redrawn([ax]):
        plots.curve(ax, [0], [0], "one", "upper left", color="blue")
        latest = ax.get_legend()
    assert ax.get_legend() is latest
    assert latest.get_visible()


def test_a_legend_can_be_read_where_a_line_passes_behind_it():
    with plots.styled():
        ax = panel()
        plots.curves(ax, [0, 1], {"a line": [1, 1]}, "upper center", ylim=(0, 1.1))
        ax.figure.canvas.draw()
    box, ground = ax.get_legend().get_window_extent(), ax.get_legend().get_frame()
    assert box.y0 < ax.transData.transform((0, 1))[1] < box.y1
    assert ground.get_visible()
    assert ground.get_facecolor() == to_rgba("white", 0.8)


def test_curves_differ_by_their_dashes_too(ax):
    plots.curves(ax, [0, 1], {"a": [0, 1], "b": [1, 0]}, xlabel="x", ylabel="y")
    assert len({line.get_linestyle() for line in ax.lines}) == 2
    assert texts_of(ax) == ["a", "b"]
    plots.curves(bare := panel(), [0, 1], {"a": [0, 1]}, None)
    assert bare.get_legend() is None


def test_histograms_stand_upright_each_as_wide_as_its_own_highest_bar(ax):
    counts, edges = np.array([[1, 3], [0, 0], [200, 100]]), np.array([-1.0, 0.0, 1.0])
    artist = plots.histograms(ax, counts, edges)
    first, empty, last = (path.vertices for path in artist.get_paths())
    assert np.ptp(first[:, 0]) == pytest.approx(np.ptp(last[:, 0])) == pytest.approx(0.9)
    assert np.ptp(empty[:, 0]) == 0
    assert first[:, 1].min() == -1
    assert first[:, 1].max() == 1
    assert list(ax.get_xticks()) == [1, 2, 3]
    assert ax.get_xlim() == pytest.approx((0.4, 3.6))
    with plots.redrawn([ax]):
        assert plots.histograms(ax, counts[:, ::-1], edges, xticks=[]) is artist
    assert list(ax.get_xticks()) == []


def test_equal_histograms_look_alike_wherever_they_stand(ax):
    """A thin bar that is moved to whole pixels is drawn in some places and not in others."""
    plots.histograms(ax, np.tile([1000, 5, 1000], (10, 1)), np.array([-1.0, -0.5, 0.5, 1.0]), ylim=(-1, 1))
    ax.set_axis_off()
    canvas = FigureCanvasAgg(ax.figure)
    canvas.draw()
    ink = 255.0 - np.asarray(canvas.buffer_rgba())[..., 0]
    left, right = (round(ax.transData.transform((x, 0))[0]) for x in (0.5, 10.5))
    thin = [part.sum() for part in np.array_split(ink[len(ink) // 2, left:right], 10)]
    assert min(thin) > 0
    assert max(thin) < 1.2 * min(thin)


def test_images_show_low_as_black_and_high_as_white():
    axes = [panel(), panel()]
    for _ in range(2):
        with plots.redrawn(axes):
            plots.images(axes, [[[-1.0, 0.0], [1.0, 5.0]], [[3, 3]]], low=-1, high=1)
        for ax, shown in zip(axes, [[[0, 0.5], [1, 1]], [[1, 1]]], strict=True):
            (picture,) = ax.images
            np.testing.assert_allclose(picture.get_array(), shown)
            assert picture.get_clim() == (0, 1)
            assert not ax.axison


def test_images_without_limits_go_each_from_its_lowest_to_its_highest_value():
    axes = [panel(), panel()]
    plots.images(axes, [[[-4, 0, 4]], [[7, 7, 7]]])
    assert [ax.images[0].get_array().tolist() for ax in axes] == [[[0, 0.5, 1]], [[0, 0, 0]]]


def test_a_picture_of_another_shape_has_its_own_proportions(ax):
    for shape in [(2, 2), (2, 4), (2, 2, 3)]:
        with plots.redrawn([ax]):
            plots.images([ax], [np.zeros(shape)])
        assert np.ptp(ax.get_xlim()) == shape[1]
        assert np.ptp(ax.get_ylim()) == shape[0]


@pytest.mark.parametrize(
    ("call", "error", "words"),
    [
        (lambda ax: plots.curve(ax, [0, 1], [0, 1, 2]), ValueError, "y must have 2 values, as x has"),
        (lambda ax: plots.curve(ax, [0, 1], [[0], [1]]), ValueError, "but has (2, 1)"),
        (
            lambda ax: plots.curve(ax, [[0, 1]], [0, 1]),
            ValueError,
            "x must be one row of numbers, but has the shape (1, 2)",
        ),
        (lambda ax: plots.curve(ax, [0, 1], [[[0, 1]]]), ValueError, "or rows of them"),
        (lambda ax: plots.points(ax, [0, 1], [[0, 1]]), ValueError, "y must have 2 values, as x has"),
        (lambda ax: plots.curve(ax, [0, 1], ["a", "b"]), TypeError, "y must hold real numbers"),
        (lambda ax: plots.curve(ax.figure, [0], [0]), TypeError, "ax must be an Axes, as explore gives it"),
        (lambda ax: plots.curves(ax, [0], [0]), TypeError, "ys must be as in plots.curves(ax, x, {"),
        (
            lambda ax: plots.histograms(ax, [[1, 2]], [0, 1]),
            ValueError,
            "edges must be one more than the bins",
        ),
        (
            lambda ax: plots.images([ax], [[[0]], [[1]]]),
            ValueError,
            "pictures must be one for each of the 1 Axes",
        ),
        (
            lambda ax: plots.images([ax], np.zeros((1, 3, 32, 32))),
            ValueError,
            "pictures[0] must be (rows, columns) or",
        ),
        (lambda ax: plots.images(None, [[[0]]]), TypeError, "axes must be a sequence"),
        (lambda ax: plots.images([ax], 5), TypeError, "pictures must be a sequence"),
        (lambda ax: plots.images([ax], [[["a"]]]), TypeError, "pictures[0] must hold real numbers"),
        (lambda ax: plots.images([ax], [[[0]]], np.nan), ValueError, "low must lie between"),
        (lambda ax: plots.images([ax], [[[0]]], 0, "white"), TypeError, "high must hold real numbers"),
        (lambda ax: plots.curve(None, [0], [0]), TypeError, "ax must be an Axes"),
        (lambda ax: plots.points("ax", [0], [0]), TypeError, "ax must be an Axes"),
        (lambda ax: plots.histograms(5, [[1]], [0, 1]), TypeError, "ax must be an Axes"),
        (lambda ax: plots.histograms(ax, [[np.nan]], [0, 1]), ValueError, "counts must lie between 0 and"),
        (lambda ax: plots.histograms(ax, [[-1]], [0, 1]), ValueError, "counts must lie between 0 and"),
        (lambda ax: plots.histograms(ax, [[1]], [0, np.inf]), ValueError, "edges must lie between"),
        (lambda ax: plots.histograms(ax, [[]], [0]), ValueError, "edges must be one more than the bins"),
        (lambda ax: plots.curve(ax, [0, 1], np.zeros((0, 2))), ValueError, "y must have 2 values, as x has"),
        (lambda ax: plots.curve(ax, [0, 1], None), TypeError, "y must hold real numbers"),
        (lambda ax: plots.curve(ax, [0, 1], [0, 1], [1, 2]), TypeError, "label must be text or a number"),
        (
            lambda ax: plots.curve(ax, np.array(["2020-01-01"], "M8[D]"), [0]),
            TypeError,
            "x must hold real numbers",
        ),
        (lambda ax: plots.curves(ax, [0], {}), ValueError, "ys must hold at least one item, but is empty"),
        (lambda ax: plots.curves(ax, [0], {"a": [0, 1]}), ValueError, "ys['a'] must have 1 values, as x has"),
        (lambda ax: plots.curves(ax, [0], {0.1: None}), TypeError, "ys[0.1] must hold real numbers"),
        (lambda ax: plots.redrawn([5]).__enter__(), TypeError, "axes[0] must be an Axes"),
        (lambda ax: plots.redrawn(ax).__enter__(), TypeError, "axes must be a sequence"),
        (lambda ax: plots.images([ax], [[0, 1]]), ValueError, "pictures[0] must be (rows, columns)"),
    ],
)
def test_what_cannot_be_drawn_is_refused_in_a_sentence(ax, call, error, words):
    with pytest.raises(error, match=re.escape(words)) as raised:
        call(ax)
    assert str(raised.value).endswith(".")
    assert not [*ax.lines, *ax.collections, *ax.images]


@pytest.mark.parametrize(
    ("call", "error", "words"),
    [
        (lambda ax: plots.panels(ax.figure, 2, 1), AttributeError, "@explore(panels=(1, 2)) gives"),
        (lambda ax: plots.frame(ax, x="time"), AttributeError, "labels and limits go to what is drawn"),
        (lambda ax: plots.line(ax, "a", [0], [0]), AttributeError, "write plots.curve(ax, x, y)"),
        (lambda ax: plots.legend(ax), AttributeError, "legend='upper left'"),
        (lambda ax: plots.image(ax, "digit", [[0]], 0, 1), AttributeError, "plots.images([ax], [picture])"),
        (lambda ax: plots.points(ax, "steps", [0], [0]), TypeError, "what is drawn has no name any longer"),
        (lambda ax: plots.histograms(ax, "h", [[1]]), TypeError, "what is drawn has no name any longer"),
        (
            lambda ax: plots.curves(ax.figure, {"a": ([0], [0])}, None),
            TypeError,
            "plots.curves(ax, x, {'train",
        ),
        (
            lambda ax: plots.curves(ax.figure, {"a": ([0], [0])}, legend_at=None, x="step", y="loss"),
            TypeError,
            "plots.curves(ax, x, {'train",
        ),
    ],
)
def test_calls_of_before_say_what_replaces_them(ax, call, error, words):
    with pytest.raises(error, match=re.escape(words)) as raised:
        call(ax)
    assert str(raised.value).endswith(".")


def test_a_name_that_never_was_is_an_ordinary_mistake():
    with pytest.raises(AttributeError, match=r"module 'course.plots' has no attribute 'bar'"):
        plots.bar  # noqa: B018


def test_the_first_colours_stand_out_from_a_white_page():
    def luminance(colour):
        linear = [c / 12.92 if c <= 0.04045 else ((c + 0.055) / 1.055) ** 2.4 for c in to_rgb(colour)]
        return np.dot(linear, [0.2126, 0.7152, 0.0722])

    assert min(1.05 / (luminance(colour) + 0.05) for colour in plots.COLOURS[:3]) > 3


@pytest.mark.parametrize("aspect", ["equal", "auto", 2])
def test_an_aspect_can_be_given_at_each_move(ax, aspect):
    for n in (1, 2):
        with plots.redrawn([ax]):
            plots.curve(ax, [0, 1], [0, n], aspect=aspect)
    assert ax.get_aspect() == (1 if aspect == "equal" else aspect)


WRONG_OPTIONS = [
    ({"colour": "red"}, "colour cannot be 'red': Line2D.set got an unexpected keyword argument 'colour'."),
    ({"xlable": "x"}, "xlable cannot be 'x'"),
    ({"color": "no such"}, "color cannot be 'no such'"),
    ({"linewidth": "thick"}, "linewidth cannot be 'thick'"),
    ({"alpha": 5, "marker": "x"}, "alpha cannot be 5"),
    ({"marker": "x", "linestyle": "wavy"}, "linestyle cannot be 'wavy'"),
    ({"xlim": (np.nan, 1)}, "xlim[0] must lie between"),
    ({"xlim": (0, np.inf)}, "xlim[1] must lie between"),
    ({"xlim": 5}, "xlim must be a sequence"),
    ({"xlim": "01"}, "xlim must be a sequence"),
    ({"ylim": ("a", "b")}, "ylim[0] must hold real numbers"),
    ({"ylim": (1, 2, 3)}, "ylim cannot be [1.0, 2.0, 3.0]"),
    ({"xlim": None}, "xlim must be a sequence"),
    ({"xlim": (0, 1), "xscale": "log"}, "xlim[0] must lie between 2.22507e-308 and"),
    ({"yscale": "log", "ylim": (-1, None)}, "ylim[0] must lie between 2.22507e-308 and"),
    ({"xscale": "logarithmic"}, "xscale cannot be 'logarithmic'"),
    ({"xticks": "abc"}, "xticks must be a sequence"),
    ({"xticks": 3}, "xticks must be a sequence"),
    ({"yticks": [0, np.nan]}, "yticks[1] must lie between"),
    ({"xticks": [0, 1], "xticklabels": "ab"}, "xticklabels must be a sequence"),
    ({"xticks": [0, 1], "xticklabels": ["a"]}, "xticklabels cannot be ['a']"),
    ({"xticks": [0, 1], "xticklabels": None}, "xticklabels must be a sequence"),
    ({"xlabel": ["a"]}, "xlabel must be text or a number"),
    ({"title": None}, "title must be text or a number"),
    ({"xlim": (0, 10**400)}, "xlim[1] must"),
    ({"xticks": [1, 1j]}, "xticks[1] must hold real numbers"),
    ({"aspect": "wide"}, "aspect cannot be 'wide'"),
    ({"aspect": np.nan}, "aspect cannot be nan"),
    ({"legend": "nowhere"}, "legend cannot be 'nowhere'"),
    (
        {"legend": {"place": 1}},
        "legend cannot be a dict: Legend got an unexpected keyword argument 'place'.",
    ),
    ({"legend": [1]}, "legend cannot be [1]"),
    ({"color": "red", "c": "blue"}, "color, c cannot be 'red' and 'blue'"),
]


@pytest.mark.parametrize("own", [False, True])
@pytest.mark.parametrize(("options", "words"), WRONG_OPTIONS)
def test_what_matplotlib_refuses_is_said_under_the_name_it_was_given(options, words, own):
    """On an Axes of the reader's own too; and the next drawing is as if nothing had happened."""
    ax = Figure().subplots() if own else panel()
    for draw in (
        plots.curve,
        plots.points,
        lambda *given, **o: plots.curves(*given[:2], {"a": given[2]}, **o),
    ):
        label = () if draw.__name__ == "<lambda>" else ("a",)
        with pytest.raises((ValueError, TypeError)) as raised:
            draw(ax, [1, 2], [1, 2], *label, **options)
        assert str(raised.value).startswith(words)
        assert str(raised.value).endswith(".")
        assert raised.traceback[-1].path.name in ("plots.py", "arguments.py")
        assert raised.value.__suppress_context__ or raised.value.__context__ is None


def test_what_is_refused_of_a_mark_leaves_no_mark():
    ax = panel()
    for draw in (plots.curve, plots.points):
        with pytest.raises(ValueError, match="colour"):
            draw(ax, [1, 2], [1, 2], colour="red")
    with pytest.raises(ValueError, match="marker cannot be"):
        plots.histograms(ax, [[1]], [0, 1], marker="x")
    assert not [*ax.lines, *ax.collections]


def test_names_that_matplotlib_has_for_short_are_taken(ax):
    line = plots.curves(ax, [0, 1], {"a": [0, 1]}, c="red", ls=":", lw=5) or ax.lines[0]
    assert (line.get_color(), line.get_linestyle(), line.get_linewidth()) == ("red", ":", 5)
    assert plots.points(ax, [0], [0], ms=9).get_markersize() == 9
    assert to_rgb(plots.curve(ax, [0], [0], color=None).get_color()) == to_rgb(plots.COLOURS[1])
    assert plots.curve(ax, [0], [0], color=np.array([1, 0, 0])).get_color().tolist() == [1, 0, 0]


def test_the_order_of_options_does_not_matter(ax):
    given = {"xlim": (1, 100), "xticklabels": ["a", "b"], "xticks": [1, 10], "xscale": "log"}
    for axes, options in [(ax, given), (other := panel(), dict(reversed(given.items())))]:
        plots.curve(axes, [1, 100], [0, 1], **options)
    for axes in (ax, other):
        assert (axes.get_xscale(), axes.get_xlim(), list(axes.get_xticks())) == ("log", (1, 100), [1, 10])
        assert [text.get_text() for text in axes.get_xticklabels()] == ["a", "b"]


def test_limits_may_be_given_at_one_end_and_dates_by_matplotlib_itself(ax):
    for own in (Figure().subplots(), ax):
        plots.curve(own, [0, 1], [3, 100], ylim=(0, None))
        assert own.get_ylim() == pytest.approx((0, 104.85))
    for top in (3, 300, 0.5):
        for limit in (
            lambda ax: ax.set_ylim(bottom=0),
            lambda ax: ax.set(ylim=(0, None)),
            lambda ax: ax.set_ylim(0),
        ):
            with plots.redrawn([ax]):
                plots.curve(ax, [0, top], [top, top / 2])
                limit(ax)
                ax.set_xlim(right=2 * top)
            assert ax.get_ylim() == pytest.approx((0, 1.025 * top))
            assert ax.get_xlim() == pytest.approx((-0.05 * top, 2 * top))
    dates = np.array(["2020-01-01", "2021-01-01"], "M8[D]")
    other = panel()
    other.plot(dates, [0, 1])
    other.set(xlim=dates.tolist(), xticks=dates.tolist())
    assert len(other.get_xticks()) == 2
    plots.curve(other, [18262, 18628], [0, 1], xlim=dates, xticks=dates, ylim=[None, None])
    assert other.get_xlim() == (18262, 18628)


def test_labels_of_another_axis_are_taken_as_texts(ax):
    plots.curve(ax, [0, 1], [0, 1], xticks=[0, 1], xticklabels=["a", 2])
    plots.curve(other := panel(), [0, 1], [0, 1], xticks=[0, 1], xticklabels=ax.get_xticklabels())
    assert [text.get_text() for text in other.get_xticklabels()] == ["a", "2"]


def test_an_axes_may_be_named_twice(ax):
    line = plots.curve(ax, [0, 1], [0, 1])
    with plots.redrawn([ax, ax]):
        assert plots.curve(ax, [0, 1], [2, 3]) is line


@pytest.mark.parametrize(
    "text", ["{x}", "{", "50%", "%s %d", r"$10^{-3}$", r"\alpha", "a_b", "", 0.1, np.float32(3)]
)
def test_a_text_reads_as_it_is_written_on_every_path(ax, text):
    plots.curve(
        ax, [0, 1], [0, 1], text, xlabel=text, ylabel=text, title=text, xticks=[0], xticklabels=[text]
    )
    read = [ax.get_xlabel(), ax.get_ylabel(), ax.get_title(), ax.lines[0].get_label(), *ax.get_xticklabels()]
    assert [getattr(t, "get_text", lambda t=t: t)() for t in read] == [str(text)] * 5
    if text != "":
        plots.curves(ax, [0], {text: [0]})
        assert str(text) in texts_of(ax)


def test_a_figure_of_runs_with_gaps_keeps_finite_limits(ax):
    runs = [[0, np.nan, 1, 2], [1, 2, 3, np.inf], [1, 1, 1, 1]]
    line = plots.curve(ax, [0, 1, 2, 3], runs)
    assert np.isnan(line.get_ydata()).tolist() == [False, True, False, False]
    assert np.isfinite([*ax.get_xlim(), *ax.get_ylim()]).all()
    FigureCanvasAgg(ax.figure).draw()


def test_a_band_has_the_gaps_of_its_runs(ax):
    """A band across a gap would cross itself, since its outline goes there and back."""
    plots.curve(ax, range(6), [[1, 2, np.inf, 2, 1, np.nan], [2, 3, 5, 3, 2, 1]])
    left, right = (path.vertices for path in ax.collections[0].get_paths())
    assert (set(left[:, 0]), set(right[:, 0])) == ({0, 1}, {3, 4})
    with plots.redrawn([ax]):
        plots.curve(ax, [0, 1], [[np.inf, np.nan], [1, 2]])
    FigureCanvasAgg(ax.figure).draw()
    assert ax.collections[0].get_paths() == []


def test_fractions_are_histograms_as_wide_as_counts(ax):
    outlines = []
    for counts in ([[1, 3]], [[0.25, 0.75]], [[1e-9, 3e-9]]):
        with plots.redrawn([ax]):
            outlines.append(plots.histograms(ax, counts, [0, 1, 2]).get_paths()[0].vertices.copy())
    for outline in outlines[1:]:
        np.testing.assert_allclose(outline, outlines[0])


def test_a_picture_with_missing_values_is_scaled_by_the_others(ax):
    plots.images(np.array([ax]), [[[np.nan, 2, 4, 3, np.inf]]])
    shown = np.ma.filled(ax.images[0].get_array().astype(float), np.nan)
    np.testing.assert_array_equal(shown, [[np.nan, 0, 1, 0.5, 1]])


def test_a_title_of_the_last_picture_is_gone(ax):
    plots.curve(ax, [0], [0], title="first")
    with plots.redrawn([ax]):
        plots.curve(ax, [0], [0])
    assert ax.get_title() == ""


def test_a_legend_without_labels_is_refused():
    with pytest.raises(ValueError, match="legend has nothing to explain: give what is drawn a label"):
        plots.curve(Figure().subplots(), [1, 2], [1, 2], legend="best")


def test_a_picture_of_half_precision_has_its_span():
    (ax,) = (Figure().subplots(),)
    plots.images([ax], [np.array([[6e4, -6e4], [0, 1]], np.float16)])
    np.testing.assert_allclose(ax.images[0].get_array(), [[1, 0], [0.5, 0.5]], atol=1e-4)


def test_edges_that_do_not_rise_are_refused():
    with pytest.raises(ValueError, match="edges must be one more than the bins, and rise"):
        plots.histograms(Figure().subplots(), [[1, 2]], [0, 5, 1])


def test_labels_stand_where_their_lines_end_and_apart(ax):
    lines = {"low": [3, 0.1], "lower": [2, 0.1], "high": [1, 4], "left early": [1, np.nan], "unseen": [9, 9]}
    with plots.redrawn([ax]):
        plots.curves(ax, [0, 1], lines, "ends", ylim=(0, 5))
    FigureCanvasAgg(ax.figure).draw()
    ends = {text.get_text(): text for text in ax.texts}
    assert {name: tuple(map(float, np.round(text.xy, 6))) for name, text in ends.items()} == {
        "low": (1, 0.1), "lower": (1, 0.1), "high": (1, 4), "left early": (0, 1),
    }  # fmt: skip
    colours = {line.get_label(): line.get_color() for line in ax.lines}
    assert all(text.get_color() == colours[name] for name, text in ends.items())
    boxes = [ends[name].get_window_extent() for name in ("low", "lower", "high")]
    assert not any(a.overlaps(b) for a, b in itertools.combinations(boxes, 2))
    right = ax.transData.transform((1, 0))[0]
    assert all(right < box.x0 < right + 20 for box in boxes)
    assert ax.get_legend() is None


def test_labels_at_the_ends_wait_for_scale_and_limits(ax):
    with plots.redrawn([ax]):
        plots.curves(ax, [1, 2], {"low": [0.5, 0.002], "high": [0.5, 0.02]}, "ends")
        ax.set(yscale="log", ylim=(1e-3, 1))
    FigureCanvasAgg(ax.figure).draw()
    for text in ax.texts:
        box, end = text.get_window_extent(), ax.transData.transform(text.xy)[1]
        assert (box.y0 + box.y1) / 2 == pytest.approx(end, abs=3)
    plots.curves(ax, [1, 2], {"at once": [0.5, 0.5]}, "ends")
    assert "at once" in [text.get_text() for text in ax.texts]


def test_a_graph_leads_from_box_to_box_and_adds_to_what_is_there(ax):
    plots.graph(ax, {"x": (0, 0), "y": (0, 2), "z": (4, 1)}, [("x", "z", "w"), ("y", "z")], fontsize=9)
    plots.graph(ax, {}, [("z", "x", "dw")], color="C1", curvature=0.5)
    FigureCanvasAgg(ax.figure).draw()
    boxes = {text.get_text(): text for text in ax.texts if text.get_gid() == "box"}
    assert {name: text.get_position() for name, text in boxes.items()} == {
        "x": (0, 0),
        "y": (0, 2),
        "z": (4, 1),
    }
    arrows = [text.arrow_patch for text in ax.texts if getattr(text, "arrow_patch", None)]
    assert len(arrows) == 3
    # An arrow ends outside its boxes, close to them.
    path = ax.transData.inverted().transform(arrows[0].get_path().vertices[[0, 2]])
    assert 0 < path[0, 0] < 1
    assert 3 < path[1, 0] < 4
    labels = {text.get_text(): text.get_position() for text in ax.texts if text.get_gid() != "box"}
    assert labels["w"] == (2, 0.5)
    # On the side to which the arc swings out: from z to x, rightwards of the way is up.
    assert labels["dw"] == (2 - 0.25, 0.5 + 1)
    assert {text.get_fontsize() for text in boxes.values()} == {9}
    assert (ax.get_aspect(), ax.axison) == (1, False)
    x, y = zip(*(text.get_position() for text in boxes.values()), strict=True)
    assert ax.get_xlim()[0] < min(x) <= max(x) < ax.get_xlim()[1]
    assert ax.get_ylim()[0] < min(y) <= max(y) < ax.get_ylim()[1]


def test_the_label_of_a_curved_arrow_lies_on_it(ax):
    plots.graph(ax, {"x": (0, 0), "z": (4, 1)}, [("x", "z", "w")], curvature=0.5)
    FigureCanvasAgg(ax.figure).draw()
    arrow, label = ax.texts[2].arrow_patch, ax.texts[3]
    start, control, end = arrow.get_path().vertices[:3]
    t = np.linspace(0, 1, 100)[:, None]
    arc = (1 - t) ** 2 * start + 2 * t * (1 - t) * control + t**2 * end
    off = np.linalg.norm(arc - ax.transData.transform(label.get_position()), axis=1)
    assert off.min() < 4


@pytest.mark.parametrize(
    ("places", "arrows", "said"),
    [
        ({"x": (0, 0)}, [("x", "y")], r"arrows\[0\] must lead from a text of places to another"),
        ({"x": (0, 0)}, [("x",)], r"arrows\[0\] must lead from a text of places to another"),
        ({"x": (0, 0, 0)}, [], r"places\['x'\] must be a pair \(x, y\)"),
        ([(0, 0)], [], "places must be as in plots.graph"),
    ],
)
def test_what_is_no_graph_says_so(ax, places, arrows, said):
    with pytest.raises((ValueError, TypeError), match=said):
        plots.graph(ax, places, arrows)
