"""Unpack the screen fonts for printed sheets, which cannot embed compressed web fonts: writes cctv/reports/fonts.

Run once after changing the fonts: ``.venv/bin/python tools/make_report_fonts.py``. The files are kept in the tree.
"""

from pathlib import Path

from fontTools.ttLib import TTFont

ROOT = Path(__file__).resolve().parents[1]
FONT_DIR = ROOT / "static" / "fonts"
OUT_DIR = ROOT / "cctv" / "reports" / "fonts"
WEIGHTS = (400, 600, 700)


def main() -> None:
    """Write one plain TrueType file per weight."""
    OUT_DIR.mkdir(parents=True, exist_ok=True)
    for weight in WEIGHTS:
        font = TTFont(FONT_DIR / f"plus-jakarta-sans-latin-{weight}-normal.woff2", recalcTimestamp=False)
        font.flavor = None
        font.save(OUT_DIR / f"plus-jakarta-sans-{weight}.ttf")


if __name__ == "__main__":
    main()
