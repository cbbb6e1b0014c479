"""The reference against months worked by hand; the arithmetic stands in the comments."""

import unittest
from fractions import Fraction

import exact
import formula
from evaluate import assess
from evidence import HEADERS
from exact import Refusal

HEAD = """
id = "t"
series = "t"
title = "t"
host = "h"
months = { from = "2022-01", to = "2022-12" }
"""
CUTOFF = """
[cutoff]
last_day = "end"
findings = "found"
rectification = "found"
status_days = 0
"""
GROUP = """
[[group]]
id = "g"
title = "g"
units = ["a", "b", "c"]
"""
INDICATORS = """
[[indicator]]
id = "litter"
title = "litter"
points = { minor = 1, serious = 4 }
[[indicator]]
id = "signs"
title = "signs"
points = 2
"""


def row(name, /, **cells):
    columns = HEADERS[name].split(",")
    assert set(cells) <= set(columns), cells
    return ",".join(str(cells.get(column, "")) for column in columns)


class Month:
    """A small month: three units a, b, c under the county k; rows are added by table."""

    def __init__(self, rules, month="2022-06", head=HEAD, cutoff=CUTOFF, group=GROUP):
        self.scheme, self.month = head + INDICATORS + cutoff + group + rules, month
        self.rows = {name: [] for name in HEADERS}
        self.unit("k", kind="county")
        for code in "abc":
            self.unit(code, parent="k", kind="township")

    def add(self, table, /, **cells):
        self.rows[table].append(row(table, **cells))
        return self

    def unit(self, code, **cells):
        return self.add("units.csv", code=code, name=code, **cells)

    def finding(self, unit, indicator="litter", **cells):
        cells = {"severity": "minor", "found_by": "agency", "found_at": "2022-06-10T09:00"} | cells
        return self.add("findings.csv", id=f"f{len(self.rows['findings.csv'])}", unit=unit, indicator=indicator, **cells)

    def visit(self, unit, **cells):
        return self.add("visits.csv", id=f"v{len(self.rows['visits.csv'])}", unit=unit,
                        **{"at": "2022-06-10T09:00"} | cells)

    def case(self, unit, **cells):
        return self.add("cases.csv", id=f"c{len(self.rows['cases.csv'])}", unit=unit, **cells)

    def measure(self, key, unit, value):
        return self.add("measures.csv", key=key, unit=unit, value=value)

    def scores(self, a, b, c):
        return self.measure("x", "a", a).measure("x", "b", b).measure("x", "c", c)

    def result(self, month, name, unit, value, series="t"):
        return self.add("results.csv", series=series, month=month, name=name, unit=unit, value=value)

    def text(self):
        files = {name: "\n".join([HEADERS[name], *rows, ""]).encode() for name, rows in self.rows.items()}
        return assess(files, self.scheme.encode(), None, self.month)

    def lines(self, kind):
        """{(name, unit): rest} of the lines of one kind."""
        found = [line.split(" ") for line in self.text().splitlines()]
        return {tuple(line[1:3]): line[3:] for line in found if line[0] == kind}

    def value(self, item, unit):
        return self.lines("value")[item, unit][0]


def item(how, keys="", id="y"):
    return f'[[item]]\nid = "{id}"\ntitle = "{id}"\nhow = "{how}"\n{keys}\n'


X = item("measure", 'key = "x"', id="x")


def ranking(ties='"share"', more=""):
    return X + f"""
[[ranking]]
id = "r"
title = "r"
of = "x"
best = "high"
round = {{ digits = 1, mode = "half_up" }}
by = "rounded"
ties = {ties}
{more}
"""


def award(keys):
    return f'[[award]]\nid = "w"\ntitle = "w"\nranking = "r"\n{keys}\n'


