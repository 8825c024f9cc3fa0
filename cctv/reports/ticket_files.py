"""Repair tickets as files for maintainers and audits; text is never read as a formula, money and days stay numbers."""

import csv
import io
from collections.abc import Mapping
from datetime import date, datetime, time

import pandas as pd
import xlsxwriter

from cctv.reports.content import Stamp
from cctv.reports.csv_text import as_text

_WIDTHS = (10, 42)


def tickets_xlsx(sheets: Mapping[str, pd.DataFrame], stamp: Stamp) -> bytes:
    """Write tables as sheets of one workbook.

    Parameters
    ----------
    sheets : mapping of str to DataFrame
        Name of the sheet to its table; column names are for people.
    stamp : Stamp
        Who takes it out; stands above each table.

    Returns
    -------
    bytes
        XLSX.
    """
    out = io.BytesIO()
    with xlsxwriter.Workbook(out, {"in_memory": True, "strings_to_formulas": False, "strings_to_urls": False}) as book:
        bold = book.add_format({"bold": True, "bottom": 1, "text_wrap": True, "valign": "top"})
        days = book.add_format({"num_format": "dd/mm/yyyy"})
        for name, table in sheets.items():
            sheet = book.add_worksheet(name)
            sheet.write_string(0, 0, f"{stamp.text} - {stamp.reason}")
            for column, head in enumerate(str(name) for name in table.columns):
                values = table.iloc[:, column].to_list()
                sheet.write_string(2, column, head, bold)
                longest = max((len(str(value)) for value in values), default=0)
                sheet.set_column(column, column, min(max(longest + 2, len(head) + 2, _WIDTHS[0]), _WIDTHS[1]))
                for row, value in enumerate(values, start=3):
                    if isinstance(value, date):
                        sheet.write_datetime(row, column, datetime.combine(value, time()), days)
                    elif isinstance(value, int | float) and value == value:  # noqa: PLR0124 - NaN differs from itself
                        sheet.write_number(row, column, value)
                    elif isinstance(value, str):
                        sheet.write_string(row, column, str(as_text(value)))
            sheet.freeze_panes(3, 1)
            sheet.autofilter(2, 0, 2 + len(table), max(len(table.columns) - 1, 0))
    return out.getvalue()


def tickets_csv(sheets: Mapping[str, pd.DataFrame], stamp: Stamp) -> bytes:
    """Write the first table as text.

    Parameters
    ----------
    sheets : mapping of str to DataFrame
        As for :func:`tickets_xlsx`.
    stamp : Stamp
        Who takes it out; stands in every row.

    Returns
    -------
    bytes
        UTF-8 with a mark of order, semicolons: the way Indonesian office programs open it.
    """
    table = next(iter(sheets.values()))
    out = io.StringIO()
    writer = csv.writer(out, delimiter=";", lineterminator="\r\n")
    writer.writerow([*(str(name) for name in table.columns), *stamp.columns])
    for values in table.itertuples(index=False):
        cells = ["" if value != value else as_text(value) for value in values]  # noqa: PLR0124 - not a number
        writer.writerow([*cells, *(as_text(text) for text in stamp.columns.values())])
    return out.getvalue().encode("utf-8-sig")
