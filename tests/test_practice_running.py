"""Whatever a learner's function does, it is answered by one sentence, soon, and nothing here is changed."""

import gc
import os
import subprocess
import sys
import time
from pathlib import Path

import numpy as np
import pandas as pd
import pytest
from threadpoolctl import threadpool_limits

from course.practice import check, running
from course.practice.checking import judge
from course.practice.exercises import exercise

# The code of a notebook in which something goes wrong, and a part of the sentence that answers it.
WEIRD = {
    "returns None": ("y = x > 0", "did you forget return?"),
    "raises": ("raise ValueError('first\\nno such slope')", "raises ValueError: no such slope"),
    "raises without a word": ("raise KeyError", "raises KeyError"),
    "wrong shapes": ("return x @ np.ones((3, 2))", "raises ValueError: matmul"),
    "prints": ("print(x > 0)", "write return in place of print"),
    "prints and returns": ("print(x)\n    return 1.0 * (x > 0).astype(x.dtype)", None),
    "changes its input": ("x[x > 0] = 1\n    return x", "changes its argument x"),
    "changes its input's shape": ("x.shape = (7, 1)\n    return x", "changes its argument x"),
    "loops for ever": ("while True: pass", "still running"),
    "sleeps": ("import time\n    time.sleep(60)", "still running"),
    "catches all": (
        "while True:\n        try:\n            while True: pass\n        except BaseException: pass",
        "still running",
    ),
    "swallows KeyboardInterrupt": (
        "import signal, time\n    signal.signal(signal.SIGINT, signal.SIG_IGN)\n    time.sleep(60)",
        "still running",
    ),
    "raises KeyboardInterrupt": ("raise KeyboardInterrupt", "raises KeyboardInterrupt"),
    "grows a list": ("rows = []\n    while True: rows.append(np.ones(10_000))", "loop"),
    "asks for much": ("return np.ones(10**12)", "memory"),
    "asks for much and fills it": ("return np.ones((2**15, 2**14)).sum(axis=1)", "memory"),
    "returns much": ("return np.zeros(2**20)", "the shape (1048576,), and (7,) is asked for"),
    "recurs": ("return my_relu_grad(x)", "raises RecursionError"),
    "overwrites np": ("global np\n    np = None\n    return np.sign(x)", "np is no longer NumPy"),
    "overwrites check": ("global check\n    check = None", "did you forget return?"),
    "overwrites a function of NumPy": (
        "np.sign = np.isclose = np.array = None\n    return 1",
        "an array is asked for",
    ),
    "needs a name": ("return slope(x)", "needs slope, which is not defined"),
    "misspells a local name": ("if False: y = 1\n    return y", "raises UnboundLocalError"),
    "calls the course's": (
        "from course.activations import relu_grad\n    return relu_grad(x)",
        "calls the course's own relu_grad",
    ),
    "calls the reference": (
        "from course.practice import topic_01 as t\n    return t.relu_grad(x)",
        "calls the course's own relu_grad",
    ),
    "forks": ("import os\n    os.fork()\n    return x > 0", "truth values"),
    "forks and stays": ("import os\n    while os.fork(): pass\n    while True: pass", "still running"),
    "starts a process": (
        "import subprocess\n    subprocess.Popen(['sleep', '61'])\n    return x > 0",
        "truth values",
    ),
    "exits": ("import sys\n    sys.exit()", "ends the whole process"),
    "quits at once": ("import os\n    os._exit(0)", "ends the whole process"),
    "crashes": ("import ctypes\n    ctypes.string_at(0)", "ends the whole process"),
    "writes to the terminal": ("import os\n    os.system('echo loud; echo loud >&2')", "forget return?"),
    "asks": ("return input('x?')", "raises EOFError: nobody answers"),
    "is a generator": ("yield x > 0", "returns the type generator"),
    "returns the type function": ("return lambda: x", "returns the type function"),
    "returns an open file": ("return open(__import__('os').devnull)", "returns the type TextIOWrapper"),
    "returns objects": ("return np.array([object()] * 7)", "returns the type array of object"),
    "returns the type dict": ("return {'x': x}", "returns the type dict"),
    "returns text": ("return 'x > 0'", "returns the type str"),
    "returns complex numbers": ("return (x > 0) + 0j", "complex"),
    "returns a list": ("return [float(v > 0) for v in x]", "a list: make it an array"),
    "returns a list of rows": ("return [[1], [1, 2]]", "returns a list: make"),
    "returns a table": ("return pandas.DataFrame(x > 0)", "returns the type DataFrame: make it an array"),
    "returns a column": ("return pandas.Series(x > 0)", "returns the type Series: make it an array"),
    "returns a matrix": ("return np.asmatrix(x)", "returns the type matrix: make it an array"),
    "returns a masked array": (
        "return np.ma.masked_less(x, 0)",
        "returns the type MaskedArray: make it an array",
    ),
    "returns a subclass": (
        "class Mine(np.ndarray):\n        __getattr__ = __len__ = None\n    return x.view(Mine)",
        "returns the type Mine: make it an array",
    ),
    "returns the type tuple": ("return x, x", "returns the type tuple"),
    "returns one number": ("return 1", "one number"),
    "lies about its class": (
        "class Mine:\n        __class__ = property(lambda s: 1/0)\n    return Mine()",
        "returns the type Mine",
    ),
    "draws": ("return np.random.rand(7)", "global random state"),
    "seeds": ("import random\n    random.seed(1)\n    return x", "global random state"),
    "is hard-coded": ("return np.array([1.0, 0, 0, 1, 0, 0, 1]).astype(x.dtype)", "the same for every input"),
    "is off at one place": ("y = (x > 0) * 1.0\n    y[2] = 7\n    return y.astype(x.dtype)", "for x[2] = "),
    "divides by zero": ("return (x / x).astype(x.dtype)", "gives nan"),
    "takes two": (None, "takes (x, y), but is called with (x)"),
    "is half written": ("slope = ...\n    return slope * x", "not started"),
    "is not implemented": ("raise NotImplementedError", "not started"),
    "is a placeholder": ("result = ...\n    return result", "not started"),
    "has a docstring": ("'''The slope.'''", "not started"),
    "passes": ("pass", "not started"),
    "returns NotImplemented": ("return NotImplemented", "not started"),
}


