"""The reference against the golden months of `schemes/golden`, worked by hand."""

import unittest
from pathlib import Path

from evaluate import assess
from evidence import HEADERS
from exact import Refusal
from scheme import read_scheme

ROOT = Path(__file__).resolve().parent.parent


def golden_months():
    """(folder, scheme file) of each golden month."""
    shipped = {read_scheme(path).id: path for path in (ROOT / "schemes").glob("*/*.toml")}
    for expected in sorted((ROOT / "schemes/golden").rglob("expected.txt")):
        own = expected.parent / "scheme.toml"
        if own.exists():
            yield expected.parent, own
        else:
            yield expected.parent, next(shipped[part.name] for part in expected.parents if part.name in shipped)


def evidence(folder):
    """The files of a golden month; one that is not there is empty."""
    return {name: (folder / name).read_bytes() if (folder / name).exists() else f"{header}\n".encode()
            for name, header in HEADERS.items()}


class GoldenMonths(unittest.TestCase):
    def test_all(self):
        for folder, scheme in golden_months():
            with self.subTest(folder.relative_to(ROOT)):
                self.check(folder, scheme)

    def check(self, folder, scheme):
        lines = [line.split() for line in (folder / "expected.txt").read_text().splitlines()
                 if line and not line.startswith("#")]
        month = next(line[1] for line in lines if line[0] == "month")
        standard = read_scheme(scheme).head.get("standard")
        catalogue = (ROOT / f"standards/{standard}.toml").read_bytes() if standard else None
        try:
            result = assess(evidence(folder), scheme.read_bytes(), catalogue, month)
        except Refusal as refusal:
            self.assertIn("refused", [line[0] for line in lines], refusal.line)
            return
        found = [line.split() for line in result.splitlines()]
        for line in lines:
            if line[0] == "not":
                self.assertNotIn(line[1:], [other[:len(line) - 1] for other in found])
            else:
                self.assertIn(line, found)


if __name__ == "__main__":
    unittest.main()
