"""What a kernel is asked after the last cell finds what is wrong with a figure, and nothing else."""

from contextlib import nullcontext

import nbformat
import numpy as np
import pytest
from figures import Shown, changed, look, picture, same, shown, stale_or_still
from matplotlib.figure import Figure

from course import plots
from course.explore import explore


def test_a_picture_is_every_kind_of_data():
    left, right = axes = Figure().subplots(1, 2)

    def draw(top=1, count=1, grey=0):
        with plots.redrawn(axes):
            plots.curve(left, [0, 1], [[0, top], [1, 1]])
            plots.histograms(left, np.array([[count, 2]]), np.array([0.0, 1.0, 2.0]))
            plots.images([right], [np.full((2, 2), grey)], 0, 1)
        return picture(axes)

    plain = draw()
    left.set_title("another title")
    assert same(plain, picture(axes))
    assert same(plain, draw())
    for change in ({"top": 2}, {"count": 2}, {"grey": 1}):
        assert not same(plain, draw(**change)), change


DRAW = """
@explore(n=SIZES, start={"n": 2}, panels=(1, 2))
def draw(left, right, n):
    left.plot(rows)
    right.plot([0, n])
    return f"There are {len(rows)}."
"""


def ran(*later):
    """A notebook of one figure and later cells, and the space in which its cells were run."""
    sources = ["rows, SIZES = [1, 2], (1, 2, 3, 4, 5)", DRAW, *later]
    notebook = nbformat.v4.new_notebook(cells=[nbformat.v4.new_code_cell(source) for source in sources])
    notebook.cells[1].outputs = [nbformat.v4.new_output("stream", name="stdout", text="There are 2.\n")]
    space = {"explore": explore}
    for source in sources:
        exec(source, space)
    return notebook, space


def test_a_figure_is_found_as_it_was_shown():
    (figure,) = shown(*ran()).values()
    assert figure[1:] == ((1, 2), {"n": 2}, {}, {"n": [1, 2, 3, 4, 5]}, "There are 2.\n", None)


def test_a_figure_whose_data_a_later_cell_empties_is_found():
    (figure,) = shown(*ran("rows.clear()")).values()
    assert "now says 'There are 0.'" in " ".join(changed(figure))
    (figure,) = shown(*ran()).values()
    assert list(changed(figure)) == []


@pytest.mark.parametrize(
    ("name", "later", "said"),
    [
        ("mine", [], None),
        ("01_activation_functions", [], "Fewer than two figures"),
        ("mine", ["rows.clear()"], "^draw now says 'There are 0.'"),
    ],
)
def test_all_that_is_wrong_is_said_by_the_name_of_the_figure(tmp_path, name, later, said):
    path = tmp_path / f"{name}.ipynb"
    notebook, space = ran(*later)
    nbformat.write(notebook, path)
    with pytest.raises(AssertionError, match=said) if said else nullcontext():
        look(path, space)


def moved(draw, **preview):
    """What is wrong with a figure of one panel and one slider, n, of 1 and 2."""
    return " ".join(stale_or_still(Shown(draw, (1, 1), {"n": 1}, preview, {"n": [1, 2]})))


def test_a_slider_that_moves_only_a_title_is_found():
    def draw(ax, n):
        plots.curve(ax, [0, 1], [0, 1], title=str(n))
        return f"This is number {n}."

    assert "what it drew at another value" in moved(draw)


def test_a_figure_that_remembers_is_found():
    values = []

    def draw(ax, n):
        values.append(n)
        plots.curve(ax, range(len(values)), values)
        return f"This is number {n}."

    assert "differs from a fresh one" in moved(draw)


def test_a_preview_that_leaves_something_behind_is_found():
    quick = []

    def draw(ax, n, rows=9):
        quick.extend([rows] * (rows < 9))
        plots.curve(ax, [0, n], [0, n + len(quick)])
        return f"This is number {n}."

    assert moved(draw) == ""
    assert "differs from a fresh one" in moved(draw, rows=1)