class Numbers(unittest.TestCase):
    def test_reading(self):
        self.assertEqual(exact.number("33.3%"), Fraction(333, 1000))
        self.assertEqual(exact.number("1/3"), Fraction(1, 3))
        self.assertEqual(exact.number(Fraction("0.5")), Fraction(1, 2))

    def test_rounding_away_from_zero_and_even(self):
        # −2.5: half_up is away from zero −3, half_even −2, down −2, up −3
        for mode, expected in (("half_up", -3), ("half_even", -2), ("down", -2), ("up", -3)):
            self.assertEqual(exact.rounded(Fraction(-5, 2), 0, mode), expected)

    def test_writing(self):
        # 1/8 ends after three decimals, 1/3 never, 1/40 = 0.025
        self.assertEqual([exact.text(Fraction(*n)) for n in ((1, 8), (1, 3), (1, 40), (-7, 2), (100, 1))],
                         ["0.125", "1/3", "0.025", "-3.5", "100"])
        self.assertEqual(exact.fixed(Fraction(189, 2), 2), "94.50")


class Deductions(unittest.TestCase):
    def deduct(self, clauses, more=""):
        return Month(item("deduct", "start = 100\n" + more + clauses))

    def test_by_severity_of_the_indicator(self):
        # a: litter minor 1 + litter serious 4 + signs 2 = 7; 100 − 7 = 93. b: nothing found, 100
        month = self.deduct('[[item.clause]]\nid = "all"\npoints = "indicator"')
        month.finding("a").finding("a", severity="serious").finding("a", "signs")
        self.assertEqual(month.value("y", "a"), "93")
        self.assertEqual(month.value("y", "b"), "100")

    def test_first_clause_that_matches(self):
        # litter goes to the first clause (3 each), signs to the second (0.5): 2·3 + 0.5 = 6.5
        month = self.deduct('[[item.clause]]\nid = "one"\nmatch = { indicators = ["lit*"] }\npoints = 3\n'
                            '[[item.clause]]\nid = "rest"\npoints = 0.5')
        month.finding("a").finding("a").finding("a", "signs")
        self.assertEqual(month.value("y", "a"), "93.5")

    def test_caps_and_floors(self):
        # per indicator: litter 5·1 = 5 cut to 3; signs 1·1 raised to 2; together 5, cut to 4: 96
        month = self.deduct('[[item.clause]]\nid = "all"\npoints = 1\ncap_per_indicator = 3\n'
                            'floor_per_indicator = 2\ncap = 4')
        for _ in range(5):
            month.finding("a")
        month.finding("a", "signs")
        self.assertEqual(month.value("y", "a"), "96")

    def test_escalations_in_the_order_of_the_file(self):
        # 1 point; overdue adds 2 → 3; repeated twice doubles → 6; the media's finding replaces by 10
        month = self.deduct(
            '[[item.clause]]\nid = "all"\npoints = 1\n'
            '[[item.escalation]]\nid = "o"\nmatch = { status = ["overdue"] }\neffect = "add"\npoints = 2\n'
            '[[item.escalation]]\nid = "r"\nmatch = { repeated = 2 }\neffect = "times"\nfactor = 2\n'
            '[[item.escalation]]\nid = "m"\nmatch = { found_by = ["media"] }\neffect = "replace"\npoints = 10')
        month.finding("a", due_at="2022-06-11T09:00", repeated=2)
        month.finding("b", due_at="2022-06-11T09:00", repeated=2, found_by="media")
        self.assertEqual(month.value("y", "a"), "94")
        self.assertEqual(month.value("y", "b"), "90")

    def test_split_between_two_units(self):
        # 10 points, 30 percent on the second unit: a loses 7, b 3; without a second unit c loses all 10
        month = self.deduct('[[item.clause]]\nid = "all"\npoints = 10\nsplit = 30')
        month.finding("a", second_unit="b").finding("c")
        self.assertEqual([month.value("y", unit) for unit in "abc"], ["93", "97", "90"])

    def test_both_shares_in_one_unit(self):
        # both villages lie in a, which bears 70 + 30 percent
        month = self.deduct('[[item.clause]]\nid = "all"\npoints = 10\nsplit = 30')
        month.unit("a1", parent="a").unit("a2", parent="a").finding("a1", second_unit="a2")
        self.assertEqual(month.value("y", "a"), "90")

    def test_per_site_and_most_deduction(self):
        # a: 3 findings of 2 points ÷ 2 different sites × 1 = 3. b: 1 site, 6 ÷ 1 = 6, at most 5.
        month = self.deduct('[[item.clause]]\nid = "all"\npoints = 2',
                            'per = "site"\nper_amount = 1\nmax_deduction = 5\nmissing = 80\n')
        for _ in range(3):
            month.finding("a").finding("b")
        month.visit("a", site="s1").visit("a", site="s1").visit("a", site="s2").visit("b", site="s3")
        # c was not inspected: its stated value 80
        self.assertEqual([month.value("y", unit) for unit in "abc"], ["97", "95", "80"])

    def test_points_without_the_severity_refuse(self):
        month = self.deduct('[[item.clause]]\nid = "all"\npoints = { minor = 1 }')
        month.finding("a", severity="serious")
        with self.assertRaises(Refusal):
            month.text()


