"""What a build of the site leaves, whatever came before: tried on a course of a few tiny notebooks."""

import base64
import io
import itertools
import multiprocessing
import os
import re
import shutil
import signal
import sys
import time
from pathlib import Path
from urllib.parse import unquote

import nbformat
import pytest
from babel.messages import Catalog
from babel.messages.pofile import write_po
from nbformat.v4 import new_code_cell, new_markdown_cell, new_notebook, new_output
from PIL import Image

pytestmark = [pytest.mark.slow, pytest.mark.long]
ROOT = Path(__file__).parents[1]
INDEX = "# A small course\n\n{links}\n\n```{{toctree}}\n:glob:\n:hidden:\nnotebooks/*\nglossary\n```\n"
GLOSSARY = "# Glossary\n\n```{glossary}\nunit\n  One number.\n```\n"
# A build takes a second, and the import of all that it needs three. So that is done once, in a server.
SERVER = multiprocessing.get_context("forkserver")
SERVER.set_forkserver_preload(
    [
        "furo",
        "latex2mathml.converter",
        "matplotlib.backends.backend_agg",
        "matplotlib.figure",
        "myst_nb.sphinx_ext",
        "nbclient",
        "sphinx.cmd.build",
        "sphinx.ext.autodoc",
    ]
)


def run_sphinx(arguments, log, environ):
    os.environ.update(environ)
    with open(log, "w") as file:
        os.dup2(file.fileno(), 1)
        os.dup2(file.fileno(), 2)
        # Whoever runs the tests may ignore Ctrl-C.
        signal.signal(signal.SIGINT, signal.default_int_handler)
        from sphinx.cmd.build import main

        sys.exit(main(arguments))


class Course:
    """A folder with topics, and its site."""

    def __init__(self, folder):
        self.notebooks, self.docs = folder / "notebooks", folder / "docs"
        self.notebooks.mkdir(parents=True)
        # Everything but the pages, and without what was built or installed.
        for name in ("course", "tools", "docs"):
            ignored = shutil.ignore_patterns("*.md", "_build", "notebooks", "__pycache__")
            shutil.copytree(ROOT / name, folder / name, ignore=ignored)
        shutil.copy(ROOT / "requirements.lock", folder)
        self.docs.joinpath("glossary.md").write_text(GLOSSARY)
        self.links()
        self.logs = itertools.count()

    def links(self, *names):
        links = " ".join(f"[{name}](notebooks/{name}.ipynb)" for name in names)
        self.docs.joinpath("index.md").write_text(INDEX.format(links=links))

    def topic(self, name, *cells, title=None):
        cells = cells or [new_code_cell(f"print('this is {name}')")]
        title = new_markdown_cell(f"# {title or name}?\n\nA *unit*.")
        notebook = new_notebook(cells=[title, *cells])
        nbformat.write(notebook, self.notebooks / f"{name}.ipynb")

    def translate(self, page, **texts):
        """Write the Korean catalogue of a page."""
        path = self.docs / "locale" / "ko" / "LC_MESSAGES" / f"{page}.po"
        catalogue = Catalog("ko")
        for text, translation in texts.items():
            catalogue.add(text, translation)
        path.parent.mkdir(parents=True, exist_ok=True)
        with path.open("wb") as file:
            write_po(file, catalogue)

    def start(self, out="html", language="en", **environ):
        """Begin to build the site as `make site` does, in the folder `out`; return how to await its end."""
        folder = self.docs / "_build"
        log = folder.parent / f"log-{next(self.logs)}"
        source = self.docs if language == "en" else folder / language / "docs"
        source.mkdir(parents=True, exist_ok=True)
        doctrees = folder / f"doctrees-{out.replace('/', '-')}"
        options = ["-W", "--keep-going", "-q", "-b", "html", "-c", self.docs, "-d", doctrees]
        arguments = [str(word) for word in [*options, source, folder / out]]
        environ["COURSE_LANGUAGE"] = language
        process = SERVER.Process(target=run_sphinx, args=(arguments, log, environ))
        process.start()

        def end(interrupt=None):
            if interrupt:
                while not interrupt.exists():
                    time.sleep(0.1)
                os.kill(process.pid, signal.SIGINT)
            process.join(120)
            return process.exitcode, log.read_text()

        return end

    def build(self):
        return self.start()()

    def built(self, out="html", language="en", **environ):
        status, said = self.start(out, language, **environ)()
        assert status == 0, said
        return self.docs / "_build" / out

    def page(self, name):
        return (self.built() / "notebooks" / f"{name}.html").read_text(encoding="utf-8")


