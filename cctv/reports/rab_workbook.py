"""The budget workbook (RAB): every amount is a live formula down to the unit prices, tax and rounding.

Sheets: Ringkasan (parameters, total against pagu), RAB (component per row), Titik (point per row), Rekap (per
kelurahan, agency, fund), Harga (the unit prices that all formulas read), Asumsi. Results stand beside each formula, so
that a program that does not recalculate shows the right numbers, too.
"""

import io
from collections.abc import Sequence
from dataclasses import dataclass

import xlsxwriter

from cctv.i18n import t
from cctv.reports.content import Stamp
from cctv.reports.rab_content import RabPoint, RabReport
from cctv.reports.rab_page import FIRST, Page, Styles

SUMMARY, LINES, POINTS, RECAP, PRICES, NOTES = "Ringkasan", "RAB", "Titik", "Rekap", "Harga", "Asumsi"
BASIS = 10_000
#: Tax on an amount, exact to the Rupiah: whole numbers up to the one division.
TAX = "ROUND({net}*ROUND(PPN*10000,0)/10000,0)"
_WAYS = ("nearest", "up", "down")


@dataclass(frozen=True)
class _Rows:
    """Last rows of the tables that formulas point at."""

    lines: int
    points: int


def rab_workbook(report: RabReport, stamp: Stamp) -> bytes:
    """Write the workbook.

    Parameters
    ----------
    report : RabReport
        What it says.
    stamp : Stamp
        Who takes it out; stands on the first sheet and at the foot of every printed page.

    Returns
    -------
    bytes
        XLSX; texts are never read as formulas.
    """
    out = io.BytesIO()
    with xlsxwriter.Workbook(out, {"in_memory": True, "strings_to_formulas": False, "strings_to_urls": False}) as book:
        book.set_properties({"title": report.title, "comments": stamp.text})
        styles = Styles.of(book)
        pages = {name: Page(book.add_worksheet(name), styles, stamp.text) for name in
                 (SUMMARY, LINES, POINTS, RECAP, PRICES, NOTES)}  # fmt: skip
        price_row = _prices(pages[PRICES], report)
        last_line = _lines(pages[LINES], report, price_row)
        ends = _Rows(last_line, FIRST + max(len(report.points), 1))
        _points(pages[POINTS], report, ends)
        _recap(pages[RECAP], report, ends)
        _summary(pages[SUMMARY], report, stamp, ends)
        _notes(pages[NOTES], report)
        book.define_name("PPN", f"={SUMMARY}!$B$6")
        book.define_name("KELIPATAN", f"={SUMMARY}!$B$7")
        book.define_name("PEMBULATAN", f"={SUMMARY}!$B$8")
    return out.getvalue()


def rounded(gross: str) -> str:
    """Write the formula that rounds an amount by the rule of the workbook.

    Parameters
    ----------
    gross : str
        Formula of the amount.

    Returns
    -------
    str
        Formula without its equals sign.
    """
    share = f"({gross})/KELIPATAN"
    up, down = t("rab.way_up"), t("rab.way_down")
    return (
        f'IF(PEMBULATAN="{up}",ROUNDUP({share},0),IF(PEMBULATAN="{down}",ROUNDDOWN({share},0),ROUND({share},0)))'
        "*KELIPATAN"
    )