class Windows(unittest.TestCase):
    COUNT = item("count", 'of = "findings"')

    def test_cut_off_on_the_25th(self):
        # June's window: 26 May 00:00 … 25 June 24:00
        month = Month(self.COUNT, cutoff=CUTOFF.replace('"end"', "25"))
        for at in ("2022-05-25T23:59", "2022-05-26T00:00", "2022-06-25T23:59:59", "2022-06-26T00:00"):
            month.finding("a", found_at=at)
        self.assertEqual(month.value("y", "a"), "2")

    def test_short_february_with_last_day_28(self):
        # after 28 February comes 1 March: March's window starts there
        month = Month(self.COUNT, month="2022-03", cutoff=CUTOFF.replace('"end"', "28"))
        month.finding("a", found_at="2022-02-28T12:00").finding("a", found_at="2022-03-01T00:00")
        month.finding("a", found_at="2022-03-28T12:00").finding("a", found_at="2022-03-29T12:00")
        self.assertEqual(month.value("y", "a"), "2")

    def test_status_counted_when_due(self):
        # found in June, due in July: counts in July by rectification = "due", and not in June
        cutoff = CUTOFF.replace('rectification = "found"', 'rectification = "due"')
        rules = item("count", 'of = "findings"\nmatch = { status = ["on_time"] }')
        for name, expected in (("2022-06", "0"), ("2022-07", "1")):
            month = Month(rules, month=name, cutoff=cutoff)
            month.finding("a", due_at="2022-07-02T09:00", rectified_at="2022-07-02T09:00")
            self.assertEqual(month.value("y", "a"), expected)

    def test_four_statuses_at_the_reading_moment(self):
        # R = 1 July 00:00 + 5 days. Rectified on the 5th is seen, on the 6th at 00:00 not.
        rules = "".join(item("count", f'of = "findings"\nmatch = {{ status = ["{status}"] }}', id=status)
                        for status in ("on_time", "late", "overdue", "pending"))
        month = Month(rules, cutoff=CUTOFF.replace("status_days = 0", "status_days = 5"))
        month.finding("a", due_at="2022-06-12T09:00", rectified_at="2022-06-12T09:00")      # on_time, to the minute
        month.finding("a", rectified_at="2022-07-05T23:59")                                 # on_time, no due time
        month.finding("a", due_at="2022-06-12T09:00", rectified_at="2022-07-05T23:59")      # late
        month.finding("a", due_at="2022-06-12T09:00", rectified_at="2022-07-06T00:00")      # overdue, not yet seen
        month.finding("a", due_at="2022-07-06T00:00")                                       # pending
        month.finding("a")                                                                  # pending, no due time
        self.assertEqual([month.value(status, "a") for status in ("on_time", "late", "overdue", "pending")],
                         ["2", "1", "1", "2"])

    def test_excluded_and_exempt_findings_count_nowhere(self):
        exemption = ('[[exemption]]\nindicators = ["litter"]\nfrom = "2022-06-10"\nto = "2022-06-11"\n'
                     'sites = ["s1"]\ntitle = "leaves"\n')
        month = Month(exemption + self.COUNT)
        month.finding("a", excluded="appeal").finding("a", site="s1", found_at="2022-06-11T23:59")
        month.finding("a", site="s1", found_at="2022-06-12T00:00").finding("a", site="s2")
        self.assertEqual(month.value("y", "a"), "2")

    def test_quarter(self):
        # the second quarter's round is June, over April to June; May has no round
        head = HEAD.replace('months =', 'every = "quarter"\nmonths =')
        month = Month(self.COUNT, head=head)
        month.finding("a", found_at="2022-04-01T00:00").finding("a", found_at="2022-03-31T23:59")
        self.assertEqual(month.value("y", "a"), "1")
        with self.assertRaises(Refusal):
            Month(self.COUNT, head=head, month="2022-05").text()

    def test_outside_its_months_it_refuses(self):
        with self.assertRaises(Refusal):
            Month(self.COUNT, month="2023-01").text()

    def test_must_check(self):
        must = '[[must_check]]\nunit = "a"\nstratum = "core"\nat_least = 2\ntitle = "core"\n'
        month = Month(must + self.COUNT).add("sites.csv", id="s1", unit="a", stratum="core").visit("a", site="s1")
        with self.assertRaises(Refusal):
            month.text()
        self.assertEqual(month.visit("a", site="s1").value("y", "a"), "0")

    def test_cases_load_dispatched_and_void(self):
        # load: sent in May still open, sent in June; not the one handled in May; not the void one
        rules = "".join(item("count", f'of = "cases"\nby = "{by}"', id=by) for by in ("load", "dispatched"))
        month = Month(rules)
        month.case("a", dispatched_at="2022-05-10T09:00").case("a", dispatched_at="2022-06-10T09:00")
        month.case("a", dispatched_at="2022-05-10T09:00", handled_at="2022-05-31T23:59")
        month.case("a", dispatched_at="2022-06-10T09:00", voided_at="2022-06-11T09:00")
        self.assertEqual((month.value("load", "a"), month.value("dispatched", "a")), ("2", "1"))


