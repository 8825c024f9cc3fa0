"""A filled DOCX as PDF: paragraphs, tables, pictures, heads and feet of pages, in our own letters.

It reads what letters are made of and no more: text boxes, columns and drawings of an office program are left out.
"""

import io
from collections.abc import Iterator
from functools import partial
from html import escape
from typing import Any, Literal

from docx import Document
from docx.enum.text import WD_ALIGN_PARAGRAPH
from docx.section import Section
from docx.shared import Length
from docx.table import Table as WordTable
from docx.text.paragraph import Paragraph as WordParagraph
from docx.text.run import Run
from reportlab.lib.colors import HexColor
from reportlab.lib.styles import ParagraphStyle
from reportlab.platypus import (
    BaseDocTemplate,
    Flowable,
    Frame,
    Image,
    PageTemplate,
    Paragraph,
    Spacer,
    Table,
    TableStyle,
)
from reportlab.platypus.flowables import PageBreak

from cctv.palette import LIGHT
from cctv.reports.page import BOLD, LEADING, PLAIN, register_fonts

SIZE_PT, HEAD_PT = 10.5, {"Title": 20.0, "Heading 1": 14.0, "Heading 2": 12.0, "Heading 3": 11.0}
Side = Literal["left", "center", "right", "justify"]
ALIGN: dict[WD_ALIGN_PARAGRAPH, Side] = {
    WD_ALIGN_PARAGRAPH.CENTER: "center",
    WD_ALIGN_PARAGRAPH.RIGHT: "right",
    WD_ALIGN_PARAGRAPH.JUSTIFY: "justify",
}
CODES: dict[Side, Literal[0, 1, 2, 4]] = {"left": 0, "center": 1, "right": 2, "justify": 4}
GAP_PT = 10.0
_MARKED = {"List Bullet": "•"}


def docx_pdf(docx: bytes) -> bytes:
    """Write a document of an office program as PDF.

    Parameters
    ----------
    docx : bytes
        The document.

    Returns
    -------
    bytes
        PDF on the paper of its first section.
    """
    register_fonts()
    document = Document(io.BytesIO(docx))
    section = document.sections[0]
    out = io.BytesIO()
    width, height = _pt(section.page_width, 595.3), _pt(section.page_height, 841.9)
    left, right = _pt(section.left_margin, 72), _pt(section.right_margin, 72)
    inner = width - left - right
    head, foot = (_flowables(part.iter_inner_content(), inner) for part in (section.header, section.footer))
    top = max(_pt(section.top_margin, 72), _pt(section.header_distance, 36) + _height(head, inner) + GAP_PT)
    bottom = max(_pt(section.bottom_margin, 72), _pt(section.footer_distance, 36) + _height(foot, inner) + GAP_PT)
    frame = Frame(left, bottom, inner, height - top - bottom, 0, 0, 0, 0)
    page = PageTemplate("halaman", [frame], onPage=partial(_furnish, section=section, size=(width, height)))
    title = document.core_properties.title or ""
    pdf = BaseDocTemplate(out, pagesize=(width, height), pageTemplates=[page], title=title, invariant=1)
    pdf.build(_flowables(document.iter_inner_content(), inner))
    return out.getvalue()


def _furnish(canvas: Any, _document: Any, *, section: Section, size: tuple[float, float]) -> None:  # noqa: ANN401
    """Draw head and foot of a page, with a line below the head."""
    left = _pt(section.left_margin, 72)
    inner = size[0] - left - _pt(section.right_margin, 72)
    y = size[1] - _pt(section.header_distance, 36)
    head = _flowables(section.header.iter_inner_content(), inner)
    for part in head:
        _, used = part.wrapOn(canvas, inner, size[1])
        y -= used
        part.drawOn(canvas, left, y)
    if head:
        canvas.setStrokeColor(HexColor(LIGHT.text))
        canvas.line(left, y - GAP_PT / 3, size[0] - _pt(section.right_margin, 72), y - GAP_PT / 3)
    y = _pt(section.footer_distance, 36)
    for part in reversed(_flowables(section.footer.iter_inner_content(), inner)):
        _, used = part.wrapOn(canvas, inner, size[1])
        part.drawOn(canvas, left, y)
        y += used


def _flowables(parts: Iterator[WordParagraph | WordTable], width: float) -> list[Flowable]:
    found: list[Flowable] = []
    for part in parts:
        found += [_table(part, width)] if isinstance(part, WordTable) else list(_paragraph(part, width))
    while found and isinstance(found[-1], Spacer):  # empty lines at the end would make an empty page
        found.pop()
    return found


