"""Parts that documents for office programs share: rows of tables, and the foot that names who took the file."""

from collections.abc import Sequence

from docx.document import Document as DocumentType
from docx.oxml import OxmlElement
from docx.shared import Cm, Pt
from docx.table import Table

from cctv.i18n import t
from cctv.reports.content import Stamp


def fill_row(table: Table, line: int, words: Sequence[str], *, is_bold: bool = False) -> None:
    """Write a row of a table.

    Parameters
    ----------
    table : Table
        Which table.
    line : int
        Row, from 0.
    words : sequence of str
        One per cell.
    is_bold : bool
        Whether it is a head.
    """
    for cell, text in zip(table.rows[line].cells, words, strict=True):
        run = cell.paragraphs[0].add_run(text)
        run.bold = is_bold
        run.font.size = Pt(8)


def lay_out(table: Table, widths_cm: Sequence[float]) -> None:
    """Give the columns of a table their widths; no row is cut by the end of a page, and every page repeats the heads.

    Parameters
    ----------
    table : Table
        Which table, filled.
    widths_cm : sequence of float
        One per column [cm].
    """
    table.autofit = False
    for column, width in zip(table.columns, widths_cm, strict=True):
        column.width = Cm(width)
        for cell in column.cells:
            cell.width = Cm(width)
    for row in table.rows:
        row._tr.get_or_add_trPr().append(OxmlElement("w:cantSplit"))  # noqa: SLF001 - the library has no other way  # pyright: ignore[reportPrivateUsage]
    table.rows[0]._tr.get_or_add_trPr().append(OxmlElement("w:tblHeader"))  # noqa: SLF001 - as above  # pyright: ignore[reportPrivateUsage]


def set_footer(document: DocumentType, stamp: Stamp) -> None:
    """Name at the foot of every page who took the document, when and for what.

    Parameters
    ----------
    document : Document
        Which document.
    stamp : Stamp
        Who takes it.
    """
    for section in document.sections:
        foot = section.footer.paragraphs[0]
        foot.text = f"{stamp.text} · {t('sheet.reason', reason=stamp.reason)} · {t('brief.secret')}"
        for run in foot.runs:
            run.font.size = Pt(7)
    document.core_properties.comments = stamp.text
