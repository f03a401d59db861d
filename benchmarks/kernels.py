"""Rows of single kernels: activations, batch normalization, histograms, and the craft of vectorizing."""

import numpy as np

from benchmarks.measure import Figure, agree, geometric_mean, ratio, row, times
from course import activations
from course.initializers import xavier
from course.network import create, forward
from course.normalization import EPSILON, batch_norm, batch_norm_backward
from course.statistics import histogram, layer_statistics

N, H = 1000, 500


def _pair(dtype, columns=H, seed=0):
    """The same numbers for NumPy and for PyTorch."""
    import torch

    x = np.random.default_rng(seed).standard_normal((N, columns)).astype(dtype)
    return x, torch.from_numpy(x.copy())


def _forward(dtype):
    import torch

    (x, t), (x2, t2) = _pair(dtype), _pair(dtype, 2 * H)
    y, o, aten = np.empty_like(x), torch.empty_like(t), torch.ops.aten
    left, right = t2[:, :H], t2[:, H:]
    # Of PyTorch's ways to write into a given array, the fastest that was found.
    return {
        "relu": (lambda: activations.relu(x, out=y), lambda: torch.clamp(t, min=0, out=o)),
        "leaky_relu": (
            lambda: activations.leaky_relu(x, out=y),
            lambda: aten.leaky_relu.out(t, 0.01, out=o),
        ),
        "elu": (lambda: activations.elu(x, out=y), lambda: aten.elu.out(t, out=o)),
        "sigmoid": (lambda: activations.sigmoid(x, out=y), lambda: torch.sigmoid(t, out=o)),
        "tanh": (lambda: activations.tanh(x, out=y), lambda: torch.tanh(t, out=o)),
        "maxout": (lambda: activations.maxout(x2, out=y), lambda: torch.maximum(left, right, out=o)),
    }


def _bare(dtype):
    """The same functions by NumPy's calls alone: nothing is looked at or checked, each array is there."""
    (x, _), (x2, _) = _pair(dtype), _pair(dtype, 2 * H)
    y, t, u = (np.empty_like(x) for _ in range(3))

    def leaky_relu():
        return np.maximum(x, np.multiply(0.01, x, out=y), out=y)

    def elu():
        half = np.multiply(0.5, np.clip(x, -1000, 0, out=y), out=t)
        np.tanh(half, out=u)
        np.subtract(y, np.multiply(2, half, out=t), out=y)
        np.divide(np.multiply(2, u, out=t), np.subtract(1, u, out=u), out=t)
        return np.add(np.clip(x, 0, np.inf, out=u), np.add(t, y, out=t), out=y)

    def sigmoid():
        np.exp(np.multiply(-1, x, out=y), out=y)
        return np.divide(1, np.add(1, y, out=y), out=y)

    return {
        "relu": lambda: np.clip(x, 0, np.inf, out=y),
        "leaky_relu": leaky_relu,
        "elu": elu,
        "sigmoid": sigmoid,
        "tanh": lambda: np.tanh(x, out=y),
        "maxout": lambda: np.maximum(x2[:, :H], x2[:, H:], out=y),
    }


@row("Six activation functions, 1000 x 500 float32, into a given array")
def activation_functions():
    """Over PyTorch with out=."""
    for (ours, theirs), bare in zip(_forward(np.float64).values(), _bare(np.float64).values(), strict=True):
        agree(ours().copy(), theirs().numpy())
        agree(bare().copy(), theirs().numpy(), rtol=1e-7)
    pairs, bare = _forward(np.float32), _bare(np.float32)
    floors = {name: (bare[name], pairs[name][1]) for name in pairs}
    figures = _over_peers(pairs, "PyTorch", "<= 0.95", "<= 2.3")
    return [*figures, *_over_peers(floors, "PyTorch, NumPy's calls alone")[:1]]


def _backward(dtype, exact):
    import torch

    (z, t), (g, tg) = _pair(dtype), _pair(dtype, seed=1)
    dz, o, aten = np.empty_like(z), torch.empty_like(t), torch.ops.aten
    s, th, a, b = torch.sigmoid(t), torch.tanh(t), torch.empty_like(t), torch.empty_like(t)

    def ours(name):
        slope = activations.ACTIVATIONS[name][1]
        return lambda: np.multiply(g, slope(z, out=dz), out=dz)

    def exact_sigmoid(t):
        # s(z) s(-z), the form that keeps both tails, in PyTorch's words.
        torch.sigmoid(t, out=o)
        torch.mul(o, torch.sigmoid(torch.neg(t, out=b), out=b), out=o)
        return torch.mul(o, tg, out=o)

    def exact_tanh():
        return torch.mul(exact_sigmoid(torch.mul(t, 2, out=a)), 4, out=o)

    sigmoid = (lambda: exact_sigmoid(t)) if exact else lambda: aten.sigmoid_backward(tg, s, grad_input=o)
    tanh = exact_tanh if exact else lambda: aten.tanh_backward(tg, th, grad_input=o)
    return {
        "relu": (ours("relu"), lambda: aten.threshold_backward(tg, t, 0, grad_input=o)),
        "leaky_relu": (
            ours("leaky_relu"),
            lambda: aten.leaky_relu_backward(tg, t, 0.01, False, grad_input=o),
        ),
        "elu": (ours("elu"), lambda: aten.elu_backward(tg, 1.0, 1.0, 1.0, False, t, grad_input=o)),
        "sigmoid": (ours("sigmoid"), sigmoid),
        "tanh": (ours("tanh"), tanh),
    }


