"""An update rule turns a gradient into a step; the rules differ in what they remember of earlier gradients.

Each rule is a function `(dw, state, rate) -> (step, state)` for one array of parameters: add the step to the
parameters, and hand the state back at the next call. `state` is None at the first call. `rate` broadcasts
against `dw`. A gradient too large gives infinities and NaN, not warnings, but no step where a rule divides by
its square and that is infinite. float16 is computed in float32, where epsilon does not vanish. See slides 81
and 87, and the second part of the lecture for the rules with a memory.

Libraries differ in where the rate stands. Here and in Keras it is part of the velocity; in PyTorch it
multiplies the velocity, so that a rate that falls slows the remembered steps as well. Where the rate is
constant, both walk alike.
"""

import numpy as np

from course.arguments import BELOW_ONE, floats, held, matching, single, whole


@np.errstate(all="ignore")
def sgd(dw, state, rate):
    """Gradient descent, step = -rate dw: no memory.

    >>> sgd(np.array([2.0]), None, 0.1)
    (array([-0.2]), None)
    """
    dw, rate, kind = _wide(dw, rate)
    if state is not None:
        raise ValueError("state must be None, since sgd remembers nothing: it is that of another rule.")
    return (-rate * dw).astype(kind, copy=False), None


@np.errstate(all="ignore")
def momentum(dw, state, rate, mu=0.9):
    """Momentum (Polyak 1964): v = mu v - rate dw; step = v. A ball that rolls and is slowed by friction.

    The state is mu v, what friction leaves of the velocity.

    >>> step, state = momentum(np.array([2.0]), None, 0.1)
    >>> step, state = momentum(np.array([2.0]), state, 0.1)
    >>> step
    array([-0.38])
    """
    dw, rate, kind = _wide(dw, rate)
    v = -rate * dw
    # In place: what is still in the cache need not be written elsewhere.
    v += _remembered(state, dw)
    return v.astype(kind, copy=False), single("mu", mu, 0, 1) * v


@np.errstate(all="ignore")
def nesterov(dw, state, rate, mu=0.9):
    """Nesterov momentum (1983), in the form whose gradient is taken at the parameters themselves.

    v' = mu v - rate dw; step = -mu v + (1 + mu) v'.

    >>> step, v = nesterov(np.array([2.0]), None, 0.1)
    >>> step
    array([-0.38])
    """
    dw, rate, kind = _wide(dw, rate)
    mu, old = single("mu", mu, 0, 1), _remembered(state, dw)
    v = mu * old - rate * dw
    return ((1 + mu) * v - mu * old).astype(kind, copy=False), v


@np.errstate(all="ignore")
def rmsprop(dw, state, rate, decay=0.99, epsilon=1e-8):
    """RMSProp (Tieleman & Hinton 2012): divide by the size that gradients had of late.

    s = decay s + (1 - decay) dw^2; step = -rate dw / (sqrt(s) + epsilon).

    >>> step, s = rmsprop(np.array([2.0, 200.0]), None, 0.1)
    >>> step.round(3)
    array([-1., -1.])
    """
    dw, rate, kind = _wide(dw, rate)
    decay, epsilon = single("decay", decay, 0, 1), single("epsilon", epsilon, 0)
    s = decay * _remembered(state, dw) + (1 - decay) * np.square(dw)
    return (-rate * dw / (np.sqrt(s) + epsilon)).astype(kind, copy=False), s


@np.errstate(all="ignore")
def adam(dw, state, rate, decay1=0.9, decay2=0.999, epsilon=1e-8):
    """Adam (Kingma & Ba 2015): momentum over RMSProp, both corrected for starting at zero.

    m = decay1 m + (1 - decay1) dw and s = decay2 s + (1 - decay2) dw^2; after t steps the step is
    -rate (m / (1 - decay1^t)) / (sqrt(s / (1 - decay2^t)) + epsilon). The state is (m, s, t).

    >>> step, state = adam(np.array([2.0, 200.0]), None, 0.1)
    >>> step.round(3)
    array([-0.1, -0.1])
    """
    dw, rate, kind = _wide(dw, rate)
    decay1, decay2 = single("decay1", decay1, 0, BELOW_ONE), single("decay2", decay2, 0, BELOW_ONE)
    if state is not None and not (isinstance(state, tuple | list) and len(state) == 3):
        raise ValueError("state must be None or the (m, s, t) of adam: it is that of another rule.")
    m, s, t = (0, 0, 0) if state is None else state
    if state is not None:
        m, s = matching("state[0]", m, dw.shape, "dw"), matching("state[1]", s, dw.shape, "dw")
    t = whole("state[2]", t, low=0) + 1
    m, s = decay1 * m + (1 - decay1) * dw, decay2 * s + (1 - decay2) * np.square(dw)
    step = -rate * (m / (1 - decay1**t)) / (np.sqrt(s / (1 - decay2**t)) + single("epsilon", epsilon, 0))
    return step.astype(kind, copy=False), (m, s, t)


# The update rules by name, as a search names them.
UPDATES = {"sgd": sgd, "momentum": momentum, "nesterov": nesterov, "rmsprop": rmsprop, "adam": adam}


def _wide(dw, rate):
    """The gradient and the rate in float32 or wider, and the precision in which the gradient came."""
    dw = floats("dw", dw)
    wide = dw if dw.itemsize > 2 else dw.astype(np.float32)
    if not (type(rate) is np.ndarray and rate.dtype == wide.dtype):
        rate = held("rate", rate, wide.dtype)
    unknown = rate != rate
    if unknown.any() if rate.ndim else unknown:
        raise ValueError("rate must be a number, but is NaN.")
    pairs = zip(rate.shape[::-1], dw.shape[::-1], strict=False)
    if rate.ndim and (rate.ndim > dw.ndim or any(r not in (1, n) for r, n in pairs)):
        raise ValueError(f"rate of shape {rate.shape} does not fit dw of shape {dw.shape}.")
    return wide, rate, dw.dtype


def _remembered(state, dw):
    """What an earlier call remembered of gradients of this shape, zero at the first call."""
    return 0 if state is None else matching("state", state, dw.shape, "dw")
