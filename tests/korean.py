"""What a machine can tell about a Korean translation: python -m tests.korean FILE.po ...

A fault is a sentence that says what is wrong. The terms are those of docs/locale/ko/LC_MESSAGES/terms.toml.
"""

import functools
import re
import sys
import tomllib
from collections import Counter
from decimal import Decimal
from pathlib import Path

from babel.messages.pofile import read_po

ROOT = Path(__file__).parents[1]
sys.path.insert(0, str(ROOT / "tools"))
from notebook_prose import MARKDOWN  # noqa: E402

TERMS = ROOT / "docs" / "locale" / "ko" / "LC_MESSAGES" / "terms.toml"

# The letters whose names end in a consonant, or may: R is 알 or 아르, and I may be a one.
LETTERS = {"L": "엘", "M": "엠", "N": "엔", "R": None, "I": None}
DIGITS = dict(zip("0123456789", "영일이삼사오육칠팔구", strict=True))
ZEROS = [(1, "십"), (2, "백"), (3, "천"), (7, "만"), (11, "억"), (15, "조")]

# Code, fields and formulas stand in a text between marks of their own.
CODE, FIELD, MATHS = "\ue000", "\ue001", "\ue002"
MARKED = re.compile("([\ue000-\ue002])([^\ue000-\ue003]*)\ue003")
BRACES = r"\{(?:[^{}]|\{(?:[^{}]|\{[^{}]*\})*\})*\}"
SAID = re.compile(rf"`(?P<code>[^`]+)`|\$(?P<maths>[^$]+)\$|\{{\{{|\}}\}}|(?P<field>{BRACES})")
COMMAND = re.compile(r"\\[A-Za-z]+")
CITED = re.compile(r"^[^().]+ \((?:19|20)\d\d\), (?:[^.]|\.(?=\w))*\.?|^Slides [\da-z ]+, CS231n .*")
# Code that stands in a sentence without backquotes: names, calls, and what follows them in brackets.
IDENTIFIER = re.compile(
    r"\b[A-Za-z_][\w.]*\((?:[^()]|\((?:[^()]|\([^()]*\))*\))*\)(?:\.\w+|\[[^\]]*\])*|"
    r"\b[A-Za-z]\w*(?:[_.][A-Za-z]\w*)+|https?://\S+"
)
LATIN = re.compile(r"(?<!\w)[A-Za-z][A-Za-z'-]*[A-Za-z]")
QUOTED = re.compile(r"[\"“][^\"“”가-힣]+[\"”]")
NUMBER = r"\d+(?:,\d{3})*(?:\.\d+)?(?:[eE][-+]?\d+)?"
NUMBERS = re.compile(
    rf"((?<![\w)\]%.])-)?(?<![A-Za-z\d_.])({NUMBER})(?: ?(thousand|million|billion)\b| ?(천|만|백만|억))?"
)
LETTERED = re.compile(r"(?<![A-Za-z0-9_.])[A-Za-z_]+\d[A-Za-z0-9_]*")
TIMES = {
    "thousand": 10**3, "million": 10**6, "billion": 10**9,
    "천": 10**3, "만": 10**4, "백만": 10**6, "억": 10**8,
}  # fmt: skip
ONES = """
zero one two three four five six seven eight nine ten eleven twelve thirteen fourteen fifteen sixteen
seventeen eighteen nineteen
"""
ORDINALS = """
zeroth first second third fourth fifth sixth seventh eighth ninth tenth eleventh twelfth thirteenth fourteenth
fifteenth sixteenth seventeenth eighteenth nineteenth
"""
TENS = "zero ten twenty thirty forty fifty sixty seventy eighty ninety"
# What else means a number, and may become a digit.
OTHERS = {
    0: "no none nothing centred zeroed",
    1: "a an each every per single once only unit",
    2: "twice both either double doubled pair half halve halved halving halves",
    3: "triple",
    4: "quarter",
    10: "decade",
    12: "dozen",
}
WORDS = (
    {word: number for names in (ONES, ORDINALS) for number, word in enumerate(names.split())}
    | {word: 10 * number for number, word in enumerate(TENS.split())}
    | {word.replace("ty", "tieth"): 10 * number for number, word in enumerate(TENS.split())}
    | {word: number for number, words in OTHERS.items() for word in words.split()}
)
SCALES = {"hundred": 100, "thousand": 1000, "million": 10**6, "billion": 10**9}

