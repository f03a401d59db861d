"""Mistakes written anew by somebody who saw only the sentence that describes each."""

import numpy as np

MISTAKES = {}
# other functions that get the same sentence on an equally good reading: (name, sentence, what differs)
ALTERNATIVES = {}


# ---------------------------------------------------------------- gamma_beta_grads


def _(dout, xhat):
    dgamma = np.mean(dout * xhat, axis=0)
    dbeta = np.mean(dout, axis=0)
    return dgamma, dbeta


MISTAKES[
    "gamma_beta_grads",
    "you take means over the batch: every row uses the same gamma and beta, so what "
    "arrives from the rows adds up.",
] = _


def _(dout, xhat):
    N, D = dout.shape
    dgamma = np.zeros(D)
    dbeta = np.zeros(D)
    for i in range(N):
        dgamma += dout[i] * xhat[i] / N
        dbeta += dout[i]
    return dgamma, dbeta


MISTAKES["gamma_beta_grads", "dbeta is right, but dgamma is a mean: it is a sum over the rows as well."] = _


def _(dout, xhat):
    db = dout.sum(axis=0)
    dg = np.einsum("nd,nd->d", dout, xhat)
    return db, dg


MISTAKES["gamma_beta_grads", "these are the right gradients in the wrong order: first gamma, then beta."] = _


def _(dout, xhat):
    product = dout * xhat
    return np.sum(product, axis=1), np.sum(dout, axis=1)


MISTAKES[
    "gamma_beta_grads",
    "you add up the units of each example: gamma and beta belong to units, so add up the examples.",
] = _


def _(dout, xhat):
    dbeta = dout.sum(axis=0)
    dgamma = dbeta * xhat.sum(axis=0)
    return dgamma, dbeta


MISTAKES[
    "gamma_beta_grads",
    "dgamma is a product of two sums: multiply each dout by its own xhat first, and then add.",
] = _


def _(dout, xhat):
    total = np.ones(len(xhat)) @ dout
    return total.copy(), total


MISTAKES[
    "gamma_beta_grads",
    "you give gamma the gradient of beta: gamma multiplies xhat, so xhat belongs in its slope.",
] = _


def _(dout, xhat):
    # y = gamma * xhat + beta: slope xhat for gamma, slope 1 for beta
    dy_dgamma = xhat
    dy_dbeta = np.ones_like(xhat)
    return dy_dgamma.sum(axis=0), dy_dbeta.sum(axis=0)


MISTAKES[
    "gamma_beta_grads",
    "you have left dout out: these are slopes of y, and the chain rule goes on to the loss.",
] = _


def _(dout, xhat):
    return xhat, np.ones_like(xhat)


ALTERNATIVES[
    "gamma_beta_grads",
    "you have left dout out: these are slopes of y, and the chain rule goes on to the loss.",
    "the slopes of y for each example, not added up",
] = _


def _(dout, xhat):
    dgamma = xhat * dout
    dbeta = dout.copy()
    return dgamma, dbeta


MISTAKES[
    "gamma_beta_grads",
    "you give gradients for each example: one gamma serves all of them, so add up their rows.",
] = _


def _(dout, xhat):
    dgamma = (xhat * dout).sum(axis=0)
    dbeta = dout * 1.0
    return dgamma, dbeta


MISTAKES["gamma_beta_grads", "dgamma is right, but dbeta still has a row for each example: add them up."] = _


def _(dout, xhat):
    dgamma = dout.T @ xhat
    dbeta = dout.sum(axis=0)
    return dgamma, dbeta


MISTAKES[
    "gamma_beta_grads",
    "dout.T @ xhat pairs every unit with every other: a gamma sees its own unit "
    "alone, which is the diagonal.",
] = _


def _(dout, xhat):
    return np.sum(dout * xhat), np.sum(dout)


MISTAKES[
    "gamma_beta_grads", "you add up everything to one number: each unit has a gamma and a beta of its own."
] = _


def _(dout, xhat):
    dgamma = -(dout * xhat).sum(0)
    dbeta = -dout.sum(0)
    return dgamma, dbeta


MISTAKES[
    "gamma_beta_grads", "the sign is wrong: a gradient points uphill, and the minus comes with the update."
] = _


