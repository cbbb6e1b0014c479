"""Reference evaluation: one scheme, one month, one folder of evidence → the text behind the digest.

Written from docs/manual/scheme.md and docs/manual/evidence.md alone, in exact fractions and with the
standard library only, so that an outside auditor can read it beside the manual and trust neither program
more than the other. The month told in order: scheme.py reads the rules, evidence.py the facts, items.py
works out each value (formula.py the formulas), places.py the rankings, awards.py money and deposits.

    python3 reference/evaluate.py FOLDER [--scheme FILE] [--standard FILE] [--month 2022-12] [--digest]

What is left out is taken from the folder, as `yuekao export` writes it: scheme.toml, standard.toml, round.txt.

A scheme with faults may get an answer here: finding them all is the work of `yuekao scheme check`.
Prints the text of the manual's chapter 12, or `refused …` with exit code 2.
"""

import argparse
import hashlib
import sys
from pathlib import Path

import awards
import places
from evidence import Evidence, read_folder
from exact import Refusal, fixed, text
from facts import Member
from items import Round
from scheme import Scheme, Standard, exists_for, month_text, read_month


def assess(files, scheme_text, standard_text, month):
    """The canonical text of an assessment of evidence files (name → bytes); raises Refusal."""
    scheme = Scheme(scheme_text)
    standard = Standard(scheme, standard_text)
    month = read_month(month)
    scheme.check_month(month)
    evidence = Evidence(files)
    round = Round(scheme, standard, evidence, month)
    lines = [
        "yuekao assessment 1",
        f"scheme {scheme.id} {scheme.digest}",
        f"standard {standard.id} {standard.digest}" if standard.digest else "standard -",
        f"month {month_text(month)}",
        f"facts {evidence.digest}",
        *values(round),
    ]
    rows = {name: places.rows(round, ranking) for name, ranking in scheme.rankings.items()}
    for name, ranking in scheme.rankings.items():
        lines += [place_line(ranking, one) for one in rows[name]]
    for name in scheme.rankings:
        lines += [f"band {name} {one.unit} {one.band}" for one in rows[name] if one.band]
    money, given, left = [], [], []
    for award in scheme.head.get("award", []):
        ranking = award["ranking"]
        fen, things, over = awards.settle(round, award, scheme.rankings[ranking], rows[ranking])
        money += [f"award {award['id']} {one.unit} {fen[one.unit]}" for one in round.participants if one.unit in fen]
        given += [f"give {award['id']} {unit}" for unit in things]
        left += [f"left {award['id']} {over}"] if over else []
    lines += money + given + left
    for deposit in scheme.head.get("deposit", []):
        for participant in round.participants:
            account = awards.account(round, deposit, participant, rows.get(deposit.get("ranking"), []))
            lines.append(f"deposit {deposit['id']} {participant.unit} " + " ".join(map(str, account)))
    return "".join(line + "\n" for line in [*lines, "end"])


def values(round):
    for item in round.scheme.items.values():
        if item.get("scope", "unit") == "unit":
            for one in round.participants:
                if exists_for(round.scheme, item["id"], one.group):
                    value = round.value(item["id"], Member("unit", one.unit, one.group))
                    yield f"value {item['id']} {one.unit} {'-' if value is None else text(value)}"


def place_line(ranking, one):
    score = "-" if one.score is None else fixed(one.score, ranking["round"]["digits"])
    return f"place {ranking['id']} {one.table} {one.unit} {one.place or '-'} {one.last or '-'} {score}"


def digest(canonical):
    return hashlib.sha256(canonical.encode()).hexdigest()


def round_month(folder):
    """The month that round.txt names."""
    return next(line.split()[1] for line in (folder / "round.txt").read_text().splitlines() if line.startswith("month "))


def main():
    parser = argparse.ArgumentParser(description=__doc__.split("\n")[0])
    parser.add_argument("folder", type=Path)
    parser.add_argument("--scheme", type=Path)
    parser.add_argument("--standard", type=Path)
    parser.add_argument("--month")
    parser.add_argument("--digest", action="store_true", help="print only the digest")
    asked = parser.parse_args()
    standard = asked.standard or asked.folder / "standard.toml"
    try:
        canonical = assess(read_folder(asked.folder), (asked.scheme or asked.folder / "scheme.toml").read_bytes(),
                           standard.read_bytes() if asked.standard or standard.exists() else None,
                           asked.month or round_month(asked.folder))
    except FileNotFoundError as fault:
        parser.error(f"{fault.filename} is not there")
    except Refusal as refusal:
        print(refusal.line)
        return 2
    print(digest(canonical) if asked.digest else canonical, end="\n" if asked.digest else "")
    return 0


if __name__ == "__main__":
    sys.exit(main())
