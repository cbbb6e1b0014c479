"""A random scheme that uses as much of the language as fits into it."""

from fractions import Fraction

from exact import text

SEVERITIES = ["minor", "general", "serious"]
FINDERS = ["agency", "citizen", "leader", "media", "province", "own"]
STATUSES = ["on_time", "late", "overdue", "pending"]
STRATA = ["core", "road", "market"]
CATEGORIES = ["parts_road", "parts_lamp", "event_litter", "event_stall"]
OWN_INDICATORS = ["litter", "sanitation_bins", "sanitation_toilet", "signs", "parking"]
CATALOGUE = {   # indicator of the catalogue → (aspect, heading)
    "road-dust": ("clean", "roads"), "road-spill": ("clean", "roads"), "road-hole": ("safe", "roads"),
    "wall-poster": ("tidy", "walls"), "wall-wire": ("safe", "walls"), "yard-bin": ("clean", "yards"),
    "yard-car": ("orderly", "yards")}
BLOCK_OF = {"roads": "city", "walls": "city", "yards": "compounds"}     # heading → block
HEADINGS, BLOCKS = list(BLOCK_OF), ["city", "compounds"]
ASPECTS = ["clean", "tidy", "orderly", "safe"]
ATTRIBUTES = ["population", "length_km", "fee_yuan"]
MEASURES = ["satisfaction", "provincial", "rate"]
GRADES = ["toilet", "lamp"]
MODES = ["half_up", "half_even", "down", "up"]


def words(text):
    return {"zh": text, "en": text}


def covers(wide, narrow):
    """Whether whatever fits `narrow` fits `wide` too."""
    def within(key):
        if isinstance(wide[key], list):
            return all(any(one == other or other.endswith("*") and one.startswith(other[:-1]) for other in wide[key])
                       for one in narrow[key])
        return wide[key] == narrow[key] or (not isinstance(wide[key], bool) and wide[key] < narrow[key])
    return all(key in narrow and within(key) for key in wide)


