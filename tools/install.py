"""Install the locked dependencies and the course into .venv, or say in one sentence what is missing."""

# Read by whatever python3 the machine has: the syntax is Python 3.6's, so that an old one can say so.
import os
import shutil
import subprocess
import sys

ROOT = os.path.dirname(os.path.dirname(os.path.abspath(__file__)))
VENV = os.path.join(ROOT, ".venv")
PYTHON = os.path.join(VENV, *(["Scripts", "python.exe"] if os.name == "nt" else ["bin", "python"]))
LOCK = os.path.join(ROOT, "requirements.lock")
NO_NEWS = '{"disabledExtensions": {"@jupyterlab/apputils-extension:announcements": true}}\n'
OLD_PYTHON = "this is Python {}.{}, but 3.11 or newer is needed: run make again with PYTHON=python3.12, say."
NO_VENV = (
    "this Python cannot make environments: install its venv module (on Debian: apt install python3-venv)."
)
NO_NETWORK = "the packages could not be downloaded: connect to the network and run make again."


def fail(sentence):
    """Stop with one sentence."""
    sys.exit("install: " + sentence)


def run(command, sentence):
    """Run a command in silence; one that fails says its last words, and then the sentence."""
    done = subprocess.run(command, stdout=subprocess.PIPE, stderr=subprocess.STDOUT)  # noqa: UP022
    if done.returncode:
        sys.stderr.write("\n".join(done.stdout.decode(errors="replace").strip().splitlines()[-2:]) + "\n")
        fail(sentence)


def write(text, *path):
    """Write a small file, and the folders above it."""
    path = os.path.join(*path)
    os.makedirs(os.path.dirname(path), exist_ok=True)
    with open(path, "w", encoding="utf-8") as file:
        file.write(text)


def install():
    """Make .venv, fill it from the lock, and mark it as installed last of all."""
    uv = shutil.which("uv")
    if sys.version_info < (3, 11) and not uv:
        fail(OLD_PYTHON.format(*sys.version_info))
    print("install: filling .venv, which takes a few minutes the first time", flush=True)
    shutil.rmtree(VENV, ignore_errors=True)
    if uv:
        run([uv, "venv", "--quiet", "--seed", "--python", ">=3.11", VENV], NO_NETWORK)
        # Compiled here, not at the first import, which would take several times as long.
        pip = [uv, "pip", "install", "--quiet", "--compile-bytecode", "--python", PYTHON]
    else:
        run([sys.executable, "-m", "venv", VENV], NO_VENV)
        pip = [PYTHON, "-m", "pip", "install", "--quiet", "--disable-pip-version-check"]
    run([*pip, "--require-hashes", "-r", LOCK], NO_NETWORK)
    where = [PYTHON, "-c", "import sysconfig; print(sysconfig.get_path('purelib'), end='')"]
    write(ROOT + "\n", subprocess.check_output(where).decode(), "course.pth")
    write(NO_NEWS, VENV, "etc", "jupyter", "labconfig", "page_config.json")
    # Matplotlib looks through the machine's fonts once; better now than at the first figure.
    run([PYTHON, "-c", "import matplotlib.font_manager"], "matplotlib does not start.")
    write("", VENV, "installed")


if __name__ == "__main__":
    try:
        install()
    except KeyboardInterrupt:
        fail("interrupted; run make again to finish.")
