"""What holds of every kernel, for arrays of any shape, kind of numbers, layout of memory and value."""

import warnings
from functools import partial

import numpy as np
import pytest
from hypothesis import assume, given, settings
from hypothesis import strategies as st
from hypothesis.extra import numpy as hnp

from course import activations, network, normalization, optimizers, preprocessing, statistics

# The same examples at every run, and none stored.
few = settings(max_examples=25, derandomize=True, database=None, deadline=None)

KINDS = ["f2", "f4", "f8", ">f4", ">f8", "i1", "i8", "u2", "?"]


def kept(dtype):
    """Floats stay what they are, in the byte order of the machine; whole numbers become float64."""
    dtype = np.dtype(dtype)
    return dtype.newbyteorder("=") if dtype.kind == "f" else np.dtype("f8")


def layouts(x):
    """The array in other layouts of memory, each of the same values."""
    yield "Fortran order", np.asfortranarray(x)
    yield "every second", np.repeat(x, 2, axis=-1)[..., ::2] if x.ndim else x[()]
    yield "backwards", np.ascontiguousarray(x[::-1])[::-1] if x.ndim else x
    yield "transposed", np.ascontiguousarray(x.T).T
    yield "with a mask", np.ma.masked_array(x, np.zeros(x.shape, bool))
    yield "read-only", np.broadcast_to(x, x.shape)
    if x.ndim and x.shape[0] > 1:
        shared = np.concatenate([x, x])
        yield "a window", shared[: len(x)]


def arrays(shapes, values=None):
    """Arrays of any kind; without `values`, all numbers come: NaN, infinities, subnormals, -0.0."""
    return st.sampled_from(KINDS).flatmap(
        lambda kind: hnp.arrays(
            kind,
            shapes,
            elements=None if values is None or np.dtype(kind).kind != "f" else values(np.dtype(kind)),
        )
    )


def moderate(dtype):
    """Numbers whose sums are finite, beside NaN and infinities: another order may round them otherwise."""
    return st.sampled_from([np.nan, np.inf, -np.inf, 0.0, -0.0]) | st.floats(-64, 64, width=16)


def silently(f, *arguments, **options):
    """The result of f; any warning is an error, and so is any flag of the floating-point unit."""
    with np.errstate(all="raise"), warnings.catch_warnings():
        warnings.simplefilter("error")
        return f(*arguments, **options)


# Element by element.
ELEMENTWISE = {
    name: getattr(activations, name)
    for name in (
        "sigmoid", "sigmoid_grad", "tanh", "tanh_grad", "relu", "relu_grad", "leaky_relu", "leaky_relu_grad",
        "elu", "elu_grad", "prelu_grad_alpha",
    )
} | {
    "leaky_relu of slope 0": partial(activations.leaky_relu, alpha=0),
    "prelu": partial(activations.prelu, alpha=0.25),
    "prelu_grad": partial(activations.prelu_grad, alpha=0.25),
    "elu of 0.5": partial(activations.elu, alpha=0.5),
    "elu_grad of 0.5": partial(activations.elu_grad, alpha=0.5),
}  # fmt: skip
elementwise = pytest.mark.parametrize("f", ELEMENTWISE.values(), ids=ELEMENTWISE)
ANY_SHAPE = hnp.array_shapes(min_dims=0, max_dims=3, min_side=0, max_side=4)


@elementwise
@given(x=arrays(ANY_SHAPE))
@few
def test_an_activation_keeps_kind_and_shape_and_loses_no_nan(f, x):
    before = x.tobytes()
    out = silently(f, x)
    assert (out.shape, out.dtype) == (x.shape, kept(x.dtype))
    np.testing.assert_array_equal(np.isnan(out), np.isnan(x.astype(kept(x.dtype))))
    assert x.tobytes() == before


@elementwise
@given(x=arrays(ANY_SHAPE))
@few
def test_the_layout_of_memory_does_not_matter_to_an_activation(f, x):
    expected = f(x.astype(kept(x.dtype)))
    for layout, view in layouts(x):
        before = np.array(view).tobytes()
        np.testing.assert_array_equal(silently(f, view), expected, err_msg=layout)
        assert np.array(view).tobytes() == before, layout


