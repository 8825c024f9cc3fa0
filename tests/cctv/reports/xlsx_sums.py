"""Evaluate the few shapes of formula that the budget workbook has, from the bytes of the file, in fractions."""

import io
import re
import zipfile
from fractions import Fraction
from math import ceil, floor
from xml.etree import ElementTree as ET

NS = {"m": "http://schemas.openxmlformats.org/spreadsheetml/2006/main"}
REF = r"\$?([A-Z]+)\$?(\d+)"


def read_xml(text: bytes) -> ET.Element:
    """Read a part of a file that the test itself has just made."""
    return ET.fromstring(text)  # noqa: S314


def cells_of(body: bytes) -> tuple[dict, dict]:
    """Read values and formulas by (sheet, cell)."""
    with zipfile.ZipFile(io.BytesIO(body)) as book:
        texts = [
            "".join(part.text or "" for part in item.iter(f"{{{NS['m']}}}t"))
            for item in read_xml(book.read("xl/sharedStrings.xml")).findall("m:si", NS)
        ]
        workbook = read_xml(book.read("xl/workbook.xml"))
        names = [sheet.get("name") for sheet in workbook.find("m:sheets", NS)]
        values, formulas = {}, {}
        for k, name in enumerate(names, start=1):
            for cell in read_xml(book.read(f"xl/worksheets/sheet{k}.xml")).iter(f"{{{NS['m']}}}c"):
                value, formula = cell.find("m:v", NS), cell.find("m:f", NS)
                key = (name, cell.get("r"))
                if formula is not None:
                    formulas[key] = formula.text
                if value is not None:
                    values[key] = texts[int(value.text)] if cell.get("t") == "s" else Fraction(value.text)
    return values, formulas


class Sums:
    """Works out every formula again; the results that stand in the file are not looked at."""

    def __init__(self, body: bytes) -> None:
        self.cached, self.formulas = cells_of(body)
        self.known = {key: value for key, value in self.cached.items() if key not in self.formulas}
        self.names = {"PPN": ("Ringkasan", "B6"), "KELIPATAN": ("Ringkasan", "B7"), "PEMBULATAN": ("Ringkasan", "B8")}

    def value(self, sheet: str, cell: str):
        key = (sheet, cell)
        if key not in self.known:
            self.known[key] = self._work_out(sheet, self.formulas[key]) if key in self.formulas else Fraction(0)
        return self.known[key]

    def _span(self, sheet: str, text: str) -> list:
        name, _, rest = text.rpartition("!")
        column, first, _, last = re.fullmatch(f"{REF}:{REF}", rest).groups()
        return [self.value(name or sheet, f"{column}{row}") for row in range(int(first), int(last) + 1)]

    def _work_out(self, sheet: str, formula: str):
        whole = re.fullmatch(r"(SUM|SUMIFS|COUNTIFS)\(([^()]*)\)", formula)
        if whole:
            parts = whole[2].split(",")
            if whole[1] == "SUM":
                return sum(self._span(sheet, parts[0]))
            wanted = self._work_out(sheet, parts[-1])
            hits = [value == wanted for value in self._span(sheet, parts[-2])]
            if whole[1] == "COUNTIFS":
                return Fraction(sum(hits))
            return sum((v for v, hit in zip(self._span(sheet, parts[0]), hits, strict=True) if hit), Fraction(0))
        scope = {
            "ROUND": lambda v, _: Fraction(floor(v + Fraction(1, 2))), "ROUNDUP": lambda v, _: Fraction(ceil(v)),
            "ROUNDDOWN": lambda v, _: Fraction(floor(v)), "IF": lambda c, a, b: a if c else b, "F": Fraction,
        }  # fmt: skip
        scope |= {name: self.value(*place) for name, place in self.names.items() if name in formula}
        text = re.sub(r'="', '=="', formula)

        def put(found: re.Match[str]) -> str:
            name = f"c{len(scope)}"
            scope[name] = self.value((found[1] or sheet + "!")[:-1], f"{found[2]}{found[3]}")
            return name

        text = re.sub(rf"(\w+!)?{REF}(?!\w)", put, text)
        return eval(text, {"__builtins__": {}}, scope)  # noqa: S307 - formulas of our own file