@pytest.fixture(scope="module")
def course(tmp_path_factory):
    """One course for all tests that leave it as it was, since it takes seconds to build."""
    course = Course(tmp_path_factory.mktemp("course"))
    for name in ("01_first", "02_second", "03_third"):
        course.topic(name)
    course.built()
    return course


@pytest.fixture
def topic(course):
    """Write a topic, and take it away again."""
    yield course.topic
    for path in course.notebooks.glob("9*"):
        path.unlink()


def files(folder):
    """All files of a site; the times and the order of what it was read in are in none of them."""
    return {p.relative_to(folder): p.read_bytes() for p in folder.rglob("*") if p.is_file()}


def add(course):
    course.topic("04_fourth")


def remove(course):
    (course.notebooks / "02_second.ipynb").unlink()


def rename(course):
    (course.notebooks / "02_second.ipynb").rename(course.notebooks / "05_last.ipynb")


def restore(course):
    remove(course)
    course.built()
    course.topic("02_second")


def retitle(course):
    course.topic("02_second", title="Another title")


CHANGES = {"added": add, "removed": remove, "renamed": rename, "restored": restore, "retitled": retitle}


@pytest.mark.parametrize("change", CHANGES.values(), ids=CHANGES)
def test_after_a_topic_was_changed_the_site_is_that_of_a_build_from_clean(course, tmp_path, change):
    stored = shutil.copytree(course.notebooks, tmp_path / "stored")
    try:
        change(course)
        after, clean = files(course.built()), files(course.built("clean"))
    finally:
        for name in ("clean", "doctrees-clean"):
            shutil.rmtree(course.docs / "_build" / name, ignore_errors=True)
        shutil.rmtree(course.notebooks)
        shutil.copytree(stored, course.notebooks)
    assert sorted(after) == sorted(clean)
    assert [path for path in after if after[path] != clean[path]] == []
    topics = {
        path.stem: content.decode() for path, content in after.items() if path.match("notebooks/*.html")
    }
    titles = [re.search(r"<h1>(.*?)<", page)[1] for page in topics.values()]
    assert len(titles) >= 2
    assert all(title in page for title in titles for page in topics.values())


def test_a_link_to_a_topic_that_is_gone_fails_by_name_until_it_is_gone_as_well(course):
    course.topic("90_short")
    course.links("90_short")
    course.built()
    (course.notebooks / "90_short.ipynb").unlink()
    try:
        for _ in range(2):
            status, said = course.build()
            assert status == 1
            assert "index.md" in said
            assert "90_short.ipynb" in said
    finally:
        course.links()
    course.built()


def test_links_to_a_topic_of_ours_are_text_while_it_is_left_out(course, topic):
    index = course.docs / "_build" / "html" / "index.html"
    name, link = "05_batch_normalization", 'href="notebooks/05_batch_normalization.html"'
    course.links(name)
    try:
        course.built()
        assert f"<p>{name}</p>" in index.read_text(encoding="utf-8")
        topic(name)
        course.built()
        assert link in index.read_text(encoding="utf-8")
        (course.notebooks / f"{name}.ipynb").unlink()
        course.built()
        assert link not in index.read_text(encoding="utf-8")
    finally:
        course.links()


def test_a_build_where_nothing_changed_runs_nothing_and_writes_no_page(course):
    # The empty search page is always written.
    pages = [path for path in course.built().rglob("*.html") if path.name != "search.html"]
    before = [path.stat().st_mtime_ns for path in pages]
    assert course.build() == (0, "")
    assert [path.stat().st_mtime_ns for path in pages] == before


def test_two_builds_at_the_same_time_wait_for_each_other(course, topic):
    topic("90_slow", new_code_cell("import time\ntime.sleep(3)\nprint('slept')"))
    (one, said), (other, also_said) = [end() for end in (course.start(), course.start())]
    assert (one, other) == (0, 0), said + also_said
    assert (said + also_said).count("this one waits for it") == 1
    assert (said + also_said).count("1 of 4 notebooks are run") == 1
    assert "slept" in course.page("90_slow")


