"""The value of each item (manual, chapters 6 and 7)."""

from fractions import Fraction
from functools import cache

import formula
from exact import Refusal, is_number, number, rounded
from facts import Facts, Member, fits, inspected
from scheme import exists_for, parts_for, reads_itself


class Round(Facts):
    """One scheme in one month, over its evidence; `value(item, member)` is what everything asks for."""

    def __init__(self, scheme, standard, evidence, month):
        super().__init__(scheme, standard, evidence, month)
        self.value = cache(self.value)

    # from raw value to final value

    def value(self, name, member):
        """The final value of an item for a member; None if it is missing."""
        if not exists_for(self.scheme, name, member.group):
            return None
        item = self.scheme.items[name]
        if item.get("scope", "unit") != member.scope:
            raise Refusal("scheme", "item", name, "is not of scope", member.scope)
        raw = getattr(self, item["how"])(item, member)
        if raw is None:
            return self.instead(item, member)
        if "max" in item:
            raw = min(raw, number(item["max"]))
        if "min" in item:
            raw = max(raw, number(item["min"]))
        if "full" in item:
            if not item.get("above_full", False):
                raw = min(raw, number(item["full"]))
            if not item.get("below_zero", False):
                raw = max(raw, Fraction(0))
        for veto in item.get("veto", []):
            if self.holds(veto["when"], member):
                raw = number(veto["set"])
                break
        if "round" in item:
            raw = rounded(raw, item["round"]["digits"], item["round"]["mode"])
        return raw

    def instead(self, item, member):
        missing = item.get("missing", "refuse")
        if missing == "refuse":
            raise Refusal("missing", item["id"], member)
        if missing == "pass":
            return None
        if isinstance(missing, dict):
            return self.value(missing["item"], member)
        return number(missing)

    def holds(self, condition, member, known=None):
        return formula.holds(formula.read_condition(condition), self.look_up(member, known))

    def look_up(self, member, known=None):
        def find(name):
            if known and name in known:
                return known[name]
            if name.startswith("unit."):
                return self.attribute_of(member.unit, name.removeprefix("unit."))
            return self.value(name, member)
        return find

    # 7.1 deduct

    def deduct(self, item, member):
        by = item.get("by", self.scheme.cutoff["findings"])
        sums = {clause["id"]: {} for clause in item["clause"]}
        for finding, clause, share in self.shares(item, member, by):
            points = self.escalated(item, finding, self.points(clause["points"], finding))
            indicators = sums[clause["id"]]
            indicators[finding.indicator] = indicators.get(finding.indicator, 0) + points * share
        deduction = Fraction(0)
        for clause in item["clause"]:
            of_clause = sum((bounded(points, clause, "floor_per_indicator", "cap_per_indicator")
                             for points in sums[clause["id"]].values()), Fraction(0))
            deduction += bounded(of_clause, clause, "floor", "cap")
        if "per" in item:
            amount = inspected(item["per"] if item["per"] == "km" else item["per"] + "s", self.visits(member))
            if amount == 0:
                return None
            deduction = deduction * number(item.get("per_amount", 1)) / amount
        if "max_deduction" in item:
            deduction = min(deduction, number(item["max_deduction"]))
        return number(item["start"]) - deduction

    def shares(self, item, member, by):
        """Each finding that concerns the member, its clause and the member's share in it."""
        def clause_of(finding):
            return next((clause for clause in item["clause"] if self.matches(clause.get("match", {}), finding)), None)

        for finding in self.findings(member):
            if self.counts(finding, by) and (clause := clause_of(finding)):
                split = number(clause.get("split", 0)) / 100 if finding.second_unit else 0
                both = member.visit or self.is_in(finding.second_unit, member)
                yield finding, clause, 1 if both else 1 - split
        for finding in [] if member.visit else self.evidence.second_findings_of[member.unit]:
            if self.counts(finding, by) and not self.is_in(finding.unit, member) and (clause := clause_of(finding)):
                if "split" in clause:
                    yield finding, clause, number(clause["split"]) / 100

    def points(self, points, finding):
        if points == "indicator":
            points = self.standard.points(finding.indicator)
        if isinstance(points, dict):
            points = points.get(finding.severity)
        if points is None:
            raise Refusal("points", finding.id, finding.indicator, finding.severity)
        return number(points)

    def escalated(self, item, finding, points):
        for escalation in item.get("escalation", []):
            if self.matches(escalation.get("match", {}), finding):
                if escalation["effect"] == "times":
                    points *= number(escalation["factor"])
                elif escalation["effect"] == "add":
                    points += self.points(escalation["points"], finding)
                elif escalation["effect"] == "replace":
                    points = self.points(escalation["points"], finding)
                else:
                    raise Refusal("scheme", "escalation", escalation["effect"])
        return points

    # 7.2 count

    def count(self, item, member):
        match, of = item.get("match", {}), item["of"]
        if of == "findings":
            by = item.get("by", self.scheme.cutoff["rectification" if "status" in match else "findings"])
            return Fraction(sum(self.counts(finding, by) and self.matches(match, finding)
                                for finding in self.facts(item, member, self.findings)))
        if of == "cases":
            return Fraction(sum(self.case_counts(case, item["by"]) and self.matches_case(match, case)
                                for case in self.facts(item, member, self.cases)))
        return inspected(of, [visit for visit in self.facts(item, member, self.visits)
                              if "strata" not in match or fits(match["strata"], visit.stratum)])

    def facts(self, item, member, facts_of):
        """The member's facts; with `whole` those of all participants together, each once."""
        if not item.get("whole", False):
            return facts_of(member)
        return {fact.id: fact for other in self.members({"over": "all"}, member) for fact in facts_of(other)}.values()

    # 7.3 – 7.9

    def ratio(self, item, member):
        above, below = self.value(item["of"], member), self.value(item["to"], member)
        if above is None or not below:
            return None
        return above / below * number(item.get("scale", 1))

    def measure(self, item, member):
        return self.evidence.measures.get((item["key"], "" if item.get("whole", False) else member.unit))

    def attribute(self, item, member):
        return self.attribute_of(member.unit, item["name"])

    def sum(self, item, member):
        parts = [(self.value(part["item"], member), number(part.get("weight", 1)))
                 for part in parts_for(self.scheme, item, member.group)]
        if not parts:
            return None     # all of them belong to other groups
        if item["weights"] == "times":
            scale = Fraction(1)
        else:
            scale = Fraction(1, 100)
        if item.get("absent", "refuse") == "reweigh":
            parts = [(value, weight) for value, weight in parts if value is not None]
            there = sum(weight for _, weight in parts)
            if there == 0:
                return None
            scale = Fraction(1) / there
        if any(value is None for value, _ in parts):
            return None
        return sum((value * weight for value, weight in parts), Fraction(0)) * scale

    def adjust(self, item, member):
        of = self.value(item["of"], member)
        if of is None:
            return None
        return of + sum(number(change["add"]) for change in item["change"] if change["unit"] == member.unit)

    def steps(self, item, member):
        of = self.value(item["of"], member)
        if of is None:
            return None
        reached = [step for step in item["step"] if "from" in step and number(step["from"]) <= of]
        if reached:
            step = max(reached, key=lambda step: number(step["from"]))
            return number(step["value"]) + number(step.get("slope", 0)) * (of - number(step["from"]))
        lowest = [step for step in item["step"] if "from" not in step]
        return number(lowest[0]["value"]) if lowest else None

    def linear(self, item, member):
        of = self.value(item["of"], member)
        if of is None:
            return None
        points = [(number(x), number(y)) for x, y in item["points"]]
        if of <= points[0][0]:
            return points[0][1]
        for (x0, y0), (x1, y1) in zip(points, points[1:]):
            if of <= x1:
                return y0 + (y1 - y0) * (of - x0) / (x1 - x0)
        return points[-1][1]

    # 7.10, 7.11: visits, lower units, the group

    def grades(self, item, member):
        given = [visit.grades[item["key"]] for visit in self.visits(member) if item["key"] in visit.grades]
        if not given:
            return None
        unknown = set(given) - set(item["grades"])
        if unknown:
            raise Refusal("grade", item["id"], member, *sorted(unknown))
        return sum(number(item["grades"][grade]) for grade in given) / len(given) * number(item["out_of"])

    def over(self, item, member):
        values = []
        for other in self.members(item, member):
            value = self.value(item["of"], other)
            if value is not None:
                values.append((value, other))
        kept = dropped(values, item)
        if item.get("aggregate", "mean") == "mean" and "weight" in item:
            weights = [self.weight(item["weight"], other) for _, other in kept]
            if None in weights or sum(weights) == 0:
                return None
            return sum(value * weight for (value, _), weight in zip(kept, weights)) / sum(weights)
        return aggregate([value for value, _ in kept], item)

    def members(self, item, member):
        if item["over"] == "visits":
            return [Member("visit", visit.unit, member.group, visit) for visit in self.visits(member)
                    if "strata" not in item or fits(item["strata"], visit.stratum)]
        if item["over"] == "children":
            return [Member("child", unit, member.group) for unit in self.evidence.below(member.unit, item["kind"])]
        others = [Member("unit", other.unit, other.group) for other in self.participants]
        return [other for other in others if item["over"] == "all" or other.group == member.group]

    def weight(self, name, member):
        if member.visit:
            return member.visit.length_m
        return self.attribute_of(member.unit, name)

    # 7.12 history and place

    def change(self, item, member):
        now = self.value(item["of"], member)
        back = {"last_month": 1, "same_month_last_year": 12}[item["against"]]
        earlier = self.result_of(self.scheme.series, self.month - back, item["of"], member.unit)
        if now is None or earlier is None:
            return None
        if item["as"] == "difference":
            return now - earlier
        return (now - earlier) / earlier * 100 if earlier else None

    def period(self, item, member):
        series = item.get("series", self.scheme.series)
        span = item["span"]
        if not is_number(span):
            span = self.month % {"quarter": 3, "half_year": 6, "year": 12}[span] + 1
        values = []
        for number_of_month, month in enumerate(range(self.month - span + 1, self.month + 1)):
            if (month == self.month and reads_itself(self.scheme, item)
                    and exists_for(self.scheme, item["of"], member.group)):
                value = self.value(item["of"], member)
            else:
                value = self.result_of(series, month, item["of"], member.unit)
            values.append((value, number_of_month))
        if item.get("absent", "missing") == "missing" and any(value is None for value, _ in values):
            return None
        kept = dropped([(value, at) for value, at in values if value is not None], item)
        if item.get("aggregate", "mean") == "weighted":
            weights = [number(item["weights"][at]) for _, at in kept]
            if sum(weights) == 0:
                return None
            return sum(value * weight for (value, _), weight in zip(kept, weights)) / sum(weights)
        return aggregate([value for value, _ in kept], item)

    def rank(self, item, member):
        own = self.value(item["of"], member)
        if own is None:
            return None
        others = [self.value(item["of"], Member("unit", other.unit, other.group)) for other in self.participants
                  if item.get("among", "group") == "all" or other.group == member.group]
        high_first = (item["best"] == "high") == (item["from"] == "front")
        ahead = sum(other is not None and (other > own if high_first else other < own) for other in others)
        return Fraction(ahead + 1)

    def result(self, item, member):
        back = {"this": 0, "last": 1}[item.get("month", "this")]
        return self.result_of(item["series"], self.month - back, item["item"], member.unit)

    # 7.13

    def formula(self, item, member):
        return formula.value(formula.read_formula(item["formula"]), self.look_up(member))


def bounded(points, clause, floor, cap):
    if points > 0:
        if floor in clause:
            points = max(points, number(clause[floor]))
        if cap in clause:
            points = min(points, number(clause[cap]))
    return points


def dropped(values, item):
    """(value, member) pairs without the lowest and highest ones; among equals the first goes."""
    kept = list(values)
    for _ in range(item.get("drop_lowest", 0)):
        if kept:
            kept.pop(min(range(len(kept)), key=lambda at: kept[at][0]))
    for _ in range(item.get("drop_highest", 0)):
        if kept:
            kept.pop(max(range(len(kept)), key=lambda at: kept[at][0]))
    return kept


def aggregate(values, item):
    if not values:
        return None
    how = item.get("aggregate", "mean")
    if how == "mean":
        return sum(values) / len(values)
    if how == "median":
        ordered, middle = sorted(values), len(values) // 2
        return ordered[middle] if len(values) % 2 else (ordered[middle - 1] + ordered[middle]) / 2
    return {"sum": sum, "min": min, "max": max}[how](values)
