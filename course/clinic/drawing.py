"""The panel as one figure: six small pictures, the same for every network, and one sentence."""

import numpy as np
from matplotlib.figure import Figure

from course import plots
from course.arguments import instance, sequence
from course.clinic.panel import ACTIVATION_EDGES, GRADIENT_EDGES, Run, summary
from course.words import say

PANELS = 3, 2
# In inches, for a page as narrow as a phone.
SIZE = 6.4, 8.4
# The healthy twin, wherever it is drawn.
GREY = "0.65"
SHARES = {
    "dead": "{first:.0%} of the units are dead at the start, {last:.0%} at the end",
    "saturated": "{first:.0%} are saturated at the start, {last:.0%} at the end",
}
# What lies beyond is drawn at the edge.
LOSSES, RATIOS = (1e-4, 1e4), (1e-8, 10)


def figure(run, twin=None):
    """Return a figure of the panel and its sentence.

    >>> from course.clinic.cases import Case, train
    >>> fig, sentence = figure(train(Case("inputs not scaled", seed=0)).run)
    >>> print(sentence.partition(";")[0])
    The inputs have a mean of 0 and a standard deviation of 255
    """
    with plots.styled():
        fig = Figure(figsize=SIZE, layout="constrained")
        axes = fig.subplots(*PANELS, subplot_kw={"axes_class": plots.Panel})
        return fig, draw(list(axes.flat), run, twin)


def draw(axes, run, twin=None):
    """Draw a run on six Axes, with its healthy twin in grey, and return the sentence.

    Loss of each step, with ln C, and accuracies; activations and gradients of each layer before the first
    step; the shares of dead and of saturated units, and the update ratios, where a layer keeps its colour.
    """
    instance("run", run, Run, "a Run of course.clinic.panel")
    axes = sequence("axes", axes)
    if len(axes) != 6:
        raise ValueError(f"axes must be six, but are {len(axes)}.")
    loss, accuracy, active, gradient, units, update = axes
    # Six pictures need more room than the two of other figures.
    loss.figure.set_size_inches(SIZE)
    _scales(loss, accuracy)
    units.set(title=say("dead, saturated"), ylim=(-0.03, 1.03), xlabel=say("step"))
    update.set(title=say("update ratio"), yscale="log", ylim=RATIOS, xlabel=say("step"))
    if twin is not None:
        _lines(loss, accuracy, units, update, instance("twin", twin, Run, "a Run, as run is"), GREY)
    _lines(loss, accuracy, units, update, run)
    if run.classes > 1:
        loss.axhline(np.log(run.classes), color="black", linestyle=":", linewidth=1)
    layers, gradients = run.layers, {"title": say("log10 gradient"), "xlabel": say("layer")}
    if layers.counts[0].size:
        plots.histograms(active, layers.counts[0], ACTIVATION_EDGES)
        active.set(title=say("activations"), xlabel=say("layer"))
    else:
        active.set(title=say("no hidden layer"))
    plots.histograms(gradient, layers.gradient_counts[0], GRADIENT_EDGES, **gradients)
    return sentence(run)


def sentence(run):
    """Say in one sentence what the panel shows, as far as it was seen."""
    seen = summary(instance("run", run, Run, "a Run of course.clinic.panel"))
    parts = [
        say(
            "The inputs have a mean of {mean:.2g} and a standard deviation of {std:.3g}",
            # Of centred inputs the mean is the rounding of a sum.
            mean=round(seen["input_mean"], 9) + 0,
            std=seen["input_std"],
        ),
        say(
            "the loss starts at {first:.3g}, where guessing costs {guessing:.3g}",
            first=seen["first_loss"],
            guessing=np.log(run.classes),
        )
        if run.classes > 1
        else say("the loss starts at {first:.3g}", first=seen["first_loss"]),
        say("it ends at {last:.3g}", last=seen["last_loss"])
        if np.isfinite(seen["last_loss"])
        else say("it does not stay finite"),
    ]
    if np.isfinite(seen["training"]):
        parts.append(say("of the training rows {share:.0%} are right", share=seen["training"]))
    if np.isfinite(seen["validation"]):
        parts.append(say("of the validation rows {share:.0%} are right", share=seen["validation"]))
    return "; ".join([*parts, *_of_layers(run, seen)]) + "."


def _of_layers(run, seen):
    """Yield what the pictures of the layers show, for those who cannot see them."""
    std, gradient = run.layers.std[0], run.layers.gradient[0]
    if np.isfinite(seen["std_ratio"]):
        yield say(
            "the activations' standard deviation is {first:.2g} in the first layer and {last:.2g} in the "
            "last, and {zero:.0%} of them are zero",
            first=std[0],
            last=std[-1],
            zero=seen["zero_first"],
        )
    if np.isfinite(gradient).all():
        yield say("the gradients are {first:.2g} and {last:.2g}", first=gradient[0], last=gradient[-1])
    for name, text in SHARES.items():
        share = getattr(run.layers, name)
        if share.size and np.isfinite(share[[0, -1]]).all():
            yield say(text, first=share[0].mean(), last=share[-1].mean())
    if np.isfinite([seen["update"], seen["lowest_update"]]).all():
        yield say(
            "a step moves the weights by {update:.2g} of their size, and in one layer by {lowest:.2g}",
            update=seen["update"],
            lowest=seen["lowest_update"],
        )


def _scales(loss, accuracy):
    # Scales come first: limits that follow a flat curve are one number, of which a logarithm makes none.
    loss.set(title=say("loss; dotted, ln C"), yscale="log", xlabel=say("step"))
    accuracy.set(title=say("accuracy"), ylim=(-0.03, 1.03), xlabel=say("step"))


def _curves(loss, accuracy, run, colour=None):
    """Loss and accuracies; another run is drawn in one colour and without names."""
    plots.curve(loss, np.arange(len(run.loss)), np.clip(run.loss, *LOSSES), color=colour or plots.COLOURS[0])
    _shares(
        accuracy,
        run.steps,
        {say("training"): run.train_accuracy, say("validation"): run.validation_accuracy},
        colour,
    )


def _shares(ax, steps, shares, colour):
    """Two shares over time, as far as they are known."""
    looks = (plots.COLOURS[0], "-"), (plots.COLOURS[1], "--")
    for (name, share), (shade, dash) in zip(shares.items(), looks, strict=True):
        if np.isfinite(share).any():
            label = {} if colour else {"label": name, "legend": "best"}
            plots.curve(ax, steps, share, **label, color=colour or shade, linestyle=dash)


def _lines(loss, accuracy, units, update, run, colour=None):
    """The four pictures over time; a twin is drawn in one colour and without names."""
    layers = run.layers
    _curves(loss, accuracy, run, colour)
    # The mean over no hidden layers would be a warning.
    if layers.dead.size:
        means = {say("dead"): layers.dead.mean(axis=1), say("saturated"): layers.saturated.mean(axis=1)}
        _shares(units, run.steps, means, colour)
    ratios = np.clip(layers.update_ratio.T, *RATIOS)
    for i, ratio in enumerate(ratios, 1):
        ends = not colour and i in (1, len(ratios))
        label = {"label": say("layer {i}", i=i), "legend": "best"} if ends else {}
        plots.curve(update, run.steps, ratio, **label, color=colour)
