"""The prose of a notebook as messages, those that Sphinx makes of the same Markdown.

A message is what stands in one paragraph, heading, item, formula or field of a table, on one line.
"""

from markdown_it.renderer import RendererHTML
from myst_parser.config.main import MdParserConfig
from myst_parser.parsers.mdit import create_md_parser

# Markdown as the pages have it. The extensions are those of conf.py.
MARKDOWN = create_md_parser(MdParserConfig(enable_extensions={"deflist", "dollarmath"}), RendererHTML)


def messages(text):
    r"""Return the messages of a Markdown text, each once, in the order in which they stand.

    >>> messages("# A title\n\n- one *item*\n  of two lines\n\n$$x$$")
    ['A title', 'one *item* of two lines', 'x']
    """
    found = []
    translated(text, lambda message: found.append(message) or message)
    return list(dict.fromkeys(found))


def translated(text, say):
    r"""Return a Markdown text with each message as `say` gives it, on one line.

    >>> print(translated("| a | b |\n|---|---|\n| one | two |", str.upper))
    | A | B |
    |---|---|
    | ONE | TWO |
    """
    lines, done = text.split("\n"), {}
    for token in MARKDOWN.parse(text):
        if token.type == "math_block":
            begin, end = token.map
            block, formula = "\n".join(lines[begin:end]), token.content.strip()
            said = say(" ".join(part.strip() for part in formula.split("\n")))
            lines[begin:end] = [block.replace(formula, said), *[None] * (end - begin - 1)]
        if token.type != "inline" or not _has_words(token):
            continue
        (begin, end), parts = token.map, token.content.split("\n")
        said = say(" ".join(part.strip() for part in parts))
        # The fields of a row of a table stand on one line.
        start = lines[begin].index(parts[0], done.get(begin, 0))
        after = lines[end - 1].index(parts[-1], start if len(parts) == 1 else 0) + len(parts[-1])
        rest = lines[end - 1][after:] if end - begin == len(parts) else ""
        lines[begin] = lines[begin][:start] + said + rest
        lines[begin + 1 : begin + len(parts)] = [None] * (len(parts) - 1)
        done[begin] = start + len(said)
    return "\n".join(line for line in lines if line is not None)


def _has_words(token):
    return any(child.type != "math_inline" and child.content.strip() for child in token.children or [])