# ---------------------------------------------------------------- layer_norm_dx


def _(dout, x, gamma):
    mu = x.mean(axis=0)
    std = np.sqrt(x.var(axis=0) + 1e-5)
    xhat = (x - mu) / std
    dxhat = dout * gamma
    return (dxhat - dxhat.mean(axis=0) - xhat * (dxhat * xhat).mean(axis=0)) / std


MISTAKES[
    "layer_norm_dx",
    "this is the gradient of batch normalization: here each row is normalized over its "
    "own features, along axis 1.",
] = _


def _(dout, x, gamma):
    std = np.sqrt(x.var(axis=1, keepdims=True) + 1e-5)
    xhat = (x - x.mean(axis=1, keepdims=True)) / std
    inner = dout - dout.mean(axis=1, keepdims=True) - xhat * (dout * xhat).mean(axis=1, keepdims=True)
    return gamma * inner / std


MISTAKES[
    "layer_norm_dx",
    "you multiply by gamma at the end: that works where one gamma belongs to one mean, "
    "but here a mean runs over features whose gammas differ.",
] = _


def _(dout, x, gamma):
    D = x.shape[1]
    centred = x - x.mean(axis=1, keepdims=True)
    inv = 1 / np.sqrt((centred**2).sum(axis=1, keepdims=True) / D + 1e-5)
    xhat = centred * inv
    s1 = dout.sum(axis=1, keepdims=True)
    s2 = (dout * xhat).sum(axis=1, keepdims=True)
    return inv / D * (D * dout - s1 - xhat * s2)


MISTAKES[
    "layer_norm_dx",
    "gamma is missing: it stands between y and the normalized values, so multiply dout by it first.",
] = _


def _(dout, x, gamma):
    var = x.var(axis=1, keepdims=True)
    return dout * gamma / np.sqrt(var + 1e-5)


MISTAKES[
    "layer_norm_dx", "you take the direct path alone: the mean and the variance of a row depend on x too."
] = _


def _(dout, x, gamma):
    dx = np.empty(x.shape)
    for i, row in enumerate(x):
        g = dout[i] * gamma
        std = np.sqrt(row.var() + 1e-5)
        dx[i] = (g - g.mean()) / std
    return dx


MISTAKES[
    "layer_norm_dx",
    "the path through the variance is missing: moving one x also changes the spread of its row.",
] = _


def _(dout, x, gamma):
    D = x.shape[1]
    centred = x - x.mean(axis=1, keepdims=True)
    var = (centred**2).mean(axis=1, keepdims=True)
    dxhat = dout * gamma
    dvar = (dxhat * centred).sum(axis=1, keepdims=True) * -0.5 * (var + 1e-5) ** -1.5
    dx = dxhat / np.sqrt(var + 1e-5)
    dx += dvar * 2 * centred / D
    return dx


MISTAKES["layer_norm_dx", "the path through the mean is missing: the gradient of a row should sum to 0."] = _


def _(dout, x, gamma):
    std = np.sqrt(x.var(axis=1, keepdims=True) + 1e-5)
    xhat = (x - x.mean(axis=1, keepdims=True)) / std
    g = gamma * dout
    shift = g.sum(axis=1, keepdims=True)
    stretch = (g * xhat).sum(axis=1, keepdims=True)
    return (g - shift - xhat * stretch) / std


MISTAKES[
    "layer_norm_dx",
    "you take sums over a row where means belong: the mean and the variance hand each "
    "x only one D-th of what they collect.",
] = _


def _(dout, x, gamma):
    std = np.sqrt(x.var(axis=1, keepdims=True) + 1e-5)
    xhat = (x - x.mean(axis=1, keepdims=True)) / std
    g = gamma * dout
    direct = g
    through_mean = g.mean(axis=1, keepdims=True)
    through_var = xhat * (g * xhat).mean(axis=1, keepdims=True)
    return (direct + through_mean + through_var) / std


MISTAKES[
    "layer_norm_dx",
    "you add the two paths to the direct one: they take away what a shift or a stretch "
    "of the whole row would do.",
] = _


