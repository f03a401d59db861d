"""Run the experiments of the named topics, or of all, and write their records anew."""

import json
import sys

from tqdm import tqdm

from course.search import each
from measurements import FOLDER, digest, experiments, plain, topics


def main(names):
    """Run the experiments of these topics; a record is written when its topic is complete."""
    for topic in names or topics():
        runs = {}
        for name, (experiment, seeds) in tqdm(
            experiments(topic).items(), desc=f"topic {topic}", unit="experiment"
        ):
            runs[name] = [plain(run) for run in each(experiment, range(seeds)).values()]
        lines = ",\n".join(f"{json.dumps(name)}: {json.dumps(found)}" for name, found in runs.items())
        text = f'{{"digest": "{digest(topic)}", "runs": {{\n{lines}\n}}}}\n'
        (FOLDER / f"topic_{topic}.json").write_text(text, encoding="utf-8")


if __name__ == "__main__":
    main(sys.argv[1:])
