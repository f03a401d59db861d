"""Fetch the newest course; a file that it and the learner have both changed is kept beside the new one."""

# git alone refuses here, or writes marks of conflict into the notebook, which then does not open any more.
import datetime as dt
import filecmp
import itertools
import os
import re
import shutil
import subprocess
import sys
from pathlib import Path

ROOT = Path(__file__).parents[1]
KEPT = Path("notebooks", "mine")
# Set in a hook and by git rebase --exec, they lead git from the folder to another repository.
ELSEWHERE = {
    "GIT_DIR", "GIT_COMMON_DIR", "GIT_WORK_TREE", "GIT_INDEX_FILE", "GIT_OBJECT_DIRECTORY",
    "GIT_ALTERNATE_OBJECT_DIRECTORIES", "GIT_NAMESPACE",
}  # fmt: skip
UNFINISHED = ["MERGE_HEAD", "CHERRY_PICK_HEAD", "REVERT_HEAD", "rebase-merge", "rebase-apply"]

NO_CLONE = (
    "this folder is not a git clone of the course: unpack the new course beside it, and copy the folder"
    " notebooks from here into the new one, as notebooks/mine. Nothing was changed."
)
NO_GIT = "git is missing: install it, and run make update again. Nothing was changed."
NO_TRUST = (
    "git does not trust a folder that belongs to another user: if you do, type the command above, and run"
    " make update again. Nothing was changed."
)
NO_BRANCH = (
    "this clone is on no branch: type git checkout main, and run make update again. Nothing was changed."
)
NO_UPSTREAM = (
    "this branch does not follow the course: type git branch --set-upstream-to=origin/main, and run make"
    " update again. Nothing was changed."
)
NO_NETWORK = (
    "the course could not be fetched: check the network, and run make update again. Nothing was changed."
)
LOCKED = (
    "git is at work here, or was interrupted: wait, or delete {}, and run make update again. Nothing was"
    " changed."
)
HALF_MERGED = (
    "a merge or rebase of yours is unfinished: end it as git status says, and run make update again. Nothing"
    " was changed."
)
COMMITS = (
    "this clone has commits of its own: commit what is not, and merge with git -c merge.notebook.driver=true"
    " -c merge.binary.driver=true merge --no-edit {}, which keeps your version of a notebook that both have"
    " changed. Nothing was changed."
)
TWO_VERSIONS = (
    '{0} is staged, and was edited since: type git add "{0}", and run make update again. Nothing was changed.'
)
LINKED = (
    "{} is a link to another folder: put the folder itself in its place, and run make update again. Nothing"
    " was changed."
)
NOT_READ = "git failed, as it says above: mend it, and run make update again. Nothing was changed."
HALFWAY = (
    "git failed, as it says above: mend it, and run make update again. Your work is whole, in its place or in"
    " notebooks/mine."
)


def stop(sentence):
    """End with what to do."""
    sys.exit(f"update: {sentence}")


def git(root, *arguments, otherwise=NOT_READ):
    """Return what git says; where it fails, stop with its last words and with what to do otherwise."""
    command = ["git", "--literal-pathspecs", *arguments]
    env = {name: value for name, value in os.environ.items() if name not in ELSEWHERE}
    form = {"encoding": "utf-8", "errors": "surrogateescape"}
    try:
        done = subprocess.run(command, cwd=root, env=env, capture_output=True, **form)
    except OSError:
        stop(NO_GIT)
    if done.returncode:
        print(done.stderr.strip(), file=sys.stderr)
        stop(NO_TRUST if "safe.directory" in done.stderr else otherwise)
    return done.stdout.removesuffix("\n")


def names(root, *arguments):
    """Return the set of files that git lists."""
    return set(git(root, *arguments, "-z").split("\0")) - {""}


