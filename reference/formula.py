"""Formulas and conditions (manual, chapter 8).

A formula is read once into nested tuples; `value` and `holds` work them out.
`None` is the missing value. A name is looked up through a function that the caller gives.
"""

import re
from fractions import Fraction
from math import ceil, floor

from exact import Refusal, rounded

TOKEN = re.compile(r"\s*(?:(\d+(?:\.\d+)?)|(unit\.[A-Za-z_][A-Za-z0-9_]*|[a-z][a-z0-9_]*)|(!=|<=|>=|[-+*/()=<>,]))")
COMPARE = {
    "=": lambda a, b: a == b, "!=": lambda a, b: a != b,
    "<": lambda a, b: a < b, "<=": lambda a, b: a <= b,
    ">": lambda a, b: a > b, ">=": lambda a, b: a >= b,
}
ARGUMENTS = {"abs": 1, "floor": 1, "ceil": 1, "given": 2, "min": None, "max": None}
WORDS = {"and", "or", "not", "if", "present", "round", *ARGUMENTS}


class Reader:
    def __init__(self, source):
        self.source, self.tokens, at = source, [], 0
        source = source.rstrip()
        while at < len(source):
            found = TOKEN.match(source, at)
            if not found:
                raise Refusal("scheme", "formula", self.source)
            self.tokens.append(found.group().strip())
            at = found.end()
        self.at = 0

    def peek(self):
        return self.tokens[self.at] if self.at < len(self.tokens) else None

    def take(self, *wanted):
        token = self.peek()
        if token is None or (wanted and token not in wanted):
            raise Refusal("scheme", "formula", self.source)
        self.at += 1
        return token

    def whole(self, part):
        tree = part()
        if self.peek() is not None:
            raise Refusal("scheme", "formula", self.source)
        return tree

    # quantities

    def sum(self):
        left = self.product()
        while self.peek() in ("+", "-"):
            left = (self.take(), left, self.product())
        return left

    def product(self):
        left = self.signed()
        while self.peek() in ("*", "/"):
            left = (self.take(), left, self.signed())
        return left

    def signed(self):
        if self.peek() == "-":
            self.take()
            return ("-", ("number", Fraction(0)), self.signed())
        return self.atom()

    def atom(self):
        token = self.take()
        if token[0].isdigit():
            return ("number", Fraction(token))
        if token == "(":
            inner = self.sum()
            self.take(")")
            return inner
        if token == "if":
            self.take("(")
            condition = self.condition()
            self.take(",")
            then = self.sum()
            self.take(",")
            otherwise = self.sum()
            self.take(")")
            return ("if", condition, then, otherwise)
        if token == "round":
            self.take("(")
            inner = self.sum()
            self.take(",")
            digits = self.take()
            self.take(")")
            if not digits.isdigit():
                raise Refusal("scheme", "formula", self.source)
            return ("round", inner, int(digits))
        if token in ARGUMENTS:
            self.take("(")
            arguments = [self.sum()]
            while self.peek() == ",":
                self.take()
                arguments.append(self.sum())
            self.take(")")
            if ARGUMENTS[token] not in (None, len(arguments)):
                raise Refusal("scheme", "formula", self.source)
            return (token, *arguments)
        if not token[0].isalpha() or token in WORDS:
            raise Refusal("scheme", "formula", self.source)
        return ("name", token)

    # conditions

    def condition(self):
        left = self.both()
        while self.peek() == "or":
            self.take()
            left = ("or", left, self.both())
        return left

    def both(self):
        left = self.negated()
        while self.peek() == "and":
            self.take()
            left = ("and", left, self.negated())
        return left

    def negated(self):
        if self.peek() == "not":
            self.take()
            return ("not", self.negated())
        if self.peek() == "present":
            self.take()
            self.take("(")
            name = self.take()
            self.take(")")
            return ("present", ("name", name))
        start = self.at
        try:
            left = self.sum()
            return (self.take(*COMPARE), left, self.sum())
        except Refusal:
            # Not a comparison: the parenthesis then holds a condition.
            self.at = start
            self.take("(")
            inner = self.condition()
            self.take(")")
            return inner


def read_formula(source):
    reader = Reader(source)
    return reader.whole(reader.sum)


def read_condition(source):
    reader = Reader(source)
    return reader.whole(reader.condition)


def names(tree):
    """All names in a formula or condition, attributes (`unit.x`) included."""
    if tree[0] == "name":
        return {tree[1]}
    return set().union(*(names(part) for part in tree[1:] if isinstance(part, tuple)))


def value(tree, look_up):
    """The exact value of a formula, or None if it is missing."""
    kind, *parts = tree
    if kind == "number":
        return parts[0]
    if kind == "name":
        return look_up(parts[0])
    if kind == "if":
        return value(parts[1] if holds(parts[0], look_up) else parts[2], look_up)
    if kind == "given":
        first = value(parts[0], look_up)
        return value(parts[1], look_up) if first is None else first
    if kind == "round":
        inner = value(parts[0], look_up)
        return None if inner is None else rounded(inner, parts[1], "half_up")
    operands = [value(part, look_up) for part in parts]
    if None in operands:
        return None
    if kind == "/":
        return operands[0] / operands[1] if operands[1] != 0 else None
    return {
        "+": lambda a, b: a + b, "-": lambda a, b: a - b, "*": lambda a, b: a * b,
        "min": lambda *a: min(a), "max": lambda *a: max(a), "abs": abs,
        "floor": lambda a: Fraction(floor(a)), "ceil": lambda a: Fraction(ceil(a)),
    }[kind](*operands)


def holds(tree, look_up):
    """Whether a condition holds; a comparison with something missing does not."""
    kind, *parts = tree
    if kind == "or":
        return holds(parts[0], look_up) or holds(parts[1], look_up)
    if kind == "and":
        return holds(parts[0], look_up) and holds(parts[1], look_up)
    if kind == "not":
        return not holds(parts[0], look_up)
    if kind == "present":
        return value(parts[0], look_up) is not None
    left, right = value(parts[0], look_up), value(parts[1], look_up)
    return left is not None and right is not None and COMPARE[kind](left, right)