class Values(unittest.TestCase):
    def test_order_of_work(self):
        # a: 130.456, max 120, full 100. b: 250.456 likewise, then the veto sets 60.25, rounded to 60.3
        rules = X + item("formula", 'formula = "x + 0.456"\nmax = 120\nfull = 100\nround = { digits = 1, mode = "half_up" }\n'
                                    '[[item.veto]]\nwhen = "x > 200"\nset = 60.25\ntitle = "v"')
        month = Month(rules).scores(130, 250, "-3")
        # c: −2.544 is raised to 0
        self.assertEqual([month.value("y", unit) for unit in "abc"], ["100", "60.3", "0"])

    def test_missing_value_is_taken_as_it_stands(self):
        # −5 is below zero and below min, yet untouched
        month = Month(item("measure", 'key = "x"\nfull = 100\nmin = 1\nmissing = -5')).measure("x", "a", 200)
        self.assertEqual([month.value("y", unit) for unit in "ab"], ["100", "-5"])

    def test_missing_refuses_by_default(self):
        with self.assertRaises(Refusal):
            Month(X).measure("x", "a", 1).text()

    def test_percent_sum_and_reweighing(self):
        # 90 × 60 % + 80 × 40 % = 86; b has only x: 60 percent stand for all, 70
        rules = (X + item("measure", 'key = "z"\nmissing = "pass"', id="z")
                 + item("sum", 'weights = "percent"\nabsent = "reweigh"\n[[item.part]]\nitem = "x"\nweight = 60\n'
                               '[[item.part]]\nitem = "z"\nweight = 40'))
        month = Month(rules).scores(90, 70, 0).measure("z", "a", 80)
        self.assertEqual([month.value("y", unit) for unit in "abc"], ["86", "70", "0"])

    def test_ratio_and_its_missing_value(self):
        # 1 of 3 × 100 = 100/3; nothing found: 100
        rules = (item("count", 'of = "findings"\nmatch = { status = ["on_time"] }', id="done")
                 + item("count", 'of = "findings"', id="all")
                 + item("ratio", 'of = "done"\nto = "all"\nscale = 100\nmissing = 100'))
        month = Month(rules).finding("a", rectified_at="2022-06-11T09:00").finding("a").finding("a")
        self.assertEqual([month.value("y", unit) for unit in "ab"], ["100/3", "100"])

    def test_steps_with_slope(self):
        # below 60: 0; from 60: 10 + 0.5·(x − 60); from 90: 30. 75 → 17.5, 90 → 30, 59 → 0
        rules = X + item("steps", 'of = "x"\n[[item.step]]\nvalue = 0\n[[item.step]]\nfrom = 90\nvalue = 30\n'
                                  '[[item.step]]\nfrom = 60\nvalue = 10\nslope = 0.5')
        month = Month(rules).scores(75, 90, 59)
        self.assertEqual([month.value("y", unit) for unit in "abc"], ["17.5", "30", "0"])

    def test_linear(self):
        # between (0, 100) and (3, 70): at 1 → 90; before the first 100, after the last 70
        month = Month(X + item("linear", 'of = "x"\npoints = [[0, 100], [3, 70]]')).scores(1, "-1", 9)
        self.assertEqual([month.value("y", unit) for unit in "abc"], ["90", "100", "70"])

    def test_grades(self):
        # of four graded visits two good, one fair, one poor: (2·1 + 0.5 + 0) ÷ 4 × 20 = 12.5
        rules = item("grades", 'key = "toilet"\ngrades = { good = 1, fair = 0.5, poor = 0 }\nout_of = 20\nmissing = "pass"')
        month = Month(rules)
        for grade in ("good", "good", "fair", "poor"):
            month.visit("a", grades=f"toilet={grade}")
        month.visit("a", grades="lamp=good")
        self.assertEqual([month.value("y", unit) for unit in "ab"], ["12.5", "-"])

    def test_mean_over_visits_by_length(self):
        # visit of 1000 m with one finding: 90; of 3000 m with none: 100; (90 + 3·100) ÷ 4 = 97.5
        rules = (item("deduct", 'scope = "visit"\nstart = 100\n[[item.clause]]\nid = "all"\npoints = 10', id="one")
                 + item("over", 'of = "one"\nover = "visits"\nweight = "length"\nmissing = "pass"'))
        month = Month(rules).visit("a", length_m=1000).visit("a", length_m=3000).finding("a", visit="v0")
        self.assertEqual([month.value("y", unit) for unit in "ab"], ["97.5", "-"])

    def test_mean_over_children_by_population_without_the_lowest(self):
        # villages 80 (lowest, left out), 90 (100 people), 96 (200 people): (90 + 2·96) ÷ 3 = 94
        rules = (item("measure", 'scope = "child"\nkey = "x"\nmissing = "pass"', id="one")
                 + item("over", 'of = "one"\nover = "children"\nkind = "village"\nweight = "population"\n'
                                'drop_lowest = 1\nmissing = "pass"'))
        month = Month(rules)
        for code, value, people in (("a1", 80, 50), ("a2", 90, 100), ("a3", 96, 200)):
            month.unit(code, parent="a", kind="village", attributes=f"population={people}").measure("x", code, value)
        month.unit("a4", parent="a", kind="village")
        self.assertEqual(month.value("y", "a"), "94")

    def test_group_median(self):
        # of 1, 5, 9 the middle is 5; among two (c missing) it is (1 + 5) ÷ 2 = 3
        rules = item("measure", 'key = "x"\nmissing = "pass"', id="x") + item("over", 'of = "x"\nover = "group"\naggregate = "median"')
        self.assertEqual(Month(rules).scores(1, 5, 9).value("y", "c"), "5")
        self.assertEqual(Month(rules).measure("x", "a", 1).measure("x", "b", 5).value("y", "c"), "3")

    def test_change_in_percent(self):
        # 90 after 80: +12.5 %; nothing for b in May: missing
        month = Month(X + item("change", 'of = "x"\nagainst = "last_month"\nas = "percent"\nmissing = "pass"'))
        month.scores(90, 90, 90).result("2022-05", "x", "a", 80)
        self.assertEqual([month.value("y", unit) for unit in "ab"], ["12.5", "-"])

    def test_period_weighted_and_skip(self):
        # oldest first 1, 2, 3: (80 + 2·90 + 3·100) ÷ 6 = 280/3; b lacks April: (2·90 + 3·60) ÷ 5 = 72
        month = Month(X + item("period", 'of = "x"\nspan = 3\naggregate = "weighted"\nweights = [1, 2, 3]\nabsent = "skip"'))
        month.scores(100, 60, 50).result("2022-04", "x", "a", 80)
        month.result("2022-05", "x", "a", 90).result("2022-05", "x", "b", 90)
        self.assertEqual([month.value("y", unit) for unit in "abc"], ["280/3", "72", "50"])

    def test_rank_from_both_ends(self):
        # 9, 9, 5: from the front 1, 1, 3; from the end 2, 2, 1
        month = Month(X + item("rank", 'of = "x"\nfrom = "front"\nbest = "high"', id="front")
                      + item("rank", 'of = "x"\nfrom = "end"\nbest = "high"', id="end")).scores(9, 9, 5)
        self.assertEqual([month.value("front", unit) for unit in "abc"], ["1", "1", "3"])
        self.assertEqual([month.value("end", unit) for unit in "abc"], ["2", "2", "1"])

    def test_circles_are_faults(self):
        with self.assertRaises(Refusal):
            Month(item("formula", 'formula = "z + 1"') + item("formula", 'formula = "y - 1"', id="z")).text()


