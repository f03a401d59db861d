"""Write the course without the solutions of its exercises, to hand out to a class: tools/handout.py FOLDER.

It is the course as git has it, so that nothing of one's own comes along. The exercises are packed: they are
checked as they are here, but nobody comes upon a solution by opening a file. Whoever wants can unpack them.
"""

import base64
import gzip
import re
import shutil
import subprocess
import sys
import zlib
from pathlib import Path

ROOT = Path(__file__).parents[1]
# What is said of mistakes, in other languages than English. A catalogue may be packed wherever it is read.
CATALOGUES = "course/locale/*/LC_MESSAGES/practice_*.po"
# The tests hold right answers and known mistakes; these folders and targets are of no use without them.
FOLDERS, TARGETS = ("tests", ".github", ".ci"), ("long", "quick", "practice", "peers")
NOTE = """
This is the edition for a class: its exercises have no solutions. The tests of the course, which know
them, are left out as well.
"""
PACKED = '''{opening}

This is the edition for a class, which has no solutions, so it is packed.
"""

import base64
import zlib

PACKED = """
{packed}"""
exec(compile(zlib.decompress(base64.b64decode(PACKED)), "<packed>", "exec"))
'''


def packed(module):
    """Return a module that does the same and cannot be read."""
    opening = module.partition("\n")[0].removesuffix('"""')
    text = base64.encodebytes(zlib.compress(module.encode(), 9)).decode()
    return PACKED.format(opening=opening, packed=text)


def without_tests(makefile):
    """Return a Makefile whose `test` holds the notebooks alone; what is made for the tests only is gone."""
    for target in TARGETS:
        makefile = re.sub(rf"(?m)^{target}: .*\n(\t.*\n)+\n", "", makefile)
        makefile = re.sub(rf"(?m)^(\.PHONY:.*) {target}\b", r"\1", makefile)
    return makefile.replace('-m "not long" tests course', "--nbval course notebooks")


def without_offer(text):
    """Return a text without the line that says how to see a solution."""
    return re.sub(r".*\.solution\(\).*\n", "", text)


def noted(readme):
    """Return the README with a note under its title."""
    return readme.replace("\n", f"\n{NOTE}", 1)


EDITS = {
    "course/practice/topic_*.py": packed,
    "notebooks/**/*_exercises.ipynb": without_offer,
    "tools/practice.py": without_offer,
    "Makefile": without_tests,
    "README.md": noted,
}


def main(folder):
    """Write the edition into a new folder."""
    if not folder:
        sys.exit("Say where to write it: make handout FOLDER=../for_class")
    folder = Path(folder).resolve()
    if folder.exists() and any(folder.iterdir()):
        sys.exit(f"{folder} is not empty: name a new folder.")
    if not (ROOT / ".git").exists() or shutil.which("git") is None:
        sys.exit("It takes git, and a clone of the course: git knows which files belong to the course.")
    subprocess.run(["git", "checkout-index", "--all", f"--prefix={folder.as_posix()}/"], cwd=ROOT, check=True)
    for name in FOLDERS:
        shutil.rmtree(folder / name, ignore_errors=True)
    for pattern, edit in EDITS.items():
        for path in folder.glob(pattern):
            text = path.read_text(encoding="utf-8")
            path.write_text(edit(text), encoding="utf-8", newline="\n")
    for path in folder.glob(CATALOGUES):
        path.with_name(f"{path.name}.gz").write_bytes(gzip.compress(path.read_bytes(), mtime=0))
        path.unlink()
    print(f"The edition for a class is in {folder}.")


if __name__ == "__main__":
    main(*sys.argv[1:])
