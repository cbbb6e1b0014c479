"""Random schemes with random months, the same for the same seed.

    python3 reference/generate.py --seed 1 --count 1000 --out DIR [--coverage]

Writes one folder each: scheme.toml, standard.toml if there is one, round.txt and the seven evidence files.
About 15 percent of the months are to be refused. `--coverage` counts how many folders exercise each
part of the language, and fails if one is exercised by none.
"""

import argparse
import sys
from collections import Counter
from dataclasses import dataclass
from pathlib import Path
from random import Random

import written
from features import Features, expected
from evaluate import assess
from exact import Refusal
from random_evidence import RandomEvidence, Town, standard
from random_scheme import RandomScheme, words
from scheme import month_text

REFUSED = 0.15


@dataclass
class Folder:
    """One random scheme × month; `files` is what stands on disk."""

    head: dict
    standard: dict | None
    rows: dict
    month: int
    evidence: dict | None = None    # the evidence files, once made

    def files(self):
        self.evidence = self.evidence or {name: written.csv(name, rows).encode() for name, rows in self.rows.items()}
        files = dict(self.evidence)
        files["scheme.toml"] = written.toml(self.head).encode()
        if self.standard:
            files["standard.toml"] = written.toml(self.standard).encode()
        files["round.txt"] = f"month {month_text(self.month)}\n".encode()
        return files

    def assess(self):
        """(canonical text, None) or (None, refusal)."""
        files = self.files()
        try:
            return assess(files, files["scheme.toml"], files.get("standard.toml"), month_text(self.month)), None
        except Refusal as refusal:
            return None, refusal


def folder(seed, number):
    """Folder `number` of a seed; the same bytes always."""
    rng = Random(f"yuekao {seed} {number}")
    town = Town(rng)
    scheme = RandomScheme(rng, town)
    head = scheme.build()
    evidence = RandomEvidence(rng, town, head)
    made = Folder(head, standard(rng) if "standard" in head else None, evidence.rows, evidence.month)
    to_refuse, as_it_comes = rng.random() < REFUSED, rng.random() < 0.4
    while (refusal := made.assess()[1]) and not (to_refuse and as_it_comes):
        repair(rng, made, refusal)
    while to_refuse and not made.assess()[1]:
        rng.choice(BREAKS)(rng, made)
        made.evidence = None
    return made


def repair(rng, made, refusal):
    """Takes away one reason for a refusal."""
    reason, what = refusal.args[0], refusal.args[1]
    items = {item["id"]: item for item in made.head["item"]}
    awards = {award["id"]: award for award in made.head.get("award", [])}
    if reason == "missing" and what in items:
        items[what]["missing"] = rng.choice([0, 60, 90, -1, "pass", "pass"])
    elif reason == "missing" and what in awards and "when" not in awards[what]:
        awards[what]["when"] = f"present({refusal.args[2]})"
    elif reason == "missing":
        settle_missing(items, refusal.args[2])
    elif reason == "must_check":
        made.head["must_check"] = [must for must in made.head["must_check"] if must["unit"] != what]
        if not made.head["must_check"]:
            del made.head["must_check"]
    elif reason == "fund":
        del awards[what]["fund"], awards[what]["remainder"]
        awards[what]["yuan"] = 300
    else:
        raise AssertionError(f"the generator wrote nonsense: {refusal.line}\n{written.toml(made.head)}")


def settle_missing(items, name):
    """Follows `missing = { item = … }` to where the value is really missing."""
    while isinstance(items[name].get("missing"), dict):
        name = items[name]["missing"]["item"]
    items[name]["missing"] = 5


# ways to make a month that must be refused

def unknown_unit(rng, made):
    listed = [unit for group in made.head["group"] for unit in group.get("units", [])]
    if listed:
        gone = rng.choice(listed)
        made.rows["units.csv"] = [row for row in made.rows["units.csv"] if row["code"] != gone]
        for row in made.rows["units.csv"]:
            if row.get("parent") == gone:
                row["parent"] = "city"
        for name in ("sites.csv", "visits.csv", "findings.csv", "cases.csv", "measures.csv"):
            made.rows[name] = [row for row in made.rows[name] if gone not in (row["unit"], row.get("second_unit"))]
        sites = {row["id"] for row in made.rows["sites.csv"]}
        visits = {row["id"] for row in made.rows["visits.csv"]}
        for name in ("visits.csv", "findings.csv"):
            for row in made.rows[name]:
                row["site"] = row["site"] if row["site"] in sites else ""
                if row.get("visit") not in visits and "visit" in row:
                    row["visit"] = ""


def month_outside(rng, made):
    made.month = rng.choice([2023 * 12 + 2, 2020 * 12 + 11, made.month + 1])
    made.head["months"]["to"] = "2022-12"


def must_check(rng, made):
    made.head["must_check"] = [{"unit": "city", "stratum": "core", "at_least": 99, "title": words("必查")}]


def severity_without_points(rng, made):
    for item in made.head["item"]:
        for clause in item.get("clause", []):
            clause["points"] = {"minor": 1}


def unknown_grade(rng, made):
    for row in made.rows["visits.csv"]:
        row["grades"] = row["grades"].replace("good", "splendid")


def no_balance(rng, made):
    made.rows["results.csv"] = [row for row in made.rows["results.csv"] if not row["name"].startswith("deposit.")]


def value_missing(rng, made):
    for item in made.head["item"]:
        item.pop("missing", None)


def other_standard(rng, made):
    if made.standard:
        made.standard["id"] = "another-standard"


BREAKS = [unknown_unit, month_outside, must_check, severity_without_points, unknown_grade, no_balance, value_missing,
          other_standard]


def write(made, path):
    path.mkdir(parents=True, exist_ok=True)
    for name, content in made.files().items():
        (path / name).write_bytes(content)


def main():
    parser = argparse.ArgumentParser(description=__doc__.split("\n")[0])
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--count", type=int, default=1000)
    parser.add_argument("--out", type=Path)
    parser.add_argument("--coverage", action="store_true")
    asked = parser.parse_args()
    counts, refused = Counter(), 0
    for number in range(asked.count):
        made = folder(asked.seed, number)
        if asked.out:
            write(made, asked.out / f"{number:05}")
        if asked.coverage:
            canonical, refusal = made.assess()
            refused += refusal is not None
            counts.update(Features(made.head, canonical, refusal))
    if not asked.coverage:
        return 0
    wanted = sorted(expected())
    for feature in wanted:
        print(f"{counts[feature]:6} {feature}")
    never = [feature for feature in wanted if not counts[feature]]
    print(f"{asked.count} folders, {refused} refused, {len(wanted)} features, never exercised: {', '.join(never) or 'none'}")
    return 1 if never else 0


if __name__ == "__main__":
    sys.exit(main())
