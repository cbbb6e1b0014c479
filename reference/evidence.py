"""The month's evidence: seven CSV files (manual, evidence.md) and what is asked of them."""

import csv
import hashlib
import io
from collections import defaultdict
from dataclasses import dataclass, field
from datetime import datetime
from fractions import Fraction

from exact import Refusal, number

HEADERS = {
    "units.csv": "code,name,kind,parent,attributes",
    "sites.csv": "id,unit,name,stratum,length_m,lng,lat",
    "visits.csv": "id,unit,site,at,length_m,grades",
    "findings.csv": "id,visit,site,unit,second_unit,indicator,severity,found_by,found_at,due_at,rectified_at,"
                    "repeated,relapsed,failed,excluded,value,place,lng,lat,photos",
    "cases.csv": "id,unit,category,dispatched_at,due_at,handled_at,voided_at,extended,suspended,returned,reworked",
    "measures.csv": "key,unit,value",
    "results.csv": "series,month,name,unit,value",
}


@dataclass(frozen=True)
class Unit:
    code: str
    kind: str
    parent: str
    attributes: dict


@dataclass(frozen=True)
class Visit:
    id: str
    unit: str
    site: str
    stratum: str
    at: datetime
    length_m: Fraction | None
    grades: dict = field(compare=False)


@dataclass(frozen=True)
class Finding:
    id: str
    visit: str
    site: str
    stratum: str
    unit: str
    second_unit: str
    indicator: str
    severity: str
    found_by: str
    found_at: datetime | None
    due_at: datetime | None
    rectified_at: datetime | None
    repeated: int
    relapsed: bool
    failed: int
    excluded: str


@dataclass(frozen=True)
class Case:
    id: str
    unit: str
    category: str
    dispatched_at: datetime | None
    due_at: datetime | None
    handled_at: datetime | None
    voided_at: datetime | None
    extended: bool
    suspended: bool
    returned: bool
    reworked: bool


class Evidence:
    """The seven files (name → bytes). Lists are in the order of their keys."""

    def __init__(self, files):
        self.digest = digest(files)
        rows = {name: table(name, files[name]) for name in HEADERS}
        self.units = {row["code"]: Unit(row["code"], row["kind"], row["parent"], pairs(row["attributes"]))
                      for row in rows["units.csv"]}
        strata = {row["id"]: row["stratum"] for row in rows["sites.csv"]}
        self.visits = [
            Visit(row["id"], row["unit"], row["site"], strata.get(row["site"], ""), time(row["at"]),
                  number(row["length_m"]) if row["length_m"] else None, pairs(row["grades"]))
            for row in rows["visits.csv"]]
        self.findings = [
            Finding(row["id"], row["visit"], row["site"], strata.get(row["site"], ""), row["unit"], row["second_unit"],
                    row["indicator"], row["severity"], row["found_by"], time(row["found_at"]), time(row["due_at"]),
                    time(row["rectified_at"]), times(row["repeated"]), times(row["relapsed"]) > 0,
                    times(row["failed"]), row["excluded"])
            for row in rows["findings.csv"]]
        self.cases = [
            Case(row["id"], row["unit"], row["category"], time(row["dispatched_at"]), time(row["due_at"]),
                 time(row["handled_at"]), time(row["voided_at"]),
                 *(times(row[name]) > 0 for name in ("extended", "suspended", "returned", "reworked")))
            for row in rows["cases.csv"]]
        self.measures = {(row["key"], row["unit"]): number(row["value"]) for row in rows["measures.csv"]}
        self.results = {(row["series"], row["month"], row["name"], row["unit"]): number(row["value"])
                        for row in rows["results.csv"]}
        self.visits_of = self.by_unit(self.visits, "unit")
        self.findings_of = self.by_unit(self.findings, "unit")
        self.second_findings_of = self.by_unit(self.findings, "second_unit")
        self.cases_of = self.by_unit(self.cases, "unit")

    def by_unit(self, facts, column):
        """Facts of each unit: of it, or of any unit below it."""
        found = defaultdict(list)
        for fact in facts:
            for unit in self.upwards(getattr(fact, column)):
                found[unit].append(fact)
        return found

    def upwards(self, code):
        """A unit and all units above it."""
        seen = []
        while code and code not in seen:
            seen.append(code)
            code = self.units[code].parent if code in self.units else ""
        return seen

    def below(self, code, kind):
        """The units of a kind anywhere below a unit, by code."""
        return sorted(unit.code for unit in self.units.values()
                      if unit.kind == kind and code in self.upwards(unit.parent))


def read_folder(folder):
    try:
        return {name: (folder / name).read_bytes() for name in HEADERS}
    except OSError as fault:
        raise Refusal("evidence", fault)


def table(name, content):
    reader = csv.DictReader(io.StringIO(content.decode("utf-8"), newline=""), strict=True)
    if ",".join(reader.fieldnames or []) != HEADERS[name]:
        raise Refusal("evidence", name, "has another header")
    return list(reader)


def digest(files):
    lines = [f"{name} {hashlib.sha256(files[name]).hexdigest()}\n" for name in HEADERS]
    return hashlib.sha256("".join(lines).encode()).hexdigest()


def pairs(cell):
    return dict(pair.split("=", 1) for pair in cell.split(";") if pair)


def time(cell):
    return datetime.fromisoformat(cell) if cell else None


def times(cell):
    return int(cell) if cell else 0
