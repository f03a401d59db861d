"""The prose keeps to the field's terms and to one spelling: in notebooks, on pages, and in what figures say.

What a pattern matches reads as translated, or has another meaning in the field; beside it stands the term.
"""

import re
from pathlib import Path

import nbformat
import pytest

ROOT = Path(__file__).parents[1]
PAGES = [ROOT / "README.md", ROOT / "CONTRIBUTING.md", *sorted(ROOT.joinpath("docs").glob("*.md"))]
NOTEBOOKS = sorted(ROOT.joinpath("notebooks").glob("*.ipynb"))
STEMS = "normal|initial|regular|general|standard|optim|vector|random|recogn|minim|maxim|penal|memor|summar"
# What may follow: a training set is no run.
AFTER = "run|set|epoch|picture|step|loop|row|example|image|accuracy|loss|data|curve|mean"
TERMS = {
    r"\bbends?\b": "nonlinearity",
    rf"\b(a|another|each|every|one|this) training\b(?! ({AFTER}))": "training run",
    r"\btrainings\b": "training runs",
    r"\bby heart\b": "overfit, memorize",
    r"\b(the|a|what|which|this|that|largest|smallest|small|same) shares? of\b|\bas a share\b": "fraction",
    r"\bdead at birth\b": "dead at initialization",
    r"\bfirst (bias(es)?|weights)\b": "initial bias, initial weights",
    r"(?<!learning )\brates? (of )?\d": "learning rate",
    r"\bway (back|forward)\b": "backward pass, forward pass",
    r"\bjam(s|med|ming)?\b": "saturate",
    r"\bpart(s|ed|ing)? ways\b": "differ",
    r"\bruin(s|ed|ing)?\b": "diverge",
    r"\bcompany\b": "the other examples in the batch",
    r"\b(in disorder|scrambled)\b": "shuffled",
    r"\bbe had again\b": "be reproduced",
    r"\bhangs? on\b": "depend on",
    r"\b(come|comes|came) to something\b": "succeed",
    r"\baxes of the paper\b": "coordinate axes",
    r"\bgrains?\b": "noise",
    r"\b(has|have|had|with) the std\b": "its standard deviation is",
    r"\bfor use\b": "at inference",
    r"\bof yesterday\b": "from an earlier session",
    r"\bbut for\b": "except at, except for",
    r"\bby the (seed|start)\b": "depending on the seed, on the initialization",
    rf"\b({STEMS})is(e|es|ed|er|ing|ation)\b": "-ize, -ization",
}
# Topic 01 introduces the term with the everyday word, once.
ALLOWED = {("01_activation_functions", "bend"): 1}


def faults(text):
    """Yield what should be said otherwise in a text, its words and the term."""
    for pattern, term in TERMS.items():
        yield from ((match[0], term) for match in re.finditer(pattern, " ".join(text.split()), re.IGNORECASE))


def words_of(path):
    """All that is read in a notebook or on a page: prose and code, and what a cell has printed."""
    if path.suffix == ".md":
        return path.read_text(encoding="utf-8")
    cells = nbformat.read(path, as_version=4).cells
    printed = [output.get("text", "") for cell in cells for output in cell.get("outputs", [])]
    return "\n".join([cell.source for cell in cells] + printed)


@pytest.mark.parametrize("path", [*PAGES, *NOTEBOOKS], ids=lambda path: path.stem)
def test_every_text_keeps_to_the_terms(path):
    found = list(faults(words_of(path)))
    for words in {words for words, _ in found}:
        for _ in range(ALLOWED.get((path.stem, words), 0)):
            found.remove(next(fault for fault in found if fault[0] == words))
    assert found == []


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("The bend of a unit", ["bend"]),
        ("A training that fails, and\nan initialisation", ["A training", "initialisation"]),
        ("a rate of 0.1, at the\nlearning rate 0.1", ["rate of 0"]),
        ("A training run learns a training set; the fraction of dead units is the same.", []),
    ],
)
def test_what_reads_as_translated_is_found(text, said):
    assert [words for words, _ in faults(text)] == said