def _(dout, x, gamma):
    mean = x.mean(axis=1)[:, None]
    std = np.sqrt(x.var(axis=1, ddof=1)[:, None] + 1e-5)
    xhat = (x - mean) / std
    g = dout * gamma
    return (g - g.mean(axis=1)[:, None] - xhat * (g * xhat).mean(axis=1)[:, None]) / std


MISTAKES[
    "layer_norm_dx", "your variance is divided by D - 1: a normalization uses D, as x.var does by itself."
] = _


def _(dout, x, gamma):
    D = x.shape[1]
    std = np.sqrt(x.var(axis=1, ddof=1, keepdims=True) + 1e-5)
    xhat = (x - x.mean(axis=1, keepdims=True)) / std
    g = dout * gamma
    return (g - g.mean(axis=1, keepdims=True) - xhat * (g * xhat).sum(axis=1, keepdims=True) / (D - 1)) / std


ALTERNATIVES[
    "layer_norm_dx",
    "your variance is divided by D - 1: a normalization uses D, as x.var does by itself.",
    "derived throughout with D - 1, so its path through the variance has D - 1 too",
] = _


def _(dout, x, gamma):
    mean = x.mean(axis=1, keepdims=True)
    std = x.std(axis=1, keepdims=True)
    xhat = (x - mean) / std
    g = dout * gamma
    return (g - g.mean(axis=1, keepdims=True) - xhat * (g * xhat).mean(axis=1, keepdims=True)) / std


MISTAKES[
    "layer_norm_dx", "epsilon is missing: a row that hardly varies gets a gradient that is far too large."
] = _


def _(dout, x, gamma):
    mean = x.mean(axis=1, keepdims=True)
    std = np.sqrt(x.var(axis=1, keepdims=True)) + 1e-5
    xhat = (x - mean) / std
    g = dout * gamma
    mean_g = g.mean(axis=1, keepdims=True)
    mean_gx = (g * xhat).mean(axis=1, keepdims=True)
    return (g - mean_g - xhat * mean_gx) / std


MISTAKES[
    "layer_norm_dx", "you add epsilon to the standard deviation: it is added to the variance, under the root."
] = _


def _(dout, x, gamma):
    mean = x.mean(axis=1, keepdims=True)
    var = x.var(axis=1, keepdims=True) + 1e-5
    xhat = (x - mean) / np.sqrt(var)
    g = dout * gamma
    dx = g - g.mean(axis=1, keepdims=True) - xhat * np.mean(g * xhat, axis=1, keepdims=True)
    return dx / var


MISTAKES[
    "layer_norm_dx",
    "you divide by the variance at the end: x is divided by the standard deviation, and so is its gradient.",
] = _


def _(dout, x, gamma):
    std = np.sqrt(x.var(axis=1, keepdims=True) + 1e-5)
    scaled = x / std
    g = dout * gamma
    return (g - g.mean(axis=1, keepdims=True) - scaled * (g * scaled).mean(axis=1, keepdims=True)) / std


MISTAKES[
    "layer_norm_dx",
    "in the path through the variance you use x / std: the normalized value is (x - mean) / std.",
] = _


def _(dout, x, gamma):
    mean = x.mean(axis=1, keepdims=True)
    var = x.var(axis=1, keepdims=True)
    return gamma * (x - mean) / np.sqrt(var + 1e-5)


MISTAKES[
    "layer_norm_dx",
    "this is the forward pass, without beta: what is asked for is the gradient that comes back.",
] = _


# ---------------------------------------------------------------- kept_statistics


def _(batches, momentum):
    D = batches.shape[2]
    mean, var = np.zeros(D), np.ones(D)
    for batch in batches:
        mean = momentum * mean + (1 - momentum) * batch.mean(axis=0)
        var = momentum * var + (1 - momentum) * batch.var(axis=0, ddof=1)
    return mean, var


MISTAKES[
    "kept_statistics",
    "you follow Keras, where momentum is the weight of the old value: in PyTorch it is that of the new one.",
] = _


def _(batches, momentum):
    steps, N, D = batches.shape
    running_mean = np.zeros(D)
    running_var = np.ones(D)
    for s in range(steps):
        mu = batches[s].sum(axis=0) / N
        sigma2 = ((batches[s] - mu) ** 2).sum(axis=0) / N
        running_mean = running_mean * momentum + mu * (1 - momentum)
        running_var = running_var * momentum + sigma2 * (1 - momentum)
    return running_mean, running_var