PARTICLES = {
    form: pair for pair in ("은 는", "이 가", "을 를", "과 와", "으로 로", "이나 나") for form in pair.split()
}
PARTICLE = r"(?P<particle>으로|이나|[은는이가을를과와로나])(?=(?:의|는|도|만|써|서|부터|까지)*(?![가-힣]))"
CLOSE = r"(?P<close>(?:\([^()]*\)|[\"'”’])*)"
HOST = re.compile(
    rf"(?P<host>[\ue000-\ue002][^\ue000-\ue003]*\ue003|{NUMBER}|%p|%|"
    rf"[A-Za-z][A-Za-z0-9_]*(?:[-.][A-Za-z0-9_]+)*|[가-힣]){CLOSE}{PARTICLE}"
)
BOTH = re.compile(r"은\(는\)|는\(은\)|이\(가\)|가\(이\)|을\(를\)|를\(을\)|와\(과\)|과\(와\)|\((?:으|이)\)")
# Words that end as a wrong particle would.
WHOLE = re.compile(r"(?<![가-힣])[가마노고나지이부그저]을$")

NOTED = re.compile(r"\[[^]]*\]\{\.language-ko\}")
STOP = r"(?=[\"”’')\]]*(?:\s|$))"
# How a sentence may end in another tone; 합니다 and 합시다 are known by their ㅂ.
PLAIN = re.compile(rf"[^\s.]*(?:다|(?<![필중개주소수세])요|죠|시오|[었았였했있없]음|됨)\.{STOP}")
ASKED = re.compile(r"[가-힣]*(?:[는은인던한된런큰긴른일할]가|[는은런]지|냐|[하되있없았었했]나)\?")


def load(path=TERMS):
    """Return the terms as `faults` wants them: tables of the file."""
    return tomllib.loads(Path(path).read_text(encoding="utf-8"))


class Message:
    """What a text consists of: its words, `plain`, and what must be the same in every language."""

    def __init__(self, text, kind):
        self.text, self.strong = text, 0
        self.emphasized, self.code, self.maths, self.targets = [], [], [], []
        self.fields, self.roles, self.references = [], [], []
        self.plain = self._prose(text) if kind == "prose" else self._said(text)
        self.bare = MARKED.sub(" ", self.plain)
        self.cited = CITED.match(self.bare)
        # Sphinx gives the text of a block of maths without its dollars.
        self.is_formula = kind == "prose" and bool(COMMAND.search(self.bare))

    def _prose(self, text):
        parts, emphasis = [], []
        for token in MARKDOWN.parseInline(text)[0].children:
            if token.type == "text":
                parts.append(token.content)
            elif token.type in ("softbreak", "hardbreak"):
                parts.append(" ")
            elif token.type in ("code_inline", "html_inline"):
                self.code.append(token.content)
                parts.append(f"{CODE}{token.content}\ue003")
            elif token.type.startswith("math_inline"):
                self.maths.append(token.content)
                parts.append(f"{MATHS}{token.content}\ue003")
            elif token.type == "myst_role":
                self.roles.append(token.meta["name"])
                shown, _, target = token.content.rstrip(">").rpartition("<")
                self.references.append(target)
                parts.append(shown.strip() or target)
            elif token.type == "strong_open":
                self.strong += 1
            elif token.type == "em_open":
                emphasis.append(len(parts))
            elif token.type == "em_close":
                self.emphasized.append("".join(parts[emphasis.pop() :]))
            elif token.type == "link_open":
                self.targets.append(token.attrs["href"])
            elif token.type == "image":
                self.targets.append(token.attrs["src"])
                parts.append(token.content)
        return "".join(parts)

    def _said(self, text):
        def mark(match):
            if match["code"]:
                self.code.append(match["code"])
                return f"{CODE}{match['code']}\ue003"
            if match["maths"]:
                self.maths.append(match["maths"])
                return f"{MATHS}{match['maths']}\ue003"
            if match["field"]:
                self.fields.append(match["field"])
                return f"{FIELD}{match['field']}\ue003"
            return match[0][0]

        return SAID.sub(mark, text)

    @functools.cached_property
    def words(self):
        """What remains without the entry of a bibliography and without code that has no backquotes."""
        return IDENTIFIER.sub(" ", self.bare[self.cited.end() :] if self.cited else self.bare)


