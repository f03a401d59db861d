import numpy as np
import pytest
from matplotlib import style
from matplotlib.backends.backend_agg import FigureCanvasAgg
from matplotlib.colors import to_rgb, to_rgba
from matplotlib.figure import Figure

from course import plots


@pytest.fixture
def ax():
    return plots.panels(Figure())[0]


def test_panels_are_made_once_and_again_when_their_number_changes():
    fig = Figure()
    first = plots.panels(fig, 2, 3)
    assert len(first) == 6
    assert plots.panels(fig, 2, 3) == first
    assert len(plots.panels(fig, 1, 2)) == 2


def test_a_line_drawn_again_is_the_same_line_elsewhere(ax):
    line = plots.line(ax, "a", [0, 1], [0, 1])
    assert plots.line(ax, "a", [0, 1], [2, 3]) is line
    np.testing.assert_array_equal(line.get_xydata(), [[0, 2], [1, 3]])
    assert len(ax.lines) == 1


def test_lines_of_other_names_have_other_colours(ax):
    colours = [plots.line(ax, name, [0], [0]).get_color() for name in "abcdefg"]
    assert len(set(colours)) == len(plots.COLOURS) == 7


def test_points_are_points(ax):
    points = plots.points(ax, "p", [0, 1], [0, 1], marker="x")
    assert (points.get_linestyle(), points.get_marker()) == ("None", "x")


def test_missing_values_leave_a_gap(ax):
    line = plots.line(ax, "a", [0, 1, 2], [0, np.nan, np.inf])
    assert np.isfinite(line.get_ydata()).sum() == 1


def test_frame_sets_what_it_is_given_and_keeps_the_rest(ax):
    plots.frame(ax, x="time", y="loss", xlim=(0, 2), yscale="log")
    plots.frame(ax, ylim=(0.1, 10))
    assert (ax.get_xlabel(), ax.get_ylabel(), ax.get_yscale()) == ("time", "loss", "log")
    assert ax.get_xlim() == (0, 2)
    assert ax.get_ylim() == (0.1, 10)


def test_ticks_that_stay_are_not_set_anew(ax):
    plots.frame(ax, xlim=(0, 4), xticks=range(0, 5, 2))
    assert list(ax.get_xticks()) == [0, 2, 4]
    ax.xaxis.stale = False
    plots.frame(ax, xlim=(0, 4), xticks=range(0, 5, 2))
    assert not ax.xaxis.stale
    plots.frame(ax, xticks=[])
    assert list(ax.get_xticks()) == []


def test_a_legend_names_the_labelled_lines_and_follows_new_ones(ax):
    plots.line(ax, "a", [0], [0], label="one")
    plots.line(ax, "b", [0], [0])
    plots.legend(ax)
    plots.line(ax, "c", [0], [0], label="two")
    plots.legend(ax)
    assert [text.get_text() for text in ax.get_legend().get_texts()] == ["one", "two"]


def test_a_legend_can_be_read_where_a_line_passes_behind_it():
    with style.context(plots.STYLE):
        ax = plots.curves(Figure(), {"a line": ([0, 1], [1, 1])}, "upper center", ylim=(0, 1.1))
        ax.figure.canvas.draw()
    box, ground = ax.get_legend().get_window_extent(), ax.get_legend().get_frame()
    assert box.y0 < ax.transData.transform((0, 1))[1] < box.y1
    assert ground.get_visible()
    assert ground.get_facecolor() == to_rgba("white", 0.8)


def test_curves_differ_by_their_dashes_too():
    ax = plots.curves(Figure(), {"a": ([0, 1], [0, 1]), "b": ([0, 1], [1, 0])}, x="x", y="y")
    assert len({line.get_linestyle() for line in ax.lines}) == 2
    assert ax.get_legend() is not None


def test_histograms_stand_upright_each_as_wide_as_its_own_highest_bar(ax):
    counts, edges = np.array([[1, 3], [0, 0], [200, 100]]), np.array([-1.0, 0.0, 1.0])
    artist = plots.histograms(ax, "h", counts, edges)
    first, empty, last = (path.vertices for path in artist.get_paths())
    assert np.ptp(first[:, 0]) == pytest.approx(np.ptp(last[:, 0])) == pytest.approx(0.9)
    assert np.ptp(empty[:, 0]) == 0
    assert first[:, 1].min() == -1
    assert first[:, 1].max() == 1
    assert plots.histograms(ax, "h", counts[:, ::-1], edges) is artist


def test_equal_histograms_look_alike_wherever_they_stand():
    """A thin bar that is moved to whole pixels is drawn in some places and not in others."""
    fig = Figure()
    (ax,) = plots.panels(fig)
    plots.histograms(ax, "h", np.tile([1000, 5, 1000], (10, 1)), np.array([-1.0, -0.5, 0.5, 1.0]))
    ax.set(xlim=(0.4, 10.6), ylim=(-1, 1))
    ax.set_axis_off()
    canvas = FigureCanvasAgg(fig)
    canvas.draw()
    ink = 255.0 - np.asarray(canvas.buffer_rgba())[..., 0]
    left, right = (round(ax.transData.transform((x, 0))[0]) for x in (0.5, 10.5))
    thin = [part.sum() for part in np.array_split(ink[len(ink) // 2, left:right], 10)]
    assert min(thin) > 0
    assert max(thin) < 1.2 * min(thin)


def test_an_image_shows_low_as_black_and_high_as_white(ax):
    shown = plots.image(ax, "i", [[-1.0, 0.0], [1.0, 5.0]], low=-1, high=1)
    np.testing.assert_allclose(shown.get_array(), [[0, 0.5], [1, 1]])
    assert shown.get_clim() == (0, 1)
    assert plots.image(ax, "i", [[1.0, 0.0], [1.0, 5.0]], low=-1, high=1) is shown
    # Limits of an array are limits as those of a tuple are.
    plots.frame(ax, xlim=np.array([0, 1]))
    plots.frame(ax, xlim=np.array([0, 1]))
    assert ax.get_xlim() == (0, 1)


def test_the_first_colours_stand_out_from_a_white_page():
    def luminance(colour):
        linear = [c / 12.92 if c <= 0.04045 else ((c + 0.055) / 1.055) ** 2.4 for c in to_rgb(colour)]
        return np.dot(linear, [0.2126, 0.7152, 0.0722])

    assert min(1.05 / (luminance(colour) + 0.05) for colour in plots.COLOURS[:3]) > 3
