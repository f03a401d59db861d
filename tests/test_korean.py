"""The Korean edition is whole: no message is missing, stale or faulty, as far as a machine can tell."""

import korean
import pytest
from test_glossary import ENTRIES

TERMS = korean.load()
COMPLETE = sorted(korean.ROOT.glob("*/locale/ko/LC_MESSAGES/**/*.po"))
GLOSSARY = korean.TERMS.with_name("glossary.po")


def found(english, said, kind="prose"):
    return " ".join(korean.faults(english, said, TERMS, kind))


@pytest.mark.parametrize("path", COMPLETE, ids=lambda path: f"{path.parent.name}/{path.stem}")
def test_a_catalogue_is_whole(path):
    faults = [f"{number}: {english[:60]!r}: {fault}" for number, english, fault in korean.report(path, TERMS)]
    assert faults == []


def test_the_glossary_names_the_terms():
    pairs = [(english, said) for english, said, *_ in korean.messages(GLOSSARY)]
    assert korean.glossary_faults(pairs, TERMS) == []


def test_the_terms_are_those_of_the_glossary():
    assert {*TERMS["glossary"], *TERMS["everyday"]} == set(ENTRIES)


def test_no_term_stands_in_two_tables():
    tables = [TERMS["glossary"], TERMS["everyday"], TERMS["words"]]
    assert sum(map(len, tables)) == len(set().union(*tables))


def test_what_must_not_be_written_is_no_part_of_what_must():
    tables = [TERMS["glossary"], TERMS["everyday"], TERMS["words"]]
    wanted = [one for table in tables for said in table.values() for one in said]
    assert [word for word in TERMS["never"] if any(word in one for one in wanted)] == ["파라미터"]


@pytest.mark.parametrize("reading", TERMS["readings"].values())
def test_a_reading_is_written_in_syllables(reading):
    assert all("가" <= syllable <= "힣" for syllable in reading)


