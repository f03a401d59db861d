"""The questions of topic 05: what a normalization takes out, how weights turn, and the two modes."""

from functools import partial

import numpy as np

from course import datasets, network, normalization
from course.activations import relu
from course.initializers import normal
from course.practice.questions import Choice, Number, Prediction


def _create(seed):
    initializer = partial(normal, scale=0.1)
    return network.create(np.random.default_rng(seed), [64, 50, 10], initializer, normalized=True)


def _five_added():
    """What becomes of dx when 5 is added to every row and the same dy arrives."""
    rng = np.random.default_rng(0)
    x, dout = rng.standard_normal((2, 8, 3))
    before, after = (
        normalization.batch_norm_backward(dout, normalization.batch_norm(x + c, np.ones(3), np.zeros(3))[1])[
            0
        ]
        for c in (0, 5)
    )
    sizes = np.abs(before).max(), np.abs(after).max()
    if np.allclose(before, after):
        return "It stays the same."
    return "It becomes zero." if sizes[1] < 1e-9 else "It grows." if sizes[1] > sizes[0] else "It shrinks."


def _bias():
    """The gradient of a bias in front of a normalization: the sum of dx over the rows, in ten batches."""
    rng = np.random.default_rng(0)
    x, dout = rng.standard_normal((2, 10, 8, 3))
    ones = np.ones((10, 3))
    _, cache = normalization.batch_norm(x + rng.standard_normal(3), ones, 0 * ones)
    dx, _, dbeta = normalization.batch_norm_backward(dout, cache)
    db = dx.sum(axis=-2)
    if np.allclose(db, 0):
        return "zero, in every batch"
    return "that of beta" if np.allclose(db, dbeta) else "zero on average, over many batches"


def _three_times():
    """By which factor a matrix three times as long wants a higher learning rate, to turn as far."""
    X, y, *_ = datasets.prepared_digits(np.random.default_rng(3), held_out=300)
    (W, *own), last = _create(seed=4)
    angles = []
    for times in (1, 3):
        _, [(dW, *_), _] = network.loss_and_grads([(times * W, *own), last], X, y, "relu")
        angles.append(np.linalg.norm(dW) / np.linalg.norm(times * W))
    return angles[0] / angles[1]


def _alone():
    """How many different answers 300 pictures get, each of them alone in its batch."""
    *_, X, _ = datasets.prepared_digits(np.random.default_rng(3), held_out=300)
    [(W, _, _), last] = _create(seed=4)
    gamma, beta = np.random.default_rng(0).standard_normal((2, 1, 50)).repeat(300, axis=1)
    alone, _ = normalization.batch_norm(X[:, None] @ W, gamma, beta)
    return len(np.unique(network.linear(relu(alone[:, 0]), *last).argmax(axis=1)))


