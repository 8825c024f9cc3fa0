"""Parts that documents for office programs share: marks that are filled in, rows of tables, the foot with the name."""

import re
from collections.abc import Iterator, Mapping, Sequence

from docx.document import Document as DocumentType
from docx.oxml import OxmlElement
from docx.shared import Cm, Pt
from docx.table import Table
from docx.text.paragraph import Paragraph

from cctv.i18n import t
from cctv.reports.content import Stamp

MARK = re.compile(r"\{\{\s*([^{}]*?)\s*\}\}")


def fill_marks(paragraph: Paragraph, values: Mapping[str, str]) -> None:
    """Replace marks in double braces; a mark that an office program cut into several runs goes into the first.

    Parameters
    ----------
    paragraph : Paragraph
        Which paragraph.
    values : mapping
        Mark to words; other marks stay.
    """
    if "{{" not in paragraph.text:
        return
    for run in paragraph.runs:
        if "{{" in run.text:
            run.text = _filled(run.text, values)
    whole = "".join(run.text for run in paragraph.runs)
    if (text := _filled(whole, values)) != whole:
        first, *others = paragraph.runs
        first.text = text
        for run in others:
            run.text = ""


def all_paragraphs(document: DocumentType) -> Iterator[Paragraph]:
    """Give every paragraph: of the body, of tables, of heads and feet of pages.

    Parameters
    ----------
    document : Document
        Which document.

    Yields
    ------
    Paragraph
        Each once, the body first.
    """
    yield from document.paragraphs
    for table in document.tables:
        yield from _of_table(table)
    for section in document.sections:
        for part in (section.header, section.footer):
            if not part.is_linked_to_previous:
                yield from part.paragraphs
                for table in part.tables:
                    yield from _of_table(table)


def _of_table(table: Table) -> Iterator[Paragraph]:
    seen: set[object] = set()  # merged cells come up once per column
    for row in table.rows:
        for cell in row.cells:
            place = cell._tc  # noqa: SLF001  # pyright: ignore[reportPrivateUsage]
            if place not in seen:
                seen.add(place)
                yield from cell.paragraphs
                for inner in cell.tables:
                    yield from _of_table(inner)


def place_after(paragraph: Paragraph, table: Table) -> None:
    """Move a table behind a paragraph; the library makes it at the end of the document.

    Parameters
    ----------
    paragraph : Paragraph
        Where to.
    table : Table
        Which table.
    """
    paragraph._p.addnext(table._tbl)  # noqa: SLF001  # pyright: ignore[reportPrivateUsage]


def _filled(text: str, values: Mapping[str, str]) -> str:
    return MARK.sub(lambda found: values.get(found[1], found[0]), text)


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