GOOD = [
    # Names, code, formulas and numbers need no Hangul, and may be left to the English.
    ("ReLU", "", "prose"),
    ("87 %", "", "prose"),
    ("[02](notebooks/02_dead_relu.ipynb)", "", "prose"),
    ("`first_loss`, `four_runs`", "", "prose"),
    ("my_small_pixels(c, n)", "", "said"),
    ("$\\alpha$", "", "prose"),
    ("Clevert (2015), Fast and accurate deep network learning, arXiv 1511.07289.", "", "prose"),
    ("\\alpha = n \\mathrm{Var}(w)", "", "prose"),
    ("Slides 14 to 33, CS231n 2017.", "Slides 14 to 33, CS231n 2017.", "prose"),
    ("leaky ReLU", "Leaky ReLU", "prose"),
    ("0.1 to 0.3", "0.1~0.3", "prose"),
    # Half of the letters.
    ("The learning rate of SGD", "SGD의 학습률(learning rate)", "prose"),
    ("He (2015), Deep, arXiv 1502.01852. The leak.", "He (2015), Deep, arXiv 1502.01852. 누출.", "prose"),
    # Structure.
    ("**Loss** of `x`", "`x`의 **손실**", "prose"),
    ("*learning rate*s, $x^2$", "*학습률*(learning rate)과 $x^2$", "prose"),
    ("See [the loss](a.md#b).", "[손실](a.md#b)을 보세요.", "prose"),
    ("{term}`units <unit>`", "{term}`유닛`", "prose"),
    ("a * b is the loss", "손실은 a * b", "prose"),
    ("= 2 \\qquad \\text{(that is all)}", "= 2 \\qquad \\text{(이것이 전부)}", "prose"),
    ("answers `passed` after `make lab`", "`make lab LANGUAGE=ko` 뒤에 `통과`", "prose"),
    ("halving", "halving", "prose"),
    ("beta", "", "prose"),
    ('"too few examples" or "rate"', '"too few examples" 또는 "rate"', "said"),
    ("begin with np.full(len(gradients), -1)", "np.full(len(gradients), -1)로 시작", "said"),
    # Numbers.
    ("1,000 of 0.85 and 1e-6", "1e-6과 0.85의 1000", "prose"),
    ("two of 1.5 million", "150만 가운데 2", "prose"),
    ("a tenth, twenty-five times", "10분의 1, 25번", "prose"),
    ("half of −1, 10-20", "-1의 2분의 1, 0.5, 10~20", "prose"),
    ("only 5 remain", "5만 남습니다", "prose"),
    ("from -1 to W1, CIFAR-10", "-1에서 W1까지, CIFAR-10", "prose"),
    # Placeholders.
    ("{n} layers at {rate:.2g}", "학습률 {rate:.2g}: 층 {n}개", "said"),
    ("{left:.1%} is left of $10^{{-3}}$", "$10^{{-3}}$ 중 {left:.1%}가 남습니다", "said"),
    ("Weights of {scale:g}: {std[9]:.3g} in layer 10", "가중치 {scale:g}: 층 10에서 {std[9]:.3g}", "code"),
    ("{'; '.join(f'{a:g}' for a in b)} of {c!r:>5}", "{c!r:>5}의 {'; '.join(f'{a:g}' for a in b)}", "code"),
    # Terms.
    ("Batch normalization of two layers", "두 층의 배치 정규화", "prose"),
    ("step by step, for example", "차근차근", "prose"),
    ("A hyperparameter, a neuron", "하이퍼파라미터, 뉴런", "prose"),
    ("the activation function", "활성화 함수(활성 함수)", "prose"),
    ("the function", "활성 함수라고도 합니다.", "prose"),
    # Particles.
    ("0.85 and 0.85", "0.85를", "prose"),
    ("1, 3, 6, 7, 8, 10, 100", "1로 3으로 6으로 7로 8로 10으로 100으로", "prose"),
    ("3 % of 5 ms", "3 %가 5 ms는", "prose"),
    ("SGD, Adam, NumPy", "SGD와 Adam을 NumPy는", "prose"),
    ("CIFAR-10", "CIFAR-10을", "prose"),
    ('"Part I", R', '"Part I"을 R가', "prose"),
    ("max(x, 0) and L", "max(x, 0)을 L로", "prose"),
    ('`"elu"` and `.github/test.yml`', '`"elu"`는 `.github/test.yml`로', "prose"),
    ("`x`, $\\epsilon$ and $x / y$", "`x`는 $\\epsilon$은 $x / y$을", "prose"),
    ("this", "이을 수 있는 가을", "prose"),
    # Tone.
    ("It is so. Is it? Do it.", "그렇습니다. 그럴까요? 그렇습니까? 하세요.", "prose"),
    ("Let us see.", "봅시다.", "prose"),
    ("Needed.", "필요. 아닙니다. 다음.", "prose"),
    ("It is. Is it so?", "그렇습니다. 그런가요? 그래요?", "prose"),
    # An answer to choose stands for itself.
    ("It is.", "그렇다.", "prose"),
    ("How they differ", "어떻게 다른가", "prose"),
]  # fmt: skip


@pytest.mark.parametrize(("english", "said", "kind"), GOOD)
def test_a_right_translation_has_no_fault(english, said, kind):
    assert found(english, said, kind) == ""


