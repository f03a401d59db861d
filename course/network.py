"""A network is data, a list of layers `(W, b)`, and training it is two walks over that list.

Forward, each layer computes `z = h W + b` and `h = f(z)`; backward, the chain rule runs the list in
reverse. Weights have the shape `(..., D, H)` and biases `(..., H)`. Leading axes are networks side by
side: parameters of shape `(K, D, H)` are K networks that see the same rows in one call.

A hidden layer `(W, b, gamma)` is batch-normalized before its activation. Its b is the beta of that
normalization: any other bias would be taken out again with the mean. `forward` and what is built on it train
such a network, with the statistics of the rows at hand. What predicts, `scores` and `accuracy`, asks that
`fold` has fixed them.
"""

from itertools import pairwise

import numpy as np

from course import arguments
from course.activations import named
from course.normalization import batch_norm, batch_norm_backward


def create(rng, sizes, initializer, dtype=np.float64, normalized=False):
    """Return a network of layers `(W, b)` between the given numbers of units, with biases of zero.

    `initializer(rng, shape, dtype=...)` makes the weights, as `course.initializers.he` does. With
    `normalized`, hidden layers are batch-normalized, `(W, b, gamma)` with a gamma of one.

    >>> from course.initializers import he
    >>> params = create(np.random.default_rng(0), [3072, 50, 10], he)
    >>> [(W.shape, b.shape) for W, b in params]
    [((3072, 50), (50,)), ((50, 10), (10,))]
    """
    arguments.generator("rng", rng)
    kind, sizes = arguments.precision("dtype", dtype), arguments.sequence("sizes", sizes)
    sizes = [arguments.whole("sizes", n) for n in sizes]
    if len(sizes) < 2:
        raise ValueError(f"sizes must name at least an input and an output, but is {sizes}.")
    arguments.function("initializer", initializer, "rng", "shape", dtype=kind)
    params = []
    for pair in pairwise(sizes):
        W = arguments.matching("what initializer returns", initializer(rng, pair, dtype=kind), pair, "sizes")
        params.append((arguments.held("what initializer returns", W, kind), np.zeros(pair[1], kind)))
    if arguments.flag("normalized", normalized):
        params[:-1] = [(W, b, np.ones_like(b)) for W, b in params[:-1]]
    return params


def stack(networks):
    """Return networks of equal sizes as one, side by side: parameters of shape `(K, D, H)` and `(K, H)`.

    >>> from course.initializers import he
    >>> params = stack([create(np.random.default_rng(seed), [4, 3, 2], he) for seed in range(5)])
    >>> [(W.shape, b.shape) for W, b in params]
    [((5, 4, 3), (5, 3)), ((5, 3, 2), (5, 2))]
    """
    nets = arguments.several("networks", networks, arguments.layers)
    shapes = [[[p.shape for p in layer] for layer in net] for net in nets]
    for k, other in enumerate(shapes):
        if other != shapes[0]:
            raise ValueError(f"networks must be of equal sizes, but networks[{k}] is not as networks[0].")
    return [tuple(np.stack(arrays) for arrays in zip(*same, strict=True)) for same in zip(*nets, strict=True)]


@np.errstate(all="ignore")
def linear(x, W, b):
    """Weighted sums of the inputs, x W + b. Slide 14.

    `x` has the shape `(..., N, D)`, `W` `(..., D, H)` and `b` `(..., H)`; the result is `(..., N, H)`.
    A network that explodes gives infinities and NaN, not warnings.

    >>> linear([[1.0, 2.0]], W=[[1.0], [10.0]], b=[0.5])
    array([[21.5]])
    """
    x, W, b = arguments.floats("x", x), arguments.floats("W", W), arguments.floats("b", b)
    _check_rows(x, W)
    if b.shape != (asked := (*W.shape[:-2], W.shape[-1])):
        raise ValueError(f"b has the shape {b.shape}; W, of {W.shape}, asks for {asked}.")
    return _linear(x.astype(np.result_type(x, b), copy=False), W, b)


