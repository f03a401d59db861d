"""The editions of the site are one site in several languages: the same pages, parts and ways between them."""

import html
import re
import subprocess
import sys
from pathlib import Path

import furo
import pytest
import sphinx
from jinja2.ext import babel_extract

sys.path.insert(0, str(Path(__file__).parents[1] / "tools"))
sys.path.insert(0, str(Path(__file__).parents[1] / "docs" / "_ext"))
from editions import NAMES, folder
from executed_notebooks import speaks
from korean_search import KoreanSearch
from untranslated import translated

pytestmark = pytest.mark.slow
ROOT = Path(__file__).parents[1]
OTHERS = [language for language in NAMES if language != "en"]
SWITCH = re.compile(r'<a class="edition" lang="(.*?)" hreflang="(.*?)" href="(.*?)">(.*?)</a>')
IDS = re.compile(r'\bid="([^"]+)"')


@pytest.fixture(scope="module")
def editions(site, paths):
    """The pages of each edition, `{language: {name: path}}`, by what they are called below its folder."""
    found = {}
    for language in NAMES:
        top = site / folder(language)
        own = [path for path in paths if path.is_relative_to(top)]
        others = [site / folder(other) for other in OTHERS if other != language]
        own = [path for path in own if not any(path.is_relative_to(other) for other in others)]
        found[language] = {path.relative_to(top).as_posix(): path for path in own}
    return found


def read(path):
    return path.read_text(encoding="utf-8")


@pytest.mark.parametrize("language", OTHERS)
def test_an_edition_has_the_pages_of_the_english_one_with_the_same_names_in_them(editions, language):
    assert len(editions["en"]) > 40
    assert editions[language].keys() == editions["en"].keys()
    for name, path in editions[language].items():
        # Entries of the glossary are in another order.
        own, english = (sorted(IDS.findall(read(one))) for one in (path, editions["en"][name]))
        assert own == english, name


@pytest.mark.parametrize("language", NAMES)
def test_every_page_says_its_language_and_leads_to_itself_in_the_others_and_back(editions, language):
    for name, path in editions[language].items():
        text = read(path)
        assert f'<html class="no-js" lang="{language}"' in text, name
        links = {*SWITCH.findall(text)}
        assert {link[0] for link in links} == {*NAMES} - {language}, name
        for spoken, there, address, words in links:
            assert (spoken, words) == (there, NAMES[there])
            assert (path.parent / address).resolve() == editions[there][name], name


def test_no_page_names_a_host_that_nobody_has_named(editions):
    for pages in editions.values():
        for name, path in pages.items():
            assert 'rel="alternate"' not in read(path), name


@pytest.mark.parametrize("language", OTHERS)
def test_a_page_is_marked_as_english_where_it_has_no_catalogue(editions, language):
    english = {name for name, path in editions[language].items() if 'class="untranslated"' in read(path)}
    pages = {name for name in editions["en"] if name != "search.html"}
    assert english == {name for name in pages if not translated(name.removesuffix(".html"), language)}
    assert "reference_kernels.html" in english
    for name in english:
        assert '<div lang="en">' in read(editions[language][name])


def words_of_the_theme():
    """What templates and scripts have for translation, without what is filled in."""
    themes = Path(furo.__file__).parent / "theme" / "furo", ROOT / "docs" / "_templates"
    for path in (path for theme in themes for path in theme.rglob("*.html")):
        with path.open("rb") as file:
            for _, _, words, _ in babel_extract(file, ["_", "gettext"], [], {}):
                yield words.partition("%")[0].strip()
    writer = Path(sphinx.__file__).parent / "writers" / "html5.py"
    yield from re.findall(r"[^_]_\('(Link to .*?)'\)", read(writer))


@pytest.mark.parametrize("language", OTHERS)
def test_no_word_of_the_theme_stays_english(editions, language):
    found = set()
    for name in ("index.html", "glossary.html", "numbers.html", "search.html"):
        theirs, ours = (html.unescape(read(editions[one][name])) for one in ("en", language))
        ours = re.sub(r'<div lang="en">.*?</article>', "", ours, flags=re.DOTALL)
        for words in {words for words in words_of_the_theme() if re.search(r"\w", words)}:
            said = re.compile(rf'[>"]\s*{re.escape(words)}\s*[<"]')
            if said.search(theirs) and "github.com" not in words:
                found.add(words)
                assert not said.search(ours), f"{name}: {words}"
    assert {"Search", "Skip to content", "Back to top", "On this page", "Link to this heading"} <= found


