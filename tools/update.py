"""Fetch the newest course; a file that it and the learner have both changed is kept beside the new one."""

# git alone refuses here, or writes marks of conflict into the notebook, which then does not open any more.
import datetime as dt
import itertools
import shutil
import subprocess
import sys
from pathlib import Path

ROOT = Path(__file__).parents[1]
KEPT = Path("notebooks", "mine")


def git(root, *arguments, otherwise):
    """Return what git says; where it fails, stop with its last words and with what to do otherwise."""
    try:
        done = subprocess.run(["git", *arguments], cwd=root, capture_output=True, text=True, encoding="utf-8")
    except FileNotFoundError:
        sys.exit("update: git is missing: install it and run make update again. Nothing was changed.")
    if done.returncode:
        print(done.stderr.strip(), file=sys.stderr)
        sys.exit(f"update: {otherwise}")
    return done.stdout


def names(root, *arguments):
    """Return the set of files that git lists."""
    return set(filter(None, git(root, *arguments, "-z", otherwise="git could not list files.").split("\0")))


def free(folder, name):
    """Return a path in `folder`, named after a file and today's date, that nothing has yet."""
    stem, suffix = f"{Path(name).stem}-{dt.date.today()}", Path(name).suffix
    paths = itertools.chain([f"{stem}{suffix}"], (f"{stem}-{n}{suffix}" for n in itertools.count(2)))
    return next(folder / path for path in paths if not (folder / path).exists())


def main(root=ROOT):
    """Update the course in `root`."""
    git(
        root, "fetch", "--quiet",
        otherwise="the course could not be fetched: check the network, and that this folder is a clone made"
        " by git. Nothing was changed.",
    )  # fmt: skip
    git(
        root, "merge-base", "--is-ancestor", "HEAD", "@{upstream}",
        otherwise="this clone has commits of its own: merge them with git pull. Nothing was changed.",
    )  # fmt: skip
    # What was added and never committed is then a file like any other that git does not know.
    git(root, "reset", "--quiet", otherwise="git could not look at the files. Nothing was changed.")
    new = names(root, "diff", "--name-only", "--no-renames", "HEAD", "@{upstream}")
    changed = new & names(root, "diff", "--name-only", "--no-renames", "HEAD")
    # An untracked file would be in the way of a new one, and an ignored one would be overwritten.
    added = new & names(root, "ls-files", "--others")
    # First every copy, then the first change: whatever goes wrong between, the learner's work is there.
    for name in sorted(changed | added):
        if (root / name).exists():
            path = free(root / KEPT, name)
            try:
                path.parent.mkdir(parents=True, exist_ok=True)
                shutil.copy2(root / name, path)
            except OSError as error:
                sys.exit(f"update: {name} could not be kept ({error.strerror}). Nothing was changed.")
            print(
                f"update: {name} is new in the course; yours is kept as {path.relative_to(root).as_posix()}."
            )
    if changed:
        git(root, "checkout", "--quiet", "HEAD", "--", *changed, otherwise="git could not make room.")
    for name in added:
        (root / name).unlink()
    git(
        root,
        "merge",
        "--quiet",
        "--ff-only",
        "@{upstream}",
        otherwise="the new course could not be put in place.",
    )
    print("update: the course is up to date.")


if __name__ == "__main__":
    main()