BAD = [
    ("The figure", "", "prose", "not translated"),
    ("The figure", "The figure", "prose", "not translated"),
    ("Figures", "Figures", "prose", "not translated"),
    ("halved", "halved", "said", "not translated"),
    ('the "too few examples"', '그 "too many examples"', "prose", "1 of"),
    ("The figure shows more", "그림 shows more", "prose", "2 of 11 letters"),
    ("He (2015), Deep, arXiv 1502.01852. The leak.", "He (2015), Deep, arXiv 1502.01852. The leak.", "prose",
     "not translated"),
    ("\\alpha = 1", "\\beta = 1", "prose", "formula differs"),
    ("\\alpha \\text{ is all}", "\\alpha \\text{ is all}", "prose", "words in the formula"),
    ("**This** is it", "이것", "prose", "0 **strong** pieces, and the English 1"),
    ("**This** is it", "**이것(this)**는", "prose", "asterisk"),
    ("*This* is it", "이것", "prose", "0 *emphasized* pieces"),
    ("This", "이것 `", "prose", "backquote"),
    ("`a` is it", "이것 `b`", "prose", "code 'a' is missing. The code 'b' is not"),
    ("`a` and `a`", "이것 `a`", "prose", "code 'a' is missing"),
    ("$a$ is it", "이것 $b$", "prose", "formula 'a' is missing"),
    ("See [this](a.md#b)", "[이것](a.md#c)", "prose", "link 'a.md#b' is missing"),
    ("{term}`unit`", "유닛", "prose", "role 'term' is missing"),
    ("{term}`unit`", "{term}`유닛들`", "prose", "'unit' must lead to '유닛'"),
    ("*layers*", "*층들*", "prose", "'layers' must be '층'"),
    ("{n} of it", "그 가운데 하나", "said", "placeholder '{n}' is missing"),
    ("{n:.3g} of it", "그 가운데 {n:.2g}", "said", "placeholder '{n:.2g}' is not"),
    ("{a[0]:g} of it", "그 가운데 {a[1]:g}", "code", "placeholder '{a[0]:g}' is missing"),
    ("it is 0.85", "그것은 0.58", "prose", "number 0.85 is missing. The number 0.58 is not"),
    ("it is -1", "그것은 1", "prose", "number -1 is missing"),
    ("3 million of it", "그중 30만", "prose", "number 3000000 is missing"),
    ("two of it", "그중 3", "prose", "number 3 is not"),
    ("It is W1", "그것은 W2", "prose", "name W1 is missing. The name W2 is not"),
    ("3 % of it", "그중 3", "prose", "sign %"),
    ("Batch normalization", "정규화", "prose", "'batch normalization' must be '배치 정규화'"),
    ("the losses", "비용", "prose", "'loss' must be '손실'"),
    ("regularized", "정규화", "prose", "must be '규제'"),
    ("this", "그래디언트", "prose", "'그레이디언트' in place of '그래디언트'"),
    ("this", "파라미터, 하이퍼파라미터", "prose", "'매개변수' in place of '파라미터'"),
    ("this", "뉴런", "prose", "'유닛' in place of '뉴런'"),
    ("this", "활성 함수", "prose", "'활성화 함수' in place of '활성 함수'"),
    ("0.85", "0.85을", "prose", "0.85을 must be 0.85를."),
    ("1, 3 and 10", "1으로 3로 10와", "prose", "1으로 must be 1로. 3로 must be 3으로. 10와 must be 10과."),
    ("10000000000000", "10000000000000을", "prose", "must be 10000000000000를"),
    ("3 %", "3 %은", "prose", "%은 must be %는"),
    ("CIFAR-10", "CIFAR-10를", "prose", "CIFAR-10를 must be CIFAR-10을"),
    ("5 ms", "5 ms이", "prose", "ms이 must be ms가"),
    ("SGD, Adam", "SGD과 Adam는", "prose", "SGD과 must be SGD와. Adam는 must be Adam은."),
    ("this", "값(number)가", "prose", "값(number)가 must be 값(number)이."),
    ("this", "'값'를", "prose", "값'를 must be 값'을."),
    ("this", "층를 값와 위으로", "prose", "층를 must be 층을. 값와 must be 값과. 위으로 must be 위로."),
    ("this", "차이을", "prose", "이을 must be 이를."),
    ("`train_all`", "`train_all`은", "prose", "code `train_all`, whose reading"),
    ("`x`, $\\alpha$", "`x`은 $\\alpha$을", "prose", "x은 must be x는. \\alpha을 must be \\alpha를."),
    ("{n}", "{n}은", "said", "placeholder {n}"),
    ("{n:.0%}", "{n:.0%}은", "said", "must be {n:.0%}는"),
    ("this", "값은(는)", "prose", "two forms"),
    ("this", "뷁", "prose", "no 뷁"),
    ("It is. So.", "그렇습니다. 그렇다.", "prose", "'그렇다.' ends"),
    ("It is.", "아니다. 그렇습니다.", "prose", "'아니다.'"),
    ("It is. So.", "그렇습니다. 그렇죠.", "prose", "'그렇죠.'"),
    ("It is. So.", "그렇습니다. 그래요.", "prose", "'그래요.'"),
    ("It is. So.", "그렇습니다. 값이 있음.", "prose", "'있음.'"),
    ("It is. So.", "그렇습니다. 하십시오.", "prose", "'하십시오.'"),
    ("It is. So.", "그렇습니다. 그러니다.", "prose", "러니다."),
    ("It is. Is it?", "그렇습니다. 그런가?", "prose", "'그런가?'"),
]  # fmt: skip


