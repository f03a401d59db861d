"""Calls a learner's function in a process of its own, and tells in one value what happened.

Whatever the function does there, this process goes on. The other one is forked off, so that it has the
function with all that it needs, and has a limit of time and memory. What comes back are arrays, numbers and
text alone. On a system that cannot fork, the function is called right here, and nothing ends an endless loop.
"""

import builtins
import contextlib
import copy
import faulthandler
import gc
import inspect
import io
import linecache
import logging
import multiprocessing
import os
import pickle
import random
import signal
import traceback
import types
import warnings
from dataclasses import dataclass, field
from typing import NamedTuple

import numpy as np
from threadpoolctl import threadpool_limits

# Seconds for all calls together; and bytes that they may take in addition to what the process has.
SECONDS, MEMORY = 1.5, 2**28
CAN_FORK = hasattr(os, "fork")
PLAIN = bool | int | float | complex | str | np.generic


class Value(NamedTuple):
    """What a call returned: the name of its type; and an array, a tuple of values, or None if neither."""

    kind: str
    data: np.ndarray | tuple | None


@dataclass(frozen=True)
class Ran:
    """What happened: an `end`, with its `words` by name, and where it is "returned", a `Value` for each call.

    The ends are "returned", "raised", "undefined" (a name), "overwritten" (np), "own" (a function of the
    course was called), "endless", "memory", "ended", "changed" (an argument) and "global random"; `printed`
    is what the calls wrote.
    """

    end: str
    values: tuple = ()
    printed: str = ""
    words: dict = field(default_factory=dict)


def run(function, calls, own=()):
    """Call `function` with each tuple of arguments in `calls`; it must not call functions in `own`."""
    return _forked(function, calls, own) if CAN_FORK else _observed(function, calls)


def value(result):
    """Return as a `Value` what a function returned: nothing in it is of a class that others wrote."""
    kind = type(result).__name__
    # What a class of the learner's answers may be an error. Tables of pandas and lists become arrays too, so
    # that a mistake in them is recognized as well.
    with contextlib.suppress(Exception):
        if isinstance(result, tuple):
            return Value("tuple", tuple(map(value, result)))
        if isinstance(result, PLAIN | list) or hasattr(result, "__array__"):
            array = np.array(result, subok=False)
            if array.dtype.kind in "biufc" or (array.dtype.kind == "U" and not array.ndim):
                return Value(kind, array)
            if kind == "ndarray":
                return Value(f"array of {array.dtype}", None)
    return Value(kind, None)


def _observed(function, calls):
    values, printed = [], io.StringIO()
    with contextlib.redirect_stdout(printed), contextlib.redirect_stderr(printed), warnings.catch_warnings():
        warnings.simplefilter("ignore")
        for number, arguments in enumerate(calls):
            given, state = copy.deepcopy(arguments), _random_state()
            try:
                values.append(value(function(*given)))
            except MemoryError:
                return Ran("memory")
            except SystemExit:
                return Ran("ended")
            except BaseException as error:
                return _raised(error, number, function, printed.getvalue())
            if changed := [
                place for place, pair in enumerate(zip(arguments, given, strict=True)) if _differ(*pair)
            ]:
                return Ran("changed", words={"place": changed[0]})
            if not _same_state(state, _random_state()):
                return Ran("global random")
    return Ran("returned", tuple(values), printed.getvalue())


def _raised(error, number, function, printed):
    frames = traceback.extract_tb(error.__traceback__)
    if isinstance(error, _Own):
        return Ran("own", words={"own": frames[-1].name})
    if isinstance(error, NameError) and not isinstance(error, UnboundLocalError):
        return Ran("undefined", words={"name": str(error.name)})
    if not isinstance(getattr(function, "__globals__", {}).get("np", np), types.ModuleType):
        return Ran("overwritten")
    file = getattr(getattr(function, "__code__", None), "co_filename", None)
    lines = [frame.lineno for frame in frames if frame.filename == file]
    said = (str(error).strip().splitlines() or [""])[-1]
    words = {
        "error": f"{type(error).__name__}: {said}" if said else type(error).__name__,
        "call": number,
        "line": linecache.getline(file, lines[-1]).strip() if lines else "",
    }
    return Ran("raised", printed=printed, words=words)


def _differ(before, after):
    if isinstance(before, tuple | list):
        return len(before) != len(after) or any(map(_differ, before, after))
    if isinstance(before, dict):
        return before.keys() != after.keys() or any(_differ(before[key], after[key]) for key in before)
    if not isinstance(before, np.ndarray):
        # A generator is there to be drawn from.
        return isinstance(before, PLAIN) and before != after
    return (before.shape, before.dtype) != (after.shape, after.dtype) or before.tobytes() != after.tobytes()


def _random_state():
    return np.random.get_state(), random.getstate()  # noqa: NPY002


def _same_state(a, b):
    return a[1] == b[1] and a[0][2:] == b[0][2:] and np.array_equal(a[0][1], b[0][1])


class _Own(BaseException):
    """A function that the learner is to write was called."""


def _forbidden(*_, **__):
    raise OWN  # noqa: F821, set where it is needed


def _forked(function, calls, own):
    reader, writer = multiprocessing.Pipe(duplex=False)
    with warnings.catch_warnings():
        # Newer Pythons warn of a fork beside threads, whose locks stay locked. The child asks for none.
        warnings.simplefilter("ignore", DeprecationWarning)
        child = os.fork()
    if not child:
        _be_the_child(function, calls, own, writer)
    writer.close()
    try:
        if not reader.poll(SECONDS):
            return Ran("endless")
        return pickle.loads(reader.recv_bytes())
    except (EOFError, OSError):
        return Ran("ended")
    finally:
        # With all that it has started.
        for kill in os.killpg, os.kill:
            with contextlib.suppress(OSError):
                kill(child, signal.SIGKILL)
        os.waitpid(child, 0)
        reader.close()


def _be_the_child(function, calls, own, writer):
    """Observe the function, send what happened, and end: nothing of the parent is to go on here."""
    try:
        pid = os.getpid()
        _limit()
        for forbidden in own:
            # Its code is put out of the way, under whatever name the learner calls it.
            forbidden = inspect.unwrap(forbidden)
            forbidden.__globals__["OWN"] = _Own
            forbidden.__code__ = _forbidden.__code__.replace(co_name=forbidden.__name__)
        with threadpool_limits(1):
            ran = _observed(function, calls)
        # The function may have forked, and there are two of us.
        if os.getpid() == pid:
            writer.send_bytes(pickle.dumps(ran))
    except MemoryError:
        writer.send_bytes(pickle.dumps(Ran("memory")))
    finally:
        os._exit(0)


def _no_input(*_):
    raise EOFError("nobody answers input() here")


def _limit():
    """Set limits, and part with what is the parent's: group, signals, terminal and objects."""
    import resource

    os.setsid()
    gc.freeze()
    faulthandler.disable()
    logging.disable()
    null = os.open(os.devnull, os.O_RDWR)
    for stream in range(3):
        os.dup2(null, stream)
    # A notebook would show a box to type into.
    builtins.input = _no_input
    # Should the parent end before it ends us.
    signal.signal(signal.SIGALRM, signal.SIG_DFL)
    signal.alarm(int(SECONDS) + 2)
    resource.setrlimit(resource.RLIMIT_CORE, (0, 0))
    # Where there is no /proc, on macOS, no limit of memory would hold either.
    with contextlib.suppress(OSError), open("/proc/self/statm") as sizes:
        most = int(sizes.read().split()[0]) * resource.getpagesize() + MEMORY
        resource.setrlimit(resource.RLIMIT_AS, (most, most))
