"""Ask whether a version in the lock has a known vulnerability, and fail where nobody could tell."""

# pip-audit ends well where it has looked at nothing: an empty file, or a registry that tells it nothing of
# vulnerabilities. It also leaves out, without a word, what another system would install.
import itertools
import json
import re
import shutil
import subprocess
import sys
import tempfile
from pathlib import Path

LOCK = Path(__file__).parents[1] / "requirements.lock"
# Not ours: a version whose vulnerabilities are known. An audit that does not find them is blind.
CANARY = ("jinja2", "3.1.0")


def pins(lock):
    r"""Return the (name, version) of each entry of a lock, for whatever system it is.

    >>> pins("numpy==2.3.0 ; sys_platform == 'win32' \n    --hash=sha256:0")
    [('numpy', '2.3.0')]
    """
    return re.findall(r"(?m)^([\w.-]+)==([^\s;]+)", lock)


def rounds(pinned):
    """Yield lists in which no name comes twice, as pip-audit wants them.

    >>> list(rounds([("a", "1"), ("b", "1"), ("a", "2")]))
    [[('a', '1'), ('b', '1')], [('a', '2')]]
    """
    versions = [list(group) for _, group in itertools.groupby(sorted(pinned), key=lambda pin: pin[0])]
    for several in itertools.zip_longest(*versions):
        yield [pin for pin in several if pin]


def answers(pinned, command):
    """Return what pip-audit says of each of `pinned`: its name, version and vulnerabilities, or why not."""
    told = []
    for several in rounds(pinned):
        with tempfile.TemporaryDirectory() as folder:
            path = Path(folder, "pins.txt")
            path.write_text("\n".join("==".join(pin) for pin in several), encoding="utf-8")
            options = ["--disable-pip", "--no-deps", "--format=json", "--progress-spinner=off"]
            done = subprocess.run([*command, *options, "-r", path], capture_output=True, text=True)
        try:
            told += json.loads(done.stdout)["dependencies"]
        except (ValueError, KeyError):
            words = done.stderr.strip().splitlines() or ["nothing"]
            sys.exit(f"audit: pip-audit failed, and said: {words[-1]}")
    return told


def complaints(pinned, told):
    """Yield a sentence for each vulnerability, for each pin that was not audited, and for a blind audit."""
    if not pinned:
        yield "The lock pins nothing, so that there is nothing to audit."
    found = {(one["name"], one["version"]): one["vulns"] for one in told if "vulns" in one}
    why = {one["name"]: one["skip_reason"] for one in told if "skip_reason" in one}
    if not found.get(CANARY):
        yield f"Nothing was found in {' '.join(CANARY)}, which has known vulnerabilities: the audit is blind."
    for name, version in pinned:
        if (name, version) not in found:
            yield f"{name} {version} was not audited: {why.get(name, 'it was left out')}."
        for hole in found.get((name, version), []):
            mended = " or ".join(hole["fix_versions"]) or "no version yet"
            yield f"{name} {version} has the vulnerability {hole['id']}, mended in {mended}."


def main(command, lock=LOCK):
    """Audit the lock."""
    pinned = pins(lock.read_text(encoding="utf-8"))
    if wrong := list(complaints(pinned, answers([*pinned, CANARY], command))):
        sys.exit("\n".join(f"audit: {sentence}" for sentence in wrong))
    print(f"audit: {len(pinned)} versions were looked up, and none has a known vulnerability.")


if __name__ == "__main__":
    program = shutil.which("pip-audit")
    if program is None:
        sys.exit("audit: pip-audit is missing: install it with pipx install pip-audit.")
    main([program])