@row("Their backward passes, as a network takes them")
def activation_gradients():
    """Over PyTorch's kernels, which lose the tails, and over the exact formula in PyTorch."""
    for exact in (False, True):
        for ours, theirs in _backward(np.float64, exact).values():
            agree(ours().copy(), theirs().numpy(), rtol=1e-7)
    figures = _over_peers(_backward(np.float32, False), "PyTorch", "<= 1.5")
    return [*figures, *_over_peers(_backward(np.float32, True), "PyTorch, as exact")[:1]]


def _over_peers(pairs, peer, goal="", worst=""):
    """The geometric mean of the ratios, then each of them."""
    variants = {(name, i): pair[i] for name, pair in pairs.items() for i in (0, 1)}
    taken = times(variants)
    singles = [ratio(f"{name}, over {peer}", taken[name, 0], taken[name, 1], worst) for name in pairs]
    return [geometric_mean(f"geometric mean, over {peer}", singles, goal), *singles]


@row("Batch normalization, forward and backward, float32")
def batch_normalization():
    """Over PyTorch's own layer and its automatic differentiation."""
    import torch

    def pair(n, d, dtype):
        rng = np.random.default_rng(0)
        x, g = (rng.standard_normal((n, d)).astype(dtype) for _ in range(2))
        gamma, beta = np.full(d, 2, dtype), np.ones(d, dtype)
        leaves = [torch.tensor(a, requires_grad=True) for a in (x, gamma, beta)]
        tg = torch.from_numpy(g)

        def ours():
            out, cache = batch_norm(x, gamma, beta)
            return out, *batch_norm_backward(g, cache)

        def theirs():
            out = torch.nn.functional.batch_norm(leaves[0], None, None, *leaves[1:], training=True)
            return out.detach(), *torch.autograd.grad(out, leaves, tg)

        ones, (centred, out, dx) = np.ones(n, dtype), (np.empty_like(x) for _ in range(3))

        def bare():
            np.subtract(x, ones @ x / n, out=centred)
            inverse_std = 1 / np.sqrt(np.einsum("nd,nd->d", centred, centred) / n + EPSILON)
            np.add(np.multiply(centred, gamma * inverse_std, out=out), beta, out=out)
            dbeta, dgamma = ones @ g, np.einsum("nd,nd->d", g, centred) * inverse_std
            np.add(np.multiply(centred, -dgamma * inverse_std / n, out=dx), g, out=dx)
            np.multiply(np.subtract(dx, dbeta / n, out=dx), gamma * inverse_std, out=dx)
            return out, dx, dgamma, dbeta

        return {"ours": ours, "PyTorch": theirs, "bare": bare}

    for a, b, c in zip(*(f() for f in pair(100, 50, np.float64).values()), strict=True):
        agree(a, b.numpy(), rtol=1e-7)
        agree(c, b.numpy(), rtol=1e-7)
    figures = []
    for n, d, goal in ((N, H, "<= 0.70"), (4096, 1024, "<= 0.80")):
        taken = times(pair(n, d, np.float32))
        figures += [
            ratio(f"{n} x {d}, over PyTorch", taken["ours"], taken["PyTorch"], goal),
            ratio(f"{n} x {d}, NumPy's calls alone, over PyTorch", taken["bare"], taken["PyTorch"]),
        ]
    return figures


@row("Activation statistics of ten tanh layers, 1000 rows, float32")
def activation_statistics():
    """Forward, then mean, standard deviation and a histogram of 30 bins for each layer."""
    import torch

    def ours(params, x):
        return layer_statistics(forward(params, x, "tanh")[1])

    def theirs(params, h):
        seen = []
        for W, b in params:
            h = torch.tanh(torch.addmm(b, h, W))
            seen.append([h.mean().item(), h.std(correction=0).item(), torch.histc(h, 30, -1, 1)])
        return seen

    def products(params, h):
        for W, _ in params:
            h = h @ W

    def network(dtype):
        rng = np.random.default_rng(0)
        x, params = rng.standard_normal((N, H)).astype(dtype), create(rng, [H] * 11, xavier, dtype)
        return (params, x), ([tuple(map(torch.from_numpy, layer)) for layer in params], torch.from_numpy(x))

    here, there = network(np.float64)
    layers, seen = ours(*here), theirs(*there)
    agree(layers.mean, [one[0] for one in seen])
    agree(layers.std, [one[1] for one in seen])
    assert np.abs(layers.counts - [one[2].numpy() for one in seen]).max() <= 2
    here, there = network(np.float32)
    taken = times(
        {
            "ours": lambda: ours(*here),
            "PyTorch": lambda: theirs(*there),
            "products": lambda: products(*here),
        }
    )
    return [
        ratio("over PyTorch", taken["ours"], taken["PyTorch"], "<= 0.45"),
        ratio("the matrix products alone, over PyTorch", taken["products"], taken["PyTorch"]),
    ]


