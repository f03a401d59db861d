"""Install the locked packages and the course into .venv, or say in one sentence what is missing.

With the word `peers`, another environment, .venv-peers, gets the same, and the packages that the course is
compared with. They change versions of the lock, so they must not come into .venv.
"""

# Read by whatever python3 a machine has: the syntax stays Python 3.6's, so that an old one can say it is.
import hashlib
import os
import re
import shutil
import subprocess
import sys

ROOT = os.path.dirname(os.path.dirname(os.path.abspath(__file__)))
WITH_PEERS = sys.argv[1:] == ["peers"]
VENV = os.path.join(ROOT, ".venv-peers" if WITH_PEERS else ".venv")
PYTHON = os.path.join(VENV, *(["Scripts", "python.exe"] if os.name == "nt" else ["bin", "python"]))
LOCK = os.path.join(ROOT, "requirements.lock")
PROJECT = os.path.join(ROOT, "pyproject.toml")
STAMP = os.path.join(VENV, "installed")

# JupyterLab stores in a notebook what its kernel says of itself, and marks it as changed where it had stored
# anything else. The full version differs on nearly every machine; tools/execute.py stores the same "3".
KERNEL = """from ipykernel.ipkernel import IPythonKernel


class Kernel(IPythonKernel):
    language_info = {**IPythonKernel.language_info, "version": "3"}


c.IPKernelApp.kernel_class = Kernel
"""

OLD_PYTHON = "this is Python {}.{}, but 3.11 or newer is needed: run, say, make PYTHON=python3.12 lab."
# What a failed command may say, and what to do about it.
REMEDIES = [
    (
        "ensurepip|no module named '?venv",
        "this Python cannot make environments: install its venv module"
        " (on Debian and Ubuntu: apt install python3-venv) and run make again.",
    ),
    ("no space left", "the disk is full: free about 2 GB and run make again."),
    (
        "connect|failed to (resolve|lookup)|proxy|timed? ?out|error sending request|versions: none",
        "the packages could not be downloaded: check the network and its proxy settings, and run make again.",
    ),
]


def fail(sentence):
    """Stop with one sentence."""
    sys.exit("install: " + sentence)


def run(*command):
    """Run a command in silence; where it fails, say what to do, or else its own last words."""
    done = subprocess.run(command, stdout=subprocess.PIPE, stderr=subprocess.STDOUT)
    if done.returncode:
        words = done.stdout.decode("utf-8", "replace").strip()
        for pattern, remedy in REMEDIES:
            if re.search(pattern, words, re.IGNORECASE):
                fail(remedy)
        print("\n".join(words.splitlines()[-8:]), file=sys.stderr)
        fail("the step above failed; once its cause is mended, run make again.")


def write(text, path):
    """Write a small file, and the folders above it."""
    os.makedirs(os.path.dirname(path), exist_ok=True)
    with open(path, "w", encoding="utf-8") as file:
        file.write(text)


def fingerprint():
    """Tell one state of the lock, of this file, and where they count of the peers, from another."""
    digest = hashlib.sha256()
    for path in [LOCK, __file__] + [PROJECT] * WITH_PEERS:
        with open(path, "rb") as file:
            digest.update(file.read())
    return digest.hexdigest()


def installed():
    """Tell whether .venv was filled, to the end, from the lock as it is now."""
    if not os.path.exists(STAMP):
        return False
    with open(STAMP, encoding="utf-8") as file:
        return file.read() == fingerprint()


def peers():
    """Return what pyproject.toml asks for in the group of the peers, and NumPy as it is in the lock."""
    import tomllib

    with open(PROJECT, "rb") as file:
        group = tomllib.load(file)["dependency-groups"]["peers"]
    with open(LOCK, encoding="utf-8") as file:
        return group + re.findall(r"(?m)^numpy==[^\s;]+", file.read())


def install():
    """Make the environment afresh and fill it from the lock."""
    name = os.path.basename(VENV)
    print("install: filling {}, which takes a minute or two".format(name), flush=True)
    shutil.rmtree(VENV, ignore_errors=True)
    uv = shutil.which("uv")
    if uv:
        run(uv, "venv", "--seed", "--python", sys.executable, VENV)
        # uv compiles only when asked; left to the first import, a learner would wait at the first cell.
        run(uv, "pip", "install", "--compile-bytecode", "--python", PYTHON, "--require-hashes", "-r", LOCK)
    else:
        run(sys.executable, "-m", "venv", VENV)
        pip = [PYTHON, "-m", "pip", "install", "--disable-pip-version-check", "--no-compile"]
        run(*pip, "--require-hashes", "-r", LOCK)
    if WITH_PEERS:
        # With pip, also where uv is: a copy of PyTorch that pip is told of is not where uv looks.
        run(PYTHON, "-m", "pip", "install", "--disable-pip-version-check", *peers())
    where = [PYTHON, "-c", "import sysconfig; print(sysconfig.get_path('purelib'), end='')"]
    packages = subprocess.check_output(where).decode()
    if not uv:
        # pip would compile on one core. Packages hold files that are no Python, so the status says nothing.
        subprocess.call([PYTHON, "-m", "compileall", "-qq", "-j", "0", packages])
    # The course itself, importable from where it stands; a relative path works in a folder of any alphabet.
    write(os.path.relpath(ROOT, packages) + "\n", os.path.join(packages, "course.pth"))
    # JupyterLab would ask at its first start whether it may fetch news.
    news = '{"disabledExtensions": {"@jupyterlab/apputils-extension:announcements": true}}\n'
    write(news, os.path.join(VENV, "etc", "jupyter", "labconfig", "page_config.json"))
    write(KERNEL, os.path.join(VENV, "etc", "ipython", "ipython_kernel_config.py"))
    # Matplotlib looks through the fonts of the machine once; better now than at the first figure.
    run(PYTHON, "-c", "import matplotlib.font_manager")


def main():
    """Install, unless that is done already."""
    if sys.version_info < (3, 11):
        fail(OLD_PYTHON.format(*sys.version_info))
    try:
        if not installed():
            install()
        write(fingerprint(), STAMP)
    except KeyboardInterrupt:
        fail("interrupted; run make again to begin anew.")


if __name__ == "__main__":
    main()
