"""Rankings (manual, chapter 9)."""

from dataclasses import dataclass
from fractions import Fraction
from math import floor

from exact import number, rounded
from facts import Member, Participant


@dataclass
class Row:
    """One participant in one ranking."""

    participant: Participant
    table: str
    exact: Fraction | None
    score: Fraction | None      # rounded, as published
    figure: Fraction | None     # the one that decides: rounded or exact
    ranked: bool
    behind: bool                # by a veto behind all others
    paid: bool
    key: tuple = ()
    place: int | None = None
    last: int | None = None
    band: str | None = None
    of: int = 0                 # how many are ranked in the table

    @property
    def unit(self):
        return self.participant.unit

    def known(self):
        """What a gate may ask besides items."""
        counted = {"place": self.place, "last": self.last, "ranked": self.of}
        return {"score": self.figure} | {name: None if n is None else Fraction(n) for name, n in counted.items()}


def rows(round, ranking):
    """All participants of a ranking, in their order, with their places."""
    found = [row(round, ranking, participant) for participant in round.participants
             if participant.group in ranking.get("groups", [participant.group])]
    for table in dict.fromkeys(one.table for one in found):
        place(round, ranking, [one for one in found if one.table == table])
    return found


def row(round, ranking, participant):
    member = Member("unit", participant.unit, participant.group)
    exact = round.value(ranking["of"], member)
    score = None if exact is None else rounded(exact, ranking["round"]["digits"], ranking["round"]["mode"])
    effects = {veto["effect"] for veto in ranking.get("veto", []) if round.holds(veto["when"], member)}
    apart = ranking.get("apart", "none")
    table = {"none": "-", "group": participant.group,
             "parent": round.evidence.units[participant.unit].parent or "-"}[apart]
    return Row(participant, table, exact, score, score if ranking["by"] == "rounded" else exact,
               ranked=participant.ranked and exact is not None and "unranked" not in effects,
               behind="last" in effects, paid=participant.paid and "unpaid" not in effects)


def place(round, ranking, table):
    ranked = [one for one in table if one.ranked]
    for at, one in enumerate(ranked):
        one.key = key(round, ranking, one, at)
    for one in table:
        one.of = len(ranked)
    for one in ranked:
        ahead = [other.key for other in ranked if other.key < one.key]
        one.place = 1 + (len(set(ahead)) if ranking["ties"] == "dense" else len(ahead))
        one.last = 1 + sum(other.key > one.key for other in ranked)
        one.band = band(ranking, one)


def key(round, ranking, one, at):
    """Smaller is better; equal keys share a place."""
    parts = [one.behind, better(one.figure, ranking["best"])]
    if ranking["ties"] == "then":
        member = Member("unit", one.unit, one.participant.group)
        for criterion in ranking["then"]:
            value = round.value(criterion["item"], member)
            parts += [value is None, better(value or Fraction(0), criterion["best"])]
    if ranking["ties"] == "listed":
        parts.append(at)
    return tuple(parts)


def better(value, best):
    return -value if best == "high" else value


def band(ranking, one):
    for candidate in ranking.get("band", []):
        reached = "from" not in candidate or one.figure >= number(candidate["from"])
        if reached and ("quota" not in candidate or one.place <= quota(candidate["quota"], one.of)):
            return candidate["id"]
    return None


def quota(value, ranked):
    if isinstance(value, str) and value.endswith("%"):
        return floor(number(value) * ranked)
    return number(value)