@row("Histogram of 500,000 float32 numbers")
def histograms():
    """Over np.histogram."""
    x = np.tanh(np.random.default_rng(0).standard_normal(N * H))
    single, figures = x.astype(np.float32), []
    scaled, place, pairs = np.empty_like(single), np.empty(N * H, np.uint8), np.empty(N * H // 2, np.uint16)

    def bare(bins):
        # Where all lies inside, and below 1.
        np.multiply(np.add(single, 1, out=scaled), bins / 2, out=scaled)
        np.copyto(place, scaled, casting="unsafe")
        np.multiply(place[: pairs.size], np.uint16(bins), out=pairs)
        np.add(pairs, place[pairs.size :], out=pairs)
        counts = np.bincount(pairs, minlength=bins**2).reshape(bins, bins)
        return counts.sum(axis=0) + counts.sum(axis=1)

    for bins in (30, 64):
        agree(histogram(x, -1, 1, bins), np.histogram(x, bins, (-1, 1))[0])
        assert np.abs(histogram(single, -1, 1, bins) - bare(bins)).max() <= 2
        taken = times(
            {
                "ours": lambda bins=bins: histogram(single, -1, 1, bins),
                "NumPy": lambda bins=bins: np.histogram(single, bins, (-1, 1)),
                "bare": lambda bins=bins: bare(bins),
            }
        )
        figures += [
            ratio(f"{bins} bins, over np.histogram", taken["ours"], taken["NumPy"], "<= 0.17"),
            ratio(f"{bins} bins, NumPy's calls alone, over np.histogram", taken["bare"], taken["NumPy"]),
        ]
    return figures


@row("What vectorized code is made of")
def craft():
    """Branches, temporaries, bandwidth, matrix products: for the page on vectorization."""
    rng = np.random.default_rng(0)
    x = rng.standard_normal((N, H)).astype(np.float32)
    big, y, W = np.tile(x, (32, 1)), np.empty_like(x), rng.standard_normal((H, H)).astype(np.float32)
    double, big_out = x.astype(np.float64), np.empty((32 * N, H), np.float32)

    def assigned():
        y = x.copy()
        y[y < 0] = 0
        return y

    def loop():
        return [[max(value, 0.0) for value in line] for line in few]

    def row_by_row():
        return np.array([line @ W for line in x])

    few = x[:10].tolist()
    variants = {
        "clip": lambda: np.clip(x, 0, np.inf),
        "where": lambda: np.where(x > 0, x, 0),
        "assigned": assigned,
        "Python": loop,
        "chain": lambda: activations.sigmoid(big),
        "in place": lambda: activations.sigmoid(big, out=big_out),
        "exp": lambda: np.exp(x, out=y),
        "multiply": lambda: np.multiply(x, x, out=y),
        "multiply double": lambda: np.multiply(double, double),
        "multiply single": lambda: np.multiply(x, x),
        "multiply big": lambda: np.multiply(big, big, out=big_out),
        "row by row": row_by_row,
        "one product": lambda: x @ W,
    }
    agree(assigned(), variants["clip"]())
    agree(variants["where"](), variants["clip"]())
    agree(loop(), variants["clip"]()[:10])
    np.testing.assert_allclose(row_by_row(), x @ W, rtol=1e-3, atol=1e-3)
    t = times(variants)
    per_flop = t["one product"] / (2 * N * H * H) / (t["multiply"] / (N * H))
    return [
        ratio("max(x, 0): a loop in Python, over np.clip", t["Python"] * (N / 10), t["clip"]),
        ratio("max(x, 0): x[x < 0] = 0, over np.clip", t["assigned"], t["clip"]),
        ratio("max(x, 0): np.where, over np.clip", t["where"], t["clip"]),
        ratio("sigmoid of 64 MB: new arrays, over out=", t["chain"], t["in place"]),
        ratio("x * x: float64, over float32", t["multiply double"], t["multiply single"]),
        ratio("x * x, for each number: 64 MB, over 2 MB", t["multiply big"] / 32, t["multiply"]),
        ratio("exp(x), over x * x", t["exp"], t["multiply"]),
        ratio("x W: row by row, over one product", t["row by row"], t["one product"]),
        Figure("one step of x W, over one of x * x", float(np.median(per_flop)), float(per_flop.min())),
    ]