def faults(english, korean, terms, kind):
    """Return in sentences what is wrong with a translation.

    `terms` are those of `load`; `kind` is "prose" (Markdown), "said" (what the package says, with fields of
    str.format) or "code" (the f-strings of a notebook).
    """
    if english in terms["unchanged"] and korean in ("", english):
        return []
    # A line of the notes stands as it was written.
    if english == korean and english.endswith("{.language-ko}"):
        return []
    english, korean = (NOTED.sub("", text) for text in (english, korean))
    here = Message(english, kind)
    if not korean.strip():
        return ["It is not translated."] if _wants_hangul(here, terms) else []
    there = Message(korean, kind)
    if here.is_formula:
        return [*_formula(english, korean), *_syllables(there)]
    return [
        *_untranslated(here, there, terms),
        *_structure(here, there, terms),
        *_numbers(here, there),
        *_terms(here, there, terms),
        *_particles(there, terms["readings"]),
        *_syllables(there),
        *_tone(there),
    ]


def _wants_hangul(message, terms):
    """Whether a message has words that are neither names nor code nor formulas."""
    if message.is_formula:
        return r"\text{" in message.text
    return any(word not in terms["names"] for word in LATIN.findall(message.words))


def _untranslated(here, there, terms):
    if not _wants_hangul(here, terms):
        return
    # An English term in a bracket is a gloss; a capital stands at the beginning of a name.
    text = re.sub(r"\([^()가-힣]*\)", " ", _without(_quotations(here, there), there.words))
    latin = sum(
        len(word) for word in LATIN.findall(text) if word not in terms["names"] and not word[0].isupper()
    )
    hangul = len(re.findall("[가-힣]", text))
    # "0 to 1" may become "0~1".
    if hangul < latin or (not hangul and there.text == here.text):
        yield f"It is not translated: {hangul} of {hangul + latin} letters are Hangul."


def _quotations(here, there):
    """What both quote in the same words: titles, and keys of code."""
    return set(QUOTED.findall(here.words)) & set(QUOTED.findall(there.words))


def _without(quotations, text):
    for one in quotations:
        text = text.replace(one, " ")
    return text


def _formula(english, korean):
    """What differs in a formula that is a message as a whole, but for the words in it."""

    def symbols(text):
        return re.sub(r"\s+", "", re.sub(r"\\text\{[^{}]*\}", r"\\text{}", text))

    if symbols(english) != symbols(korean):
        yield "The formula differs."
    if r"\text{" in english and not re.search("[가-힣]", korean):
        yield "The words in the formula are not translated."