def written(body):
    """A function as a cell of a notebook defines it."""
    source = "def my_relu_grad(x, y):\n    return x" if body is None else f"def my_relu_grad(x):\n    {body}"
    space = {"np": np, "pandas": pd, "check": check}
    exec(compile(source, "a cell", "exec"), space)
    return space["my_relu_grad"]


def surroundings():
    folder = sorted(os.listdir("/proc/self/fd")) if os.path.isdir("/proc/self/fd") else None
    return np.sign, np.random.get_state()[1].tolist(), folder, os.getcwd()  # noqa: NPY002


@pytest.mark.skipif(not running.CAN_FORK, reason="needs a system that can fork")
@pytest.mark.parametrize(("body", "said"), WEIRD.values(), ids=WEIRD)
def test_a_weird_function_gets_one_sentence_soon(body, said, capfd):
    function, before = written(body), surroundings()
    begun = time.monotonic()
    answer = check.relu_grad(function)
    took = time.monotonic() - begun
    assert (said or "passed") in repr(answer)
    assert "\n" not in repr(answer)
    assert len(repr(answer)) < 250
    # Something else may be running on the machine; its limit alone is 1.5.
    assert took < 4
    assert surroundings() == before
    assert capfd.readouterr() == ("", "")
    with pytest.raises(ChildProcessError):
        os.waitpid(-1, os.WNOHANG)


@pytest.mark.parametrize("answer", [3, "x > 0", np.ones(3), [1], {"a": 1}], ids=type)
def test_what_is_no_function_is_said(answer):
    assert "without parentheses" in repr(check.relu_grad(answer))


@pytest.mark.parametrize("answer", [None, ..., NotImplemented])
def test_nothing_is_not_started(answer):
    assert repr(check.relu_grad(answer)) == repr(check.relu_grad()) == "not started"


def test_callables_of_all_kinds_are_called():
    class Slope:
        def __call__(self, x):
            return (x > 0).astype(x.dtype)

    import functools

    for function in (Slope(), Slope().__call__, functools.partial(Slope.__call__, None)):
        assert repr(check.relu_grad(function)) == "passed"


