"""Every term of the glossary leads to a topic that uses it."""

import re
import sys
from pathlib import Path

import pytest
from headlines import prose
from test_lecture_pages import LINK, sections

ROOT = Path(__file__).parents[1]
sys.path.insert(0, str(ROOT / "docs" / "_ext"))
from left_out import left_out  # noqa: E402

GLOSSARY = ROOT.joinpath("docs", "glossary.md").read_text(encoding="utf-8")
TERM = re.compile(r"\{term\}`(?:[^`<]*<)?([^`>]+)>?`")
# What may differ at the end of a word: dead units, diverged, normalized; and overfits has one t.
ENDING = re.compile(r"(ization|ation|ence|ing|ent|ion|ed|s|e)$")


def entries(page):
    """Return `{term: definition}`.

    >>> entries("```{glossary}\\nunit\\n  One neuron.\\n\\nweight\\n  A number.\\n```")
    {'unit': 'One neuron.', 'weight': 'A number.'}
    """
    block = page.split("```{glossary}\n")[1].split("\n```")[0]
    parts = [part.split("\n", 1) for part in block.split("\n\n")]
    return {term: " ".join(definition.split()) for term, definition in parts}


ENTRIES = entries(GLOSSARY)


def uses(text, term):
    """Whether a text has all words of a term, each with any ending.

    >>> uses("Its gradients vanish.", "vanishing gradient")
    True
    """
    words = re.sub(r" \(.*\)", "", term).lower().split()
    stems = [re.sub(r"(.)\1$", r"\1", ENDING.sub("", word)) for word in words]
    return all(re.search(rf"\b{re.escape(stem)}", text.lower()) for stem in stems)


def faults(term, definition):
    """Yield in sentences what is wrong with an entry."""
    links, related = LINK.findall(definition), TERM.findall(definition)
    if not links:
        yield f"{term} has no link to a topic."
    for name, anchor in links:
        if left_out(name.removesuffix(".ipynb")):
            continue
        if anchor not in sections(name):
            yield f"{term} links to {anchor} of {name}, which is not there."
        if not any(uses(prose(name.removesuffix(".ipynb")), one) for one in [term, *related]):
            yield f"{term} links to {name}, which does not use the word."
    yield from (f"{term} names {other}, which is no entry." for other in related if other not in ENTRIES)


@pytest.mark.parametrize("term", ENTRIES)
def test_a_term_leads_to_a_section_of_a_topic_that_uses_it(term):
    assert list(faults(term, ENTRIES[term])) == []


def test_the_terms_stand_in_order_and_once_each():
    terms = re.findall(r"(?m)^(\w[^\n]*)\n  ", GLOSSARY.split("```{glossary}")[1])
    assert terms == sorted(set(terms), key=str.lower) == list(ENTRIES)


@pytest.mark.parametrize(
    ("definition", "fault"),
    [
        ("One neuron.", "no link"),
        ("[00](notebooks/00_start_here.ipynb#nowhere)", "is not there"),
        ("[00](notebooks/00_start_here.ipynb#the-map)", "does not use the word"),
        ("A {term}`thing <nothing>`. [00](notebooks/00_start_here.ipynb#the-map)", "no entry"),
    ],
)
def test_an_entry_that_leads_nowhere_is_found(definition, fault):
    assert fault in " ".join(faults("whitening", definition))