def _linear(x, W, b):
    z = x @ W
    z += b[..., None, :]
    return z


@np.errstate(all="ignore")
def forward(params, x, activation, masks=None):
    """Run `x` through layers that all end in the named activation.

    Returns `(zs, hs)`: for each layer the pre-activations and what came out of it, each of shape
    `(..., N, H)`. `masks` multiply the outputs, one array of `dropout` for each layer. The last layer of a
    classifier is linear: `forward(params[:-1], ...)` runs its hidden layers, and `scores` all of it.

    >>> zs, hs = forward([(np.array([[1.0, -1.0]]), np.zeros(2))], [[3.0]], "relu")
    >>> zs[0], hs[0]
    (array([[ 3., -3.]]), array([[3., 0.]]))
    """
    f, _ = named(activation)
    params, x = _network(params, x)
    return _forward(params, x, f, _outputs("masks", masks, params, x))


def _forward(params, x, f, masks=None):
    zs, hs = [], []
    for i, layer in enumerate(params):
        zs.append(_preactivation(layer, x)[0])
        x = f(zs[-1]) if masks is None else f(zs[-1]) * masks[i]
        hs.append(x)
    return zs, hs


def _preactivation(layer, x):
    """The pre-activations of a layer and, where it is batch-normalized, the cache of that."""
    W, b, *gamma = layer
    if not gamma:
        return _linear(x, W, b), None
    return batch_norm(x @ W, *gamma, b)


@np.errstate(all="ignore")
def backward(params, x, zs, hs, dout, activation, masks=None):
    """Run the gradient `dout` of the last layer's output back through the layers of `forward`.

    Returns `(grads, dzs)`: for each layer the gradients of its parameters, `(dW, db)` or `(dW, db, dgamma)`,
    and the gradient `(..., N, H)` that arrived at its pre-activations. These are the layers of one `forward`;
    of a classifier with its linear last layer, `loss_and_grads` has the gradients.

    >>> params = [(np.array([[1.0, -1.0]]), np.zeros(2))]
    >>> zs, hs = forward(params, [[3.0]], "relu")
    >>> grads, dzs = backward(params, [[3.0]], zs, hs, np.ones((1, 2)), "relu")
    >>> grads[0]
    (array([[3., 0.]]), array([1., 0.]))
    """
    _, f_grad = named(activation)
    params, x = _network(params, x)
    zs, hs = _outputs("zs", zs, params, x), _outputs("hs", hs, params, x)
    dout, masks = arguments.matching("dout", dout, hs[-1].shape, "hs"), _outputs("masks", masks, params, x)
    return _backward(params, x, zs, hs, dout, f_grad, masks)


def _backward(params, x, zs, hs, dout, f_grad, masks=None):
    inputs = [x, *hs[:-1]]
    grads, dzs = [], []
    for i in reversed(range(len(params))):
        dz = dout * f_grad(zs[i]) if masks is None else dout * masks[i] * f_grad(zs[i])
        dzs.insert(0, dz)
        if len(params[i]) == 3:
            # Normalizing once more costs less to read than carrying its cache from the forward pass.
            _, cache = _preactivation(params[i], inputs[i])
            ds, dgamma, dbeta = batch_norm_backward(dz, cache)
            others = dbeta, dgamma
        else:
            # A product with ones is the sum over rows, several times as fast.
            ds, others = dz, (np.ones(dz.shape[-2], dz.dtype) @ dz,)
        grads.insert(0, (np.swapaxes(inputs[i], -1, -2) @ ds, *others))
        if i:
            dout = ds @ np.swapaxes(params[i][0], -1, -2)
    return grads, dzs