def _structure(here, there, terms):
    if here.strong != there.strong:
        yield f"It has {there.strong} **strong** pieces, and the English {here.strong}."
    if len(here.emphasized) != len(there.emphasized):
        yield f"It has {len(there.emphasized)} *emphasized* pieces, and the English {len(here.emphasized)}."
    if there.bare.count("*") > here.bare.count("*"):
        yield "An asterisk is left over: put a bracket and a sign outside, as in *학습률*(learning rate)은."
    if there.bare.count("`") > here.bare.count("`"):
        yield "A backquote is left over."
    printed = terms["printed"]
    code = [printed[one] if printed.get(one) in there.code else one for one in here.code]
    yield from _difference("code", code, there.code)
    yield from _difference("formula", here.maths, there.maths)
    yield from _difference("target of a link", here.targets, there.targets)
    yield from _difference("placeholder", here.fields, there.fields)
    yield from _difference("role", here.roles, there.roles)
    entries = {**terms["glossary"], **terms["everyday"]}
    for target in here.references:
        standard = entries.get(target, [target])[0]
        if standard not in there.references:
            yield f"The reference to {target!r} must lead to {standard!r}."
    for words in here.emphasized:
        term = next((one for one in _singular(words) if one in entries), None)
        if term and entries[term][0] not in there.emphasized:
            yield f"The emphasized {words!r} must be {entries[term][0]!r}, which leads to the glossary."


def _singular(words):
    for text in (words, words.lower()):
        yield from (text, text.removesuffix("s"), text.removesuffix("es"))


def _difference(name, here, there):
    here, there = Counter(here), Counter(there)
    yield from (f"The {name} {one!r} is missing." for one in here - there)
    yield from (f"The {name} {one!r} is not in the English." for one in there - here)


def numbers(text):
    """Return the numbers that are written in digits, each as all that it may mean: 5만 is 50000, or only 5.

    >>> sorted(map(sorted, numbers("1,000 of W1 at -0.50 and 1e-6, 1.5 million, 5만")))
    [['-0.50'], ['1000'], ['1500000'], ['1e-6'], ['5', '50000']]
    """
    found = set()
    for minus, number, english, korean in NUMBERS.findall(text.replace("−", "-")):
        plain = number.replace(",", "")
        means = set() if english else {minus + plain}
        if scale := TIMES.get(english or korean):
            means.add(f"{minus}{(Decimal(plain) * scale).normalize():f}")
        found.add(frozenset(means))
    return found


def spelled(text):
    """Return the numbers that English words mean, and their parts, in digits.

    >>> sorted(spelled("twenty-five of a hundred"))
    ['1', '100', '20', '25', '5']
    """
    found, current = set(), None
    for word in re.findall(r"[a-z]+|[^\sa-z-]", text.lower()):
        singular = word.removesuffix("s")
        if scale := SCALES.get(singular.removesuffix("th")):
            current = (current or 1) * scale
            found |= {scale, current}
        elif (number := WORDS.get(word, WORDS.get(singular))) is not None:
            added = current and current % 10 == 0 and number < current
            current = current + number if added else number
            found |= {number, current}
        elif word != "and":
            current = None
    if found & set(range(2, 100)):
        # A half is one of two, and a tenth one of ten.
        found.add(1)
    return {str(number) for number in found} | ({"0.5"} if "half" in text.lower() else set())


def _numbers(here, there):
    wanted, given = numbers(here.bare), numbers(there.bare)
    there_are, may_be = set().union(*given), set().union(*wanted, spelled(here.bare))
    yield from (
        f"The number {one} is missing." for one in sorted(max(n) for n in wanted if not n & there_are)
    )
    yield from (
        f"The number {one} is not in the English." for one in sorted(min(n) for n in given if not n & may_be)
    )
    names, named = set(LETTERED.findall(here.bare)), set(LETTERED.findall(there.bare))
    yield from (f"The name {one} is missing." for one in sorted(names - named))
    yield from (f"The name {one} is not in the English." for one in sorted(named - names))
    if "%" in here.bare and "%" not in there.bare:
        yield "The sign % is missing."


def _forms(term):
    """A term in lower case with the endings that English words take."""
    term = term.lower()
    stem = term.removesuffix("e")
    endings = [f"{term}{end}" for end in ("", "s", "es", "'s")] + [f"{stem}{end}" for end in ("ed", "ing")]
    return [*endings, f"{term.removesuffix('y')}ies"]


