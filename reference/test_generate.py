"""The generator: the same for the same seed, canonical, and never silent about a part of the language."""

import csv
import io
import subprocess
import sys
import tempfile
import unittest
from pathlib import Path
from random import Random

import written
from evidence import HEADERS
from features import Features, expected
from generate import BREAKS, folder, write

EVALUATE = str(Path(__file__).with_name("evaluate.py"))


class Folders(unittest.TestCase):
    def test_same_seed_same_bytes(self):
        for number in range(5):
            self.assertEqual(folder(3, number).files(), folder(3, number).files())
        self.assertNotEqual(folder(3, 0).files(), folder(4, 0).files())

    def test_the_command_says_the_same(self):
        # folders 0 and 1 of seed 1 are assessed, 2 is refused
        for number in range(3):
            made = folder(1, number)
            canonical, refusal = made.assess()
            with tempfile.TemporaryDirectory() as place:
                write(made, Path(place))
                run = subprocess.run([sys.executable, EVALUATE, place], capture_output=True, text=True)
            self.assertEqual((run.returncode, run.stdout), (2, refusal.line + "\n") if refusal else (0, canonical))

    def test_evidence_is_canonical(self):
        # read back and written again it is the same: nothing is lost by quoting or sorting
        files = folder(3, 1).files()
        for name in HEADERS:
            rows = list(csv.DictReader(io.StringIO(files[name].decode(), newline="")))
            self.assertEqual(written.csv(name, rows).encode(), files[name])

    def test_only_known_features_are_counted(self):
        # all that is counted but not expected: titles and the like, which every table has
        for number in range(20):
            made = folder(3, number)
            unknown = Features(made.head, *made.assess()) - expected()
            self.assertEqual([one for one in unknown if one.startswith(("outcome.", "match.", "case_match."))], [])

    def test_each_way_to_break_a_month_breaks_one(self):
        for way in BREAKS:
            with self.subTest(way.__name__):
                self.assertTrue(any(self.breaks(way, folder(5, number)) for number in range(60)))

    @staticmethod
    def breaks(way, made):
        if made.assess()[1]:
            return False
        way(Random(1), made)
        made.evidence = None
        return made.assess()[1] is not None


if __name__ == "__main__":
    unittest.main()