@np.errstate(all="ignore")
def fold(params, x, activation):
    """Return the network for inference: each batch normalization becomes part of a layer `(W, b)`. Slide 60.

    The mean and variance of each normalization are those over the rows of `x`, which should be training
    data. At test time they are constants, so that gamma (s - mean) / sqrt(var + epsilon) + beta is linear in
    the weights. A network without batch normalization comes back as a copy.

    >>> from course.initializers import he
    >>> rng = np.random.default_rng(0)
    >>> params, x = create(rng, [2, 3, 2], he, normalized=True), rng.standard_normal((5, 2))
    >>> plain = fold(params, x, "relu")
    >>> zs, _ = forward(params, x, "relu")
    >>> len(plain[0]), np.allclose(scores(plain, x, "relu"), zs[-1])
    (2, True)
    """
    f, _ = named(activation)
    return _fold(*_network(params, x), f)


def _fold(params, x, f):
    plain = []
    for W, b, *gamma in params:
        z, cache = _preactivation((W, b, *gamma), x)
        if cache is not None:
            scale = cache.gamma * cache.inverse_std
            W, b = W * scale[..., None, :], b - cache.mean * scale
        plain.append((W.copy(), b.copy()))
        x = f(z)
    return plain


def dropout(rng, shape, rate, dtype=np.float64):
    """Return a mask that drops a share `rate` of the units and scales up the rest (Srivastava et al. 2014).

    Its elements are 0 with probability `rate`, else 1 / (1 - rate): the expected output stays the same, so
    that nothing is to be done at test time.

    >>> dropout(np.random.default_rng(0), (1, 4), 0.5)
    array([[2., 0., 0., 0.]])
    """
    rate, kind = arguments.single("rate", rate, 0, arguments.BELOW_ONE), arguments.precision("dtype", dtype)
    drawn = arguments.generator("rng", rng).random(arguments.dimensions("shape", shape))
    return (drawn >= rate) * arguments.held("1 / (1 - rate)", 1 / (1 - rate), kind)


@np.errstate(all="ignore")
def scores(params, x, activation):
    """Class scores `(..., N, C)`: hidden layers with the named activation, then a linear one.

    Scores predict. A batch-normalized network must be folded first: with the statistics of the rows at hand,
    a row's scores would hang on its neighbours, and alone it would have none.

    >>> identity = (np.eye(2), np.zeros(2))
    >>> scores([identity, identity], [[3.0, -3.0]], "relu")
    array([[3., 0.]])
    """
    f, _ = named(activation)
    params, x = _network(params, x, predicts=True)
    return _scores(params, x, f)


def _scores(params, x, f):
    *hidden, last = params
    _, hs = _forward(hidden, x, f)
    return _linear(hs[-1] if hs else x, *last)


@np.errstate(all="ignore")
def softmax(scores):
    """Probabilities of the classes, exp(s) / sum(exp(s)) over the last axis; a score of -inf is a 0.

    >>> softmax([1e4, 1e4, -1e4])
    array([0.5, 0.5, 0. ])
    """
    s = arguments.floats("scores", scores)
    if s.shape[-1:] in ((), (0,)):
        raise ValueError(f"scores must have the shape (..., C) with C above 0, but have {s.shape}.")
    _, e = _exponentials(s, axis=-1)
    return e / e.sum(axis=-1, keepdims=True)


@np.errstate(all="ignore")
def cross_entropy(scores, y):
    """Softmax loss of `scores` `(..., N, C)` for labels `y` `(N,)`, and its gradient for the scores.

    The loss, of shape `(...)`, is the mean over rows of -log softmax(scores)[y]; the gradient is
    (softmax(scores) - one_hot(y)) / N. Both are exact in the tails: a row that is all but certain still
    tells by how little it is wrong.

    >>> loss, dscores = cross_entropy([[0.0, 0.0]], [1])
    >>> print(f"{loss:.4f}", dscores)
    0.6931 [[ 0.5 -0.5]]
    """
    s = arguments.floats("scores", scores)
    if s.ndim < 2 or 0 in s.shape[-2:]:
        raise ValueError(f"scores must have the shape (..., N, C) with N and C above 0, but have {s.shape}.")
    return _cross_entropy(s, arguments.labels("y", y, *s.shape[-2:]))


