"""Rows of cold starts: what a fresh process costs before the first line of a notebook."""

import os
import subprocess
import sys

from benchmarks.measure import ratio, row, times

KERNELS = "activations, initializers, preprocessing, normalization, network, optimizers, statistics"


def _children():
    """CPU time of the processes that have ended."""
    spent = os.times()
    return spent.children_user + spent.children_system


def _python(code):
    # Compiled once, as what pip installs is, even where Python is told to write no bytecode.
    surroundings = {k: v for k, v in os.environ.items() if k != "PYTHONDONTWRITEBYTECODE"}
    return lambda: subprocess.run([sys.executable, "-c", code], check=True, env=surroundings)


@row("Cold start of a process, CPU time")
def cold_start():
    """The kernels, and plots with sliders, over import torch and import numpy."""
    t = times(
        {
            "kernels": _python(f"from course import {KERNELS}"),
            "sliders": _python(f"import ipywidgets; from course import {KERNELS}, plots, explore"),
            "NumPy": _python("import numpy"),
            "PyTorch": _python("import torch"),
        },
        clock=_children,
        # That clock ticks a hundred times in a second.
        least=0.5,
    )
    return [
        ratio("course and its kernels, over import torch", t["kernels"], t["PyTorch"], "<= 0.09"),
        ratio("course and its kernels, over import numpy", t["kernels"], t["NumPy"], "<= 1.1"),
        ratio("with plots and sliders, over import torch", t["sliders"], t["PyTorch"], "<= 0.45"),
    ]
