"""A scheme file (manual, chapters 2–9): its keys, its months, its references.

The tables of the file stay plain dictionaries, so that the rest reads like the manual.
"""

import hashlib
import tomllib
from datetime import datetime, timedelta
from fractions import Fraction
from pathlib import Path

from exact import Refusal, number
from formula import names, read_condition, read_formula

MONTHS_OF = {"month": 1, "quarter": 3, "half_year": 6, "year": 12}

ANYWHERE = "source assumed"
KEYS = {
    "head": "id series evidence title host months every standard legal about indicator must_check exemption cutoff "
            "group participant item ranking award deposit bulletin",
    "bulletin": "evaluation number recipients copies ranking components before average block red_property townships "
                "departments",
    "cutoff": "last_day findings rectification status_days",
    "indicator": "id title points heading aspect block",
    "must_check": "unit stratum at_least title",
    "exemption": "indicators sites from to title",
    "group": "id title units select ranked paid",
    "select": "kind under attributes",
    "participant": "unit ranked paid",
    "veto": "when set title",
    "clause": "id title match points cap_per_indicator floor_per_indicator cap floor split",
    "escalation": "id title match effect points factor",
    "part": "item weight",
    "change": "unit add",
    "step": "from value slope",
    "round": "digits mode",
    "ranking": "id title of groups apart best round by ties then band veto",
    "band": "id title from quota",
    "ranking_veto": "when effect title",
    "award": "id title ranking yuan_by_place yuan_by_last places lasts band every yuan each percent_of fund give "
             "when consecutive within prizes shared remainder fen",
    "deposit": "id title ranking yuan draw below_zero return_in return",
    "return": "from percent",
}
ITEM = "id title how for scope missing max min full above_full below_zero veto round"
ITEM_OF_KIND = {
    "deduct": "start by clause escalation per per_amount max_deduction",
    "count": "of by match whole",
    "ratio": "of to scale",
    "measure": "key whole",
    "attribute": "name",
    "sum": "part weights absent",
    "adjust": "of change",
    "steps": "of step",
    "linear": "of points",
    "grades": "key grades out_of",
    "over": "of over strata kind aggregate weight drop_lowest drop_highest",
    "change": "of against as",
    "period": "of series span aggregate weights drop_lowest drop_highest absent",
    "rank": "of from best among",
    "result": "series item month",
    "formula": "formula",
}


class Scheme:
    def __init__(self, source):
        self.digest = hashlib.sha256(source).hexdigest()
        try:
            self.head = tomllib.loads(source.decode("utf-8"), parse_float=Fraction)
        except (UnicodeDecodeError, tomllib.TOMLDecodeError, ValueError) as fault:
            raise Refusal("scheme", fault)
        check_keys(self.head)
        self.id, self.series = self.head["id"], self.head["series"]
        self.cutoff = self.head["cutoff"]
        self.every = MONTHS_OF[self.head.get("every", "month")]
        self.items = {item["id"]: item for item in self.head["item"]}
        self.groups = {group["id"]: group for group in self.head["group"]}
        self.rankings = {ranking["id"]: ranking for ranking in self.head.get("ranking", [])}
        check_circles(self)
        for item in self.items.values():
            if item.get("weights") == "percent":
                check_weights(self, item)

    def first_round(self):
        """The first month in which this scheme has a round."""
        month = read_month(self.head["months"]["from"])
        while (month + 1) % self.every:
            month += 1
        return month

    def check_month(self, month):
        months = self.head["months"]
        if month < read_month(months["from"]) or ("to" in months and month > read_month(months["to"])):
            raise Refusal("month", month_text(month), "is outside the scheme's months")
        if (month + 1) % self.every:
            raise Refusal("month", month_text(month), "ends no period of this scheme")

    def window(self, month):
        """Start (included) and end (excluded) of the round of a month."""
        return self.start(month - self.every + 1), self.start(month + 1)

    def start(self, month):
        last_day = self.cutoff["last_day"]
        if last_day == "end":
            return first_instant(month)
        return first_instant(month - 1) + timedelta(days=last_day) if last_day < length(month - 1) \
            else first_instant(month)

    def reading_moment(self, month):
        return self.window(month)[1] + timedelta(days=self.cutoff["status_days"])