class Formulas(unittest.TestCase):
    KNOWN = {"a": Fraction(2), "b": Fraction(5), "none": None, "unit.people": Fraction(10)}

    def check(self, source, expected):
        self.assertEqual(formula.value(formula.read_formula(source), self.KNOWN.get), expected)

    def test_quantities(self):
        self.check("a + b * 3 - 1", 16)             # 2 + 15 − 1
        self.check("-(a - b) / unit.people", Fraction(3, 10))
        self.check("min(a, b, 1) + max(a, b)", 6)
        self.check("round(a / 3, 1)", Fraction(7, 10))   # 0.666… → 0.7
        self.check("floor(-b / 2) + ceil(b / 2) + abs(a - b)", 3)   # −3 + 3 + 3

    def test_missing_and_division_by_zero(self):
        self.check("none + 1", None)
        self.check("b / (a - 2)", None)
        self.check("given(none, b)", 5)
        self.check("if(none > 1, 1, 2)", 2)
        self.check("if(not none > 1, 1, 2)", 1)
        self.check("if(a / 0 = 1 or b = 5, 1, 2)", 1)
        self.check("if((a < b) and not (present(none) or b != 5), 7, none)", 7)

    def test_nonsense_is_a_fault(self):
        for source in ("", "a +", "a b", "min()", "if(a, 1, 2)", "round(a, b)", "abs(a, b)", "a ^ 2", "1 < 2"):
            with self.assertRaises(Refusal):
                formula.read_formula(source)


