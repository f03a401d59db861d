"""An update rule turns a gradient into a step; the rules differ in what they remember of earlier gradients.

Each rule is a function `(dw, state, rate) -> (step, state)` for one array of parameters: add the step to the
parameters, and hand the state back at the next call. `state` is None at the first call. `rate` broadcasts
against `dw`. A gradient too large gives infinities and NaN, not warnings. See slides 81 and 87, and the
second part of the lecture for the rules with a memory.
"""

import numpy as np

from course.arguments import floats


@np.errstate(all="ignore")
def sgd(dw, state, rate):
    """Gradient descent, step = -rate dw: no memory.

    >>> sgd(np.array([2.0]), None, 0.1)
    (array([-0.2]), None)
    """
    return -rate * floats("dw", dw), state


@np.errstate(all="ignore")
def momentum(dw, state, rate, mu=0.9):
    """Momentum (Polyak 1964): v = mu v - rate dw; step = v. A ball that rolls and is slowed by friction.

    >>> step, v = momentum(np.array([2.0]), None, 0.1)
    >>> step, v = momentum(np.array([2.0]), v, 0.1)
    >>> step
    array([-0.38])
    """
    v = mu * (0 if state is None else state)
    # In place: what is still in the cache need not be written elsewhere.
    v -= rate * floats("dw", dw)
    return v, v


@np.errstate(all="ignore")
def nesterov(dw, state, rate, mu=0.9):
    """Nesterov momentum (1983), in the form whose gradient is taken at the parameters themselves.

    v' = mu v - rate dw; step = -mu v + (1 + mu) v'.

    >>> step, v = nesterov(np.array([2.0]), None, 0.1)
    >>> step
    array([-0.38])
    """
    old = 0 if state is None else state
    v = mu * old - rate * floats("dw", dw)
    return (1 + mu) * v - mu * old, v


@np.errstate(all="ignore")
def rmsprop(dw, state, rate, decay=0.99, epsilon=1e-8):
    """RMSProp (Tieleman & Hinton 2012): divide by the size that gradients had of late.

    s = decay s + (1 - decay) dw^2; step = -rate dw / (sqrt(s) + epsilon).

    >>> step, s = rmsprop(np.array([2.0, 200.0]), None, 0.1)
    >>> step.round(3)
    array([-1., -1.])
    """
    dw = floats("dw", dw)
    s = decay * (0 if state is None else state) + (1 - decay) * np.square(dw)
    return -rate * dw / (np.sqrt(s) + epsilon), s


@np.errstate(all="ignore")
def adam(dw, state, rate, decay1=0.9, decay2=0.999, epsilon=1e-8):
    """Adam (Kingma & Ba 2015): momentum over RMSProp, both corrected for starting at zero.

    m = decay1 m + (1 - decay1) dw and s = decay2 s + (1 - decay2) dw^2; after t steps the step is
    -rate (m / (1 - decay1^t)) / (sqrt(s / (1 - decay2^t)) + epsilon).

    >>> step, state = adam(np.array([2.0, 200.0]), None, 0.1)
    >>> step.round(3)
    array([-0.1, -0.1])
    """
    dw = floats("dw", dw)
    m, s, t = (0, 0, 0) if state is None else state
    m, s, t = decay1 * m + (1 - decay1) * dw, decay2 * s + (1 - decay2) * np.square(dw), t + 1
    step = -rate * (m / (1 - decay1**t)) / (np.sqrt(s / (1 - decay2**t)) + epsilon)
    return step, (m, s, t)


# The update rules by name, as a search names them.
UPDATES = {"sgd": sgd, "momentum": momentum, "nesterov": nesterov, "rmsprop": rmsprop, "adam": adam}