class Standard:
    """What the catalogue and the scheme's own indicators say about an indicator."""

    def __init__(self, scheme, source):
        self.digest, self.indicators = None, {}
        wanted = scheme.head.get("standard")
        if wanted is not None:
            if source is None:
                raise Refusal("standard", wanted, "is needed")
            catalogue = tomllib.loads(source.decode("utf-8"), parse_float=Fraction)
            if catalogue.get("id") != wanted:
                raise Refusal("standard", wanted, "is needed, this is", catalogue.get("id"))
            self.id, self.digest = wanted, hashlib.sha256(source).hexdigest()
            self.indicators |= {line["id"]: line for line in catalogue["indicator"]}
        self.indicators |= {line["id"]: line for line in scheme.head.get("indicator", [])}

    def about(self, indicator, key):
        found = self.indicators.get(indicator, {}).get(key)
        return found if isinstance(found, str) else None

    def points(self, indicator):
        return self.indicators.get(indicator, {}).get("points")


# months are counted: year × 12 + (1…12) − 1

def read_month(text):
    year, month = text.split("-")
    return int(year) * 12 + int(month) - 1


def month_text(month):
    return f"{month // 12:04}-{month % 12 + 1:02}"


def first_instant(month):
    return datetime(month // 12, month % 12 + 1, 1)


def length(month):
    return (first_instant(month + 1) - first_instant(month)).days


# faults

def check_keys(head):
    def check(kind, table, keys=None):
        unknown = set(table) - set((keys or KEYS[kind]).split()) - set(ANYWHERE.split())
        if unknown:
            raise Refusal("scheme", kind, "has unknown keys", *sorted(unknown))

    check("head", head)
    for key in ("id", "series", "title", "host", "months", "cutoff", "group", "item"):
        if key not in head:
            raise Refusal("scheme", key, "is missing")
    check("cutoff", head["cutoff"])
    check("bulletin", head.get("bulletin", {}))     # it changes no score, so nothing else here reads it
    if set(KEYS["cutoff"].split()) - set(head["cutoff"]):
        raise Refusal("scheme", "cutoff needs all four keys")
    for kind in ("indicator", "must_check", "exemption", "group", "participant", "ranking", "award", "deposit"):
        for table in head.get(kind, []):
            check(kind, table)
    for group in head["group"]:
        check("select", group.get("select", {}))
    for item in head["item"]:
        if item.get("how") not in ITEM_OF_KIND:
            raise Refusal("scheme", "item", item.get("id"), "is of no known kind")
        check("item", item, f"{ITEM} {ITEM_OF_KIND[item['how']]}")
        for kind in ("veto", "clause", "escalation", "part", "change", "step"):
            for table in item.get(kind, []):
                check(kind, table)
        check("round", item.get("round", {}))
    for ranking in head.get("ranking", []):
        for key in ("of", "best", "round", "by", "ties"):
            if key not in ranking:
                raise Refusal("scheme", "ranking", ranking.get("id"), "must say", key)
        check("round", ranking["round"])
        for table in ranking.get("band", []):
            check("band", table)
        for table in ranking.get("veto", []):
            check("ranking_veto", table)
    for deposit in head.get("deposit", []):
        for table in deposit.get("return", []):
            check("return", table)


def references(scheme, item):
    """The items of this scheme that an item needs."""
    found = {item[key] for key in ("of", "to") if key in item and item["how"] != "count"}
    if item["how"] == "period" and not (reads_itself(scheme, item) and item["of"] in scheme.items):
        found = set()   # read from results.csv, whatever the name means here
    found |= {part["item"] for part in item.get("part", [])}
    if isinstance(item.get("missing"), dict):
        found.add(item["missing"]["item"])
    if "formula" in item:
        found |= names(read_formula(item["formula"]))
    for veto in item.get("veto", []):
        found |= names(read_condition(veto["when"]))
    return {name for name in found if not name.startswith("unit.")}


def reads_itself(scheme, period):
    """Whether a `period` takes this month's value from this very assessment."""
    return scheme.every == 1 and period.get("series", scheme.series) == scheme.series


def check_circles(scheme):
    done = set()

    def visit(name, path):
        if name in path:
            raise Refusal("scheme", "circle", *path, name)
        if name not in scheme.items:
            raise Refusal("scheme", "item", path[-1], "names unknown item", name)
        if name not in done:
            for other in sorted(references(scheme, scheme.items[name])):
                visit(other, [*path, name])
            done.add(name)

    for name in scheme.items:
        visit(name, [])


def check_weights(scheme, item):
    for group in item.get("for", scheme.groups):
        weights = [number(part["weight"]) for part in parts_for(scheme, item, group)]
        if sum(weights) != 100:
            raise Refusal("scheme", "item", item["id"], "weights sum to", sum(weights), "for", group)


def parts_for(scheme, item, group):
    return [part for part in item["part"] if exists_for(scheme, part["item"], group)]


def exists_for(scheme, name, group):
    return name in scheme.items and group in scheme.items[name].get("for", [group])


def read_scheme(path):
    return Scheme(Path(path).read_bytes())
