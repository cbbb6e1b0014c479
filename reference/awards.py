"""Awards and deposits (manual, chapter 10). Money is counted in whole fen."""

from fractions import Fraction

from exact import Refusal, fen, number, towards_zero
from facts import Member


def settle(round, award, ranking, rows):
    """(fen by unit, units given something, fen left over) of one award."""
    getting = winners(round, award, rows)
    paid = {one.unit for one in getting if one.paid}
    if "give" in award:
        return {}, [one.unit for one in rows if one.unit in paid], 0
    if "yuan_by_place" in award or "yuan_by_last" in award:
        money, left = by_place(award, ranking["ties"], rows)
    elif "fund" in award:
        money, left = fund(round, award, [one for one in getting if one.paid])
    else:
        money, left = {one.unit: amount(round, award, one) for one in getting if one.paid}, 0
    return {unit: fen for unit, fen in money.items() if unit in paid}, [], left


def winners(round, award, rows):
    """Those whom the award reaches and who pass its conditions, paid or not."""
    passing = [one for one in rows if reached(award, one) and passes(round, award, one)]
    if "prizes" not in award:
        return passing
    return [one for one in passing if one.place is not None
            and sum(other.table == one.table and other.place is not None and other.place < one.place
                    for other in passing) < award["prizes"]]


def reached(award, one):
    if award.get("every", False):
        return True
    if "band" in award:
        return one.band == award["band"]
    return among(award, one.place, one.last)


def among(award, place, last):
    """Whether a place from the front or from the end is one of the award's."""
    front = award.get("places", range(1, len(award.get("yuan_by_place", [])) + 1))
    end = award.get("lasts", range(1, len(award.get("yuan_by_last", [])) + 1))
    return place in front or last in end


def passes(round, award, one):
    member = Member("unit", one.unit, one.participant.group)
    if "when" in award and not round.holds(award["when"], member, one.known()):
        return False
    if not all(got_before(round, award, one, round.month - back * round.scheme.every)
               for back in range(1, award.get("consecutive", 1))):
        return False
    if "within" in award:
        earlier = sum(got_before(round, award, one, round.month - back)
                      for back in range(1, award["within"]["months"]))
        return 1 + earlier >= award["within"]["times"]
    return True


def got_before(round, award, one, month):
    def result(name):
        return round.result_of(round.scheme.series, month, f"{name}.{award['ranking']}", one.unit)
    return among(award, result("place"), result("last"))


def by_place(award, ties, rows):
    """Money by place, divided among those who share one, as if all were paid."""
    money, left = {}, 0
    for key, place_of in (("yuan_by_place", lambda one: one.place), ("yuan_by_last", lambda one: one.last)):
        amounts = [fen(number(yuan)) for yuan in award.get(key, [])]
        ranked = [one for one in rows if one.place is not None and place_of(one) <= len(amounts)]
        for table, place in dict.fromkeys((one.table, place_of(one)) for one in ranked):
            sharing = [one for one in ranked if (one.table, place_of(one)) == (table, place)]
            # Densely ranked they take one place together, otherwise as many as they are.
            taken = 1 if ties == "dense" and key == "yuan_by_place" else len(sharing)
            if len(sharing) == 1 or award["shared"] == "each":
                shares = [amounts[place - 1]] * len(sharing)
            elif award["shared"] == "divide":
                shares, over = divided(sum(amounts[place - 1:place - 1 + taken]), [1] * len(sharing), award)
                left += over
            else:
                continue
            for one, share in zip(sharing, shares):
                money[one.unit] = money.get(one.unit, 0) + share
    return money, left


def divided(whole, weights, award):
    """Fen in proportion to the weights, and what is left over."""
    shares = [towards_zero(Fraction(whole) * weight / sum(weights)) for weight in weights]
    left = whole - sum(shares)
    if award["remainder"] == "first":
        for at in range(abs(left)):
            shares[at] += 1 if left > 0 else -1
        left = 0
    return shares, left


def fund(round, award, getting):
    whole = fen(number(award["fund"]["yuan"]))
    by_rank = sorted(getting, key=lambda one: (one.place is None, one.place or 0))
    weights = [quantity(round, award, one, award["fund"]["by"]) for one in by_rank]
    if any(weight < 0 for weight in weights):
        raise Refusal("fund", award["id"], "has a negative weight")
    if sum(weights) == 0:
        return {one.unit: 0 for one in getting}, whole
    shares, left = divided(whole, weights, award)
    return dict(zip((one.unit for one in by_rank), shares)), left


def amount(round, award, one):
    how = award.get("fen", "half_up")
    if "yuan" in award:
        return fen(number(award["yuan"]))
    if "each" in award:
        value = quantity(round, award, one, award["each"]["item"])
        return fen(value * number(award["each"]["yuan"]), how)
    value = quantity(round, award, one, award["percent_of"]["item"])
    return fen(value * number(award["percent_of"]["percent"]) / 100, how)


def quantity(round, clause, one, item):
    value = round.value(item, Member("unit", one.unit, one.participant.group))
    if value is None:
        raise Refusal("missing", clause["id"], item, one.unit)
    return value


def account(round, deposit, participant, rows):
    """Opening, drawn, returned and closing fen of one participant's deposit."""
    scheme, unit = round.scheme, participant.unit
    if round.month == scheme.first_round():
        opening = fen(number(deposit["yuan"]))
    else:
        before = round.result_of(scheme.series, round.month - scheme.every, f"deposit.{deposit['id']}", unit)
        if before is None:
            raise Refusal("deposit", deposit["id"], unit, "has no balance of the round before")
        opening = fen(before)
    member = Member("unit", unit, participant.group)
    drawn = 0
    for draw in deposit["draw"]:
        value = round.value(draw["item"], member)
        if value is None:
            raise Refusal("missing", deposit["id"], draw["item"], unit)
        drawn += value * number(draw["yuan"])
    drawn = fen(drawn)
    if not deposit.get("below_zero", False):
        drawn = min(drawn, max(opening, 0))
    closing, returned = opening - drawn, 0
    if round.month % 12 + 1 in deposit.get("return_in", []):
        score = next((one.figure for one in rows if one.unit == unit), None)
        for line in deposit.get("return", []):
            if "from" not in line or (score is not None and score >= number(line["from"])):
                returned = max(0, towards_zero(closing * number(line["percent"]) / 100))
                break
    return opening, drawn, returned, closing - returned
