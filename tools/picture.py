"""Draw the picture of the README, docs/_static/ten_layers.png: ten tanh layers, three sizes of weights.

It is the experiment of topic 04, with all rows of the lecture's input.
"""

import io
from pathlib import Path

import numpy as np
from matplotlib.backends.backend_agg import FigureCanvasAgg
from matplotlib.figure import Figure
from PIL import Image

from course import plots
from course.network import forward
from course.statistics import layer_statistics

PICTURE = Path(__file__).parents[1] / "docs" / "_static" / "ten_layers.png"
TITLES = {0.01: "the signal fades", 0.045: "it arrives", 1.0: "it saturates"}


def layers(scale):
    """Return the statistics of ten tanh layers of 500 units, whose weights have the given size."""
    rng = np.random.default_rng(5)
    x = rng.standard_normal((1000, 500))
    params = [(scale * rng.standard_normal((500, 500)), np.zeros(500)) for _ in range(10)]
    return layer_statistics(forward(params, x, "tanh")[1], bins=60)


def drawn():
    """Return the picture as a PNG file: a panel for each size, a histogram for each layer."""
    with plots.styled():
        figure = Figure(figsize=(11, 3.1), dpi=110, layout="constrained")
        for ax, (scale, title) in zip(figure.subplots(1, 3, sharey=True), TITLES.items(), strict=True):
            found = layers(scale)
            plots.histograms(ax, found.counts, found.edges, xlabel="layer", ylim=(-1.03, 1.03))
            ax.set(title=f"Weights of {scale}: {title}", ylabel="activation" if scale == 0.01 else "")
        canvas = FigureCanvasAgg(figure)
        canvas.draw()
        image, file = Image.fromarray(np.asarray(canvas.buffer_rgba())).convert("RGB"), io.BytesIO()
    image.quantize(32, dither=Image.Dither.NONE).save(file, "png", optimize=True)
    return file.getvalue()


if __name__ == "__main__":
    PICTURE.write_bytes(drawn())