def _cross_entropy(s, y):
    columns = np.arange(len(y))
    # Turned to (..., C, N): a sum over ten classes, for all rows at once, is several times as fast.
    d, e = _exponentials(np.swapaxes(s, -1, -2).copy(), axis=-2)
    # 1 - softmax(scores)[y] would be 0 for a row that is all but certain; what the others have is not.
    own = e[..., y, columns]
    e[..., y, columns] = 0
    # In float16 a sum of ones stops at 2048.
    others = e.sum(axis=-2, dtype=np.promote_types(e.dtype, np.float32))
    loss = (np.log1p(others + (own - 1)) - d[..., y, columns]).mean(axis=-1).astype(e.dtype)
    e[..., y, columns] = -others
    e /= (own + others)[..., None, :]
    # In two passes: the product of the two may be too large for float16.
    e /= len(y)
    return loss, np.swapaxes(e, -1, -2)


def _exponentials(s, axis):
    """Return d = s - max(s) and exp(d) over an axis, both exact to the last places.

    Subtracting the maximum changes nothing in a ratio and keeps exp from overflowing. What the subtraction
    rounds off would be a relative error of exp(d): it is found again (Knuth's two-sum), and put back.
    """
    top = s.max(axis=axis, keepdims=True)
    d = s - top
    back = s - d
    lost = (s - (d + back)) + (back - top)
    # Infinities lose nothing, and leave NaN here.
    lost[np.isnan(lost)] = 0
    e = np.exp(d)
    return d, np.add(e, e * lost, out=e)


@np.errstate(all="ignore")
def loss_and_grads(params, x, y, activation, reg=0.0, masks=None):
    """Return the loss `(...)` of a network and its gradients, a list of tuples like `params`.

    The loss is the cross-entropy plus 0.5 reg sum(W^2) over the weights, not the biases: the penalty adds
    reg W to the gradient, as weight_decay does in PyTorch, while Keras' L2 has no factor one half. `reg` is
    one number or one for each network of the leading axes. `masks` are those of `forward`. Batch-normalized
    layers take the statistics of these rows.

    >>> from course.initializers import normal
    >>> params = create(np.random.default_rng(0), [3072, 50, 10], normal)
    >>> loss, grads = loss_and_grads(params, np.zeros((5, 3072)), [0, 1, 2, 3, 4], "relu")
    >>> print(f"{loss:.4f}")
    2.3026
    """
    f, f_grad = named(activation)
    params, x = _network(params, x)
    if len(params[-1]) == 3:
        raise ValueError("params[-1] must be a layer (W, b), since scores are not normalized.")
    y = arguments.labels("y", y, x.shape[-2], params[-1][0].shape[-1])
    reg, networks = arguments.number("reg", reg, 0), params[0][0].shape[:-2]
    if reg.shape not in ((), networks):
        raise ValueError(f"reg of shape {reg.shape} does not fit networks of {networks}.")
    masks = _outputs("masks", masks, params[:-1], x)
    return _loss_and_grads(params, x, y, f, f_grad, reg, masks)


@np.errstate(all="ignore")
def _loss_and_grads(params, x, y, f, f_grad, reg, masks):
    """The same of arguments that fit: training checks them once, not at each step."""
    *hidden, (W, b) = params
    zs, hs = _forward(hidden, x, f, masks)
    last_input = hs[-1] if hs else x
    loss, dscores = _cross_entropy(_linear(last_input, W, b), y)
    grads = [(np.swapaxes(last_input, -1, -2) @ dscores, dscores.sum(axis=-2))]
    if hidden:
        dhidden = dscores @ np.swapaxes(W, -1, -2)
        grads = _backward(hidden, x, zs, hs, dhidden, f_grad, masks)[0] + grads
    if reg.any():
        reg = reg.astype(np.promote_types(loss.dtype, np.float32), copy=False)
        for (W, *_), (dW, *_) in zip(params, grads, strict=True):
            flat = W.reshape(*W.shape[:-2], -1)
            loss = (loss + 0.5 * reg * np.vecdot(flat, flat)).astype(loss.dtype, copy=False)
            dW += reg[..., None, None] * W
    return loss, grads