def _summary(page: Page, report: RabReport, stamp: Stamp, ends: _Rows) -> None:
    net, tax, total = (sum(getattr(p, name) for p in report.points) for name in ("net_idr", "tax_idr", "total_idr"))
    page.sheet.set_column(0, 0, 46)
    page.sheet.set_column(1, 1, 26)
    page.title(report.title, t("rab.subtitle", plan=report.plan_id, year=report.year, state=report.state))
    page.label(4, t("rab.parameters"))
    page.label(5, t("rab.tax"))
    page.sheet.write_number(5, 1, report.tax_bp / BASIS, page.styles.input_share)
    page.label(6, t("rab.step"))
    page.sheet.write_number(6, 1, report.step_idr, page.styles.input_money)
    page.label(7, t("rab.way"))
    page.sheet.write_string(7, 1, t(f"rab.way_{report.way}"), page.styles.input)
    page.sheet.data_validation(7, 1, 7, 1, {"validate": "list", "source": [t(f"rab.way_{way}") for way in _WAYS]})
    page.sheet.data_validation(5, 1, 5, 1, {"validate": "decimal", "criteria": "between", "minimum": 0, "maximum": 0.5})
    first = FIRST + 1
    for row, (name, column, value) in enumerate(
        (("rab.net", "L", net), ("rab.tax_sum", "M", tax), ("rab.total", "N", total)), start=9
    ):
        page.label(row, t(name))
        page.formula(row, 1, f"=SUM({POINTS}!${column}${first}:${column}${ends.points})", value, page.styles.bold_money)
    page.label(12, t("rab.pagu"))
    page.sheet.write_number(12, 1, report.pagu_idr, page.styles.input_money)
    page.label(13, t("rab.left"))
    page.formula(13, 1, "=B13-B12", report.pagu_idr - total, page.styles.bold_money)
    page.sheet.write_string(14, 0, t("rab.total_note"), page.styles.note)
    for row, (name, value) in enumerate([*report.marks, *stamp.columns.items(), ("", t("sheet.secret"))], start=16):
        page.label(row, name)
        page.sheet.write_string(row, 1, value)


def _lines(page: Page, report: RabReport, price_row: dict[str, int]) -> int:
    page.head(t("rab.lines"), ("rank", 6), ("usulan_code", 14), ("kelurahan", 14), ("place", 24), ("component", 30),
              ("volume", 9), ("unit", 9), ("unit_price", 14), ("amount", 16), ("price_source", 34))  # fmt: skip
    source = {price.item_id: f"{price.source} ({price.as_of})" for price in report.prices}
    row = FIRST
    for point in report.points:
        for line in point.lines:
            place = (point.usulan_code, point.kelurahan, point.place, line.name)
            page.sheet.write_number(row, 0, point.rank, page.styles.rank)
            page.texts(row, 1, place)
            page.sheet.write_number(row, 5, line.quantity, page.styles.money)
            page.texts(row, 6, (line.unit,))
            if line.item_id in price_row:
                page.formula(row, 7, f"={PRICES}!$D${price_row[line.item_id]}", line.price_idr)
            else:
                page.sheet.write_number(row, 7, line.price_idr, page.styles.input_money)
            page.formula(row, 8, f"=F{row + 1}*H{row + 1}", line.quantity * line.price_idr)
            page.texts(row, 9, (source.get(line.item_id, t("rab.lump")),))
            row += 1
    page.sum_row(row, 8, "I", sum(point.net_idr for point in report.points))
    return max(row, FIRST + 1)


def _points(page: Page, report: RabReport, ends: _Rows) -> None:
    page.head(t("rab.points"), ("rank", 6), ("usulan_code", 14), ("kelurahan", 14), ("place", 22),
              ("coordinates", 13), ("direction", 14), ("agency", 18), ("fund", 12), ("land", 14), ("fibre", 7),
              ("reason", 30), ("net", 15), ("tax_sum", 14), ("total", 15), ("decision", 11))  # fmt: skip
    for row, point in enumerate(report.points, start=FIRST):
        _point(page, row, point, ends)
    end = FIRST + len(report.points)
    for column, letter, name in ((11, "L", "net_idr"), (12, "M", "tax_idr"), (13, "N", "total_idr")):
        page.sum_row(end, column, letter, sum(getattr(point, name) for point in report.points))