@pytest.mark.parametrize(("english", "said", "kind", "fault"), BAD)
def test_a_fault_is_named(english, said, kind, fault):
    assert fault in found(english, said, kind)


def test_no_excuse_is_left_without_its_fault():
    bare = {**TERMS, "unchanged": [], "excused": {}}
    used, unchanged = set(), set()
    for path in COMPLETE:
        for _, english, fault in korean.report(path, bare):
            unchanged.add(english)
            used |= {(english[:60], one) for one in TERMS["excused"].get(english[:60], ()) if one in fault}
    assert {(start, one) for start, ones in TERMS["excused"].items() for one in ones} == used
    assert set(TERMS["unchanged"]) <= unchanged


def test_a_word_whose_reading_is_unknown_is_listed():
    assert korean.unread("ReLU는 Foo는 Bar-Baz를 W1은", TERMS) == {"Foo", "Bar-Baz", "W1"}


def test_a_glossary_that_names_a_term_otherwise_is_found():
    terms = {"glossary": {"unit": ["유닛"], "ReLU": ["ReLU"]}, "everyday": {"norm": ["노름"]}}
    assert korean.glossary_faults([("unit", "유닛"), ("ReLU", ""), ("norm", "노름")], terms) == []
    assert korean.glossary_faults([("unit", "뉴런"), ("ReLU", "ReLU")], terms) == [
        "The glossary calls 'unit' '뉴런', and the terms '유닛'.",
        "The glossary has no 'norm'.",
    ]


@pytest.mark.parametrize(
    ("path", "kind"),
    [
        ("course/locale/ko/LC_MESSAGES/practice_01.po", "said"),
        ("docs/locale/ko/LC_MESSAGES/code/01_exercises.po", "code"),
        ("docs/locale/ko/LC_MESSAGES/notebooks/01_exercises.po", "prose"),
    ],
)
def test_a_catalogue_has_one_kind_of_messages(path, kind):
    assert korean.kind_of(korean.ROOT / path) == kind


@pytest.mark.parametrize(
    ("entry", "printed", "status"),
    [
        ('msgid "unit"\nmsgstr "유닛"', "", 0),
        ('msgid "unit"\nmsgstr "뉴런"', "1: 'unit': The term 'unit' must be '유닛'.", 1),
        ('msgid "unit"\nmsgstr ""', "1: 'unit': It is not translated.", 1),
        ('#, fuzzy\nmsgid "unit"\nmsgstr "유닛"', "1: 'unit': It is fuzzy.", 1),
        ('#~ msgid "unit"\n#~ msgstr "유닛"', "1: 'unit': It is obsolete.", 1),
    ],
)
def test_a_command_prints_the_faults_of_a_catalogue(tmp_path, capsys, entry, printed, status):
    path = tmp_path / "page.po"
    path.write_text(f'msgid ""\nmsgstr ""\n\nmsgid "ReLU"\nmsgstr ""\n\n{entry}\n', encoding="utf-8")
    assert korean.main([path]) == status
    first, *_ = capsys.readouterr().out.splitlines() or [""]
    assert first == (f"{path}: {printed}" if printed else "")
