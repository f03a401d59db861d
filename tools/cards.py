"""Write the terms and questions of the course as cards that Anki imports: tools/cards.py FILE.

A card has an identity of its own, so that a newer file changes the cards of an older one instead of adding
them once more. Cards in another language, that of COURSE_LANGUAGE, stand beside the English ones.
"""

import re
import sys
from pathlib import Path

from babel.messages.pofile import read_po
from markdown_it import MarkdownIt

from course.practice.questions import topics
from course.words import LANGUAGE, say, short

ROOT = Path(__file__).parents[1]
HEADER = """#separator:tab
#html:true
#notetype:Basic
#deck:{deck}
#guid column:1
#tags column:4
#columns:Guid\tFront\tBack\tTags
"""
ENTRY = re.compile(r"^(\S.*)\n((?:  .*\n)+)", re.MULTILINE)
MARKDOWN = MarkdownIt()


def markup(text):
    """Return a line of Markdown as HTML, with formulas as Anki draws them."""
    formulas = re.findall(r"\$(.+?)\$", text)
    shown = MARKDOWN.renderInline(re.sub(r"\$(.+?)\$", "FORMULA", text))
    for formula in formulas:
        shown = shown.replace("FORMULA", rf"\({MARKDOWN.renderInline(f'`{formula}`')[6:-7]}\)", 1)
    return " ".join(shown.split())


def prose(page):
    """Return what a page of the site says in the language of the cards, `{English: translation}`."""
    path = ROOT / "docs" / "locale" / LANGUAGE / "LC_MESSAGES" / f"{page}.po"
    if not path.exists():
        return {}
    with path.open("rb") as file:
        return {one.id: one.string for one in read_po(file) if one.id and one.string and not one.fuzzy}


def terms(glossary, translations):
    """Yield (identity, front, back, tag) for each term of the glossary, which is Markdown."""
    for term, lines in ENTRY.findall(glossary.partition("```{glossary}\n")[2].partition("```\n")[0]):
        # Where it is taught is a link of the site.
        meaning = " ".join(lines.split())
        meaning = re.sub(r"\[\d\d [^\]]*\]\([^)]*\),?", "", translations.get(meaning, meaning))
        meaning = re.sub(r"\{term\}`([^`<]*?)(?: <[^`]*>)?`", r"\1", meaning)
        yield f"term {term}", markup(translations.get(term, term)), markup(meaning), "glossary"


def questions():
    """Yield the same for each question of the topics."""
    for topic, asked in topics("QUESTIONS").items():
        for name, question in asked.items():
            replies = list(question.replies())
            answer, words = next((answer, words) for answer, right, words in replies if right)
            # A card has asked, and does not judge.
            words = words.removeprefix(say("Right.") + " ")
            front = markup(question.asked)
            if isinstance(answer, str):
                front += "<ul>" + "".join(f"<li>{markup(choice)}</li>" for choice, *_ in replies) + "</ul>"
            else:
                answer = short(f"{answer:.3g}")
            yield f"question {name}", front, f"<b>{markup(answer)}</b><br>{markup(words)}", f"topic_{topic}"


def main(path):
    """Write the file."""
    glossary = ROOT.joinpath("docs", "glossary.md").read_text(encoding="utf-8")
    cards = [*terms(glossary, prose("glossary")), *questions()]
    if LANGUAGE != "en":
        cards = [(f"{LANGUAGE} {name}", *sides) for name, *sides in cards]
    lines = ["\t".join(card) + "\n" for card in cards]
    text = HEADER.format(deck=say("Training neural networks")) + "".join(lines)
    Path(path).write_text(text, encoding="utf-8")
    print(f"{len(cards)} cards are in {path}: in Anki, choose File, Import.")


if __name__ == "__main__":
    main(*sys.argv[1:])
