"""The minutes of a meeting on a plan (berita acara) as DOCX: what was decided about each point, by whom, and why."""

import io

from docx import Document
from docx.shared import Cm

from cctv.i18n import rupiah, t
from cctv.reports.content import Stamp
from cctv.reports.docx_parts import fill_row, lay_out, set_footer
from cctv.reports.plan_content import PlanReport
from cctv.reports.rab_content import RabPoint

SIGNERS = 3
WIDTHS_CM = (1.1, 4.6, 2.9, 2.3, 3.4, 2.7)
#: Heads of the table, as `minutes_row` fills it.
HEADS = ("rab.rank", "rab.place", "brief.cost", "rab.decision", "minutes.note", "minutes.recorded")


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
    document.add_paragraph(minutes_result(report))
    table = document.add_table(rows=1, cols=len(HEADS))
    table.style = "Table Grid"
    fill_row(table, 0, [t(name) for name in HEADS], is_bold=True)
    for line, point in enumerate(rab.points, start=1):
        table.add_row()
        fill_row(table, line, minutes_row(point))
    lay_out(table, WIDTHS_CM)
    document.add_heading(t("brief.limits"), 2)
    document.add_paragraph(" ".join(rab.cautions))
    signing = document.add_table(rows=1, cols=SIGNERS)
    fill_row(signing, 0, [t("minutes.signature")] * SIGNERS)
    set_footer(document, stamp)
    out = io.BytesIO()
    document.save(out)
    return out.getvalue()


def minutes_result(report: PlanReport) -> str:
    """Say how many points were accepted, postponed, refused, and left open.

    Parameters
    ----------
    report : PlanReport
        What the minutes are about.

    Returns
    -------
    str
        One sentence with the money of the accepted ones.
    """
    points = report.rab.points
    names = ("accepted", "postponed", "refused", "open")
    counts = {name: str(sum(point.decision == t(f"decision.{name}") for point in points)) for name in names}
    accepted = sum(point.total_idr for point in points if point.decision == t("decision.accepted"))
    return t("minutes.result", total=rupiah(accepted), **counts)


def minutes_row(point: RabPoint) -> tuple[str, ...]:
    """Write what was decided about a point.

    Parameters
    ----------
    point : RabPoint
        Which point.

    Returns
    -------
    tuple of str
        One entry per head of the table.
    """
    place = f"{point.place}, {point.kelurahan}"
    return str(point.rank), place, rupiah(point.total_idr), point.decision, point.decision_note, point.decided
