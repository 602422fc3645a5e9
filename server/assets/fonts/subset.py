"""Cuts the fonts of printed documents out of Debian's Noto CJK: `cargo xtask fonts` runs it.

Which characters are kept, see README.md. The same packages give the same bytes.
"""

import bz2
import sys
from pathlib import Path

from fontTools.subset import Options, Subsetter
from fontTools.ttLib import TTFont

NOTO = Path("/usr/share/fonts/opentype/noto")
UNIHAN = Path("/usr/share/unicode/Unihan_OtherMappings.txt.bz2")
# The face of a collection that draws characters as mainland China does.
SIMPLIFIED_CHINESE = 2
# Characters of the table of general standard Chinese characters (2013).
TABLE = 8105

# Source, style, new family, new file. The names are our own: a modified version does not go by the original's.
FONTS = [
    ("NotoSansCJK-Regular.ttc", "Regular", "Jizhou Sans", "JizhouSans-Regular.otf"),
    ("NotoSerifCJK-Bold.ttc", "Bold", "Jizhou Serif", "JizhouSerif-Bold.otf"),
]

# What documents print besides Chinese characters.
SIGNS = [
    (0x0020, 0x007E),  # Latin, digits
    (0x00A0, 0x017F),  # Latin with accents, Pinyin, ¥ ± × ÷ · °
    (0x01CD, 0x01DC),  # Pinyin
    (0x2010, 0x2027),  # dashes, quotation marks, …
    (0x2030, 0x203B),  # ‰ ′ ″ ※
    (0x20AC, 0x20AC),  # €
    (0x2103, 0x2103),  # ℃
    (0x2109, 0x2109),  # ℉
    (0x2116, 0x2116),  # №
    (0x2150, 0x2189),  # fractions, Roman numerals
    (0x2190, 0x2193),  # arrows
    (0x2212, 0x2212),  # the true minus
    (0x2260, 0x2265),  # ≠ ≤ ≥
    (0x2460, 0x2473),  # ① to ⑳
    (0x25A0, 0x25CF),  # ■ □ ▲ ● ○
    (0x2605, 0x2606),  # ★ ☆
    (0x2713, 0x2713),  # ✓
    (0x3000, 0x301F),  # Chinese punctuation, 〇, 〓
    (0x3105, 0x312F),  # Bopomofo
    (0x3220, 0x3229),  # ㈠
    (0x338E, 0x33C4),  # ㎏ ㎡ ㎝
    (0xFE30, 0xFE4F),  # upright forms
    (0xFF01, 0xFF5E),  # full-width Latin
    (0xFFE0, 0xFFE5),  # ￥
]


def table():
    """The 8,105 characters: Unihan's property kTGH counts them through from 1."""
    places = {}
    with bz2.open(UNIHAN, "rt", encoding="utf-8") as lines:
        for line in lines:
            fields = line.rstrip("\n").split("\t")
            if len(fields) == 3 and fields[1] == "kTGH":
                for value in fields[2].split():
                    year, _, place = value.partition(":")
                    assert year == "2013", value
                    assert int(place) not in places, value
                    places[int(place)] = int(fields[0][2:], 16)
    assert sorted(places) == list(range(1, TABLE + 1)), len(places)
    return set(places.values())


def gb2312():
    """The 6,763 characters of GB 2312: among them parts of characters, as 阝, with which a village is registered."""
    found = set()
    for row in range(16, 88):
        for cell in range(1, 95):
            try:
                found.add(ord(bytes([row + 0xA0, cell + 0xA0]).decode("gb2312")))
            except UnicodeDecodeError:
                continue
    assert len(found) == 6763, len(found)
    return found


def rename(font, family, style, postscript):
    names = font["name"]
    copyright_of, licence, licence_url = (names.getDebugName(n) for n in (0, 13, 14))
    version = names.getDebugName(5)
    names.names = []
    for number, text in {
        0: copyright_of,
        1: family,
        2: style,
        3: f"{postscript}; a subset of {version}",
        4: f"{family} {style}",
        5: version,
        6: postscript,
        13: licence,
        14: licence_url,
    }.items():
        if text:
            names.setName(text, number, 3, 1, 0x409)
    inside = font["CFF "].cff
    inside.fontNames = [postscript]
    top = inside.topDictIndex[0]
    top.FullName, top.FamilyName, top.Weight = f"{family} {style}", family, style
    if hasattr(top, "Notice"):
        top.Notice = copyright_of


def cut(source, style, family, target, kept):
    font = TTFont(NOTO / source, fontNumber=SIMPLIFIED_CHINESE, recalcTimestamp=False)
    missing = {code for code in kept["han"] if code not in font.getBestCmap()}
    assert not missing, [chr(code) for code in missing]
    options = Options()
    options.hinting = False
    options.layout_features = []
    options.name_IDs = ["*"]
    options.notdef_outline = True
    options.drop_tables += ["vhea", "vmtx", "VORG", "BASE", "DSIG", "GPOS", "GSUB", "GDEF"]
    subsetter = Subsetter(options)
    subsetter.populate(unicodes=kept["han"] | kept["signs"])
    subsetter.subset(font)
    rename(font, family, style, target.removesuffix(".otf"))
    place = Path(__file__).parent / target
    font.save(place)
    print(f"{target}: {len(font.getBestCmap())} characters, {place.stat().st_size} bytes")


def main():
    signs = {code for first, last in SIGNS for code in range(first, last + 1)}
    kept = {"han": table() | gb2312(), "signs": signs}
    for font in FONTS:
        cut(*font, kept)


if __name__ == "__main__":
    sys.exit(main())