@elementwise
@given(x=arrays(ANY_SHAPE), stride=st.integers(-2, 2).filter(bool))
@few
def test_an_activation_writes_where_out_says(f, x, stride):
    own = x.astype(kept(x.dtype))
    expected, room = f(x), np.full((*x.shape, 2 * (x.ndim + 1)), 7, own.dtype)
    out = room[..., 1].T[::stride].T if x.ndim else room[..., 1]
    out = room[..., 1] if out.shape != x.shape else out
    assert silently(f, x, out=out) is out
    np.testing.assert_array_equal(out, expected)
    # Nothing beside it is touched, and the input itself may be the place.
    np.testing.assert_array_equal(np.delete(room, 1, axis=-1), 7)
    np.testing.assert_array_equal(silently(f, own, out=own), expected)


# Row by row or column by column: `(N, D)` to a tuple of arrays, each of `(N, D)`.
FEATURES = 3


def columns(dtype):
    return np.array([1.0, -2.0, 0.5], kept(dtype)), np.array([0.0, 1.0, 4.0], kept(dtype))


def batch_norm(x):
    out, cache = normalization.batch_norm(x, *columns(x.dtype))
    return out, cache.centred


def batch_norm_backward(dout):
    x = np.arange(dout.size, dtype=kept(dout.dtype)).reshape(dout.shape) % 5
    _, cache = normalization.batch_norm(x, *columns(dout.dtype))
    return normalization.batch_norm_backward(dout, cache)[:1]


def step(rule):
    """The second step, so that the rule's memory takes part."""

    def steps(dw):
        _, state = rule(dw, None, 0.1)
        return (rule(dw, state, 0.1)[0],)

    return steps


DIRECTIONS = np.linalg.qr(np.random.default_rng(0).standard_normal((FEATURES, FEATURES)))[0]
MATRIX = np.random.default_rng(1).standard_normal((FEATURES, FEATURES))
TABLES = {
    "softmax": lambda x: (network.softmax(x),),
    "cross_entropy": lambda x: network.cross_entropy(x, np.arange(len(x)) % FEATURES)[1:],
    "linear": lambda x: (
        network.linear(x, MATRIX.astype(kept(x.dtype)), np.arange(FEATURES, dtype=kept(x.dtype))),
    ),
    "batch_norm": batch_norm,
    "batch_norm_backward": batch_norm_backward,
    "batch_norm_inference": lambda x: (
        normalization.batch_norm_inference(x, *columns(x.dtype), [1.0, 2.0, 3.0], [4.0, 5.0, 0.0]),
    ),
    "layer_norm": lambda x: (normalization.layer_norm(x, *columns(x.dtype)),),
    "standardize": lambda x: (preprocessing.standardize(x, [1.0, 2.0, 3.0], [2.0, 0.5, 0.0]),),
    "decorrelate": lambda x: (preprocessing.decorrelate(x, [1.0, 2.0, 3.0], DIRECTIONS),),
    "whiten": lambda x: (preprocessing.whiten(x, [1.0, 2.0, 3.0], DIRECTIONS, [4.0, 1.0, 0.0]),),
    "reconstruct": lambda x: (preprocessing.reconstruct(x, [1.0, 2.0, 3.0], DIRECTIONS),),
    "maxout_grad": lambda x: (activations.maxout_grad(x, FEATURES),),
} | {name: step(rule) for name, rule in optimizers.UPDATES.items()}
tables = pytest.mark.parametrize("f", TABLES.values(), ids=TABLES)
SHAPES = st.tuples(st.integers(1, 5), st.just(FEATURES))


@tables
@given(x=arrays(SHAPES))
@few
def test_a_kernel_keeps_kind_and_shape_and_loses_no_nan(f, x):
    before = x.tobytes()
    for out in silently(f, x):
        assert (out.shape, out.dtype) == (x.shape, kept(x.dtype))
        assert np.isnan(out)[np.isnan(x.astype(kept(x.dtype)))].all()
    assert x.tobytes() == before


@tables
@given(x=arrays(SHAPES, moderate))
@few
def test_the_layout_of_memory_does_not_matter(f, x):
    expected = f(x.astype(kept(x.dtype)))
    # Sums may be taken in another order: a few units in the last place of the largest.
    ulp = 32 * np.finfo(kept(x.dtype)).eps
    for layout, view in layouts(x):
        before = np.array(view).tobytes()
        for ours, theirs in zip(silently(f, view), expected, strict=True):
            size = np.abs(theirs[np.isfinite(theirs)]).max(initial=1)
            np.testing.assert_allclose(ours, theirs, rtol=ulp, atol=ulp * float(size), err_msg=layout)
        assert np.array(view).tobytes() == before, layout


