"""Make the named records anew, or those that are older than their code: `python -m measurements [NAME]`."""

import json
import os
import sys

from tqdm import tqdm

from course import reproduction
from course.clinic import record as clinic
from course.search import each
from measurements import FOLDER, digest, experiments, plain, stale, topics


def measure(topic):
    """Run the experiments of a topic; its record is written when it is complete."""
    runs, before = {}, digest(topic)
    for name, (experiment, seeds) in tqdm(
        experiments(topic).items(), desc=f"topic {topic}", unit="experiment"
    ):
        runs[name] = [plain(run) for run in each(experiment, range(seeds)).values()]
    lines = ",\n".join(f"{json.dumps(name)}: {json.dumps(found)}" for name, found in runs.items())
    text = f'{{"digest": "{before}", "runs": {{\n{lines}\n}}}}\n'
    (FOLDER / f"topic_{topic}.json").write_text(text, encoding="utf-8")


def main(names):
    """Make these records anew, one by one: an interrupt leaves those that are complete, and all others."""
    known = [*topics(), "clinic", *(f"cifar10-{name}" for name in reproduction.EXPERIMENTS)]
    if unknown := set(names) - set(known):
        sys.exit(f"measure: no record {', '.join(sorted(unknown))}; there are {', '.join(known)}.")
    names = names or stale()
    left = (
        []
        if os.environ.get("COURSE_CIFAR10")
        else [n for n in names if n == "08" or n.startswith("cifar10-")]
    )
    try:
        for name in names:
            if name in left:
                print(f"{name}: left as it is, since COURSE_CIFAR10 names no pictures.")
            elif name == "clinic":
                clinic.ask()
            elif name in topics():
                measure(name)
            else:
                reproduction.main([name.removeprefix("cifar10-")])
    except KeyboardInterrupt:
        sys.exit("measure: interrupted; the records that were complete are kept.")
    print("Older than their code:", ", ".join(stale()) or "none", end=".\n")


if __name__ == "__main__":
    main(sys.argv[1:])