def _point(page: Page, row: int, point: RabPoint, ends: _Rows) -> None:
    page.sheet.write_number(row, 0, point.rank, page.styles.rank)
    page.texts(row, 1, (point.usulan_code, point.kelurahan, point.place, point.coordinates, point.direction,
                        point.agency, point.fund, point.land))  # fmt: skip
    page.sheet.write_number(row, 9, point.fibre_m, page.styles.money)
    page.texts(row, 10, (point.reason,))
    n, first = row + 1, FIRST + 1
    amounts, ranks = f"{LINES}!$I${first}:$I${ends.lines}", f"{LINES}!$A${first}:$A${ends.lines}"
    page.formula(row, 11, f"=SUMIFS({amounts},{ranks},A{n})", point.net_idr)
    page.formula(row, 12, "=" + TAX.format(net=f"L{n}"), point.tax_idr)
    page.formula(row, 13, "=" + rounded(f"L{n}+M{n}"), point.total_idr, page.styles.bold_money)
    page.texts(row, 14, (point.decision,))


def _recap(page: Page, report: RabReport, ends: _Rows) -> None:
    page.head(t("rab.recap"), ("group", 38), ("n_points", 12), ("total", 20), ("pagu", 20), ("left", 20))
    row = FIRST
    for column, name in (("C", "kelurahan"), ("G", "agency"), ("H", "fund")):
        page.label(row, t(f"rab.by_{name}", year=report.year))
        row = _group(page, row + 1, report, ends, column, name) + 1
    page.sheet.write_string(row, 0, t("rab.recap_note"), page.styles.note)


def _group(page: Page, row: int, report: RabReport, ends: _Rows, column: str, name: str) -> int:
    """Write one row per group: how many points, their total, the pagu that is for this group alone, what is left."""
    ceilings: dict[str, int] = {}
    for pagu in report.pagu:
        named = {field: getattr(pagu, field) for field in ("kelurahan", "agency", "fund") if getattr(pagu, field)}
        if name in named and (name != "fund" or set(named) == {"fund"}):
            ceilings[named[name]] = ceilings.get(named[name], 0) + pagu.amount_idr
    groups = sorted({str(getattr(point, name)) for point in report.points} | set(ceilings))
    first = FIRST + 1
    span = f"{POINTS}!${column}${first}:${column}${ends.points}"
    totals = f"{POINTS}!$N${first}:$N${ends.points}"
    for group in groups:
        mine = [point.total_idr for point in report.points if getattr(point, name) == group]
        n = row + 1
        page.texts(row, 0, (group,))
        page.formula(row, 1, f"=COUNTIFS({span},A{n})", len(mine))
        page.formula(row, 2, f"=SUMIFS({totals},{span},A{n})", sum(mine))
        if group in ceilings:
            page.sheet.write_number(row, 3, ceilings[group], page.styles.input_money)
            page.formula(row, 4, f"=D{n}-C{n}", ceilings[group] - sum(mine))
        row += 1
    return row


def _prices(page: Page, report: RabReport) -> dict[str, int]:
    page.head(t("rab.prices"), ("item", 18), ("component", 42), ("unit", 10), ("unit_price", 18), ("tkdn", 10),
              ("nature", 14), ("as_of", 14), ("price_source", 60))  # fmt: skip
    place: dict[str, int] = {}
    for row, price in enumerate(report.prices, start=FIRST):
        page.texts(row, 0, (price.item_id, price.name, price.unit))
        page.sheet.write_number(row, 3, price.price_idr, page.styles.input_money)
        if price.tkdn_percent is None:
            page.texts(row, 4, (t("rab.unknown"),))
        else:
            page.sheet.write_number(row, 4, price.tkdn_percent, page.styles.rank)
        nature = t("planning.is_assumption") if price.is_assumption else t("rab.confirmed")
        page.texts(row, 5, (nature, price.as_of, price.source))
        place[price.item_id] = row + 1
    return place


def _notes(page: Page, report: RabReport) -> None:
    page.head(t("rab.notes"), ("note", 110))
    for row, words in enumerate(_words(report), start=FIRST):
        page.sheet.write_string(row, 0, words, page.styles.wrapped)


def _words(report: RabReport) -> Sequence[str]:
    return [*report.cautions, t("rab.rule_tax"), t("rab.rule_round"), t("rab.rule_price"), t("rab.colour_note")]