def test_a_run_says_how_long_it_may_take_shows_how_far_it_is_and_warns_of_nothing(course, topic):
    topic("90_new", new_code_cell("print('new')"), new_code_cell("x = 1"))
    _, said = course.build()
    assert "minutes" in said
    assert "2/2" in said
    assert re.search("warning|Executing|eavesdropping", said, re.IGNORECASE) is None


ENDLESS = """import os, pathlib, time
pathlib.Path({path!r}).write_text(str(os.getpid()))
time.sleep(600)"""


def test_an_interrupted_build_ends_at_once_and_so_does_what_it_ran(course, topic, tmp_path):
    kernels = [tmp_path / name for name in ("90_endless", "91_endless")]
    for path in kernels:
        topic(path.name, new_code_cell(ENDLESS.format(path=str(path))))
    status, said = course.start()(interrupt=kernels[0])
    assert status not in (0, None), said
    assert "Interrupted" in said
    for begun in tmp_path.iterdir():
        with pytest.raises(ProcessLookupError):
            os.kill(int(begun.read_text()), 0)


def test_a_cell_that_fails_is_named_and_the_others_are_kept(course, topic):
    topic("90_good", new_code_cell("print(6 * 7)"))
    topic("91_bad", new_code_cell("x = 1"), new_code_cell("x / 0"))
    topic("92_bad", new_code_cell("y"))
    status, said = course.build()
    assert status != 0
    assert "91_bad.ipynb, code cell 2: ZeroDivisionError: division by zero" in said
    assert "92_bad.ipynb, code cell 1: NameError" in said
    for path in course.notebooks.glob("9*_bad.ipynb"):
        path.unlink()
    assert course.build() == (0, "")
    assert "42" in course.page("90_good")


def test_a_notebook_saved_live_is_shown_as_it_is_run_and_offered_as_it_is_stored(course, topic):
    widget = {"application/vnd.jupyter.widget-view+json": {"model_id": "a"}, "text/plain": "VBox(stored)"}
    outputs = [new_output("display_data", data=widget), new_output("stream", text="stored\n")]
    topic("90_live", new_code_cell("print('fresh')", outputs=outputs, metadata={"trusted": True}))
    page = course.page("90_live")
    assert "fresh" in page
    assert "stored" not in page
    stored = course.notebooks / "90_live.ipynb"
    assert (
        course.docs / "_build" / "html" / "notebooks" / "90_live.ipynb"
    ).read_bytes() == stored.read_bytes()


REFUSED = {
    "a script": "<div><script>alert(1)</script></div>",
    "a handler": '<div onclick="alert(1)">x</div>',
    "a picture from elsewhere": '<img src="https://example.org/x.png">',
    "a frame": '<iframe src="x.html"></iframe>',
    "a style from elsewhere": "<style>@import '//example.org/x.css';</style>",
    "a command of JupyterLab": '<a data-commandlinker-command="x">y</a>',
    "an odd spelling": "<div\nonload=alert(1)>",
    "a drawing with a script": '<svg onload="alert(1)"></svg>',
}


@pytest.fixture(scope="module")
def page_of_stored_outputs(course):
    """The page of a notebook that has stored all of them, and a script."""
    outputs = [
        new_output("display_data", data={"text/html": f"stored {markup}"}) for markup in REFUSED.values()
    ]
    outputs += [new_output("display_data", data={"application/javascript": "alert('stored')"})]
    course.topic("90_stored", new_code_cell("print('run')", outputs=outputs))
    yield course.page("90_stored")
    (course.notebooks / "90_stored.ipynb").unlink(missing_ok=True)


@pytest.mark.parametrize("markup", REFUSED.values(), ids=REFUSED)
def test_a_stored_output_that_does_something_never_reaches_a_page(page_of_stored_outputs, markup):
    assert "run\n" in page_of_stored_outputs
    assert markup not in page_of_stored_outputs


def test_no_stored_output_of_any_kind_reaches_a_page(page_of_stored_outputs):
    assert "alert" not in page_of_stored_outputs
    assert "stored " not in page_of_stored_outputs


