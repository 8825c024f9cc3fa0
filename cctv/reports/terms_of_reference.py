"""The annex to the terms of reference (KAK) as DOCX, filled into a template that the city may edit.

Marks in double braces are replaced wherever they stand in a paragraph; the table of points comes after the paragraph
that holds ``{{tabel_titik}}``. ``tools/make_kak_template.py`` writes the template that comes along.
"""

import io
from collections.abc import Mapping
from pathlib import Path

from docx import Document
from docx.document import Document as DocumentType
from docx.table import Table
from docx.text.paragraph import Paragraph

from cctv.i18n import moment, number, percent, rupiah, t
from cctv.reports.content import Stamp
from cctv.reports.docx_parts import fill_marks, fill_row, lay_out, place_after, set_footer
from cctv.reports.plan_content import PlanReport

TEMPLATE = Path(__file__).with_name("kak_template.docx")
WIDTHS_CM = (1.1, 4.4, 2.6, 2.8, 2.4, 2.7)
TABLE_MARK = "{{tabel_titik}}"


def terms_of_reference(report: PlanReport, stamp: Stamp, template: Path = TEMPLATE) -> bytes:
    """Fill the template.

    Parameters
    ----------
    report : PlanReport
        What it says.
    stamp : Stamp
        Who takes it out; stands at the foot of every page.
    template : Path
        DOCX with marks in double braces.

    Returns
    -------
    bytes
        DOCX.
    """
    document = Document(str(template))
    values = _values(report)
    for paragraph in list(document.paragraphs):
        if TABLE_MARK in paragraph.text:
            _table(document, paragraph, report)
        else:
            fill_marks(paragraph, values)
    set_footer(document, stamp)
    document.core_properties.title = report.rab.title
    out = io.BytesIO()
    document.save(out)
    return out.getvalue()


def _values(report: PlanReport) -> Mapping[str, str]:
    rab = report.rab
    return {
        "nama": rab.title, "kode": rab.plan_id, "tahun": str(rab.year), "jumlah_titik": number(len(rab.points)),
        "pagu": rupiah(rab.pagu_idr), "biaya": rupiah(report.total_idr),
        "opd": ", ".join(sorted({point.agency for point in rab.points})),
        "sumber_dana": ", ".join(sorted({point.fund for point in rab.points})),
        "kelurahan": ", ".join(sorted({point.kelurahan for point in rab.points})),
        "sebelum": percent(report.seen_before), "sesudah": percent(report.seen_after), "tingkat": report.level,
        "selisih": percent(report.gap), "metode": report.method_version, "sidik": report.fingerprint,
        "dihitung": moment(report.computed_at), "batas": " ".join(rab.cautions),
    }  # fmt: skip


def _table(document: DocumentType, paragraph: Paragraph, report: PlanReport) -> None:
    heads = ("rab.rank", "rab.place", "rab.coordinates", "rab.direction", "rab.usulan_code", "brief.cost")
    table: Table = document.add_table(rows=1, cols=len(heads))
    table.style = "Table Grid"
    fill_row(table, 0, [t(name) for name in heads], is_bold=True)
    for line, point in enumerate(report.rab.points, start=1):
        table.add_row()
        words = (str(point.rank), f"{point.place}, {point.kelurahan}", point.coordinates, point.direction,
                 point.usulan_code, rupiah(point.total_idr))  # fmt: skip
        fill_row(table, line, words)
    lay_out(table, WIDTHS_CM)
    place_after(paragraph, table)
    fill_marks(paragraph, {TABLE_MARK.strip("{}"): ""})
