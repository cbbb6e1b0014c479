"""Which parts of the language a random folder exercises.

What is expected is derived from the key tables of scheme.py, so a key that the generator never writes shows.
"""

import formula
from exact import is_number
from scheme import ITEM, ITEM_OF_KIND, KEYS

FINDING_MATCH = "indicators headings aspects blocks severity found_by status strata repeated relapsed failed"
CASE_MATCH = "categories status extended suspended returned reworked voided"
VALUES = {
    "head.every": "month quarter half_year year",
    "cutoff.last_day": "end number", "cutoff.findings": "found due", "cutoff.rectification": "found due",
    "item.scope": "unit child visit", "item.missing": "refuse pass number item",
    "clause.points": "number table indicator", "escalation.points": "number table indicator",
    "escalation.effect": "add replace times",
    "deduct.per": "visit site km", "deduct.by": "found due",
    "count.of": "findings cases visits sites km", "count.by": "found due load dispatched handled",
    "sum.weights": "percent times", "sum.absent": "refuse reweigh",
    "over.over": "visits children group all", "over.aggregate": "mean sum min max median",
    "change.against": "last_month same_month_last_year", "change.as": "difference percent",
    "period.span": "number quarter half_year year", "period.aggregate": "mean sum min max median weighted",
    "period.absent": "missing skip",
    "rank.from": "front end", "rank.best": "high low", "rank.among": "group all", "result.month": "this last",
    "round.mode": "half_up half_even down up",
    "ranking.apart": "none group parent", "ranking.best": "high low", "ranking.by": "rounded exact",
    "ranking.ties": "share dense then listed", "ranking_veto.effect": "last unranked unpaid",
    "award.shared": "divide each none", "award.remainder": "host first", "award.fen": "half_up down",
    "give.what": "plaque flag certificate title duty",
}
SCOPES = {
    "visit": "deduct count attribute ratio sum steps linear grades formula",
    "child": "deduct count measure attribute ratio sum adjust steps linear grades over change period result formula",
}
OUTCOMES = ("shared_place", "unplaced", "missing_value", "fraction", "band", "award", "zero_award", "give", "left",
            "negative_left", "drawn", "returned", "emptied", "owing", "nested_participants",
            "refused_missing", "refused_must_check", "refused_points", "refused_grade", "refused_deposit",
            "refused_unit", "refused_month", "refused_standard")
OPERATORS = ("+ - * / min max abs floor ceil round if given unit and or not present = != < <= > >= "
             "score place last ranked")


def expected():
    # What the bulletin says changes no result.
    plain = {f"{kind}.{key}" for kind, keys in KEYS.items() if kind != "bulletin" for key in keys.split()}
    plain |= {f"item.{key}" for key in ITEM.split()}
    plain |= {f"{how}.{key}" for how, keys in ITEM_OF_KIND.items() for key in keys.split()}
    plain |= {f"{path}={value}" for path, values in VALUES.items() for value in values.split()}
    plain |= {f"{how}@{scope}" for scope, kinds in SCOPES.items() for how in kinds.split()}
    plain |= {f"match.{key}" for key in FINDING_MATCH.split()} | {f"case_match.{key}" for key in CASE_MATCH.split()}
    plain |= {f"formula {one}" for one in OPERATORS.split()}
    return plain | {f"outcome.{one}" for one in OUTCOMES}


class Features(set):
    """The features of one scheme and of its canonical text."""

    def __init__(self, head, canonical, refusal):
        super().__init__()
        if refusal:
            self.add(f"outcome.refused_{refusal.args[0]}")
            return      # what a refused folder says is not exercised to the end
        self.table("head", head)
        for kind in ("cutoff", "group", "indicator", "must_check", "exemption", "participant"):
            tables = head.get(kind, [])
            for one in [tables] if isinstance(tables, dict) else tables:
                self.table(kind, one)
                self.table("select", one.get("select", {}))
        for item in head["item"]:
            self.item(item)
        for ranking in head["ranking"]:
            self.table("ranking", ranking)
            self.table("round", ranking["round"])
            for band in ranking.get("band", []):
                self.table("band", band)
            for veto in ranking.get("veto", []):
                self.table("ranking_veto", veto)
                self.condition(veto["when"])
        for award in head.get("award", []):
            self.table("award", award)
            self.table("give", award.get("give", {}))
            if "when" in award:
                self.condition(award["when"])
        for deposit in head.get("deposit", []):
            self.table("deposit", deposit)
            for line in deposit.get("return", []):
                self.table("return", line)
        self.outcome(canonical)

    def table(self, kind, table):
        for key, value in table.items():
            path = f"{kind}.{key}"
            self.add(path)
            if path in VALUES:
                self.add(f"{path}={form(value)}")

    def item(self, item):
        how = item["how"]
        self.table("item", {key: item[key] for key in ITEM.split() if key in item})
        self.table(how, {key: item[key] for key in ITEM_OF_KIND[how].split() if key in item})
        self.add(f"{how}@{item.get('scope', 'unit')}")
        if "round" in item:
            self.table("round", item["round"])
        for kind in ("veto", "clause", "escalation", "part", "change", "step"):
            for one in item.get(kind, []):
                self.table(kind, one)
                self.match(one.get("match", {}))
        for veto in item.get("veto", []):
            self.condition(veto["when"])
        if how == "count":
            self.match(item.get("match", {}), "case_match" if item["of"] == "cases" else "match")
        if how == "formula":
            self.tree(formula.read_formula(item["formula"]))

    def match(self, match, kind="match"):
        self.update(f"{kind}.{key}" for key in match)

    def condition(self, source):
        self.tree(formula.read_condition(source))

    def tree(self, tree):
        if tree[0] == "name":
            self.add(f"formula {tree[1].split('.')[0]}")
        self.add(f"formula {tree[0]}")
        for part in tree[1:]:
            if isinstance(part, tuple):
                self.tree(part)

    def outcome(self, canonical):
        lines = [line.split(" ") for line in canonical.splitlines()]
        places = [tuple(line[1:3] + line[4:5]) for line in lines if line[0] == "place"]
        placed = [place for place in places if place[2] != "-"]
        values = [line[3] for line in lines if line[0] == "value"]
        participants = {line[2] for line in lines if line[0] == "value"}
        found = {
            "shared_place": len(set(placed)) < len(placed), "unplaced": len(placed) < len(places),
            "missing_value": "-" in values, "fraction": any("/" in value for value in values),
            "zero_award": any(line[0] == "award" and line[3] == "0" for line in lines),
            "negative_left": any(line[0] == "left" and line[2][0] == "-" for line in lines),
            "nested_participants": {one[0] for one in participants} == {"k", "t"}}
        found |= {kind: any(line[0] == kind for line in lines) for kind in ("band", "award", "give", "left")}
        for line in lines:
            if line[0] == "deposit":
                opening, drawn, returned, closing = map(int, line[3:])
                found |= {name: True for name, true in (
                    ("drawn", drawn > 0), ("returned", returned > 0), ("owing", closing < 0),
                    ("emptied", drawn == opening > 0)) if true}
        self.update(f"outcome.{name}" for name, true in found.items() if true)


def form(value):
    """The value itself for a word, otherwise what kind of value it is."""
    if is_number(value):
        return "number"
    if isinstance(value, dict):
        return "item" if "item" in value else "table"
    return value
