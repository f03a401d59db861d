"""The sheet of notation explains every letter of the code, and gives the shapes that arrays have."""

import ast
import re
from pathlib import Path

import nbformat
import numpy as np
import pytest

from course import network, preprocessing
from course.activations import named
from course.initializers import he
from course.normalization import batch_norm, batch_norm_backward

ROOT = Path(__file__).parents[1]
PAGE = ROOT.joinpath("docs", "notation.md").read_text(encoding="utf-8")
NOTEBOOKS = sorted(ROOT.joinpath("notebooks").glob("*.ipynb"))
ROWS = [[cell.strip() for cell in line.split("|")[1:-1]] for line in PAGE.splitlines() if line[:1] == "|"]
LETTERS = {letter.strip("` ") for first, *_ in ROWS for letter in first.split(",")}
# A letter, with or without the d of a gradient before it, and a layer's number or the s of a list behind it.
LETTER = re.compile(r"d?([A-Za-z]|gamma|beta|out)[0-9s]?")


def letters(source):
    """Return the letters that code gives a meaning: `dW1` and `Ws` are W's.

    >>> sorted(letters("dW1, xs, ax, he, _ = f(dout)"))
    ['W', 'dout', 'f', 'x']
    """
    nodes = list(ast.walk(ast.parse(source)))
    names = {node.id for node in nodes if isinstance(node, ast.Name)}
    names |= {node.arg for node in nodes if isinstance(node, ast.arg)}
    found = {match[1] for match in map(LETTER.fullmatch, names) if match}
    return {"dout" if letter == "out" else letter for letter in found}


@pytest.mark.parametrize("path", NOTEBOOKS, ids=lambda path: path.stem)
def test_every_letter_of_a_notebook_is_explained(path):
    sources = [cell.source for cell in nbformat.read(path, as_version=4).cells if cell.cell_type == "code"]
    assert set().union(*map(letters, sources)) - LETTERS == set()


N, D, H, C, K = 5, 4, 3, 2, 6


@pytest.fixture(scope="module")
def arrays():
    """What the sheet gives a shape for, as the package computes it."""
    rng = np.random.default_rng(0)
    X, y, dout = rng.standard_normal((N, D)), rng.integers(C, size=N), rng.standard_normal((N, H))
    layer, scores = (network.create(rng, sizes, he) for sizes in ([D, H], [H, C]))
    zs, hs = network.forward(layer, X, "tanh")
    [(dW, db)], [dz] = network.backward(layer, X, zs, hs, dout, "tanh")
    _, cache = batch_norm(X, np.full(D, 2.0), np.ones(D))
    dx, _, dbeta = batch_norm_backward(X, cache)
    mean, U, v = preprocessing.principal_components(X)
    return {
        "X": X, "y": y, "x": X, "W": layer[0][0], "b": layer[0][1], "w": layer[0][0][:, 0],
        "z": zs[0], "h": hs[0], "s": network.scores(scores, hs[0], "tanh"),
        "dout": dout, "dz": dz, "dW": dW, "db": db, "dx": dx,
        "mean": cache.mean, "var": cache.var, "gamma": cache.gamma, "beta": dbeta,
        "U": U[:, :2], "v": v[:2], "Z": preprocessing.decorrelate(X, mean, U[:, :2]),
    }  # fmt: skip


# Those rows of the sheet that give a shape.
SHAPES = [
    (letter, shape) for first, shape, *_ in ROWS if shape.startswith("(") for letter in first.split(", ")
]


@pytest.mark.parametrize(("letter", "shape"), SHAPES)
def test_a_letter_has_the_shape_that_the_sheet_gives(arrays, letter, shape):
    sizes = {"N": N, "D": D, "H": H, "C": C, "k": 2}
    assert arrays[letter].shape == tuple(sizes[size] for size in re.findall(r"\w", shape))


def test_the_sheet_gives_the_shape_of_every_array(arrays):
    assert {letter for letter, _ in SHAPES} == set(arrays)


def test_the_formulas_of_the_sheet_are_those_of_the_package(arrays):
    x, W, b, z, h, dz, dout = (arrays[letter] for letter in ["x", "W", "b", "z", "h", "dz", "dout"])
    f, f_grad = named("tanh")
    for ours, formula in [
        (z, x @ W + b),
        (h, f(z)),
        (dz, dout * f_grad(z)),
        (arrays["dW"], x.T @ dz),
        (arrays["db"], dz.sum(axis=0)),
        (arrays["Z"], (x - x.mean(axis=0)) @ arrays["U"]),
        (arrays["v"], arrays["Z"].var(axis=0)),
        (arrays["var"], x.var(axis=0)),
    ]:
        np.testing.assert_allclose(ours, formula, atol=1e-12)


def test_networks_side_by_side_have_their_axis_in_front():
    params = network.create(np.random.default_rng(0), [D, H], he)
    W, _ = network.stack([params] * K)[0]
    assert W.shape == (K, D, H)


def test_a_letter_that_the_sheet_does_not_have_is_found():
    assert letters("j, dW1, gammas = ax") - LETTERS == {"j"}
