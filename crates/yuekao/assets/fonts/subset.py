#!/usr/bin/env python3
"""Cut the fonts of the bulletin down to the characters a Chinese official document can need.

    pip install fonttools
    npm pack @expo-google-fonts/noto-serif-sc@0.4.3 && tar xzf expo-google-fonts-noto-serif-sc-*.tgz
    npm pack @expo-google-fonts/noto-sans-sc@0.4.3  && tar xzf …        (into another folder)
    python3 subset.py SERIF_PACKAGE SANS_PACKAGE

The character list is the coverage of NotoSansSC-Regular-subset.ttf beside this script: the 8,105
characters of the Table of General Standard Chinese Characters, GB 2312, Latin-1, punctuation. A
place name that is missing is added to EXTRA; then both families are cut again.
"""

import pathlib
import sys

from fontTools.subset import Options, Subsetter
from fontTools.ttLib import TTFont

HERE = pathlib.Path(__file__).parent
EXTRA = "簰隽枧㎡№‰√×÷±≤≥—…〔〕《》〈〉“”‘’·①②③④⑤⑥⑦⑧⑨⑩▲▼●■□"
# 1985-10-26, the date npm gives every file: the same input yields the same bytes on any day.
MODIFIED = 2581977600


def cut(source: pathlib.Path, target: pathlib.Path, characters: set[int]) -> None:
    font = TTFont(source, recalcTimestamp=False)
    options = Options()
    options.hinting = False
    options.layout_features = ["kern", "locl", "ccmp", "mark", "mkmk", "vert", "halt", "palt"]
    options.name_IDs = [0, 1, 2, 3, 4, 5, 6, 13, 14, 16, 17]
    options.drop_tables += ["vhea", "vmtx", "VORG", "DSIG", "meta"]
    subsetter = Subsetter(options)
    subsetter.populate(unicodes=characters)
    subsetter.subset(font)
    font["head"].modified = MODIFIED
    font.save(target)
    missing = sorted(characters - set(font.getBestCmap()))
    print(f"{target.name}: {target.stat().st_size:,} bytes, missing {''.join(map(chr, missing)) or 'none'}")


def main(serif: pathlib.Path, sans: pathlib.Path) -> None:
    coverage = set(TTFont(HERE / "NotoSansSC-Regular-subset.ttf").getBestCmap())
    coverage |= set(map(ord, EXTRA))
    for family, package in (("NotoSerifSC", serif), ("NotoSansSC", sans)):
        for weight in ("400Regular", "700Bold"):
            source = package / weight / f"{family}_{weight}.ttf"
            cut(source, HERE / f"{family}-{weight[3:]}-subset.ttf", coverage)


if __name__ == "__main__":
    if len(sys.argv) != 3:
        sys.exit(__doc__)
    main(pathlib.Path(sys.argv[1]), pathlib.Path(sys.argv[2]))