def png(colour):
    buffer = io.BytesIO()
    Image.new("RGB", (3, 2), colour).save(buffer, "png")
    return buffer.getvalue()


def test_pictures_beside_a_notebook_and_pasted_into_it_are_shown(course, topic):
    red, green, blue = map(png, ("red", "green", "blue"))
    course.notebooks.joinpath("90_folder").mkdir()
    course.notebooks.joinpath("90_red.png").write_bytes(red)
    course.notebooks.joinpath("90_folder", "a green.png").write_bytes(green)
    text = "![Red.](90_red.png) ![Green.](90_folder/a%20green.png) ![Blue.](attachment:a%20blue.png) n<k"
    pasted = {"a blue.png": {"image/png": base64.b64encode(blue).decode()}}
    topic("90_pictures", new_markdown_cell(text, attachments=pasted))
    try:
        page = course.page("90_pictures")
    finally:
        shutil.rmtree(course.notebooks / "90_folder")
    assert "n&lt;k" in page
    shown = dict(re.findall(r'<img alt="(\w+)\." src="\.\./(.*?)"', page))
    for name, content in {"Red": red, "Green": green, "Blue": blue}.items():
        assert course.docs.joinpath("_build", "html", unquote(shown[name])).read_bytes() == content


def test_each_figure_of_a_page_has_a_name_of_its_own_and_its_pictures_are_files(course, topic):
    data = base64.b64encode(b"a picture").decode()
    shown, other = (f"data:image/webp;base64,{word}" for word in (data, "b3RoZXI="))
    figure = (
        '<figure class="explore explore-plot" id="figure-run" '
        f"""data-frames='[["{shown}","A."],["{other}","B."]]'><img src="{shown}" alt="A."></figure>"""
    )
    cell = f"from IPython.display import HTML\nHTML({figure!r})"
    topic(
        "91_figures",
        *[new_code_cell(cell) for _ in range(2)],
        new_markdown_cell("## Figure: a run, figure run"),
    )
    topic("92_figures", new_markdown_cell("## Figure run"), *[new_code_cell(cell) for _ in range(2)])
    for name, called in (("91", ["run", "run-2"]), ("92", ["run-2", "run-3"])):
        page = course.page(f"{name}_figures")
        assert re.findall(r'<figure [^>]*\bid="figure-(.*?)"', page) == called
        assert len(re.findall(r'<(?:figure|section) [^>]*\bid="figure-run"', page)) == 1
        (address, *same) = re.findall(r'<img src="(.*?)" alt="A."', page)
        assert same == [address]
        folder = course.docs / "_build" / "html" / "notebooks" / Path(address).parent
        first, second = re.search(r"""data-frames='\[\["(.*?)","A."\],\["(.*?)","B."\]\]'""", page).groups()
        assert first == Path(address).name
        assert [(folder / file).read_bytes() for file in (first, second)] == [b"a picture", b"other"]


FIGURE = """from IPython.display import HTML
HTML('<figure class="explore explore-plot"><img src="data:image/webp;base64,{picture}" '
     'alt="It is {colour} all over." width="960" height="570"></figure>')"""


def figure(colour):
    """A cell that shows a figure, as explore writes it."""
    buffer = io.BytesIO()
    Image.new("RGB", (960, 570), colour).save(buffer, "webp", lossless=True)
    picture = base64.b64encode(buffer.getvalue()).decode()
    return new_code_cell(FIGURE.format(picture=picture, colour=colour))


OPENING = """# A small course

```{opening-figure} 90_moved 2
Move it.
```

```{topic-cards}
```

```{toctree}
:glob:
:hidden:
:caption: Topics
notebooks/*
```

```{toctree}
:hidden:
:caption: Practice
```

```{toctree}
:hidden:
:caption: Look up
glossary
```
"""


@pytest.fixture
def opening(course, topic):
    """The course with a first page as ours."""
    course.docs.joinpath("index.md").write_text(OPENING)
    topic("90_moved", figure("red"), figure("blue"))
    yield course.docs / "_build" / "html"
    course.links()