@functools.cache
def _dictionary(terms):
    inflected = {form: term for term in terms for form in _forms(term)}
    return inflected | {term.lower(): term for term in terms}


def named(text, terms):
    """Return which of the terms a text has, of those that overlap the longest only.

    >>> sorted(named("Batch normalization of two layers", ("layer", "normalization", "batch normalization")))
    ['batch normalization', 'layer']
    """
    forms, found, at = _dictionary(terms), set(), 0
    words = re.findall(r"\w(?:[\w'-]*\w)?|[^\w\s]", text.lower())
    while at < len(words):
        for length in range(min(5, len(words) - at), 0, -1):
            if term := forms.get(" ".join(words[at : at + length])):
                found.add(term)
                at += length
                break
        else:
            at += 1
    return found


def _terms(here, there, terms):
    wanted = {**terms["words"], **terms["glossary"]}
    korean = there.bare + " ".join(there.code)
    english = _without(_quotations(here, there), here.words)
    for term in sorted(named(english, tuple(wanted))):
        said = wanted[term]
        if said and not any(one in korean for one in said):
            yield f"The term {term!r} must be {said[0]!r}."
    for word, rule in terms["never"].items():
        if word in there.bare and not _may(word, rule, here.bare, there.bare):
            yield f"Write {rule['write']!r} in place of {word!r}."


def _may(word, rule, english, korean):
    if "unless" in rule and re.search(rule["unless"], english, re.IGNORECASE):
        return True
    named = rf"{re.escape(rule['write'])}\([^()]*\)|{re.escape(word)}(?:이라고도|라고도)"
    return word not in re.sub(named, "", korean.replace(rule.get("within", "\0"), ""))


def reading(word, readings):
    """Return how a Latin word, a number or a sign is read, or its end, or None where that is unknown.

    >>> [reading(word, {"Adam": "아담"}) for word in ("0", "0.10", "0.85", "1,000", "L", "Adam")]
    ['영', '영', '오', '천', '엘', '아담']
    """
    if re.fullmatch(NUMBER, word):
        whole = word.replace(",", "")
        zeros = len(whole) - len(whole.rstrip("0"))
        if not whole.isdigit() or not zeros or zeros == len(whole):
            return DIGITS[word[-1]]
        return next((name for most, name in ZEROS if zeros <= most), None)
    last = re.split(r"[-._ ]", word)[-1]
    if word in readings or last in readings:
        return readings.get(word) or readings[last]
    if last.isdigit():
        return reading(last, readings)
    # Capitals are spelt out, and so is a single letter.
    if last.isascii() and last.isalpha() and (len(last) == 1 or last.isupper()):
        return LETTERS.get(last[-1].upper(), "이")
    return None


def unread(korean, terms, kind="prose"):
    """Return the Latin words before a particle whose reading is not among the terms: nobody judges those."""
    hosts = {match["host"] for match in HOST.finditer(Message(korean, kind).plain)}
    return {host for host in hosts if host[0].isascii() and reading(host, terms["readings"]) is None}


def _coda(syllable):
    """The final consonant of a syllable: 0 for none, 8 for ㄹ."""
    return (ord(syllable) - ord("가")) % 28


def _right(particle, syllable):
    """The form of a particle that stands behind a syllable."""
    closed, opened = PARTICLES[particle].split()
    free = (0, 8) if closed == "으로" else (0,)
    return opened if _coda(syllable) in free else closed