@pytest.mark.parametrize("language", OTHERS)
def test_the_scripts_of_the_search_have_all_they_say(site, language):
    scripts = Path(sphinx.__file__).parent / "themes" / "basic" / "static"
    says = re.compile(r'(?:\b_|\.n?gettext)\(\s*"((?:[^"\\]|\\.)*)"')
    wanted = {words for path in scripts.glob("*.js") for words in says.findall(read(path))}
    told = read(site / folder(language) / "_static" / "translations.js")
    assert len(wanted) >= 6
    for words in wanted:
        assert re.search(rf'"{re.escape(words)}": (\["[^"]+"\]|"[^"]+")', told), words


@pytest.mark.parametrize(
    ("text", "sought"), [("포화되지", "포화"), ("학습률을", "학습률"), ("ReLU가", "ReLU"), ("층을", "층")]
)
def test_a_word_is_found_with_whatever_ends_it(text, sought):
    assert sought in KoreanSearch({}).split(f"이 {text} 않는")


def test_a_translation_matters_to_its_own_language_alone():
    korean, english = ("ko", "en"), ("ko",)
    for parts, wanted in {
        ("course", "plots.py"): korean,
        ("course", "fonts", "__init__.py"): korean,
        ("course", "locale", "ko", "LC_MESSAGES", "course.po"): english,
        ("course", "fonts", "ko.ttf"): english,
        ("requirements.lock",): korean,
    }.items():
        assert {language for language in NAMES if speaks(parts, language)} == {*wanted}, parts


def test_an_edition_that_does_not_exist_is_named():
    done = subprocess.run(
        [sys.executable, ROOT / "tools" / "publish.py", "site", "xx"], capture_output=True, text=True
    )
    assert done.returncode == 1
    assert done.stderr.strip() == "There is no edition xx, only en, ko."


def test_what_is_done_in_one_language_is_done_in_the_others(address, visit):
    page = visit(f"{address}/practice.html")
    page.evaluate("progress.set('question of a test', 'done')")
    for language in OTHERS:
        page.goto(f"{address}/{folder(language)}practice.html")
        assert page.evaluate("progress.get('question of a test')") == "done"


@pytest.mark.parametrize("phone", [False, True], ids=["desktop", "phone"])
def test_the_keyboard_reaches_the_other_language_at_the_same_place(address, visit, topic, phone):
    size = {"width": 360, "height": 740} if phone else {"width": 1280, "height": 800}
    page = visit(f"{address}/{topic('02_dead_relu')}", viewport=size)
    page.evaluate("history.replaceState(null, '', '#further-reading')")
    (link,) = [link for link in page.locator(".edition").all() if link.is_visible()]
    for _ in range(60):
        page.keyboard.press("Tab")
        if link.evaluate("e => e === document.activeElement"):
            break
    page.keyboard.press("Enter")
    page.wait_for_url(f"{address}/ko/{topic('02_dead_relu')}#further-reading")
    assert page.evaluate("document.documentElement.scrollWidth") <= size["width"]


@pytest.mark.browser
@pytest.mark.slow
@pytest.mark.parametrize("home", ["server", "disk"])
def test_no_letter_is_drawn_as_a_box_where_the_font_of_the_course_is_the_only_one(visit, site, address, home):
    page = visit(f"{address if home == 'server' else site.as_uri()}/ko/index.html")
    tools = page.context.new_cdp_session(page)
    for domain in ("DOM", "CSS"):
        tools.send(f"{domain}.enable")
    root = tools.send("DOM.getDocument")["root"]["nodeId"]

    def font(selector):
        """The name of the font that most letters of the first such element are drawn in."""
        node = tools.send("DOM.querySelector", {"nodeId": root, "selector": selector})["nodeId"]
        fonts = tools.send("CSS.getPlatformFontsForNode", {"nodeId": node})["fonts"]
        return max(fonts, key=lambda font: font["glyphCount"])["familyName"]

    # The first text of each size and weight asks for the font, and has to be drawn again when it comes.
    page.wait_for_function("document.fonts.status === 'loaded'")
    page.wait_for_timeout(500)
    asking = ".sidebar-brand-text", ".sidebar-tree .caption-text", ".sidebar-tree small", "h1"
    assert len({font(selector) for selector in asking}) == 1
