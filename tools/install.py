"""Install the locked dependencies and the course into .venv, or say in one sentence what is missing."""

# Read by whatever python3 the machine has: no syntax newer than Python 3.6 above the check of its version.
import os
import shutil
import subprocess
import sys

ROOT = os.path.dirname(os.path.dirname(os.path.abspath(__file__)))
VENV = os.path.join(ROOT, ".venv")
PYTHON = (
    os.path.join(VENV, "Scripts", "python.exe") if os.name == "nt" else os.path.join(VENV, "bin", "python")
)
LOCK = os.path.join(ROOT, "requirements.lock")
NO_NEWS = '{"disabledExtensions": {"@jupyterlab/apputils-extension:announcements": true}}\n'


def fail(sentence):
    """Stop with one sentence."""
    sys.exit("install: " + sentence)


def run(command, sentence):
    """Run a command, silent unless it fails; then its last words come before the sentence."""
    done = subprocess.run(command, stdout=subprocess.PIPE, stderr=subprocess.STDOUT, universal_newlines=True)
    if done.returncode:
        sys.stderr.write("\n".join(done.stdout.strip().splitlines()[-3:]) + "\n")
        fail(sentence)


def install():
    """Make .venv, fill it from the lock, and mark it as ready last of all."""
    uv = shutil.which("uv")
    if sys.version_info < (3, 11) and not uv:
        version = ".".join(map(str, sys.version_info[:2]))
        fail(
            "Python 3.11 or newer is needed, and this is %s: install one, then 'make PYTHON=python3.12'."
            % version
        )
    shutil.rmtree(VENV, ignore_errors=True)
    print("install: filling .venv, which takes a few minutes the first time")
    no_network = "the packages could not be downloaded: connect to the network and run make again."
    if uv:
        run(
            [uv, "venv", "--quiet", "--seed", "--python", ">=3.11", VENV],
            "uv could not make .venv; see above.",
        )
        # Compiled at once, the first import takes seconds less.
        pip = [uv, "pip", "install", "--quiet", "--compile-bytecode", "--python", PYTHON]
    else:
        run(
            [sys.executable, "-m", "venv", VENV],
            "this Python cannot make environments: install its venv module (Debian: 'apt install python3-venv').",
        )
        pip = [PYTHON, "-m", "pip", "install", "--quiet", "--disable-pip-version-check"]
    run([*pip, "--require-hashes", "-r", LOCK], no_network)
    purelib = "import sysconfig; print(sysconfig.get_path('purelib'), end='')"
    site_packages = subprocess.check_output([PYTHON, "-c", purelib], universal_newlines=True)
    with open(os.path.join(site_packages, "course.pth"), "w", encoding="utf-8") as path_file:
        path_file.write(ROOT + "\n")
    settings = os.path.join(VENV, "etc", "jupyter", "labconfig")
    os.makedirs(settings, exist_ok=True)
    with open(os.path.join(settings, "page_config.json"), "w", encoding="utf-8") as page_config:
        page_config.write(NO_NEWS)
    # Matplotlib looks through the machine's fonts once; better now than at the first figure.
    run([PYTHON, "-c", "import matplotlib.font_manager"], "matplotlib does not start; see above.")
    with open(os.path.join(VENV, "installed"), "w", encoding="utf-8"):
        pass


if __name__ == "__main__":
    try:
        install()
    except KeyboardInterrupt:
        fail("interrupted; run make again to finish.")
