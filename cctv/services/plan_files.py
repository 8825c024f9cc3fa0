"""Files of a kept plan: who may take which; logged with name and purpose; what is handed in passes the check first."""

from collections.abc import Callable
from dataclasses import dataclass, replace
from datetime import UTC, datetime

import numpy as np

from cctv.errors import NotFoundError
from cctv.permissions import Permission
from cctv.registry.access_log import log_access
from cctv.registry.models import Account
from cctv.registry.plan_models import Plan
from cctv.registry.plans import get_plan
from cctv.reports.content import Stamp
from cctv.reports.minutes import minutes
from cctv.reports.minutes_pdf import minutes_pdf
from cctv.reports.plan_brief import plan_brief
from cctv.reports.plan_content import PlanReport
from cctv.reports.plan_layers import plan_geojson, plan_geopackage
from cctv.reports.point_sheets import point_sheets
from cctv.reports.rab_workbook import rab_workbook
from cctv.reports.terms_of_reference import terms_of_reference
from cctv.reports.usulan_rows import usulan_rows
from cctv.services import accounts, situation
from cctv.services.plan_checks import require_acceptable
from cctv.services.plan_from_ranking import areas_of
from cctv.services.rab import rab_report
from cctv.services.reporting import ReportFile, checked_purpose, ground_of
from cctv.services.runtime import Runtime

ACTION = "unduh_rencana"
XLSX = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"
DOCX = "application/vnd.openxmlformats-officedocument.wordprocessingml.document"


@dataclass(frozen=True)
class PlanForm:
    """One kind of file of a plan.

    Attributes
    ----------
    suffix, media_type : str
        Ending of its name and its type.
    needs : Permission
        What a role needs to take it.
    make : callable
        Writes it from the open process, the plan and the stamp.
    is_official : bool
        Whether it is handed in: then the plan must pass the check.
    has_all : bool
        Whether refused and postponed points are in it, too.
    """

    suffix: str
    media_type: str
    needs: Permission
    make: Callable[[Runtime, Plan, Stamp], bytes]
    is_official: bool = False
    has_all: bool = False


def _workbook(runtime: Runtime, plan: Plan, stamp: Stamp) -> bytes:
    return rab_workbook(rab_report(runtime, plan), stamp)


def _of_report(write: Callable[[PlanReport, Stamp], bytes]) -> Callable[[Runtime, Plan, Stamp], bytes]:
    return lambda runtime, plan, stamp: write(plan_report(runtime, plan), stamp)


FORMS: dict[str, PlanForm] = {
    "ringkasan": PlanForm("ringkasan.pdf", "application/pdf", Permission.PLAN, _of_report(plan_brief)),
    "titik": PlanForm("lembar-titik.pdf", "application/pdf", Permission.PLAN, _of_report(point_sheets)),
    "rab": PlanForm("rab.xlsx", XLSX, Permission.PLAN, _workbook),
    "usulan": PlanForm("usulan.xlsx", XLSX, Permission.PLAN, _of_report(usulan_rows), is_official=True),
    "kak": PlanForm("kak.docx", DOCX, Permission.PLAN, _of_report(terms_of_reference), is_official=True),
    "berita": PlanForm("berita-acara.docx", DOCX, Permission.PLAN, _of_report(minutes), has_all=True),
    "berita_pdf": PlanForm(
        "berita-acara.pdf", "application/pdf", Permission.PLAN, _of_report(minutes_pdf), has_all=True
    ),
    "gpkg": PlanForm(
        "rencana.gpkg", "application/geopackage+sqlite3", Permission.EXPORT_GAPS, _of_report(plan_geopackage)
    ),
    "geojson": PlanForm("rencana.geojson", "application/geo+json", Permission.EXPORT_GAPS, _of_report(plan_geojson)),
}


def plan_file(runtime: Runtime, account: Account, plan_id: str, form: str, reason: str) -> ReportFile:
    """Make a file of a plan for a person who may have it; the access is logged first.

    Parameters
    ----------
    runtime : Runtime
        Open process.
    account : Account
        Who takes it.
    plan_id : str
        Which plan.
    form : str
        Which file, a key of ``FORMS``.
    reason : str
        For what; stands in the log and on the file.

    Returns
    -------
    ReportFile
        The file.

    Raises
    ------
    AccessError
        If the role does not allow it.
    NotFoundError
        If there is no such plan or form.
    ValidationError
        If the file is handed in and the city would refuse the plan; lists every reason.
    CctvError
        If no purpose is given, or it is too long.
    """
    chosen = FORMS.get(form)
    if chosen is None:
        raise NotFoundError("unknown_report", f"no file {form!r}", {"name": form})
    accounts.require(account, chosen.needs)
    purpose = checked_purpose(reason)
    plan = get_plan(runtime.registry, plan_id)
    if chosen.is_official:
        require_acceptable(runtime, plan)
    if not chosen.has_all:
        plan = replace(plan, points=plan.proposed)
    log_access(runtime.registry, account.username, ACTION, f"{form} {plan_id} {plan.run.fingerprint}", purpose)
    stamp = Stamp(account.username, datetime.now(UTC), purpose)
    return ReportFile(f"{plan_id}-{chosen.suffix}", chosen.media_type, chosen.make(runtime, plan, stamp))


def plan_report(runtime: Runtime, plan: Plan) -> PlanReport:
    """Gather what the sheets and map files of a plan say.

    Parameters
    ----------
    runtime : Runtime
        Open process.
    plan : Plan
        Which plan.

    Returns
    -------
    PlanReport
        In the language in use; the map shows what is seen today.
    """
    xy_m, areas = areas_of(runtime, plan.points)
    run = plan.run
    return PlanReport(
        rab=rab_report(runtime, plan), ground=ground_of(runtime, situation.current(runtime)),
        buildings=runtime.city.buildings, xy_m=xy_m, areas=areas,
        gain_m2=np.array([point.gain_m2 for point in plan.points]), seen_before=run.seen_before,
        seen_after=run.seen_after, gap=run.gap, level=run.level, is_synthetic=run.is_synthetic,
        computed_at=datetime.fromisoformat(run.computed_at), method_version=run.method_version,
        fingerprint=run.fingerprint,
    )  # fmt: skip
