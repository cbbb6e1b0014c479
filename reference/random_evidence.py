"""A random town and its month: who there is, and what was seen, found and handled."""

from datetime import timedelta
from fractions import Fraction

from random_scheme import (ASPECTS, BLOCK_OF, BLOCKS, CATALOGUE, CATEGORIES, FINDERS, GRADES, HEADINGS, MEASURES,
                           OWN_INDICATORS, SEVERITIES, STRATA, words)
from scheme import first_instant, month_text, read_month
from written import cell


def standard(rng):
    """A small catalogue in the format of `standards/`."""
    return {
        "id": "random-standard", "title": words("随机目录"), "months": {"from": "2020-01"},
        "block": [{"id": one, "title": words(one)} for one in BLOCKS],
        "heading": [{"id": one, "title": words(one)} for one in HEADINGS],
        "aspect": [{"id": one, "title": words(one)} for one in ASPECTS],
        "line": [{"id": "works", "title": words("作业")}],
        "indicator": [{
            "id": one, "title": words(one), "requirement": words("无"), "quality": aspect,
            "block": BLOCK_OF[heading], "aspect": aspect,
            "heading": heading, "line": "works", "observe": words("目测"),
            "points": {"minor": rng.choice([Fraction(1, 10), Fraction(1, 2)]), "general": 1, "serious": rng.choice([2, 3])},
            "limit": {"value": 2, "unit": "work_day"}, "assumed": True}
            for one, (aspect, heading) in CATALOGUE.items()]}


class Town:
    """Counties k1…, townships t1… below them, villages below those, departments, and one township outside."""

    def __init__(self, rng):
        self.rng, self.root = rng, "city"
        self.units = [{"code": "city", "name": "市", "kind": "prefecture"}]
        self.counties = [self.unit(f"k{at}", "county", "city") for at in range(rng.randint(1, 3))]
        # Every county has a township at least.
        self.townships = [self.unit(f"t{at}", "township", (self.counties + rng.choices(self.counties, k=9))[at])
                          for at in range(rng.randint(3, 9))]
        self.villages = [self.unit(f"{township}v{at}", "village", township)
                         for township in self.townships for at in range(rng.choice([0, 1, 2, 3]))]
        self.departments = [self.unit(f"d{at}", "department", "city") for at in range(rng.randint(2, 4))]
        self.all = [unit["code"] for unit in self.units]
        self.sites = [f"s{at}" for at in range(rng.randint(3, 12))]
        self.month_name = rng.choice([f"2022-{month:02}" for month in range(1, 13)] + ["2022-03", "2022-12"])

    def unit(self, code, kind, parent):
        attributes = {"class": self.rng.choice("AB")}
        for name, values in (("population", [100, 200, 350, 0]), ("length_km", [Fraction(3, 2), 4, Fraction(21, 2)]),
                             ("fee_yuan", [1000, Fraction(66667, 100), 80000])):
            if self.rng.random() < 0.93:
                attributes[name] = self.rng.choice(values)
        self.units.append({"code": code, "name": code, "kind": kind, "parent": parent, "attributes": attributes})
        return code

    def groups(self, rng):
        """Groups of participants and exceptions, in one of the shapes that schemes have."""
        shape = rng.choice(["classes", "kind", "listed", "listed", "levels", "departments"])
        if shape == "classes":
            groups = [{"select": {"kind": "township", "attributes": {"class": one}}} for one in "AB"]
        elif shape == "kind":
            groups = [{"select": {"kind": "township", "under": "city"}}]
            if rng.random() < 0.2:
                groups = [{"select": {"under": rng.choice(self.counties)}}]
            if len(self.counties) > 1 and rng.random() < 0.5:
                groups = [{"select": {"kind": "township", "under": county}} for county in self.counties]
        elif shape == "listed":
            listed = rng.sample(self.townships, rng.randint(2, len(self.townships)))
            cut = rng.randint(1, len(listed) - 1)
            groups = [{"units": listed[:cut]}, {"units": listed[cut:]}] if rng.random() < 0.6 else [{"units": listed}]
        elif shape == "levels":
            groups = [{"units": self.counties}, {"select": {"kind": "township"}}]
        else:
            groups = [{"select": {"kind": "department"}}]
        groups = [{"id": f"g{at}", "title": words("组")} | group for at, group in enumerate(groups)]
        members = [[unit["code"] for unit in self.units if self.belongs(unit, group)] for group in groups]
        groups = [group for group, units in zip(groups, members) if units]
        members = [units for units in members if units]
        self.participants = [unit for units in members for unit in units]
        self.child_kinds = ["village"] + ["township"] * (shape == "levels") * 2
        for group in groups[1:]:
            if rng.random() < 0.15:
                group[rng.choice(["ranked", "paid"])] = False
        exceptions = []
        if rng.random() < 0.3:
            for unit in rng.sample(self.participants, min(len(self.participants), rng.randint(1, 2))):
                exceptions.append({"unit": unit, rng.choice(["ranked", "paid"]): False, "source": "函"})
        unranked = [one["unit"] for one in exceptions if "ranked" in one]
        ranked = {group["id"]: len([unit for unit in units if unit not in unranked])
                  for group, units in zip(groups, members) if group.get("ranked", True)}
        self.ranked_groups = [group for group, count in ranked.items() if count]
        self.smallest_group = min([count for count in ranked.values() if count], default=0)
        return groups, exceptions

    def belongs(self, unit, group):
        if "units" in group:
            return unit["code"] in group["units"]
        select = group["select"]
        above = {one["code"]: one.get("parent") for one in self.units}
        path = [above.get(unit["code"]), above.get(above.get(unit["code"])), "city"]
        return (unit["kind"] == select.get("kind", unit["kind"]) and select.get("under", "city") in path
                and unit["code"] != "city" and unit["attributes"]["class"] in (select.get("attributes", {}).get("class", unit["attributes"]["class"])))