@np.errstate(all="ignore")
def accuracy(params, x, y, activation):
    """Share of the rows of `x` whose highest score is that of their label: shape `(...)`.

    NaN where a score is NaN. A batch-normalized network must be folded first, as for `scores`.

    >>> accuracy([(np.eye(2), np.zeros(2))], [[1.0, 0.0], [0.0, 1.0]], [0, 0], "relu")
    np.float64(0.5)
    """
    f, _ = named(activation)
    params, x = _network(params, x, predicts=True)
    if not x.shape[-2]:
        raise ValueError(f"x must have the shape (..., N, D) with N above 0, but has {x.shape}.")
    y, right = arguments.labels("y", y, x.shape[-2], params[-1][0].shape[-1]), []
    # Some rows at a time, whose layers stay in the cache.
    for start in range(0, len(y), 200):
        rows = slice(start, start + 200)
        s = _scores(params, x[..., rows, :], f)
        right.append(s.argmax(axis=-1) == y[rows])
        # Of numbers with a NaN among them none is the largest.
        if np.isnan(top := s.max(axis=-1)).any():
            right[-1] = np.where(np.isnan(top), np.nan, right[-1])
    return np.concatenate(right, axis=-1).mean(axis=-1)


def _network(params, x, predicts=False):
    """A network and its rows, which must fit each other; one that predicts has no statistics of its own."""
    params, x = arguments.layers("params", params), arguments.floats("x", x)
    if predicts and _normalized(params):
        raise ValueError("params hold batch normalization: to predict, fold(params, X_train, activation).")
    _check_rows(x, params[0][0], " of params[0]")
    if _normalized(params) and x.shape[-2] < 2:
        raise ValueError(f"x must hold at least two rows to normalize over, but has the shape {x.shape}.")
    if x.ndim > 2 and x.shape[:-2] != params[0][0].shape[:-2] and not predicts:
        raise ValueError(f"x of shape {x.shape} must be (N, D), or hold rows for each of the networks.")
    return params, x


def _check_rows(x, W, whose=""):
    pairs = zip(x.shape[-3::-1], W.shape[-3::-1], strict=False)
    alike = x.ndim > 1 and W.ndim > 1 and x.shape[-1] == W.shape[-2]
    if not alike or not all(n == k or 1 in (n, k) for n, k in pairs):
        row = "; one row is x[None]" if x.ndim == 1 else ""
        raise ValueError(
            f"x of shape {x.shape} does not fit W of shape {W.shape}{whose}: (N, D), (D, H){row}."
        )


def _normalized(params):
    return any(len(layer) == 3 for layer in params)


def _outputs(name, arrays, params, x):
    """One array for each layer, of the shape of what comes out of it; masks may be shared by networks."""
    if arrays is None and name == "masks":
        return None
    if not isinstance(arrays, list | tuple | np.ndarray) or len(arrays) != len(params):
        raise ValueError(f"{name} must be a list of {len(params)} arrays, one for each activated layer.")
    found = []
    for i, (array, (W, *_)) in enumerate(zip(arrays, params, strict=True)):
        shape = (*np.broadcast_shapes(x.shape[:-2], W.shape[:-2]), x.shape[-2], W.shape[-1])
        array = arguments.floats(f"{name}[{i}]", array)
        shared = name == "masks" and array.shape == shape[-2:]
        found.append(array if shared else arguments.matching(f"{name}[{i}]", array, shape, "its layer"))
    return found