def test_the_first_page_shows_the_figure_and_a_card_of_each_topic_as_they_are_now(course, topic, opening):
    index = (course.built() / "index.html").read_text(encoding="utf-8")
    shown = re.findall(r'<img [^>]*?src="(_images/frames/\w+\.webp)" alt="It is (\w+) all over."', index)
    assert [colour for _, colour in shown] == ["blue", "red"]
    assert all((opening / path).exists() for path, _ in shown)
    assert "Move it." in index
    assert index.count('<li class="card">') == 4
    topic("90_moved", figure("red"), figure("green"))
    index = (course.built() / "index.html").read_text(encoding="utf-8")
    assert re.findall('alt="It is (\\w+) all over."', index) == ["green", "red"]


def test_without_its_topic_the_first_page_has_no_figure_and_no_word_of_it(course, opening):
    (course.notebooks / "90_moved.ipynb").unlink()
    index = (course.built() / "index.html").read_text(encoding="utf-8")
    assert "<figure" not in index
    assert "Move it." not in index
    assert index.count('<li class="card">') == 3


def test_a_figure_that_a_topic_does_not_have_is_named(course, topic, opening):
    topic("90_moved", figure("red"))
    status, said = course.build()
    assert status == 1
    assert "90_moved.ipynb has 1 figures, and no figure 2." in said


def test_the_navigation_has_the_groups_that_are_not_empty_on_every_page(course, opening):
    course.built()
    course.docs.joinpath("index.md").write_text(OPENING.replace("Look up", "Words"))
    course.built()
    for path in [opening / "glossary.html", *opening.glob("notebooks/*.html")]:
        captions = re.findall(r'<span class="caption-text">(.*?)</span>', path.read_text(encoding="utf-8"))
        assert captions == ["Topics", "Words"], path.name


def test_once_a_host_is_named_a_link_comes_with_a_picture(course, opening):
    course.built()
    site = course.built(COURSE_SITE="https://example.org/course/")
    page = (site / "notebooks" / "01_first.html").read_text(encoding="utf-8")
    told = dict(re.findall(r'<meta (?:property|name)="(og:\w+|twitter:\w+)" content="(.*?)">', page))
    assert told["og:title"] == "01_first?"
    assert told["og:url"] == "https://example.org/course/notebooks/01_first.html"
    assert f'<link rel="canonical" href="{told["og:url"]}">' in page
    assert told["og:description"] == re.search('name="description" content="(.*?)"', page)[1]
    assert told["twitter:card"] == "summary_large_image"
    preview = site / told["og:image"].removeprefix("https://example.org/course/")
    with Image.open(preview) as picture:
        assert picture.size == (1200, 630)
        assert picture.getpixel((600, 315)) == (0, 0, 255)
    # Nobody else is told of it.
    course.built()
    assert "example.org" not in (site / "index.html").read_text(encoding="utf-8")


def test_the_site_offers_the_book_where_it_was_made_and_says_nothing_elsewhere(course):
    index, book = course.docs / "index.md", course.docs / "_build" / "book"
    try:
        index.write_text(index.read_text() + "\n```{offered-book}\n```\n")
        site = course.built()
        assert "book/" not in (site / "index.html").read_text(encoding="utf-8")
        book.mkdir()
        for name in ("a.epub", "a.pdf"):
            (book / name).write_text(name)
        course.built()
        links = re.findall(r'href="(book/.*?)"', (site / "index.html").read_text(encoding="utf-8"))
        assert links == ["book/a.epub", "book/a.pdf"]
        assert [(site / link).read_text() for link in links] == ["a.epub", "a.pdf"]
        shutil.rmtree(book)
        course.built()
        assert "book/" not in (site / "index.html").read_text(encoding="utf-8")
        assert not (site / "book").exists()
    finally:
        shutil.rmtree(book, ignore_errors=True)
        course.links()


@pytest.fixture
def korean(course):
    """Build the Korean edition below the English one, beside which nothing of it is left afterwards."""

    def built():
        return course.built("html/ko", "ko", COURSE_EDITIONS="en ko")

    catalogues = course.docs / "locale" / "ko" / "LC_MESSAGES"
    kept = {path: path.read_bytes() for path in catalogues.rglob("*.po")}
    yield built
    for path in [*catalogues.rglob("*.po"), *catalogues.rglob("*.mo")]:
        path.unlink()
    for path, content in kept.items():
        path.write_bytes(content)
    for folder in (course.notebooks / "ko", course.docs / "_build" / "html" / "ko"):
        shutil.rmtree(folder, ignore_errors=True)