def ends(kind):
    """The ends of a kind of numbers, of either sign, and what stands beside them."""
    of = np.finfo(kind)
    ends = np.array([of.smallest_subnormal, of.tiny, of.eps, 1, of.max, np.inf, np.nan, 0], kind)
    return np.concatenate([ends, -ends])


@pytest.mark.parametrize("kind", ["f2", "f4", "f8"])
@pytest.mark.parametrize("name", [*ELEMENTWISE, *TABLES])
def test_the_ends_of_the_numbers_give_no_warning(name, kind):
    x = ends(kind)
    if name in TABLES:
        # Each with each, in one row and in one column.
        x = np.stack([np.repeat(x, len(x)), np.tile(x, len(x)), np.zeros(len(x) ** 2, kind)], axis=1)
        for pair in x.reshape(-1, 2, FEATURES):
            silently(TABLES[name], pair)
    for out in silently(TABLES[name], x) if name in TABLES else [silently(ELEMENTWISE[name], x)]:
        assert np.isnan(out)[np.isnan(x)].all()


@given(x=arrays(st.tuples(st.integers(0, 4), st.integers(0, 3).map(lambda n: 2 * n))))
@few
def test_maxout_takes_the_largest_of_anything(x):
    own = x.astype(kept(x.dtype))
    first, second = own[:, : x.shape[1] // 2], own[:, x.shape[1] // 2 :]
    out = silently(activations.maxout, x)
    assert out.dtype == own.dtype
    np.testing.assert_array_equal(out, np.maximum(first, second))
    room = np.empty_like(out)
    assert silently(activations.maxout, x, out=room) is room
    np.testing.assert_array_equal(room, out)


@given(x=arrays(SHAPES))
@few
def test_probabilities_sum_to_one_whatever_is_finite(x):
    own = x.astype(kept(x.dtype))
    assume(np.isfinite(own).all())
    p = silently(network.softmax, x)
    np.testing.assert_allclose(p.sum(axis=-1, dtype=np.float64), 1, rtol=4 * np.finfo(own.dtype).eps)
    assert (p >= 0).all()
    loss, dscores = silently(network.cross_entropy, x, np.zeros(len(x), int))
    assert np.isfinite(dscores).all()
    assert loss >= 0
    # The largest numbers of a kind are further apart than any of them.
    assert np.isfinite(loss) or np.ptp(own.astype(np.longdouble)) > np.finfo(own.dtype).max / len(x)


@given(x=arrays(hnp.array_shapes(min_dims=1, max_dims=3, max_side=5)), bins=st.integers(1, 40))
@few
def test_a_histogram_counts_what_is_inside(x, bins):
    own = x.astype(kept(x.dtype))
    counts = silently(statistics.histogram, x, -2, 3, bins)
    assert counts.shape == (bins,)
    assert counts.sum() == ((own >= -2) & (own <= 3)).sum()


@given(x=arrays(hnp.array_shapes(min_dims=2, max_dims=3, max_side=4)))
@few
def test_statistics_of_anything_give_no_warning(x):
    own = x.astype(kept(x.dtype))
    layers = silently(statistics.layer_statistics, [x])
    assert np.isfinite(layers.mean) or not np.isfinite(own).all() or np.abs(own).max() > 1e300
    assert np.isnan(layers.mean[0]) or not np.isnan(own).any()
    for share in (statistics.saturated, statistics.dead):
        assert ((silently(share, x) >= 0) & (silently(share, x) <= 1)).all()
        assert np.shape(share(x)) == x.shape[:-2]


@pytest.mark.parametrize("module", [activations, network, normalization, optimizers, preprocessing])
def test_every_kernel_is_here(module):
    """A kernel that is added belongs into the tables above, or is named here as no kernel of arrays."""
    tried = {name.partition(" ")[0] for name in [*ELEMENTWISE, *TABLES]} | {"maxout"}
    others = {
        "named", "elementwise",  # give functions
        "create", "stack", "dropout", "fold",  # make networks and masks
        "forward", "backward", "scores", "loss_and_grads", "accuracy",  # run whole networks of those above
        "principal_components",  # refuses what is not finite
    }  # fmt: skip
    public = {
        name
        for name, value in vars(module).items()
        if getattr(value, "__module__", None) == module.__name__
        and not name.startswith("_")
        and not isinstance(value, type)
    }
    assert public - others <= tried