def test_a_function_of_numpy_is_called():
    assert "-1" in repr(check.relu_grad(np.sign))
    assert "raises" in repr(check.relu_grad(np.linalg.svd))


def test_where_there_is_no_fork_the_function_is_called_here(monkeypatch):
    monkeypatch.setattr(running, "CAN_FORK", False)
    monkeypatch.setattr(os, "fork", None)
    for name in ("returns None", "raises", "changes its input", "exits", "needs a name", "draws"):
        body, said = WEIRD[name]
        assert said in repr(check.relu_grad(written(body)))


def test_a_process_that_was_interrupted_is_ended(monkeypatch):
    class Interrupted:
        def __init__(self, pipe):
            self.close, self.recv_bytes = pipe.close, pipe.recv_bytes

        def poll(self, seconds):
            raise KeyboardInterrupt

    pipe = running.multiprocessing.Pipe
    monkeypatch.setattr(
        running.multiprocessing, "Pipe", lambda **how: (Interrupted((two := pipe(**how))[0]), two[1])
    )
    asked = exercise("relu_grad")
    with pytest.raises(KeyboardInterrupt):
        judge(asked, written("while True: pass"), np.random.default_rng())
    with pytest.raises(ChildProcessError):
        os.waitpid(-1, os.WNOHANG)


def alive(pid):
    """Tell whether a process still runs; one that waits to be fetched by its parent does not."""
    stat = Path(f"/proc/{pid}/stat")
    return stat.exists() and stat.read_text().rsplit(")", 1)[1].split()[0] != "Z"


def soon(true, seconds):
    end = time.monotonic() + seconds
    while not true() and time.monotonic() < end:
        time.sleep(0.05)
    return true()


def with_path(body, path):
    """A function that does something and writes the id of a process to a file."""
    return written(f"path = {str(path)!r}\n    {body}")


@pytest.mark.skipif(not os.path.isdir("/proc/self"), reason="looks into /proc")
@pytest.mark.parametrize(
    "start",
    [
        "import subprocess\n    pid = subprocess.Popen(['sleep', '61']).pid",
        "import os, time\n    pid = os.fork()\n    if not pid: time.sleep(61)",
    ],
)
def test_what_a_function_has_started_ends_with_it(start, tmp_path):
    path = tmp_path / "pid"
    check.relu_grad(with_path(f"{start}\n    open(path, 'w').write(str(pid))\n    return x", path))
    assert soon(lambda: not alive(int(path.read_text())), 2)


@pytest.mark.slow
@pytest.mark.skipif(not os.path.isdir("/proc/self"), reason="looks into /proc")
def test_an_endless_function_does_not_outlive_a_kernel_that_was_killed(tmp_path):
    path = tmp_path / "pid"
    body = f"import os, time\n    open({str(path)!r}, 'w').write(str(os.getpid()))\n    time.sleep(61)"
    code = f"from course.practice import check\ndef f(x):\n    {body}\ncheck.relu_grad(f)"
    kernel = subprocess.Popen([sys.executable, "-c", code])
    assert soon(lambda: path.exists() and path.read_text(), 30)
    kernel.kill()
    kernel.wait()
    assert alive(int(path.read_text()))
    assert soon(lambda: not alive(int(path.read_text())), 10)


def test_what_the_notebook_has_thrown_away_is_not_finished_off_twice(tmp_path):
    class Thrown:
        def __init__(self):
            self.itself = self

        def __del__(self):
            with open(tmp_path / "finished", "a") as file:
                file.write(f"{os.getpid()}\n")

    gc.collect()
    gc.disable()
    Thrown()
    check.relu_grad(written("import gc\n    gc.collect()\n    return x"))
    gc.enable()
    gc.collect()
    assert (tmp_path / "finished").read_text() == f"{os.getpid()}\n"


@pytest.mark.skipif(not running.CAN_FORK, reason="needs a system that can fork")
def test_a_function_has_one_thread_for_its_matrices():
    body = "import threadpoolctl as t\n    raise ValueError({p['num_threads'] for p in t.threadpool_info()})"
    with threadpool_limits(2):
        assert "ValueError: {1}" in repr(check.relu_grad(written(body)))