MISTAKES[
    "kept_statistics",
    "this is how Keras does it: in PyTorch momentum is the weight of the new value, "
    "and the variance that is kept is the unbiased one.",
] = _


def _(batches, momentum):
    mean = np.zeros(batches.shape[-1])
    var = np.ones(batches.shape[-1])
    for b in batches:
        mean += momentum * (b.mean(axis=0) - mean)
        var += momentum * (b.var(axis=0) - var)
    return mean, var


MISTAKES[
    "kept_statistics",
    "your variances are divided by N: that is right for normalizing, but PyTorch "
    "keeps the unbiased one, with ddof=1.",
] = _


def _(batches, momentum):
    D = batches.shape[2]
    mean = np.zeros(D)
    spread = np.ones(D)
    for b in batches:
        mean = (1 - momentum) * mean + momentum * b.mean(axis=0)
        spread = (1 - momentum) * spread + momentum * b.std(axis=0, ddof=1)
    return mean, spread


MISTAKES["kept_statistics", "you average standard deviations: what is kept is the variance."] = _


def _(batches, momentum):
    D = batches.shape[2]
    mean = np.zeros(D)
    std = np.ones(D)
    for b in batches:
        mean = (1 - momentum) * mean + momentum * b.mean(axis=0)
        std = (1 - momentum) * std + momentum * b.std(axis=0, ddof=1)
    return mean, std**2


ALTERNATIVES[
    "kept_statistics",
    "you average standard deviations: what is kept is the variance.",
    "the running standard deviation is squared before it is returned",
] = _


def _(batches, momentum):
    D = batches.shape[2]
    stats = np.zeros((2, D))
    for b in batches:
        new = np.stack([b.mean(axis=0), b.var(axis=0, ddof=1)])
        stats = (1 - momentum) * stats + momentum * new
    return stats[0], stats[1]


MISTAKES[
    "kept_statistics", "your variance begins at 0: it begins at 1, so that a fresh layer changes nothing."
] = _


def _(batches, momentum):
    D = batches.shape[2]
    mean = np.ones(D)
    var = np.ones(D)
    for b in batches:
        mean = (1 - momentum) * mean + momentum * b.mean(axis=0)
        var = (1 - momentum) * var + momentum * b.var(axis=0, ddof=1)
    return mean, var


MISTAKES["kept_statistics", "your mean begins at 1: only the variance does, and the mean begins at 0."] = _


def _(batches, momentum):
    mean = batches[0].mean(axis=0)
    var = batches[0].var(axis=0, ddof=1)
    for b in batches[1:]:
        mean = (1 - momentum) * mean + momentum * b.mean(axis=0)
        var = (1 - momentum) * var + momentum * b.var(axis=0, ddof=1)
    return mean, var


MISTAKES[
    "kept_statistics",
    "you begin with the statistics of the first batch: begin with 0 and 1, and count "
    "that batch like the others.",
] = _


def _(batches, momentum):
    means = batches.mean(axis=1)
    variances = batches.var(axis=1, ddof=1)
    return means.mean(axis=0), variances.mean(axis=0)


MISTAKES[
    "kept_statistics",
    "you give every batch the same weight: a running average forgets, so later batches count more.",
] = _


def _(batches, momentum):
    D = batches.shape[2]
    rows = batches.reshape(-1, D)
    return rows.mean(axis=0), rows.var(axis=0, ddof=1)


MISTAKES[
    "kept_statistics",
    "these are the statistics of all rows together: a running average is updated batch by batch.",
] = _


def _(batches, momentum):
    D = batches.shape[2]
    mean, var = np.zeros(D), np.ones(D)
    for b in batches:
        mean = b.mean(axis=0)
        var = b.var(axis=0, ddof=1)
    return mean, var


MISTAKES[
    "kept_statistics", "you keep the last batch alone: a running average also keeps most of what came before."
] = _


def _(batches, momentum):
    D = batches.shape[2]
    for b in batches:
        mean = (1 - momentum) * np.zeros(D) + momentum * b.mean(axis=0)
        var = (1 - momentum) * np.ones(D) + momentum * b.var(axis=0, ddof=1)
    return mean, var