class Rankings(unittest.TestCase):
    def places(self, ties, scores, more=""):
        return self.table(Month(ranking(ties, more)).scores(*scores))

    @staticmethod
    def table(month):
        lines = [line.split(" ") for line in month.text().splitlines() if line.startswith("place ")]
        return [" ".join(line[4:]) for line in lines]

    def test_share_dense_listed(self):
        # 90.04 and 90.01 both round to 90.0
        self.assertEqual(self.places('"share"', ("90.04", "90.01", 80)), ["1 2 90.0", "1 2 90.0", "3 1 80.0"])
        self.assertEqual(self.places('"dense"', ("90.04", "90.01", 80)), ["1 2 90.0", "1 2 90.0", "2 1 80.0"])
        self.assertEqual(self.places('"listed"', ("90.01", "90.04", 80)), ["1 3 90.0", "2 2 90.0", "3 1 80.0"])

    def test_next_criterion(self):
        # equal on x; z decides, lower is better; a has no z and comes last of the three
        rules = (ranking('"then"', 'then = [{ item = "z", best = "low" }]')
                 + item("measure", 'key = "z"\nmissing = "pass"', id="z"))
        month = Month(rules).scores(90, 90, 90).measure("z", "b", 3).measure("z", "c", 2)
        self.assertEqual(self.table(month), ["3 1 90.0", "2 2 90.0", "1 3 90.0"])

    def test_vetoes(self):
        # a is best by score but put last; b unranked; c is first of the two
        more = ('[[ranking.veto]]\nwhen = "x = 99"\neffect = "last"\ntitle = "v"\n'
                '[[ranking.veto]]\nwhen = "x = 90"\neffect = "unranked"\ntitle = "v"')
        self.assertEqual(self.places('"share"', (99, 90, 80), more), ["2 1 99.0", "- - 90.0", "1 2 80.0"])

    def test_bands(self):
        # good: from 80, at most 34 percent of three = 1 place; fair: from 60. b has 80 but not the place
        more = ('[[ranking.band]]\nid = "good"\ntitle = "g"\nfrom = 80\nquota = "34%"\n'
                '[[ranking.band]]\nid = "fair"\ntitle = "f"\nfrom = 60')
        month = Month(ranking(more=more)).scores(90, 80, 50)
        self.assertEqual(month.lines("band"), {("r", "a"): ["good"], ("r", "b"): ["fair"]})


