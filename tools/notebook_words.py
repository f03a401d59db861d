"""The words in the code of a notebook: what is printed, returned, labelled, and remarked upon.

A text is found by the syntax tree. An f-string is one message, with its expressions as they stand between the
braces, so that its translation is an f-string again; a text within such an expression is a message of its
own. Comments that follow each other are one message. Names that code asks for are no words.
"""

import ast
import io
import re
import textwrap
import tokenize

# What is looked up in these is a name, too.
RESULTS = {"numbers", "found", "rates"}
# What these are given by position or by name is looked up, and shown to nobody.
CALLS = {
    "ask", "predict", "getattr", "hasattr", "patch.object", "recorded", "Case", "answer", "judge_repair",
    "measured", "first_losses", "gradient_errors",
}  # fmt: skip
KEYWORDS = {
    "activation", "align", "aspect", "axis", "bbox", "cmap", "color", "colors", "dtype", "fontsize", "ha",
    "initializer", "interpolation", "linestyle", "linestyles", "loc", "marker", "mode", "order", "repairs",
    "rule", "transform", "va", "which", "where", "xscale", "yscale", "scale",
}  # fmt: skip
# Of these the keys are the names of sliders, and the values may be words.
STARTS = {"start", "preview"}
# Names of the course and of matplotlib, and the keywords of functions where a dict holds them.
NAMES = {
    "activation", "relu", "leaky_relu", "tanh", "sigmoid", "elu", "gelu", "silu", "prelu", "maxout", "he",
    "xavier", "normal", "orthogonal", "sgd", "momentum", "nesterov", "rmsprop", "adam", "both", "log",
    "linear", "ends", "upper", "lower", "left", "right", "center", "small", "loc", "ncols", "rng", "epochs",
    "validation", "xlim", "ylim", "fontsize", "va", "ha", "transform", "color", "marker", "darkgray",
    "columnspacing", "stepfilled", "xlabel", "ylabel", "xscale", "yscale", "xticks", "yticks", "train",
    "test", "upper left", "upper right", "upper center", "lower left", "lower right", "lower center",
    "center left", "circle", "white", "reg", "uniform", "cost", "diverged", "done", "stable", "softmax twice",
}  # fmt: skip
WORD = re.compile(r"[^\W\d_]{2}")
SNAKE = re.compile(r"[a-z0-9]+(_[a-z0-9]+)+")


def words(source):
    r"""Return the messages of a cell, each once, in the order in which they stand.

    >>> words('print(f"{name}: the loss is {x:.2f}")  # twice\nax.set(xlabel="step", yscale="log")')
    ['{name}: the loss is {x:.2f}', '# twice', 'step']
    """
    found = []
    _rewritten(source, lambda text: found.append(text) or text)
    return list(dict.fromkeys(found))


def translated(source, say):
    """Return a cell with each message as `say` gives it.

    >>> print(translated('print(f"a loss of {x[0]:.2f}")', {"a loss of {x[0]:.2f}": "손실 {x[0]:.2f}"}.get))
    print(f"손실 {x[0]:.2f}")
    """
    return _rewritten(source, say)


def _rewritten(source, say):
    lines = source.splitlines(keepends=True)
    starts = [0]
    for line in lines:
        starts.append(starts[-1] + len(line))

    def place(line, column):
        # The syntax tree counts bytes.
        return starts[line - 1] + len(lines[line - 1].encode()[:column].decode())

    changes = []
    for node in _literals(ast.parse(source)):
        here = place(node.lineno, node.col_offset), place(node.end_lineno, node.end_col_offset)
        changes.append((*here, node))
    changes += _comments(source, starts)
    out, done = [], 0
    for begin, end, what in sorted(changes, key=lambda change: change[:2]):
        out.append(source[done:begin])
        old = source[begin:end]
        if isinstance(what, str):
            new = say(what)
            out.append(old if new == what else _remark(new, begin - source.rfind("\n", 0, begin) - 1))
        else:
            node = _said(what, say)
            out.append(old if ast.dump(node) == ast.dump(what) else _written(node))
        done = end
    return "".join(out) + source[done:]


def _literals(tree):
    """Yield the outermost texts that are shown, in the order of the tree."""

    def walk(node, parent):
        if isinstance(node, ast.JoinedStr) or (
            isinstance(node, ast.Constant) and isinstance(node.value, str)
        ):
            yield node
            return
        if isinstance(node, ast.Call) and ast.unparse(node.func) in CALLS:
            return
        if isinstance(node, ast.keyword) and node.arg in KEYWORDS:
            return
        if _looked_up(node):
            yield from walk(node.value, node)
            return
        if isinstance(node, ast.keyword) and node.arg in STARTS and isinstance(node.value, ast.Dict):
            for value in node.value.values:
                yield from walk(value, node)
            return
        for child in ast.iter_child_nodes(node):
            yield from walk(child, node)

    for node in walk(tree, None):
        if _messages(node):
            yield node


