"""What a reader has done is counted by topic. What can be done has a name, `data-progress="question dead"`.

Their browser keeps it, by docs/_static/progress.js. Without scripts nothing of this is seen.
"""

import html
import json
import re

from docutils import nodes
from sphinx.transforms.post_transforms import SphinxPostTransform
from sphinx.util.docutils import SphinxDirective
from sphinx.util.osutil import relative_uri

from course.words import say

NAME = re.compile(r'data-progress="(.*?)"')
TOOLS = """<div class="progress-tools" hidden>
<ul>{topics}</ul>
<p class="progress-none">{none}</p>
<p class="progress-buttons"><button type="button">{export}</button> <button type="button">{load}</button>
<button type="button">{delete}</button><input type="file" hidden></p>
<p role="status" data-says="{says}"></p>
</div>"""
EXPORTED, LOADED = "Exported as progress.jsonl.", "Imported, beside what was there."
NOT_LOADED = "Not imported: it is no file of progress, or your browser keeps nothing for this page."
DELETED = "Deleted: your browser keeps nothing of what you have done here."


def collect(app, doctree):
    """Remember the names of what can be done on a page."""
    names = [
        html.unescape(name) for node in doctree.findall(nodes.raw) for name in NAME.findall(node.astext())
    ]
    app.env.metadata[app.env.docname]["progress"] = names


def counter(env, page):
    """Return what shows how much of a page is done, once something is; nothing for one without a name."""
    if not (names := env.metadata[page].get("progress")):
        return ""
    listed, says = html.escape(json.dumps(names)), html.escape(say("{done} of {all} done"))
    return f'<span class="progress" data-names="{listed}" data-says="{says}" hidden></span>'


class Progress(nodes.General, nodes.Element):
    """The place of the list: what can be done in a topic is known when all pages are read."""


class ProgressTools(SphinxDirective):
    """`{progress-tools}`: what is done of each topic, to be exported, imported and deleted."""

    def run(self):
        """Leave a place for it, which is written again when a topic changes."""
        for page in self.env.found_docs:
            if page.startswith("notebooks/"):
                self.env.note_dependency(self.env.doc2path(page))
        return [Progress()]


class WriteProgress(SphinxPostTransform):
    """Write the list and its buttons."""

    default_priority = 590

    def run(self, **kwargs):
        """Go through the page."""
        for node in list(self.document.findall(Progress)):
            # What is played on a page of its own comes after the topics.
            found = sorted(self.env.found_docs, key=lambda page: (not page.startswith("notebooks/"), page))
            topics = "".join(map(self.topic, found))
            says = [say(text) for text in (EXPORTED, LOADED, NOT_LOADED, DELETED)]
            words = {
                "none": say("So far there is nothing."),
                "export": say("Export to a file"),
                "load": say("Import a file"),
                "delete": say("Delete all of it"),
                "says": json.dumps(says),
            }
            written = {name: html.escape(text) for name, text in words.items()}
            node.replace_self(nodes.raw("", TOOLS.format(topics=topics, **written), format="html"))

    def topic(self, page):
        """Return the line of a topic; it is shown once something there is done."""
        if not (count := counter(self.env, page)):
            return ""
        here, there = (self.app.builder.get_target_uri(name) for name in (self.env.docname, page))
        title = html.escape(self.env.titles[page].astext())
        return f'<li><a href="{relative_uri(here, there)}">{title}</a> {count}</li>'


def setup(app):
    """Tell Sphinx."""
    app.add_node(Progress)
    app.add_directive("progress-tools", ProgressTools)
    app.add_post_transform(WriteProgress)
    app.connect("doctree-read", collect)
    return {"parallel_read_safe": True, "parallel_write_safe": True}