class Awards(unittest.TestCase):
    def money(self, keys, scores=(90, 90, 80), more=""):
        month = Month(ranking() + more + award(keys)).scores(*scores)
        return {unit: int(fen) for (_, unit), (fen,) in month.lines("award").items()}, [
            line for line in month.text().splitlines() if line.startswith("left")]

    def test_shared_places_divide(self):
        # places 1 and 2 together 1.01 yuan: 50 fen each, 1 left; the last one −3 yuan
        keys = 'yuan_by_place = [1, 0.01]\nyuan_by_last = [-3]\nshared = "divide"\nremainder = '
        self.assertEqual(self.money(keys + '"host"'), ({"a": 50, "b": 50, "c": -300}, ["left w 1"]))
        self.assertEqual(self.money(keys + '"first"'), ({"a": 51, "b": 50, "c": -300}, []))

    def test_negative_money_divides_towards_zero(self):
        # all three are last: −1 yuan among three is −33 each, −1 left
        self.assertEqual(self.money('yuan_by_last = [-1]\nshared = "divide"\nremainder = "host"', (80, 80, 80)),
                         ({"a": -33, "b": -33, "c": -33}, ["left w -1"]))

    def test_each_and_none(self):
        self.assertEqual(self.money('yuan_by_place = [5, 3]\nshared = "each"')[0], {"a": 500, "b": 500})
        self.assertEqual(self.money('yuan_by_place = [5, 3, 2]\nshared = "none"')[0], {"c": 200})

    def test_gate_and_each(self):
        # 80 × −0.123 yuan = −9.84 yuan
        keys = 'every = true\neach = { item = "x", yuan = -0.123 }\nwhen = "score < 85 and ranked = 3"'
        self.assertEqual(self.money(keys)[0], {"c": -984})

    def test_fund_in_proportion(self):
        # 1 yuan over 90 + 90 + 80 = 260: 34.6, 34.6, 30.8 → 34, 34, 30, two fen left: one each to a and b
        self.assertEqual(self.money('every = true\nfund = { yuan = 1, by = "x" }\nremainder = "host"'),
                         ({"a": 34, "b": 34, "c": 30}, ["left w 2"]))
        self.assertEqual(self.money('every = true\nfund = { yuan = 1, by = "x" }\nremainder = "first"'),
                         ({"a": 35, "b": 35, "c": 30}, []))

    def test_percent_of_rounded_down(self):
        # 0.5 percent of 90 yuan = 0.45; of 33.33 yuan 0.16665 → 16 fen
        keys = 'every = true\npercent_of = { item = "x", percent = 0.5 }\nfen = "down"'
        self.assertEqual(self.money(keys, (90, "33.33", 80))[0], {"a": 45, "b": 16, "c": 40})

    def test_prizes(self):
        # two share the first place: with one prize both enter (nobody stands before them), c does not
        self.assertEqual(self.money('every = true\nyuan = 7\nprizes = 1')[0], {"a": 700, "b": 700})
        # two prizes and 80, 90, 90: c and b enter, a has two before it
        self.assertEqual(self.money('every = true\nyuan = 7\nprizes = 2', (80, 90, 90))[0], {"b": 700, "c": 700})

    def test_consecutive_and_within(self):
        # last in April, May and June: three in a row. b was last in April only.
        month = Month(ranking() + award('lasts = [1]\nyuan = -9\nconsecutive = 3')).scores(70, 90, 90)
        month.result("2022-04", "last.r", "a", 1).result("2022-05", "last.r", "a", 1)
        self.assertEqual(month.lines("award"), {("w", "a"): ["-900"]})
        month = Month(ranking() + award('lasts = [1]\nyuan = -9\nwithin = { times = 3, months = 4 }')).scores(70, 70, 90)
        month.result("2022-03", "last.r", "a", 1).result("2022-05", "last.r", "a", 1)
        month.result("2022-02", "last.r", "b", 1).result("2022-05", "last.r", "b", 1)
        self.assertEqual(month.lines("award"), {("w", "a"): ["-900"]})

    def test_unpaid_unit_and_titles(self):
        # b is not paid: its half of the first prize goes to nobody
        group = GROUP + '[[participant]]\nunit = "b"\npaid = false\n'
        rules = ranking() + award('yuan_by_place = [2]\nshared = "divide"\nremainder = "host"')
        month = Month(rules, group=group).scores(90, 90, 80)
        self.assertEqual(month.lines("award"), {("w", "a"): ["100"]})
        month = Month(ranking() + award('lasts = [1]\ngive = { what = "title", name = "snail" }')).scores(90, 90, 80)
        self.assertIn("give w c", month.text().splitlines())

    def test_deposit(self):
        # 5,000 less 3 problems at 200: 4,400; in December 50 percent go back from score 80 on
        rules = ranking() + item("count", 'of = "findings"', id="n") + """
[[deposit]]
id = "d"
title = "d"
ranking = "r"
yuan = 5000
draw = [{ item = "n", yuan = 200 }]
below_zero = false
return_in = [12]
[[deposit.return]]
from = 80
percent = 50
"""
        month = Month(rules, month="2022-01").scores(90, 90, 70)
        for _ in range(3):
            month.finding("a", found_at="2022-01-05T09:00")
        self.assertEqual(month.lines("deposit")["d", "a"], ["500000", "60000", "0", "440000"])
        month = Month(rules, month="2022-12").scores(90, 90, 70).finding("b", found_at="2022-12-05T09:00")
        for unit, yuan in (("a", "4400.01"), ("b", "150"), ("c", "5000")):
            month.result("2022-11", "deposit.d", unit, yuan)
        # a: 4,400.01 → half of it 2,200.005 rounded down; b: 150 − 200 stops at zero; c is below 80
        self.assertEqual(month.lines("deposit"), {("d", "a"): ["440001", "0", "220000", "220001"],
                                                  ("d", "b"): ["15000", "15000", "0", "0"],
                                                  ("d", "c"): ["500000", "0", "0", "500000"]})


if __name__ == "__main__":
    unittest.main()
