"""Holds the program against the reference on random scheme × month pairs.

    python3 reference/compare.py --yuekao BIN [--count 1000] [--seed 1] [--keep DIR] [--show 5]

Both assess each folder that generate.py makes. They agree if both refuse, or if both arrive at the same
digest. For folders that differ the first differing lines are printed side by side, and the folder is
written to --keep. Exit code 1 if any differs.
"""

import argparse
import subprocess
import sys
import tempfile
from pathlib import Path

from evaluate import digest
from generate import folder, write

BATCH = 100


def main():
    parser = argparse.ArgumentParser(description=__doc__.split("\n")[0])
    parser.add_argument("--yuekao", required=True)
    parser.add_argument("--count", type=int, default=1000)
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--first", type=int, default=0, help="number of the first folder")
    parser.add_argument("--keep", type=Path)
    parser.add_argument("--show", type=int, default=5)
    asked = parser.parse_args()
    agreed = refused = 0
    differing = []
    for start in range(asked.first, asked.first + asked.count, BATCH):
        numbers = range(start, min(start + BATCH, asked.first + asked.count))
        with tempfile.TemporaryDirectory() as place:
            made = {f"{number:05}": folder(asked.seed, number) for number in numbers}
            for name, one in made.items():
                write(one, Path(place) / name)
            theirs = batch(asked.yuekao, place)
            for name, one in made.items():
                canonical, refusal = one.assess()
                ours = "refused" if refusal else digest(canonical)
                # A wrong catalogue or file is "broken", which is a refusal too.
                if ours in (theirs.get(name), "refused" if theirs.get(name) == "broken" else None):
                    agreed += 1
                    refused += ours == "refused"
                    continue
                differing.append(name)
                if len(differing) <= asked.show:
                    show(asked.yuekao, Path(place) / name, canonical, refusal)
                if asked.keep:
                    write(one, asked.keep / name)
    print(f"{asked.count} folders of seed {asked.seed}: {agreed} agree ({refused} refused by both), "
          f"{len(differing)} differ {' '.join(differing[:50])}")
    return 1 if differing or agreed != asked.count else 0


def batch(yuekao, place):
    """{folder name: digest, "refused" or "broken"} by the program, all folders in one run."""
    run = subprocess.run([yuekao, "assess", "--batch", place], capture_output=True, text=True)
    return {line.split(" ")[0]: line.split(" ")[1] for line in run.stdout.splitlines()}


def show(yuekao, path, canonical, refusal):
    """The first lines that differ."""
    command = [yuekao, "assess", str(path), "--canonical", "--lang", "en"]
    run = subprocess.run(command, capture_output=True, text=True)
    print(f"--- {path.name}")
    if refusal or run.returncode:
        print(f"  reference: {refusal.line if refusal else 'assessed'}")
        print(f"  program:   {(run.stdout + run.stderr).strip()[:1500] if run.returncode else 'assessed'}")
        return
    ours, theirs = canonical.splitlines(), run.stdout.splitlines()
    shown = 0
    for at in range(max(len(ours), len(theirs))):
        left, right = (lines[at] if at < len(lines) else "(no line)" for lines in (ours, theirs))
        if left != right and shown < 3:
            shown += 1
            print(f"  line {at + 1}\n    reference: {left}\n    program:   {right}")


if __name__ == "__main__":
    sys.exit(main())
