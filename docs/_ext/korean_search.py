"""The search of the Korean edition finds a word with whatever ends it: 포화 in 포화되지, 학습률 in 학습률을.

Sphinx has no Korean, and drops words of two letters where they are part of another. So each beginning of a
word is in the index. Latin words, which have an ending of Hangul as well, are found as in English.
"""

import re

from sphinx.search.en import SearchEnglish

PARTS = re.compile(r"[가-힣]+|[^\W가-힣]+")


class KoreanSearch(SearchEnglish):
    """Words of both alphabets; the name of the language chooses the script that stems what is typed."""

    lang = "ko"

    def split(self, input):  # noqa: A002
        """Return the words of a text, and what each begins with."""
        found = []
        for word in super().split(input):
            found.append(word)
            for part in PARTS.findall(word):
                ends = range(1, len(part)) if "가" <= part[0] <= "힣" else ()
                found += [part[:end] for end in ends]
                found += [part] if part != word else []
        return found


def setup(app):
    """Tell Sphinx."""
    app.add_search_language(KoreanSearch)
    return {"parallel_read_safe": True, "parallel_write_safe": True}