def _particles(there, readings):
    for both in BOTH.findall(there.plain):
        yield f"{both!r} names two forms of a particle: word the sentence so that none is needed."
    for match in HOST.finditer(there.plain):
        host, particle, close = match["host"], match["particle"], match["close"]
        shown = MARKED.sub(lambda m: m[2], host)
        if host[0] == FIELD and not shown.endswith("%}"):
            yield f"{particle!r} follows the placeholder {shown}: nobody knows how it will be read."
            continue
        if host[0] == FIELD:
            last = readings["%"]
        elif host[0] == CODE:
            last = _spoken(shown, readings)
            if last is None:
                yield f"{particle!r} follows the code `{shown}`, whose reading is unknown: put a noun there."
                continue
        elif host[0] == MATHS:
            last = _spoken(shown.strip("\\ "), readings)
        elif "가" <= host <= "힣":
            if not close and not _surely(there.plain[: match.end("host")], particle):
                continue
            last = host
        elif close.startswith("(") and not re.search(r"[가-힣]|[A-Za-z]{3}", close):
            # f(x) and max(x, 0) are no glosses.
            continue
        else:
            last = reading(host, readings)
        if last and (right := _right(particle, last[-1])) != particle:
            yield f"{shown}{close}{particle} must be {shown}{close}{right}."


def _spoken(code, readings):
    code = code.strip("\"'")
    return reading(code, readings) if re.fullmatch(rf"\.?[A-Za-z][\w./-]*|{NUMBER}", code) else None


def _surely(before, particle):
    """Whether what follows a word of Hangul can be nothing but a particle, if it is wrong."""
    coda = _coda(before[-1])
    if particle in ("를", "와"):
        return coda != 0
    if particle == "으로":
        return coda in (0, 8)
    return particle == "을" and coda == 0 and not WHOLE.search(before + particle)


def _syllables(there):
    odd = sorted({one for one in re.findall("[가-힣]", there.text) if len(one.encode("euc_kr")) != 2})
    if odd:
        yield f"The font has no {', '.join(odd)}."


def _tone(there):
    # A claim, an answer to choose or a remark, which stands for itself, needs no tone.
    if len(re.findall(rf"[.?!]{STOP}", there.plain)) < 2:
        return
    for match in (*PLAIN.finditer(there.plain), *ASKED.finditer(there.plain)):
        words = MARKED.sub(lambda m: m[2], match[0])
        if not (polite := re.search("([가-힣])[니시]다.$", words)) or _coda(polite[1]) != 17:
            yield f"{words!r} ends a sentence: say 합니다, 하세요 or 까?."


def glossary_faults(messages, terms):
    """Return in sentences where the glossary, pairs of messages, names a term otherwise than `terms`."""
    said, found = dict(messages), []
    for term, (standard, *_) in {**terms["glossary"], **terms["everyday"]}.items():
        if term not in said:
            found.append(f"The glossary has no {term!r}.")
        elif (said[term] or term) != standard:
            found.append(f"The glossary calls {term!r} {said[term]!r}, and the terms {standard!r}.")
    return found


def messages(path):
    """Yield (English, Korean, fuzzy, obsolete) of a catalogue, without its header."""
    with Path(path).open("rb") as file:
        catalogue = read_po(file)
    for message in catalogue:
        if message.id:
            yield message.id, message.string, message.fuzzy, False
    for message in catalogue.obsolete.values():
        yield message.id, message.string, message.fuzzy, True


def kind_of(path):
    """Return the kind of messages that a catalogue has."""
    address = Path(path).resolve().as_posix()
    return "said" if "/course/locale/" in address else "code" if "/LC_MESSAGES/code/" in address else "prose"


def report(path, terms):
    """Yield (number, English, sentence) for each fault of a catalogue."""
    kind = kind_of(path)
    for number, (english, korean, fuzzy, obsolete) in enumerate(messages(path)):
        if obsolete:
            yield number, english, "It is obsolete."
        elif fuzzy:
            yield number, english, "It is fuzzy."
        else:
            excuses = terms["excused"].get(english[:60], ())
            for fault in faults(english, korean, terms, kind):
                if not any(excuse in fault for excuse in excuses):
                    yield number, english, fault


def main(paths):
    """Print the faults of catalogues; return 1 if there are any, else 0."""
    terms, status = load(), 0
    for path in paths:
        for number, english, fault in report(path, terms):
            print(f"{path}: {number}: {english[:60]!r}: {fault}")
            status = 1
    return status


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
