"""Whom and what a round is about: participants, its window, which facts count (manual, chapters 3–5 and 7.14)."""

from dataclasses import dataclass
from fractions import Fraction

from evidence import Visit
from exact import Refusal, is_number, number
from scheme import month_text


@dataclass(frozen=True)
class Member:
    """Whom a value is for: a participant, a lower unit or a visit, reached through a participant's group."""

    scope: str
    unit: str
    group: str
    visit: Visit | None = None

    def __str__(self):
        return self.visit.id if self.visit else self.unit


@dataclass(frozen=True)
class Participant:
    unit: str
    group: str
    ranked: bool
    paid: bool


class Facts:
    """The evidence as one scheme looks at it in one month."""

    def __init__(self, scheme, standard, evidence, month):
        scheme.check_month(month)
        self.scheme, self.standard, self.evidence, self.month = scheme, standard, evidence, month
        self.start, self.end = scheme.window(month)
        self.reading = scheme.reading_moment(month)
        self.participants = participants(scheme, evidence)
        self.check_must_check()

    def check_must_check(self):
        for must in self.scheme.head.get("must_check", []):
            there = [visit for visit in self.visits(Member("unit", must["unit"], ""))
                     if visit.stratum == must["stratum"]]
            if len(there) < must["at_least"]:
                raise Refusal("must_check", must["unit"], must["stratum"], len(there), "of", must["at_least"])

    def visits(self, member):
        """Visits in the window."""
        facts = [member.visit] if member.visit else self.evidence.visits_of[member.unit]
        return [visit for visit in facts if self.within(visit.at)]

    def findings(self, member):
        if member.visit:
            return [finding for finding in self.evidence.findings if finding.visit == member.visit.id]
        return self.evidence.findings_of[member.unit]

    def cases(self, member):
        return self.evidence.cases_of[member.unit]

    def is_in(self, unit, member):
        return member.unit in self.evidence.upwards(unit)

    def within(self, moment):
        return moment is not None and self.start <= moment < self.end

    def counts(self, finding, by):
        """Whether a finding counts in this round at all."""
        moment = finding.found_at if by == "found" else finding.due_at
        return self.within(moment) and not finding.excluded and not self.exempt(finding)

    def exempt(self, finding):
        day = finding.found_at.date().isoformat() if finding.found_at else ""
        return any(fits(exemption["indicators"], finding.indicator)
                   and str(exemption["from"]) <= day <= str(exemption["to"])
                   and ("sites" not in exemption or fits(exemption["sites"], finding.site))
                   for exemption in self.scheme.head.get("exemption", []))

    def status(self, done, due):
        if done is not None and done < self.reading:
            return "on_time" if due is None or done <= due else "late"
        return "overdue" if due is not None and due < self.reading else "pending"

    def matches(self, match, finding):
        about = self.standard.about
        facts = {
            "indicators": lambda: finding.indicator,
            "headings": lambda: about(finding.indicator, "heading"),
            "aspects": lambda: about(finding.indicator, "aspect"),
            "blocks": lambda: about(finding.indicator, "block"),
            "severity": lambda: finding.severity,
            "found_by": lambda: finding.found_by,
            "status": lambda: self.status(finding.rectified_at, finding.due_at),
            "strata": lambda: finding.stratum,
        }
        for key, wanted in match.items():
            if key == "repeated":
                fit = finding.repeated >= wanted
            elif key == "failed":
                fit = finding.failed >= wanted
            elif key == "relapsed":
                fit = finding.relapsed == wanted
            elif key in facts:
                fit = fits(wanted, facts[key]())
            else:
                raise Refusal("scheme", "match has unknown key", key)
            if not fit:
                return False
        return True

    def matches_case(self, match, case):
        voided = case.voided_at is not None and case.voided_at < self.reading
        if voided != match.get("voided", False):
            return False
        for key, wanted in match.items():
            if key == "categories":
                fit = fits(wanted, case.category)
            elif key == "status":
                fit = fits(wanted, self.status(case.handled_at, case.due_at))
            elif key in ("extended", "suspended", "returned", "reworked"):
                fit = getattr(case, key) == wanted
            elif key == "voided":
                fit = True
            else:
                raise Refusal("scheme", "match has unknown key", key)
            if not fit:
                return False
        return True

    def case_counts(self, case, by):
        if by == "load":
            return (case.dispatched_at is not None and case.dispatched_at < self.end
                    and (case.handled_at is None or case.handled_at >= self.start)
                    and (case.voided_at is None or case.voided_at >= self.start))
        return self.within({"dispatched": case.dispatched_at, "due": case.due_at, "handled": case.handled_at}[by])

    def attribute_of(self, unit, name):
        found = self.evidence.units[unit].attributes.get(name) if unit in self.evidence.units else None
        if found is None:
            return None
        if not is_number(found):
            raise Refusal("attribute", name, unit, found)
        return number(found)

    def result_of(self, series, month, name, unit):
        return self.evidence.results.get((series, month_text(month), name, unit))


def participants(scheme, evidence):
    """Chapter 5: in the order of groups, then of their lists."""
    found = {}
    exceptions = {table["unit"]: table for table in scheme.head.get("participant", [])}
    for group in scheme.head["group"]:
        for unit in group["units"] if "units" in group else selected(group["select"], evidence):
            if unit not in evidence.units:
                raise Refusal("unit", unit, "is not in the evidence")
            if unit in found:
                raise Refusal("unit", unit, "is in two groups")
            says = group | exceptions.get(unit, {})
            found[unit] = Participant(unit, group["id"], says.get("ranked", True), says.get("paid", True))
    if not found:
        raise Refusal("participants", "there are none")
    return list(found.values())


def selected(select, evidence):
    def fits_unit(unit):
        return (("kind" not in select or unit.kind == select["kind"])
                and ("under" not in select or select["under"] in evidence.upwards(unit.parent))
                and all(unit.attributes.get(name) == value for name, value in select.get("attributes", {}).items()))
    return sorted(code for code, unit in evidence.units.items() if fits_unit(unit))


def fits(wanted, given):
    """A list fits if one entry does; `abc_*` fits whatever begins so."""
    return any(given == entry or (entry.endswith("*") and (given or "").startswith(entry[:-1]) and bool(given))
               for entry in wanted)


def inspected(what, visits):
    """How much the visits looked at."""
    if what == "visits":
        return Fraction(len(visits))
    if what == "sites":
        return Fraction(len({visit.site for visit in visits if visit.site}))
    if what == "km":
        return sum((visit.length_m or Fraction(0) for visit in visits), Fraction(0)) / 1000
    raise Refusal("scheme", "count of", what)