def test_an_edition_has_the_english_prose_translated_and_follows_its_catalogue(course, korean):
    english = course.built(COURSE_EDITIONS="en ko") / "notebooks" / "01_first.html"
    english = english.read_text(encoding="utf-8")
    for title in ("첫째", "처음"):
        course.translate("notebooks/01_first", **{"01_first?": title})
        page = (korean() / "notebooks" / "01_first.html").read_text(encoding="utf-8")
        assert re.search("<h1>(.*?)<", page)[1] == title
        assert re.findall('<section id="(.*?)">', page) == re.findall('<section id="(.*?)">', english)
        assert title in (korean() / "index.html").read_text(encoding="utf-8")
    links = re.findall(r'<a class="edition" lang="en" hreflang="en" href="(.*?)">English</a>', page)
    assert set(links) == {"../../notebooks/01_first.html"}
    english = (course.docs / "_build" / "html" / "notebooks" / "01_first.html").read_text(encoding="utf-8")
    assert (
        '<a class="edition" lang="ko" hreflang="ko" href="../ko/notebooks/01_first.html">한국어</a>'
        in english
    )


def test_an_edition_runs_and_offers_its_own_notebook_or_says_that_there_is_none(course, korean):
    # Each build imports this file before it knows its language, so that the file itself must not ask for one.
    from course.words import catalogue

    english = catalogue("ko")["It is in English so far, and so are the code on this page and what it prints."]
    assert english in (korean() / "notebooks" / "01_first.html").read_text(encoding="utf-8")
    stored = course.notebooks / "ko" / "01_first.ipynb"
    stored.parent.mkdir()
    cells = new_markdown_cell("# 첫째?"), new_code_cell("print('이것은', '첫째')")
    nbformat.write(new_notebook(cells=[*cells]), stored)
    site = korean()
    page = (site / "notebooks" / "01_first.html").read_text(encoding="utf-8")
    assert "이것은 첫째\n" in page
    assert "this is" not in page
    assert english not in page
    assert (site / "notebooks" / "01_first.ipynb").read_bytes() == stored.read_bytes()
    assert "this is 01_first" in course.page("01_first")
    nbformat.write(new_notebook(cells=[*cells, new_code_cell("x = 1")]), stored)
    status, said = course.start("html/ko", "ko")()
    assert status != 0
    assert "01_first.ipynb: the cells of a translation are not those of the English notebook" in said


def test_an_edition_survives_that_the_english_one_is_written_anew(course, topic, korean):
    course.built()
    before = files(korean())
    topic("90_more")
    course.built()
    assert files(course.docs / "_build" / "html" / "ko") == before


def test_once_a_host_is_named_each_page_names_itself_in_the_other_languages(course, korean):
    named = {"COURSE_SITE": "https://example.org/course", "COURSE_EDITIONS": "en ko"}
    expected = {
        "en": "https://example.org/course/notebooks/01_first.html",
        "ko": "https://example.org/course/ko/notebooks/01_first.html",
        "x-default": "https://example.org/course/notebooks/01_first.html",
    }
    for language, out in {"en": "html", "ko": "html/ko"}.items():
        page = (course.built(out, language, **named) / "notebooks" / "01_first.html").read_text()
        assert dict(re.findall(r'<link rel="alternate" hreflang="(.*?)" href="(.*?)">', page)) == expected
        assert f'<link rel="canonical" href="{expected[language]}">' in page
    course.built()


def test_the_search_of_the_korean_edition_finds_words_with_their_endings(course, topic, korean, browser):
    topic("90_words", new_markdown_cell("A word."))
    course.translate("notebooks/90_words", **{"A word.": "포화되지 않는 학습률을 ReLU가 갖는 층입니다."})
    context = browser.new_context()
    page = context.new_page()
    try:
        for sought in ("포화", "학습률", "relu", "층"):
            page.goto(f"{(korean() / 'search.html').as_uri()}?q={sought}")
            found = page.locator("#search-results li a").first
            found.wait_for()
            assert found.get_attribute("href").startswith("notebooks/90_words.html"), sought
            assert (
                page.locator("#search-results p").first.inner_text().startswith("검색어가 있는 페이지를 1개")
            )
    finally:
        context.close()