def _looked_up(node):
    """Whether something is looked up in what a function of the course has given."""
    if not isinstance(node, ast.Subscript):
        return False
    inside = node.value
    while isinstance(inside, ast.Subscript):
        inside = inside.value
    return isinstance(inside, ast.Call) or getattr(inside, "id", None) in RESULTS


def _messages(node):
    found = []
    _said(node, lambda text: found.append(text) or text)
    return found


def _is_words(text):
    bare = re.sub(r"\$[^$]*\$", "", text)
    return bool(WORD.search(bare)) and text not in NAMES and not SNAKE.fullmatch(text)


def _said(node, say):
    """Return the node of a text with the words that `say` gives."""
    if isinstance(node, ast.Constant):
        return ast.Constant(say(node.value)) if _is_words(node.value) else node
    if _is_words("".join(part.value for part in node.values if isinstance(part, ast.Constant))):
        node = _parsed(say(template(node)))
    return _Inner(say).generic_visit(node)


class _Inner(ast.NodeTransformer):
    """Says the texts that stand within the expressions of an f-string."""

    def __init__(self, say):
        self.say = say

    def visit_FormattedValue(self, node):
        return ast.FormattedValue(self.visit(node.value), node.conversion, node.format_spec)

    def visit_JoinedStr(self, node):
        return _said(node, self.say)

    def visit_Constant(self, node):
        return _said(node, self.say) if isinstance(node.value, str) else node

    def visit_Call(self, node):
        return node if ast.unparse(node.func) in CALLS else self.generic_visit(node)

    def visit_Subscript(self, node):
        return node if _looked_up(node) else self.generic_visit(node)

    def generic_visit(self, node):
        if isinstance(node, ast.JoinedStr):
            values = [self.visit(v) if isinstance(v, ast.FormattedValue) else v for v in node.values]
            return ast.JoinedStr(values)
        return super().generic_visit(node)


def template(node):
    """Return an f-string as a message, its expressions between braces."""
    parts = []
    for part in node.values:
        if isinstance(part, ast.Constant):
            parts.append(part.value.replace("{", "{{").replace("}", "}}"))
        else:
            parts.append(_field(part))
    return "".join(parts)


def _field(part):
    spec = f":{template(part.format_spec)}" if part.format_spec else ""
    mark = f"!{chr(part.conversion)}" if part.conversion > 0 else ""
    return f"{{{ast.unparse(part.value)}{mark}{spec}}}"


def _parsed(text):
    """Return the f-string that a message stands for."""
    body = text.replace("\n", "\\n").replace('"""', '\\"\\"\\"')
    if body.endswith('"'):
        body = body[:-1] + '\\"'
    return ast.parse(f'f"""{body}"""', mode="eval").body


def _written(node):
    """Return the source of a text, between quotation marks that its expressions do not need."""
    if isinstance(node, ast.Constant):
        return _quoted(node.value)
    body = "".join(
        _field(part)
        if isinstance(part, ast.FormattedValue)
        else _quoted(part.value.replace("{", "{{").replace("}", "}}"))[1:-1]
        for part in node.values
    )
    return f'f"{body}"'


def _quoted(text):
    escaped = text.replace("\\", "\\\\").replace('"', '\\"').replace("\n", "\\n")
    return f'"{escaped}"'


def _comments(source, starts):
    """Yield (begin, end, message) of the comments; those alone on lines that follow each other are one."""
    block = None
    for token in tokenize.generate_tokens(io.StringIO(source).readline):
        if token.type != tokenize.COMMENT:
            continue
        row, column = token.start
        alone = not token.line[:column].strip()
        begin, end = starts[row - 1] + column, starts[row - 1] + token.end[1]
        if block and alone and block[3] == (row - 1, column):
            block = block[0], end, f"{block[2]} {token.string.lstrip('# ')}", (row, column)
        else:
            if block:
                yield block[:3]
            block = begin, end, token.string, (row, column if alone else None)
    if block:
        yield block[:3]


def _remark(text, column):
    """Return a comment, on as many lines as it needs: a syllable takes the room of two letters."""
    lines = textwrap.wrap(text.lstrip("# "), 50, break_long_words=False) if len(text) > 60 else [text[2:]]
    return f"\n{' ' * column}".join(f"# {line}" for line in lines)
