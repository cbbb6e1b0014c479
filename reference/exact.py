"""Exact numbers: how they are read, rounded and written (manual, chapters 2 and 12)."""

import re
from fractions import Fraction
from math import floor

NUMBER = re.compile(r"[+-]?\d+(\.\d+)?(/\d+(\.\d+)?)?%?")


class Refusal(Exception):
    """The month cannot be assessed; the first word says why."""

    def __init__(self, reason, *what):
        super().__init__(reason, *what)
        self.line = " ".join(["refused", reason, *map(str, what)])


def is_number(value):
    if isinstance(value, str):
        return NUMBER.fullmatch(value) is not None
    return isinstance(value, (int, Fraction)) and not isinstance(value, bool)


def number(value):
    """A number of a scheme or of the evidence: 12, 0.5, "1/3", "33.3%"."""
    if not is_number(value):
        raise Refusal("not_a_number", repr(value))
    if not isinstance(value, str):
        return Fraction(value)
    body = value.removesuffix("%")
    above, _, below = body.partition("/")
    if below and Fraction(below) == 0:
        raise Refusal("not_a_number", repr(value))
    result = Fraction(above) / Fraction(below or 1)
    return result / 100 if value.endswith("%") else result


def rounded(value, digits, mode):
    """`value` with so many decimal digits, as an exact number."""
    scaled = abs(value) * 10**digits
    whole, rest = floor(scaled), scaled - floor(scaled)
    half = Fraction(1, 2)
    if mode == "half_up":
        up = rest >= half
    elif mode == "half_even":
        up = rest > half or (rest == half and whole % 2 == 1)
    elif mode == "down":
        up = False
    elif mode == "up":
        up = rest > 0
    else:
        raise Refusal("scheme", "rounding mode", mode)
    result = Fraction(whole + up, 10**digits)
    return -result if value < 0 else result


def text(value):
    """Integer, decimal without trailing zeros if it ends, otherwise n/d."""
    below, digits = value.denominator, 0
    while below % 10 == 0:
        below, digits = below // 10, digits + 1
    twos = fives = 0
    while below % 2 == 0:
        below, twos = below // 2, twos + 1
    while below % 5 == 0:
        below, fives = below // 5, fives + 1
    if below != 1:
        return f"{value.numerator}/{value.denominator}"
    return fixed(value, digits + max(twos, fives))


def fixed(value, digits):
    """`value`, which has at most so many decimals, written with all of them."""
    scaled = value * 10**digits
    assert scaled.denominator == 1
    sign = "-" if scaled < 0 else ""
    figures = str(abs(scaled.numerator)).rjust(digits + 1, "0")
    if digits == 0:
        return sign + figures
    return f"{sign}{figures[:-digits]}.{figures[-digits:]}"


def fen(yuan, mode="half_up"):
    """Whole fen of an amount in yuan."""
    return int(rounded(yuan * 100, 0, mode))


def towards_zero(value):
    return int(rounded(value, 0, "down"))