class RandomScheme:
    """Builds the dictionary of a scheme file; `town` knows the units that may take part."""

    def __init__(self, rng, town):
        self.rng, self.town, self.count = rng, town, 0
        self.items = []                                     # in order of making: each names only earlier ones
        self.by_scope = {"unit": [], "child": [], "visit": []}
        self.for_group = {}                                 # group → items that exist only there
        self.groups, self.exceptions = town.groups(rng)
        self.group_ids = [group["id"] for group in self.groups]
        self.catalogue = rng.random() < 0.5
        self.indicators = OWN_INDICATORS + list(CATALOGUE) * self.catalogue

    # small choices

    def chance(self, share):
        return self.rng.random() < share

    def some(self, values, most=2):
        values = list(values)
        return self.rng.sample(values, self.rng.randint(1, min(most, len(values))))

    def number(self, low=0, high=10):
        """Integers, halves and tenths mostly; sometimes thirds, sometimes written in percent."""
        parts = self.rng.choice([1, 1, 1, 2, 10, 10, 3])
        found = Fraction(self.rng.randint(low * parts, high * parts), parts)
        return f"{text(found * 100)}%" if parts == 10 and self.chance(0.1) else found

    def name(self, kind="i"):
        self.count += 1
        return f"{kind}{self.count}"

    def rounding(self):
        return {"digits": self.rng.choice([0, 0, 1, 2]), "mode": self.rng.choice(MODES)}

    # the file

    def build(self):
        rng = self.rng
        every = rng.choice(["month"] * 6 + ["quarter"] * 2 + ["half_year", "year"])
        head = {"id": "random-scheme", "series": "own", "title": words("随机方案"), "host": words("主办")}
        head["months"] = {"from": rng.choice(["2021-01", "2021-07", "2022-01"]), "to": "2022-12"}
        if every == "month" and self.chance(0.3):
            head["months"]["from"] = self.town.month_name
        if self.chance(0.2):
            del head["months"]["to"]
        if every != "month" or self.chance(0.3):
            head["every"] = every
        if self.catalogue:
            head["standard"] = "random-standard"
        if self.chance(0.2):
            head["evidence"] = "other"
        if self.chance(0.2):
            head |= {"legal": [words("办法")], "about": words("随机")}
        head["cutoff"] = {
            "last_day": rng.choice(["end", "end", 25, 25, 28, rng.randint(1, 28)]),
            "findings": rng.choice(["found", "due"]), "rectification": rng.choice(["found", "due"]),
            "status_days": rng.choice([0, 5, 10, 31])}
        head["indicator"] = [{"id": one, "title": words(one), "points": self.indicator_points()}
                             for one in OWN_INDICATORS]
        for key, names in (("heading", HEADINGS), ("aspect", ASPECTS), ("block", BLOCKS)):
            # Every name that `match` may ask for stands somewhere; the other indicators have none.
            for one, name in zip(rng.sample(head["indicator"], len(names)), names):
                one[key] = name
        if self.chance(0.2):
            head["must_check"] = [{"unit": rng.choice([self.town.root, *self.town.participants]),
                                   "stratum": rng.choice(STRATA), "at_least": rng.randint(1, 2),
                                   "title": words("必查")}]
        if self.chance(0.4):
            head["exemption"] = [self.exemption(head) for _ in range(rng.randint(1, 2))]
        head["group"] = self.groups
        if self.exceptions:
            head["participant"] = self.exceptions
        self.every = every
        self.make_items()
        rankings = [self.ranking() for _ in range(rng.randint(1, 3))]
        awards = [self.award(rng.choice(rankings)) for _ in range(rng.choice([0, 1, 2, 3, 4, 5]))]
        deposits = [self.deposit(rng.choice(rankings)) for _ in range(rng.choice([0, 0, 1, 2]))]
        rng.shuffle(self.items)
        head["item"], head["ranking"] = self.items, rankings
        if self.chance(0.3):
            head["bulletin"] = {"evaluation": words("考评"), "number": "考", "ranking": rng.choice(rankings)["id"],
                                "components": self.some(self.by_scope["unit"])}
        head |= {key: tables for key, tables in (("award", awards), ("deposit", deposits)) if tables}
        return head

    def indicator_points(self):
        if self.chance(0.5):
            return self.number(0, 3)
        return {severity: self.number(0, 5) for severity in SEVERITIES}

    def exemption(self, head):
        start = self.rng.randint(1, 28)
        month = self.town.month_name
        found = {"indicators": self.some(self.indicators + ["sanitation_*"]),
                 "from": f"{month}-{max(1, start - 10):02}", "to": f"{month}-{start:02}", "title": words("缓扫")}
        if self.chance(0.5):
            found["sites"] = self.some(self.town.sites, 4)
        return found

    # items

    def make_items(self):
        rng = self.rng
        for _ in range(rng.randint(1, 3)):
            self.add(rng.choice([self.deduct, self.deduct, self.count_facts, self.grades, self.attribute]), "visit")
        for _ in range(rng.randint(0, 2)):
            self.add(rng.choice([self.derived_ratio, self.sum, self.steps, self.linear, self.formula_item]), "visit")
        for _ in range(rng.randint(1, 3)):
            self.add(rng.choice([self.deduct, self.count_facts, self.measure, self.attribute, self.over_visits,
                                 self.grades, self.result]), "child")
        for _ in range(rng.randint(0, 2)):
            self.add(rng.choice([self.derived_ratio, self.sum, self.steps, self.linear, self.formula_item, self.adjust,
                                 self.over_children, self.period, self.change]), "child")
        basic = [self.deduct, self.deduct, self.count_facts, self.count_facts, self.measure, self.attribute, self.grades,
                 self.over_visits, self.over_children, self.result]
        for _ in range(rng.randint(3, 7)):
            self.add(rng.choice(basic), "unit")
        if len(self.group_ids) > 1 and self.chance(0.6):
            for group in self.group_ids:
                item = rng.choice([self.deduct, self.count_facts, self.measure, self.over_visits])("unit")
                self.finish(item, "unit")
                self.for_group[group] = item["id"]
                item["for"] = [group]
                self.items.append(item)
        derived = [self.derived_ratio, self.sum, self.sum, self.adjust, self.steps, self.linear, self.over_units,
                   self.change, self.period, self.rank, self.formula_item, self.formula_item]
        for _ in range(rng.randint(3, 8)):
            self.add(rng.choice(derived), "unit")

    def add(self, make, scope):
        item = make(scope)
        if item is not None:
            self.finish(item, scope)
            self.items.append(item)
            self.by_scope[scope].append(item["id"])

    def pick(self, scope):
        """An earlier item of a scope."""
        if not self.by_scope[scope]:
            self.add(self.count_facts, scope)
        return self.rng.choice(self.by_scope[scope][-8:])

    def some_groups_item(self):
        """An item that exists for one group only."""
        return self.rng.choice(list(self.for_group.values()))

    def several(self, scope, count):
        """So many different earlier items, fewer if there are not enough."""
        return self.rng.sample(self.by_scope[scope] or [self.pick(scope)], min(count, len(self.by_scope[scope])))

    def finish(self, item, scope):
        """Head of the item and what every item may have."""
        rng = self.rng
        keys = dict(item)
        item.clear()
        item |= {"id": self.name(), "title": words("分项"), "how": keys.pop("how")} | keys
        if scope != "unit" or self.chance(0.1):
            item["scope"] = scope
        if self.chance(0.1):
            item["source"] = "第二条"
        if self.chance(0.1):
            item["assumed"] = True
        if self.chance(0.1) and scope == "unit":
            item["for"] = list(self.group_ids)
        if self.chance(0.15):
            item["max"] = self.number(60, 100)
        if self.chance(0.15):
            item["min"] = self.number(0, 60)
        if self.chance(0.3):
            item["full"] = rng.choice([10, 100, 100, 1000])
            if self.chance(0.3):
                item["above_full"] = rng.choice([True, True, False])
            if self.chance(0.3):
                item["below_zero"] = rng.choice([True, True, False])
        if self.chance(0.2):
            item["round"] = self.rounding()
        if self.chance(0.5):
            item["missing"] = self.policy(scope)
        if self.chance(0.12) and self.by_scope[scope]:
            item["veto"] = [{"when": self.condition(scope, 1), "set": self.number(0, 60), "title": words("否决")}
                            for _ in range(rng.randint(1, 2))]

    def policy(self, scope):
        kind = self.rng.choice(["number", "number", "pass", "pass", "item", "refuse"])
        if kind == "number":
            return self.number(0, 100) if self.chance(0.8) else self.number(-5, -1)
        if kind == "item" and self.by_scope[scope]:
            return {"item": self.rng.choice(self.by_scope[scope])}
        return "pass" if kind != "refuse" else "refuse"

    def match(self, found_by_status=True):
        found = {}
        options = {
            "indicators": lambda: self.some(self.indicators + ["sanitation_*"], 3),
            "severity": lambda: self.some(SEVERITIES), "found_by": lambda: self.some(FINDERS, 3),
            "status": lambda: self.some(STATUSES), "strata": lambda: self.some(STRATA),
            "repeated": lambda: self.rng.randint(1, 2), "relapsed": lambda: self.chance(0.5),
            "failed": lambda: self.rng.randint(1, 2), "headings": lambda: self.some(HEADINGS),
            "aspects": lambda: self.some(ASPECTS), "blocks": lambda: self.some(BLOCKS)}
        for key in self.some(options, 2):
            found[key] = options[key]()
        return found

    def points(self):
        form = self.rng.choice(["number", "number", "table", "indicator"])
        if form == "number":
            return self.number(0, 6) if self.chance(0.85) else self.number(-3, 0)     # below zero: a bonus
        if form == "table":
            return {severity: self.number(0, 6) for severity in SEVERITIES}
        return "indicator"

    def deduct(self, scope):
        rng = self.rng
        item = {"how": "deduct", "start": rng.choice([100, 100, 50, 10])}
        if self.chance(0.3):
            item["by"] = rng.choice(["found", "due"])
        if self.chance(0.35):
            item["per"] = rng.choice(["visit", "site", "km"])
            if self.chance(0.7):
                item["per_amount"] = self.number(1, 4)
        if self.chance(0.25):
            item["max_deduction"] = self.number(5, 60)
        clauses = [self.clause(scope) for _ in range(rng.randint(1, 3))]
        for at, clause in enumerate(clauses):
            if at < len(clauses) - 1 or self.chance(0.3):
                clause["match"] = self.match()
                while any(covers(earlier["match"], clause["match"]) for earlier in clauses[:at]):
                    clause["match"] = self.match()
        item["clause"] = clauses
        if self.chance(0.5):
            item["escalation"] = [self.escalation() for _ in range(rng.randint(1, 3))]
        return item

    def clause(self, scope):
        clause = {"id": self.name("c"), "points": self.points()}
        if self.chance(0.2):
            clause["title"] = words("条款")
        for key, low, high in (("floor_per_indicator", 1, 2), ("cap_per_indicator", 2, 6), ("floor", 1, 4), ("cap", 4, 20)):
            if self.chance(0.25):
                clause[key] = self.number(low, high)
        if scope != "visit" and self.chance(0.4):
            clause["split"] = self.rng.choice([30, 50, Fraction(25, 2), 100])
        return clause

    def escalation(self):
        escalation = {"id": self.name("e"), "effect": self.rng.choice(["add", "replace", "times"])}
        if self.chance(0.9):
            escalation["match"] = self.match()
        if escalation["effect"] == "times":
            escalation["factor"] = self.number(0, 3)
        else:
            escalation["points"] = self.points()
        if self.chance(0.2):
            escalation["title"] = words("加重")
        return escalation

    def count_facts(self, scope):
        rng = self.rng
        of = rng.choice(["findings", "findings", "visits", "sites", "km"] + ["cases", "cases"] * (scope != "visit"))
        item = {"how": "count", "of": of}
        if of == "findings":
            if self.chance(0.6):
                item["match"] = self.match()
            if self.chance(0.3):
                item["by"] = rng.choice(["found", "due"])
        if of == "cases":
            item["by"] = rng.choice(["load", "dispatched", "due", "handled"])
            if self.chance(0.7):
                item["match"] = self.case_match()
        if of == "visits" and self.chance(0.5):
            item["match"] = {"strata": self.some(STRATA)}
        if scope == "unit" and self.chance(0.15):
            item["whole"] = True
        return item

    def case_match(self):
        options = {
            "categories": lambda: self.some(CATEGORIES + ["parts_*"]), "status": lambda: self.some(STATUSES),
            **{key: lambda: self.chance(0.5) for key in ("extended", "suspended", "returned", "reworked", "voided")}}
        return {key: options[key]() for key in self.some(options)}

    def measure(self, scope):
        item = {"how": "measure", "key": self.rng.choice(MEASURES)}
        if self.chance(0.15):
            item["whole"] = True
        return item

    def attribute(self, scope):
        return {"how": "attribute", "name": self.rng.choice(ATTRIBUTES)}

    def grades(self, scope):
        item = {"how": "grades", "key": self.rng.choice(GRADES), "out_of": self.rng.choice([10, 20, 100])}
        return item | {"grades": {"good": 1, "fair": Fraction(1, 2), "poor": self.rng.choice([0, Fraction(1, 3)])}}

    def over_visits(self, scope):
        item = {"how": "over", "of": self.pick("visit"), "over": "visits"} | self.aggregate()
        if item.get("aggregate", "mean") == "mean" and self.chance(0.4):
            item["weight"] = "length"
        if self.chance(0.3):
            item["strata"] = self.some(STRATA)
        return item

    def over_children(self, scope):
        kind = "village" if scope == "child" else self.rng.choice(self.town.child_kinds)
        item = {"how": "over", "of": self.pick("child"), "over": "children", "kind": kind}
        return self.weighted(item | self.aggregate())

    def over_units(self, scope):
        item = {"how": "over", "of": self.pick("unit"), "over": self.rng.choice(["group", "all"])}
        if self.for_group and self.chance(0.15):
            item |= {"of": self.some_groups_item(), "over": "all"}
        return self.weighted(item | self.aggregate())

    def weighted(self, item):
        if item.get("aggregate", "mean") == "mean" and self.chance(0.5):
            item["weight"] = self.rng.choice(ATTRIBUTES)
        return item

    def aggregate(self):
        found = {}
        if self.chance(0.7):
            found["aggregate"] = self.rng.choice(["mean", "mean", "sum", "min", "max", "median"])
        for key in ("drop_lowest", "drop_highest"):
            if self.chance(0.2):
                found[key] = self.rng.randint(1, 2)
        return found

    def derived_ratio(self, scope):
        item = {"how": "ratio", "of": self.pick(scope), "to": self.pick(scope)}
        if self.chance(0.7):
            item["scale"] = self.rng.choice([100, 100, 1000, 20])
        return item

    def sum(self, scope):
        rng = self.rng
        if self.chance(0.5):
            item = {"how": "sum", "weights": "times"}
            parts = [{"item": one} for one in self.several(scope, rng.randint(1, 4))]
            for part in parts:
                if self.chance(0.6):
                    part["weight"] = self.number(-2, 4)
            if scope == "unit" and self.for_group and self.chance(0.5):
                parts = parts[:rng.randint(0, 4)] + [{"item": self.some_groups_item()}]
        else:
            item = {"how": "sum", "weights": "percent"}
            own = scope == "unit" and len(self.for_group) == len(self.group_ids) and self.chance(0.6)
            weights = rng.choice([[60, 40], [50, 30, 20], [Fraction(100, 3), Fraction(200, 3)], [100], [80, Fraction(25, 2), Fraction(15, 2)]])
            weights = weights if len(weights) <= len(self.by_scope[scope]) else [100]
            parts = [{"item": one, "weight": weight} for weight, one in
                     zip(weights[1:] if own else weights, self.several(scope, len(weights)))]
            if own:
                parts += [{"item": one, "weight": weights[0]} for one in self.for_group.values()]
            if self.chance(0.4):
                item["absent"] = rng.choice(["reweigh", "reweigh", "refuse"])
        return item | {"part": parts}

    def adjust(self, scope):
        changes = [{"unit": unit, "add": self.number(-3, 3), "source": "函"} for unit in self.some(self.town.participants)]
        return {"how": "adjust", "of": self.pick(scope), "change": changes}

    def steps(self, scope):
        bounds = sorted(self.rng.sample([0, 1, 2, 5, 10, 50, 60, 80, 90, 95, 100], self.rng.randint(2, 4)))
        steps = [{"from": bound, "value": self.number(0, 100)} for bound in bounds]
        for step in steps:
            if self.chance(0.4):
                step["slope"] = self.number(-2, 2)
        if self.chance(0.5):
            steps.insert(0, {"value": self.number(0, 10)})
        self.rng.shuffle(steps)
        return {"how": "steps", "of": self.pick(scope), "step": steps}

    def linear(self, scope):
        xs = sorted(self.rng.sample(range(0, 101, 5), self.rng.randint(2, 4)))
        return {"how": "linear", "of": self.pick(scope), "points": [[x, self.number(0, 100)] for x in xs]}

    def change(self, scope):
        if self.every != "month":
            return self.result(scope)
        return {"how": "change", "of": self.pick(scope),
                "against": self.rng.choice(["last_month", "same_month_last_year"]), "as": self.rng.choice(["difference", "percent"])}

    def period(self, scope):
        item = {"how": "period", "of": self.pick(scope)}
        if self.chance(0.3):
            item |= {"series": "other", "of": "outer"}
        elif self.chance(0.1):
            item |= {"of": "of_old"}
        span = self.rng.choice([2, 3, 3, 6, "quarter", "half_year", "year"])
        item["span"] = span
        item |= self.aggregate()
        if isinstance(span, int) and self.chance(0.4):
            item |= {"aggregate": "weighted", "weights": [self.number(1, 4) for _ in range(span)]}
        if self.chance(0.6):
            item["absent"] = self.rng.choice(["skip", "skip", "missing"])
        return item

    def rank(self, scope):
        item = {"how": "rank", "of": self.pick("unit"), "from": self.rng.choice(["front", "end"]),
                "best": self.rng.choice(["high", "low"])}
        if self.chance(0.6):
            item["among"] = self.rng.choice(["group", "all"])
        if self.for_group and self.chance(0.2):
            item |= {"of": self.some_groups_item(), "among": "all"}
        return item

    def result(self, scope):
        item = {"how": "result", "series": "other", "item": "outer"}
        if self.chance(0.6):
            item["month"] = self.rng.choice(["this", "last"])
        return item

    # formulas

    def formula_item(self, scope):
        return {"how": "formula", "formula": self.spaced(self.formula(scope, 2))}

    def spaced(self, source):
        """Blanks between signs are free."""
        return source if self.chance(0.7) else "".join(
            source[at] for at in range(len(source))
            if source[at] != " " or source[at - 1].isalnum() and source[at + 1].isalnum())

    def formula(self, scope, depth):
        rng = self.rng
        if depth == 0 or self.chance(0.15):
            return rng.choice([self.pick(scope), self.pick(scope), self.literal(),
                               "unit." + rng.choice(ATTRIBUTES) if self.chance(0.3) else self.pick(scope)])

        def inner():
            return self.formula(scope, depth - 1)
        form = rng.choice(["+", "-", "*", "/", "min", "max", "abs", "floor", "ceil", "round", "if", "given", "minus"])
        if form in "+-*/":
            return f"({inner()} {form} {inner()})" if self.chance(0.6) else f"{inner()} {form} {inner()}"
        if form in ("min", "max"):
            return f"{form}({', '.join(inner() for _ in range(rng.randint(2, 3)))})"
        if form in ("abs", "floor", "ceil"):
            return f"{form}({inner()})"
        if form == "round":
            return f"round({inner()}, {rng.randint(0, 2)})"
        if form == "if":
            return f"if({self.condition(scope, depth - 1)}, {inner()}, {inner()})"
        if form == "given":
            return f"given({inner()}, {inner()})"
        return rng.choice([f"-{self.pick(scope)}", f"-({inner()})", f"{self.pick(scope)} - -{self.literal()}"])

    def literal(self):
        return self.rng.choice(["0", "1", "2", "10", "0.5", "100", "60"])

    def condition(self, scope, depth, extra=()):
        rng = self.rng
        form = rng.choice(["compare", "compare", "compare", "present", "and", "or", "not"])
        if depth == 0 and form in ("and", "or", "not"):
            form = "compare"
        if form == "present":
            return f"present({self.pick(scope)})"
        if form in ("and", "or"):
            left, right = self.condition(scope, depth - 1, extra), self.condition(scope, depth - 1, extra)
            return f"{left} {form} {right}" if self.chance(0.5) else f"({left}) {form} ({right})"
        if form == "not":
            return f"not ({self.condition(scope, depth - 1, extra)})"
        left = rng.choice(list(extra)) if extra and self.chance(0.6) else self.formula(scope, max(0, depth - 1))
        right = rng.choice(["1", "2", "3", "60", "80", "90"]) if self.chance(0.8) else self.pick(scope)
        return f"{left} {rng.choice(['=', '!=', '<', '<=', '>', '>='])} {right}"

    # rankings

    def ranking(self):
        rng = self.rng
        ranking = {"id": self.name("r"), "title": words("排名"), "of": rng.choice(self.by_scope["unit"][-6:])}
        if len(self.group_ids) > 1 and self.chance(0.3):
            ranking["groups"] = self.some(self.town.ranked_groups or self.group_ids)
            if len(ranking["groups"]) == 1 and self.for_group and self.chance(0.7):
                ranking["of"] = self.for_group[ranking["groups"][0]]
        elif self.for_group and self.chance(0.15):
            ranking["of"] = self.some_groups_item()
        if self.chance(0.6):
            ranking["apart"] = rng.choice(["none", "group", "parent"])
        ranking |= {"best": rng.choice(["high", "high", "low"]), "round": self.rounding(),
                    "by": rng.choice(["rounded", "rounded", "exact"]),
                    "ties": rng.choice(["share", "share", "dense", "then", "listed"])}
        if ranking["ties"] == "then":
            ranking["then"] = [{"item": one, "best": rng.choice(["high", "low"])}
                               for one in self.some(self.by_scope["unit"])]
        if self.chance(0.4):
            ranking["band"] = self.bands()
        if self.chance(0.35):
            ranking["veto"] = [{"when": self.condition("unit", 1), "effect": rng.choice(["last", "unranked", "unpaid"]),
                                "title": words("否决")} for _ in range(rng.randint(1, 2))]
        return ranking

    def bands(self):
        """Each band is wider than the one before, so that none is without use."""
        rng = self.rng
        bounds = rng.choice([[90, 80, 60], [100, 95, 1], [50, 2, 0]])
        quotas = rng.choice([[1, 2, 3], [1, 3, 4], ["20%", "34%", "50%"], ["12.5%", "40%", "99%"]])
        bands = []
        for at in range(rng.randint(1, 3)):
            band = {"id": f"band{at}", "title": words("档")}
            if self.chance(0.6):
                band["from"] = bounds[at]
            if self.chance(0.5) or "from" not in band:
                band["quota"] = quotas[at]
            bands.append(band)
        # One that asks for less in every respect may not stand before one that asks for more.
        bands = [band for at, band in enumerate(bands) if all("from" in other and "from" in band or "quota" in other
                                                              and "quota" in band for other in bands[:at])]
        if self.chance(0.5):
            bands.append({"id": "rest", "title": words("其他")})
        return bands

    # awards

    def yuan(self):
        return self.rng.choice([Fraction(1), Fraction(5000), Fraction(100001, 100), Fraction(-5000), Fraction(-1, 100),
                                Fraction(0), Fraction(-777, 100), Fraction(10000), Fraction(333, 10)])

    def award(self, ranking):
        rng = self.rng
        award = {"id": self.name("a"), "title": words("奖惩"), "ranking": ranking["id"]}
        most = self.town.smallest_group
        who = rng.choice(["by_place", "by_place", "places", "places", "band", "every"] if most else ["every"])
        if who == "band" and "band" not in ranking:
            who = "every"
        if who == "by_place":
            keys = self.some(["yuan_by_place", "yuan_by_last"])
            award |= {key: [self.yuan() for _ in range(rng.randint(1, most))] for key in keys}
            if ranking["ties"] != "listed":
                award["shared"] = rng.choice(["divide", "divide", "each", "none"])
            if award.get("shared") == "divide":
                award["remainder"] = rng.choice(["host", "first"])
        else:
            if who == "places":
                for key in self.some(["places", "lasts"]):
                    award[key] = sorted(self.some(range(1, most + 1), 2))
            elif who == "band":
                award["band"] = rng.choice(ranking["band"])["id"]
            else:
                award["every"] = True
            award |= self.what()
        if self.chance(0.35):
            award["when"] = self.condition("unit", 1, ("score", "place", "last", "ranked"))
        if who in ("by_place", "places"):
            if self.chance(0.2):
                award["consecutive"] = rng.randint(2, 3)
            if self.chance(0.2):
                award["within"] = {"times": rng.randint(1, 3), "months": rng.choice([3, 6, 12])}
        if self.chance(0.2):
            award["prizes"] = rng.randint(1, 3)
        return award

    def what(self):
        what = self.rng.choice(["yuan", "each", "percent_of", "fund", "give"])
        item = self.rng.choice(self.by_scope["unit"])
        if what == "yuan":
            return {"yuan": self.yuan()}
        if what == "give":
            kind = self.rng.choice(["plaque", "flag", "certificate", "title", "duty"])
            return {"give": {"what": kind, "name": words("流动红旗")}}
        if what == "fund":
            return {"fund": {"yuan": self.rng.choice([100, 100000, Fraction(1, 20)]), "by": item},
                    "remainder": self.rng.choice(["host", "first"])}
        found = {"each": {"item": item, "yuan": self.rng.choice([-200, 50, Fraction(1, 8), Fraction(-333, 1000)])}} \
            if what == "each" else {"percent_of": {"item": item, "percent": self.rng.choice([Fraction(1, 2), 3, Fraction(1, 30)])}}
        if self.chance(0.5):
            found["fen"] = self.rng.choice(["half_up", "down"])
        return found

    def deposit(self, ranking):
        rng = self.rng
        found = {"id": self.name("d"), "title": words("保证金"), "ranking": ranking["id"],
                 "yuan": rng.choice([5000, 100, Fraction(99999, 100)]),
                 "draw": [{"item": one, "yuan": rng.choice([200, 50, Fraction(1, 3), 1])}
                          for one in self.some(self.by_scope["unit"])],
                 "below_zero": rng.choice([True, False])}
        if self.chance(0.7):
            found["return_in"] = rng.choice([[12], [6, 12], list(range(1, 13))])
            found["return"] = [{"from": bound, "percent": percent} for bound, percent in ((90, 100), (60, Fraction(100, 3)), (1, 10))
                               if self.chance(0.7)] + [{"percent": 5}] * self.chance(0.3)
            if not found["return"]:
                found["return"] = [{"from": 0, "percent": 50}]
        return found