class RandomEvidence:
    """The rows of the seven files for a town under a scheme."""

    def __init__(self, rng, town, scheme):
        self.rng, self.town, self.scheme = rng, town, scheme
        self.month = read_month(town.month_name)
        every = {"month": 1, "quarter": 3, "half_year": 6, "year": 12}[scheme.get("every", "month")]
        self.month += -(self.month + 1) % every
        self.every, self.length = every, every
        last_day, status = scheme["cutoff"]["last_day"], scheme["cutoff"]["status_days"]
        end = first_instant(self.month + 1) if last_day == "end" else \
            first_instant(self.month) + timedelta(days=last_day)
        start = end - timedelta(days=30 * every)
        # Instants at which something begins or ends are where programs go wrong.
        self.edges = [start, end, end + timedelta(days=status), first_instant(self.month + 1 - every),
                      first_instant(self.month + 1)]
        self.start, self.end = start, end
        self.rows = {"units.csv": town.units, "sites.csv": self.sites(), "visits.csv": [], "findings.csv": [],
                     "cases.csv": [], "measures.csv": self.measures(), "results.csv": self.results()}
        for row in self.rows["units.csv"]:
            if isinstance(row.get("attributes"), dict):
                row["attributes"] = ";".join(f"{name}={value}" for name, value in sorted(
                    (name, cell(value)) for name, value in row["attributes"].items()))
        self.visits()
        self.findings()
        self.cases()

    def chance(self, share):
        return self.rng.random() < share

    def moment(self):
        """Somewhere in or near the window; sometimes exactly at an edge or beside it."""
        if self.chance(0.12):
            return self.rng.choice(self.edges) + timedelta(seconds=self.rng.choice([-60, -1, 0, 0, 60]))
        minutes = int((self.end - self.start).total_seconds() // 60)
        away = self.rng.randint(-minutes // 6, minutes + minutes // 8)
        return self.start + timedelta(minutes=away)

    def later(self, moment):
        if self.chance(0.1):
            return max(moment, self.rng.choice(self.edges) + timedelta(seconds=self.rng.choice([-60, -1, 0, 60])))
        if self.chance(0.06):
            return max(moment, self.rng.choice([self.start, self.edges[2]]))    # the reading moment itself
        return moment + timedelta(hours=self.rng.choice([2, 24, 72, 240, 700]))

    def place(self):
        """A unit where something happens: participants mostly, units below them, sometimes others."""
        if self.chance(0.6):
            return self.rng.choice(self.town.participants)
        return self.rng.choice(self.town.all)

    def sites(self):
        return [{"id": site, "unit": self.place(), "name": site, "stratum": self.rng.choice(STRATA + [""]),
                 "length_m": self.rng.choice(["", 800, Fraction(2001, 2)])} for site in self.town.sites]

    def measures(self):
        keys = [(key, unit) for key in MEASURES for unit in self.town.all + [""]]
        return [{"key": key, "unit": unit, "value": self.score()} for key, unit in keys if self.chance(0.92)]

    def score(self):
        """Coarse, so that units tie."""
        return self.rng.choice([80, 85, 90, 90, Fraction(181, 2), 95, 100, 60, Fraction(250, 3), 0, Fraction(-1, 250)])

    def results(self):
        rng, rows = self.rng, []
        months = list(range(self.month - 12, self.month))
        items = [item["id"] for item in self.scheme["item"]]
        asked = [item["of"] for item in self.scheme["item"] if item["how"] in ("change", "period")]
        kept = 0.95 if self.chance(0.7) else 0.6
        for unit in dict.fromkeys(self.town.participants + self.town.villages):
            for month in months + [self.month] * (self.every != 1):
                for item in dict.fromkeys(name for name in asked if name in items + ["of_old"]):
                    if rng.random() < kept:
                        rows.append(("own", month, item, unit, self.score()))
        for unit in self.town.all:
            for month in months + [self.month]:
                if rng.random() < kept:
                    rows.append(("other", month, "outer", unit, self.score()))
        for ranking in self.scheme["ranking"]:
            for unit in self.town.participants:
                for month in months:
                    if rng.random() < 0.9:
                        rows += [("own", month, f"{end}.{ranking['id']}", unit, rng.choice([1, 1, 1, 2, 2, 3, 4]))
                                 for end in ("place", "last")]
        for deposit in self.scheme.get("deposit", []):
            for unit in self.town.participants:
                balance = rng.choice([5000, Fraction(44001, 10), 300, Fraction(1, 100), 0, -200])
                rows.append(("own", self.month - self.every, f"deposit.{deposit['id']}", unit, balance))
        return [{"series": series, "month": month_text(month), "name": name, "unit": unit, "value": value}
                for series, month, name, unit, value in rows]

    def visits(self):
        grades = [f"{key}={grade}" for key in GRADES for grade in ("good", "fair", "poor")]
        for at in range(self.rng.choice([0, 3, 10, 30, 60])):
            given = sorted({one.split("=")[0]: one for one in self.rng.sample(grades, self.rng.randint(0, 3))}.values())
            self.rows["visits.csv"].append({
                "id": f"v{at}", "unit": self.place(), "site": self.rng.choice(self.town.sites + [""] * self.chance(0.3)),
                "at": self.moment(), "length_m": self.rng.choice([500, 1000, Fraction(3001, 2), 0] + [""] * self.chance(0.1)),
                "grades": ";".join(given)})

    def findings(self):
        rng = self.rng
        indicators = OWN_INDICATORS + (list(CATALOGUE) if "standard" in self.scheme else [])
        visits = [row["id"] for row in self.rows["visits.csv"]]
        for at in range(rng.choice([0, 5, 20, 40, 80, 150, 300])):
            found = self.moment()
            due = self.later(found) if self.chance(0.85) else ""
            done = ""
            if self.chance(0.75):
                done = due if due and self.chance(0.1) else self.later(found)
            unit, second = self.place(), self.place()
            self.rows["findings.csv"].append({
                "id": f"f{at}", "visit": rng.choice(visits) if visits and self.chance(0.8) else "",
                "site": rng.choice(self.town.sites) if self.chance(0.85) else "", "unit": unit,
                "second_unit": second if second != unit and self.chance(0.4) else "", "indicator": rng.choice(indicators),
                "severity": rng.choice(SEVERITIES), "found_by": rng.choice(FINDERS), "found_at": found, "due_at": due,
                "rectified_at": done, "repeated": rng.choice([0, 0, 0, 1, 2, 3]), "relapsed": self.chance(0.2),
                "failed": rng.choice([0, 0, 0, 1, 2]),
                "excluded": rng.choice(["appeal", "duplicate", "void"]) if self.chance(0.05) else "",
                "value": rng.choice(["", "", "12 mm", "3,5 m"]), "place": rng.choice(["", "东门", 'the "gate", left'])})

    def cases(self):
        rng = self.rng
        for at in range(rng.choice([0, 5, 20, 60])):
            sent = self.moment()
            due = self.later(sent) if self.chance(0.85) else ""
            done = ""
            if sent < self.start and self.chance(0.3):
                done = self.start
            elif self.chance(0.75):
                done = due if due and self.chance(0.1) else self.later(sent)
            self.rows["cases.csv"].append({
                "id": f"c{at}", "unit": self.place(), "category": rng.choice(CATEGORIES), "dispatched_at": sent,
                "due_at": due, "handled_at": done,
                "voided_at": self.later(sent) if self.chance(0.12) else "",
                "extended": rng.choice([0, 0, 1, 2]), "suspended": self.chance(0.2),
                "returned": rng.choice([0, 0, 1]), "reworked": rng.choice([0, 0, 0, 1])})
