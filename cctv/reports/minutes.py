"""The minutes of a meeting on a plan (berita acara) as DOCX: what was decided about each point, by whom, and why."""

import io

from docx import Document
from docx.shared import Cm

from cctv.i18n import rupiah, t
from cctv.reports.content import Stamp
from cctv.reports.docx_parts import fill_row, set_footer
from cctv.reports.plan_content import PlanReport

SIGNERS = 3


def minutes(report: PlanReport, stamp: Stamp) -> bytes:
    """Write the minutes.

    Parameters
    ----------
    report : PlanReport
        What they say.
    stamp : Stamp
        Who takes them out; stands at the foot of every page.

    Returns
    -------
    bytes
        DOCX, to be completed and signed by hand.
    """
    rab = report.rab
    document = Document()
    for section in document.sections:
        section.left_margin = section.right_margin = Cm(2)
    document.add_heading(t("minutes.title"), 0)
    document.add_paragraph(t("minutes.about", plan=rab.title, id=rab.plan_id, year=rab.year))
    document.add_paragraph(t("minutes.blank"))
    counts = [sum(point.decision == t(f"decision.{word}") for point in rab.points) for word in
              ("accepted", "postponed", "refused", "open")]  # fmt: skip
    accepted = sum(point.total_idr for point in rab.points if point.decision == t("decision.accepted"))
    names = ("accepted", "postponed", "refused", "open")
    document.add_paragraph(
        t("minutes.result", total=rupiah(accepted), **dict(zip(names, map(str, counts), strict=True)))
    )
    heads = ("rab.rank", "rab.place", "brief.cost", "rab.decision", "minutes.note", "minutes.recorded")
    table = document.add_table(rows=1, cols=len(heads))
    table.style = "Table Grid"
    fill_row(table, 0, [t(name) for name in heads], is_bold=True)
    for line, point in enumerate(rab.points, start=1):
        table.add_row()
        fill_row(table, line, (str(point.rank), f"{point.place}, {point.kelurahan}", rupiah(point.total_idr),
                               point.decision, point.decision_note, point.decided))  # fmt: skip
    document.add_heading(t("brief.limits"), 2)
    document.add_paragraph(" ".join(rab.cautions))
    signing = document.add_table(rows=1, cols=SIGNERS)
    fill_row(signing, 0, [t("minutes.signature")] * SIGNERS)
    set_footer(document, stamp)
    out = io.BytesIO()
    document.save(out)
    return out.getvalue()