ALTERNATIVES[
    "kept_statistics",
    "you keep the last batch alone: a running average also keeps most of what came before.",
    "0 and 1 are set anew in each turn, so the last batch alone is mixed with them",
] = _


def _(batches, momentum):
    D = batches.shape[2]
    mean, var = np.zeros(D), np.ones(D)
    for b in batches:
        mean = (1 - momentum) * mean + momentum * b.mean(axis=0)
        var = (1 - momentum) * var + momentum * b.var(axis=0, ddof=1)
        return mean, var


MISTAKES["kept_statistics", "you stop after the first batch: does your return stand inside the loop?"] = _


def _(batches, momentum):
    steps, N, D = batches.shape
    mean, var = np.zeros(D), np.ones(D)
    for s in range(steps - 1, -1, -1):
        mean = (1 - momentum) * mean + momentum * batches[s].mean(axis=0)
        var = (1 - momentum) * var + momentum * batches[s].var(axis=0, ddof=1)
    return mean, var


MISTAKES[
    "kept_statistics", "the last batch counts least with you: go through them from the first to the last."
] = _


def _(batches, momentum):
    D = batches.shape[2]
    mean, var = np.zeros(D), np.ones(D)
    for b in batches:
        mean += momentum * b.mean(axis=0)
        var += momentum * b.var(axis=0, ddof=1)
    return mean, var


MISTAKES[
    "kept_statistics",
    "you add each batch and let go of nothing: the old value is to be multiplied by 1 - momentum.",
] = _


def _(batches, momentum):
    steps, _, D = batches.shape
    m = np.zeros(D)
    v = np.zeros(D)
    for t in range(steps):
        m = (1 - momentum) * m + momentum * batches[t].mean(axis=0)
        v = (1 - momentum) * v + momentum * batches[t].var(axis=0, ddof=1)
    correction = 1 - (1 - momentum) ** steps
    return m / correction, v / correction


MISTAKES[
    "kept_statistics",
    "you have corrected for the beginning, as Adam does: PyTorch leaves the 0 and 1 in its averages.",
] = _


def _(batches, momentum):
    D = batches.shape[2]
    m, v = np.zeros(D), np.ones(D)
    for b in batches:
        m = (1 - momentum) * m + momentum * b.mean(axis=0)
        v = (1 - momentum) * v + momentum * b.var(axis=0, ddof=1)
    correction = 1 - (1 - momentum) ** len(batches)
    return m / correction, v / correction


ALTERNATIVES[
    "kept_statistics",
    "you have corrected for the beginning, as Adam does: PyTorch leaves the 0 and 1 in its averages.",
    "the variance still begins at 1, and both are divided at the end",
] = _


def _(batches, momentum):
    steps, N, D = batches.shape
    mean, var = np.zeros(D), np.ones(D)
    for b in batches:
        mean = (1 - momentum) * mean + momentum * b.mean(axis=0)
        batch_var = np.sum((b - mean) ** 2, axis=0) / (N - 1)
        var = (1 - momentum) * var + momentum * batch_var
    return mean, var


MISTAKES[
    "kept_statistics",
    "you measure the spread around the running mean: the variance of a batch is that around its own mean.",
] = _


def _(batches, momentum):
    steps, N, D = batches.shape
    mean, var = np.zeros(D), np.ones(D)
    for b in batches:
        batch_var = np.sum((b - mean) ** 2, axis=0) / (N - 1)
        var = (1 - momentum) * var + momentum * batch_var
        mean = (1 - momentum) * mean + momentum * b.mean(axis=0)
    return mean, var


ALTERNATIVES[
    "kept_statistics",
    "you measure the spread around the running mean: the variance of a batch is that around its own mean.",
    "around the running mean as it was before this batch",
] = _


def _(batches, momentum):
    mean, var = 0.0, 1.0
    for b in batches:
        mean = (1 - momentum) * mean + momentum * b.mean(axis=1)
        var = (1 - momentum) * var + momentum * b.var(axis=1, ddof=1)
    return mean, var


MISTAKES[
    "kept_statistics", "you take the statistics of each row: within a batch, the mean runs over its N rows."
] = _
