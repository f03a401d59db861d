"""A browser prints the pages of the book's EPUB one after the other, with contents that know their pages."""

import os
import posixpath
import re
import shutil
import sys
import xml.etree.ElementTree as ET
from pathlib import Path
from urllib.parse import unquote, urlsplit

BROWSERS = ["chromium", "chromium-browser", "google-chrome", "chrome"]
PAPER = Path(__file__).parents[1] / "_book" / "print.css"
FONTS = Path(__file__).parents[2] / "course" / "fonts"
XHTML = "http://www.w3.org/1999/xhtml"
ET.register_namespace("", XHTML)
ET.register_namespace("m", "http://www.w3.org/1998/Math/MathML")
HEAD = """<html xmlns="{xhtml}" lang="{language}"><head><title>{title}</title>
<link rel="stylesheet" href="_static/pygments.css"/><link rel="stylesheet" href="_static/book.css"/>
<style>{style}</style></head><body></body></html>"""
# Letters that the fonts of this machine may lack.
FONT = '@font-face {{ font-family: "Course Letters"; src: url("{font}") }}\n'
# What stands at the top of each page of a chapter; the title page has nothing there.
RUNNING = '@page {name} {{ @top-left {{ content: "{title}" }} }} #{name} {{ page: {name} }}\n'
# These links are given the number of the page to which they lead.
NUMBERED = ".//{*}div[@class='toctree-wrapper compound']//{*}a", ".//{*}p[@class='answer']/{*}a"


def join(folder, titles):
    """Return the pages of a folder, `{page: title}`, as one page; the names in each begin with its own."""
    chapters = {f"{page}.xhtml": f"page{number}" for number, page in enumerate(titles)}
    first, *others = zip(chapters.values(), titles.values(), strict=True)
    style = PAPER.read_text(encoding="utf-8")
    language = ET.parse(folder / next(iter(chapters))).getroot().get("lang", "en")
    if (font := FONTS / f"{language}.ttf").exists():
        style += FONT.format(font=font.as_uri())
    style += "".join(RUNNING.format(name=name, title=title.replace('"', r"\"")) for name, title in others)
    whole = ET.fromstring(HEAD.format(xhtml=XHTML, language=language, title=first[1], style=style))
    for path, name in chapters.items():
        page = ET.parse(folder / path).find(".//{*}div[@class='body']")
        page.attrib = {"class": "chapter", "id": name}
        for element in page.iterfind(".//*"):
            if "id" in element.attrib:
                element.set("id", f"{name}-{element.get('id')}")
            if "src" in element.attrib:
                element.set("src", posixpath.join(posixpath.dirname(path), element.get("src")))
            address = urlsplit(element.get("href", "http:"))
            if not address.scheme:
                there = posixpath.normpath(posixpath.join(posixpath.dirname(path), unquote(address.path)))
                parts = [chapters[there] if address.path else name, *filter(None, [address.fragment])]
                element.set("href", "#" + "-".join(parts))
        whole.find("{*}body").append(page)
    return whole


def places(pdf):
    """Return on which page of a PDF, as Chromium writes it, each name lies to which something links."""
    order = re.findall(rb"(\d+) 0 obj\s*<</Type /Page\b", pdf)
    found = re.findall(rb"/(page[\w-]+) \[(\d+) 0 R /XYZ", pdf)
    return {name.decode(): order.index(page) + 1 for name, page in found}


def print_book(folder, titles, path):
    """Print the pages, twice: where something lies is known when it has been printed."""
    browser = next(filter(None, map(shutil.which, BROWSERS)), None)
    if browser is None:
        names = ", ".join(BROWSERS)
        print(
            f"The book is an EPUB alone: no browser is there to print it, none of {names}.", file=sys.stderr
        )
        return
    from playwright.sync_api import sync_playwright

    whole, found = join(folder, titles), {}
    numbered = [link for kind in NUMBERED for link in whole.iterfind(kind)]
    file = folder / "whole.xhtml"
    with sync_playwright() as playwright:
        options = ["--disable-gpu"]
        options += ["--no-sandbox"] if hasattr(os, "geteuid") and os.geteuid() == 0 else []
        chromium = playwright.chromium.launch(executable_path=browser, args=options)
        page = chromium.new_page(java_script_enabled=False)
        for _ in range(2):
            for link in numbered:
                link.set("data-page", str(found.get(link.get("href")[1:], "000")))
            file.write_bytes(ET.tostring(whole, xml_declaration=True))
            page.goto(file.as_uri())
            pdf = page.pdf(prefer_css_page_size=True, print_background=True, outline=True, tagged=True)
            found = places(pdf)
        chromium.close()
    path.write_bytes(pdf)
