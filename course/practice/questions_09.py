"""The questions of topic 09: what separates two causes, when a repair is one, and what an alarm is worth."""

import numpy as np

from course.clinic.cases import Case
from course.clinic.experiments import measured, train
from course.clinic.panel import summary
from course.clinic.setup import Setup
from course.practice.questions import Choice, Number, Prediction

# What the diagnosis names a cause for, by the panel: measured, and held to the record by a test.
ILL, ALARM_ILL, ALARM_HEALTHY = 0.1, 0.97, 0.048


def _separates():
    """The experiment in which a rate that is too high and a missing mask differ most, in decades."""
    asked = {
        "Train at a tenth of the learning rate.": "a tenth of the rate: validation",
        "Check the gradient against finite differences.": "gradient check: error",
        "Compute a step by hand from gradient and learning rate.": "step by hand: ratio",
    }
    cases = Case("rate too high", 1), Case("missing ReLU mask", 1)
    apart = {
        answer: abs(np.subtract(*(np.log10(measured(measurement, case)) for case in cases)))
        for answer, measurement in asked.items()
    }
    return max(apart, key=apart.get)


def _stays_up():
    """The run whose loss stays near 0.8 while nine in ten rows are right, in training and in validation."""
    cases = {
        "Three labels in ten are wrong.": Case("noisy labels", 0),
        "It is healthy, and has dropout.": Case(None, 0, Setup(dropped=0.5)),
        "It makes probabilities of probabilities, a softmax of a softmax.": Case("softmax twice", 0),
    }
    seen = {answer: summary(train(case).run) for answer, case in cases.items()}
    (answer,) = [
        answer
        for answer, of in seen.items()
        if 0.5 < of["last_loss"] < 1.2 and min(of["training"], of["validation"]) > 0.85
    ]
    return answer


def _alarms():
    """The fraction of alarms that are right, where one run in ten is ill."""
    right, wrong = ILL * ALARM_ILL, (1 - ILL) * ALARM_HEALTHY
    return right / (right + wrong)


QUESTIONS = {
    "separates_them": Choice(
        "The loss falls and then explodes. Is the learning rate too high, or does the backward pass leave "
        "out the slope of the ReLU? Which experiment tells the two apart?",
        {
            "Train at a tenth of the learning rate.": "Both learn then. That small steps help says nothing "
            "about why large ones do not.",
            "Check the gradient against finite differences.": "The learning rate has no part in the "
            "gradient. So the check fails for one of the two alone.",
            "Compute a step by hand from gradient and learning rate.": "In both the step is what gradient "
            "and rate make of it. One of the two factors is wrong, and this check takes both as given.",
        },
        right=_separates,
    ),
    "when_repaired": Choice(
        "You have changed one thing, and the accuracy is back. When is the cause gone?",
        {
            "It is gone: the accuracy is that of the healthy twin.": "A tenth of the learning rate reaches "
            "nearly that with a gradient that is as wrong as before.",
            "When the loss no longer explodes.": "Small steps and clipped ones keep it from that, whatever "
            "the gradient is.",
            "When the experiment that had failed passes.": "It asked about the cause itself. The accuracy "
            "asks about what the cause does, here and now.",
        },
        right="When the experiment that had failed passes.",
    ),
    "loss_stays_up": Choice(
        "After ten epochs the loss stays near 0.8, and more than 85% of the rows are right in training "
        "and in validation. What is it?",
        {
            "Three labels in ten are wrong.": "Then the training accuracy would stop near 0.75, below that "
            "of validation, whose labels are right.",
            "It is healthy, and has dropout.": "The loss is computed with half of the units dropped, and "
            "the accuracies with all of them.",
            "It makes probabilities of probabilities, a softmax of a softmax.": "Then the loss could not "
            "fall below 1.46.",
        },
        right=_stays_up,
    ),
    "alarm": Number(
        "One run in ten is ill. A diagnosis names a cause for 97% of the ill runs, and for 4.8% of the "
        "healthy ones. It has just named one. How likely is it that the run is ill, to within 0.04?",
        _alarms,
        because="Of a thousand runs 97 are ill and named, and 4.8% of 900, about 43, are healthy and "
        "named. Of these 140 alarms, 97 are right.",
        wrong={
            0.97: "That is how many ill runs are named. Of the runs that are named, some are healthy.",
            0.31: "That is how likely it is a false alarm. Of the 140 runs that are named, 97 are ill.",
            0.1: "So likely it was before the diagnosis. An alarm is much more frequent for an ill run.",
        },
        within=0.04,
    ),
}

# What figures ask before they are shown.
PREDICTIONS = {
    "hidden_error": Prediction(
        "At a tenth of its learning rate the network learns. How large is the error of the gradient check "
        "then, to within a factor of 2?",
        because="The check asks whether the gradient is right. The learning rate multiplies the gradient "
        "afterwards, and has no part in it.",
        wrong={
            1e-9: "So small is the error of a right gradient. The repair has not touched the backward pass.",
            0.09: "The error is that of the gradient, over the gradient. The rate stands in neither.",
        },
        factor=2,
        panel=1,
        at=10,
    ),
    "three_in_ten": Prediction(
        "Three training labels in ten are wrong, those of validation are right. What is the validation "
        "accuracy after ten epochs, to within 0.06?",
        because="Wrong labels are spread over nine classes, and the right one is still the most frequent "
        "for every kind of picture. That is what is learned first.",
        wrong={
            0.7: "That many training labels are right. But a network that learns what most labels say is "
            "right more often than they are.",
            0.3: "That many labels are wrong. What most of them say is right.",
            0.97: "That is what healthy labels give. Noise has its price.",
        },
        within=0.06,
        line=1,
        at=299,
    ),
}