def followed(root):
    """Return the name of the branch that this clone of the course follows; stop where it cannot."""
    # From a folder without a repository of its own, git would go up to that of another project.
    if not (root / ".git").exists():
        stop(NO_CLONE)
    if git(root, "rev-parse", "--is-inside-work-tree", "--show-cdup", otherwise=NO_CLONE) != "true\n":
        stop(NO_CLONE)
    git(root, "cat-file", "-e", "HEAD:tools/update.py", otherwise=NO_CLONE)
    own = root / git(root, "rev-parse", "--git-dir")
    if (own / "index.lock").exists():
        stop(LOCKED.format(own / "index.lock"))
    if any((own / name).exists() for name in UNFINISHED) or names(root, "ls-files", "--unmerged"):
        stop(HALF_MERGED)
    git(root, "symbolic-ref", "--quiet", "HEAD", otherwise=NO_BRANCH)
    return git(root, "rev-parse", "--abbrev-ref", "@{upstream}", otherwise=NO_UPSTREAM)


def free(folder, file):
    """Return a path in `folder`, named after a file and today's date, that nothing else has yet."""
    ends = itertools.chain([""], (f"-{n}" for n in itertools.count(2)))
    paths = (folder / f"{file.stem}-{dt.date.today()}{end}{file.suffix}" for end in ends)
    # The copy that an interrupted update has made is as good as a second one.
    return next(
        path
        for path in paths
        if not path.exists() or (path.is_file() and filecmp.cmp(path, file, shallow=False))
    )


def keep(root, name, fate):
    """Copy a file of the learner to where no update comes."""
    # A notebook speaks the language of its folder: what lies below notebooks/ko stays below a folder ko.
    language = re.match("notebooks/([a-z]{2})/", name)
    folder = root / KEPT / (language[1] if language else "")
    try:
        folder.mkdir(parents=True, exist_ok=True)
        path = free(folder, root / name)
        shutil.copy2(root / name, path)
    except OSError as error:
        stop(f"{name} could not be kept ({error.strerror}). Nothing was changed.")
    print(f"update: {name} is {fate} the course; yours is kept as {path.relative_to(root).as_posix()}.")


def advance(root):
    """Put the fetched course in place, and the learner's version of what it changes beside it."""
    listed = git(root, "diff-tree", "-r", "-z", "HEAD", "@{upstream}").split("\0")
    # For each file the hash of the old version and that of the new one; zeros where there is none.
    versions = {name: about.split()[2:4] for about, name in zip(listed[::2], listed[1::2], strict=False)}
    added = {name for name, (old, _) in versions.items() if not old.strip("0")}
    staged = versions.keys() & names(root, "diff", "--cached", "--name-only", "--no-renames", "HEAD")
    edited = versions.keys() & names(root, "diff", "--name-only", "--no-renames")
    # A file that git does not know would be in the way of a new one; an ignored one would be overwritten.
    changed = staged | edited | {name for name in added if root.joinpath(name).is_file()}
    for name in sorted(staged & edited):
        stop(TWO_VERSIONS.format(name))
    for folder in sorted({Path(name).parent for name in versions}):
        if root.joinpath(folder).resolve() != root.resolve() / folder:
            stop(LINKED.format(folder.as_posix()))
    # First every copy, then the first change: whatever goes wrong between, the learner's work is there.
    for name in sorted(changed):
        if root.joinpath(name).is_file() and git(root, "hash-object", "--", name) not in versions[name]:
            keep(root, name, "new in" if versions[name][1].strip("0") else "no longer in")
    if changed - added:
        git(root, "checkout", "--quiet", "HEAD", "--", *changed - added, otherwise=HALFWAY)
    if changed & added:
        git(root, "reset", "--quiet", "--", *changed & added, otherwise=HALFWAY)
    for name in changed & added:
        root.joinpath(name).unlink(missing_ok=True)
    # What a stash takes away and brings back is no longer staged.
    git(
        root, "-c", "merge.autoStash=false", "merge", "--quiet", "--ff-only", "@{upstream}", otherwise=HALFWAY
    )


def main(root=ROOT):
    """Update the course in `root`."""
    upstream = followed(root)
    git(root, "fetch", "--quiet", otherwise=NO_NETWORK)
    ahead, behind = map(int, git(root, "rev-list", "--left-right", "--count", "HEAD...@{upstream}").split())
    if ahead and behind:
        stop(COMMITS.format(upstream))
    if behind:
        advance(root)
    print("update: the course is up to date.")


if __name__ == "__main__":
    # A name that the terminal cannot write is no reason to stop.
    sys.stdout.reconfigure(errors="replace")
    try:
        main()
    except KeyboardInterrupt:
        stop("interrupted; run make update again to go on.")