def _paragraph(paragraph: WordParagraph, width: float) -> Iterator[Flowable]:
    style = _style(paragraph)
    element: Any = paragraph._p  # noqa: SLF001 - the library does not tell breaks  # pyright: ignore[reportPrivateUsage]
    if element.xpath('.//w:br[@w:type="page"]'):
        yield PageBreak()
    text = "".join(_words(run, style.fontSize) for run in paragraph.runs)
    name = paragraph.style.name if paragraph.style else ""
    if text.strip():
        yield Paragraph(text, style, bulletText=_MARKED.get(name or ""))
    pictures = [picture for run in paragraph.runs for picture in _pictures(run, width, _side(paragraph))]
    yield from pictures
    if not text.strip() and not pictures:
        yield Spacer(1, style.leading)


def _style(paragraph: WordParagraph) -> ParagraphStyle:
    own, name = paragraph.paragraph_format, (paragraph.style.name if paragraph.style else None) or ""
    size = HEAD_PT.get(name, SIZE_PT)
    sizes = [run.font.size.pt for run in paragraph.runs if run.font.size is not None and run.text.strip()]
    size = max(sizes) if sizes else size
    indent = _pt(own.left_indent, 0) or (18.0 if name.startswith("List") else 0.0)
    return ParagraphStyle(
        "surat", fontName=BOLD if name in HEAD_PT else PLAIN, fontSize=size, leading=size * LEADING,
        alignment=CODES[_side(paragraph)],
        leftIndent=indent, firstLineIndent=_pt(own.first_line_indent, 0), bulletIndent=indent - 12 if indent else 0,
        spaceAfter=_pt(own.space_after, 3), spaceBefore=_pt(own.space_before, 8 if name in HEAD_PT else 0),
        textColor=HexColor(LIGHT.text), splitLongWords=1,
    )  # fmt: skip


def _side(paragraph: WordParagraph) -> Side:
    return "left" if paragraph.alignment is None else ALIGN.get(paragraph.alignment, "left")


def _words(run: Run, usual_pt: float) -> str:
    text = (
        escape(run.text.replace("\f", "")).replace("\n", "<br/>").replace("\t", "&nbsp;" * 6).replace("  ", "&nbsp; ")
    )
    if not text:
        return ""
    if run.bold:
        text = f'<font name="{BOLD}">{text}</font>'
    if run.underline:
        text = f"<u>{text}</u>"
    size = run.font.size.pt if run.font.size is not None else usual_pt
    return f'<font size="{size:g}">{text}</font>' if size != usual_pt else text


def _pictures(run: Run, width: float, side: Side) -> list[Flowable]:
    found: list[Flowable] = []
    element: Any = run._r  # noqa: SLF001 - the library does not give pictures of a run  # pyright: ignore[reportPrivateUsage]
    for inline in element.xpath(".//wp:inline"):
        blips = inline.xpath(".//a:blip/@r:embed")
        if blips and (part := run.part.related_parts.get(blips[0])) is not None:
            wide, high = float(inline.extent.cx) / 12700, float(inline.extent.cy) / 12700
            scale = min(1.0, width / wide)
            place = "CENTER" if side == "center" else "RIGHT" if side == "right" else "LEFT"
            found.append(Image(io.BytesIO(part.blob), wide * scale, high * scale, hAlign=place))
    return found


def _table(table: WordTable, width: float) -> Table:
    count = len(table.columns)
    widths = [_pt(column.width, 0) for column in table.columns]
    whole = sum(widths)
    widths = [width * part / whole for part in widths] if whole and all(widths) else [width / count] * count
    rows = [
        [_flowables(cell.iter_inner_content(), widths[at] - 8) or "" for at, cell in enumerate(row.cells)]
        for row in table.rows
    ]
    is_ruled = table.style is not None and "Grid" in (table.style.name or "")
    style = TableStyle([("VALIGN", (0, 0), (-1, -1), "TOP"), ("TOPPADDING", (0, 0), (-1, -1), 2)])
    style.add("LEFTPADDING", (0, 0), (-1, -1), 4)
    style.add("RIGHTPADDING", (0, 0), (-1, -1), 4)
    if is_ruled:
        style.add("GRID", (0, 0), (-1, -1), 0.5, HexColor(LIGHT.text))
    return Table(rows, colWidths=widths, style=style, repeatRows=1 if is_ruled else 0, spaceAfter=6)


def _height(parts: list[Flowable], width: float) -> float:
    return sum(part.wrap(width, 10_000)[1] for part in parts)


def _pt(length: Length | None, otherwise: float) -> float:
    return otherwise if length is None else length.pt