QUESTIONS = {
    "five_added": Choice(
        "You add 5 to every row of a column, and the same dy arrives as before. What becomes of dx?",
        {
            "It grows.": "Larger inputs would count if x stood in the formula by itself. It stands there "
            "centred, and the mean takes the 5 out again.",
            "It becomes zero.": "Its sum over the column is zero, with the 5 and without it. Each row still "
            "has a gradient of its own.",
            "It stays the same.": r"The output stays the same, and $\hat x$ and the standard deviation do "
            "so too. The formula has nothing else of x in it.",
        },
        right=_five_added,
    ),
    "bias_before": Choice(
        "Somebody leaves a bias b in front of the normalization, beside beta behind it. What is the gradient "
        "of b?",
        {
            "that of beta": "Both are added to every row, but b before the mean is subtracted and beta "
            "after that. The subtraction takes b out.",
            "that of beta, times gamma": "Gamma scales what is left once the mean is gone, and b has gone "
            "with it.",
            "zero on average, over many batches": "The mean that is subtracted is that of the batch itself, "
            "with b in it. Nothing of b is left in any batch.",
            "zero, in every batch": "Whatever b is, the output is the same. It does no harm and learns "
            "nothing, and beta does its work.",
        },
        right=_bias,
    ),
    "three_times_as_large": Number(
        "A matrix in front of a normalization is made three times as large. By which factor must the "
        "learning rate grow, for a step to turn the matrix by the same angle? Answer to within 0.2.",
        right=_three_times,
        because="The gradient is three times smaller, and a matrix three times as long needs a step three "
        "times as long.",
        wrong={
            3: "That makes up for the gradient, which is three times smaller. The matrix is three times as "
            "long as well, and the same step turns it less.",
            1: "The loss is the same, and its gradient is not. It is three times smaller, for a matrix three "
            "times as long.",
            6: "The two factors of three are multiplied and not added.",
            0.11: "A larger matrix turns more slowly, so that it needs a higher learning rate and not a "
            "lower one.",
        },
        within=0.2,
    ),
    "one_by_one": Number(
        "A network still normalizes with its batch when it is used, and gets 300 pictures one by one. How "
        "many different answers will it give?",
        right=_alone,
        because=r"A picture alone is its own mean, so that $\hat x$ is 0 and every layer passes on what "
        r"$\beta$ makes of it. The picture has no part in that.",
        wrong={
            10: "There are ten digits among the pictures. But a picture alone, less its own mean, is zero.",
            300: "There are only ten answers to choose from, and a picture that is its own mean cannot "
            "even choose between these.",
            2: r"In a pair $\hat x$ is 1 or -1. A picture alone has only its own value to compare with, and "
            "that leaves 0.",
        },
        within=0.01,
    ),
    "served_alone": Choice(
        "A normalized network knows 98% of the validation pictures in batches of 100, and 30% once it serves "
        "them two at a time. What is wrong?",
        {
            "It has overfitted.": "Then it would know few of the validation pictures in any batch. These are "
            "the same pictures.",
            "It still normalizes with the batch.": "The weights are good, since they know 98%. What has "
            "changed is whose mean and variance are taken: put the running averages in their place.",
            "Its learning rate was too high.": "What a learning rate did is in the weights, and with these "
            "weights it knows 98%.",
            "Its running averages are too old.": "Old averages do harm, but they are constants: the size of "
            "the batch would make no difference.",
        },
        right="It still normalizes with the batch.",
    ),
}

# What figures ask before they are shown.
PREDICTIONS = {
    "ten_tanhs": Prediction(
        "Weights of 0.05, and each sum is normalized before its tanh. What is the standard deviation of the "
        "activations in layer 10, to within 0.05?",
        because="Each tanh gets inputs with a standard deviation of 1, whatever has come before, and leaves "
        "{key:.2f} of it.",
        wrong={
            1: "That is what goes into a tanh. It flattens what is large, so that less comes out.",
            0.03: r"That is $0.7^{10}$: a plain layer multiplies by $0.05 \sqrt{200} = 0.7$. With "
            "normalization each layer starts anew.",
        },
        within=0.05,
        line=1,
        at=10,
    ),
    "tiny_weights": Prediction(
        "From weights of 0.001 a plain network only guesses. With normalization, which accuracy does it "
        "reach in five epochs at a learning rate of 0.3, to within 0.05?",
        because="The size of a matrix in front of a normalization changes nothing in what the layer passes "
        "on, so the signal reaches the end.",
        wrong={
            0.1: "That is guessing, as without normalization. But a layer passes on the same, however small "
            "its weights are.",
            0.5: "Small weights are not slow ones. What a layer passes on is as large as ever, and a step "
            "turns small weights further than large ones.",
        },
        within=0.05,
        line=1,
        at=0.001,
    ),
    "dealt_again": Prediction(
        "The pictures are shuffled and dealt again into batches of ten. Which fraction gets another answer "
        "from the same network, to within 0.05?",
        because="The mean of ten pictures depends on which ten they are, in every layer. It takes no more to "
        "push a close decision over.",
        wrong={
            0: "The weights are the same, and so are the pictures. But a picture is normalized with its "
            "neighbours, and these are others now.",
            0.32: r"That is $1 / \sqrt{10}$, how uncertain a mean of ten is. Many answers are clear enough "
            "to survive it.",
            0.9: "That would be guessing. A batch of ten still knows the mean roughly.",
        },
        within=0.05,
        at=10,
    ),
}
