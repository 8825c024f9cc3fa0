"""The health screen: cameras that answer, the last day by owner, uptime, and what the register says instead."""

from collections.abc import Callable
from datetime import UTC, datetime, timedelta

import altair as alt
import pandas as pd
import streamlit as st

from cctv.i18n import WIB, moment, number, percent, t
from cctv.permissions import Permission
from cctv.registry.models import Account
from cctv.services.camera_health import ROUND_PERIOD_S, SPANS_H, Health, health
from cctv.ui import session
from cctv.ui.backup_section import backup_section
from cctv.ui.kpis import Kpi, kpi_strip
from cctv.ui.maintenance_report import fault_buttons

#: A row is the name of the owner with its cells below, so that a phone gives its whole width to the hours.
ROW_PX, CELL_PX, NAME_PX = 46, 26, 17
#: Shares at which the colour of a cell changes.
STEPS = (0.9, 0.995)
UNKNOWN = "-"


def health_screen(account: Account) -> None:
    """Draw the screen.

    Parameters
    ----------
    account : Account
        Who is looking; an account of one agency sees its own cameras.
    """
    st.title(t("health.title"), anchor=False, help=t("health.help"))
    _found(account)
    if session.may(Permission.MANAGE_ACCOUNTS):
        _service()
        backup_section(account)


@st.fragment(run_every=ROUND_PERIOD_S)
def _found(account: Account) -> None:
    found = health(session.runtime(), account)
    if found.first_poll is None:
        st.info(t("health.none"), icon=":material/hourglass_empty:")
        return
    kpi_strip(_kpis(found))
    st.caption(t("health.caption", first=moment(found.first_poll), period=number(ROUND_PERIOD_S)))
    if session.runtime().settings.is_demo:
        st.caption(t("health.simulated"))
    st.subheader(t("health.hours"), anchor=False, help=t("health.hours_help"))
    st.altair_chart(hour_chart(hour_frame(found.hours), datetime.now(UTC)))
    st.subheader(t("health.owners"), anchor=False, help=t("health.uptime_help"))
    st.dataframe(_shown(found.owners, ["owner", "cameras", "answering", *SPANS_H]), hide_index=True)
    contradicted = found.contradicted
    st.subheader(t("health.contradicted_title"), anchor=False, help=t("health.contradicted_help"))
    if contradicted.empty:
        st.success(t("health.agreed"), icon=":material/check:")
    else:
        _contradicted(account, contradicted)
    with st.expander(t("health.all_cameras", n=number(len(found.cameras)))):
        columns = ["camera_id", "name", "owner", "reason", "last_poll", *SPANS_H]
        st.dataframe(_shown(found.cameras, columns), hide_index=True)


def _contradicted(account: Account, found: pd.DataFrame) -> None:
    """List the cameras whose status is wrong; a click on one offers to report it."""
    event = st.dataframe(
        _shown(found, ["camera_id", "name", "owner", "status", "reason"]), hide_index=True, on_select="rerun",
        selection_mode="single-row", key="contradicted",
    )  # fmt: skip
    if not session.may(Permission.REPORT_FAULTS):
        return
    picked = event["selection"]["rows"]
    if picked and picked[0] < len(found):
        st.markdown(t("fault.which", camera=found["camera_id"].iloc[picked[0]], name=found["name"].iloc[picked[0]]))
        fault_buttons(account, str(found["camera_id"].iloc[picked[0]]))
    else:
        st.caption(t("fault.pick"))


def hour_frame(hours: pd.DataFrame) -> pd.DataFrame:
    """Lay out the last day for the chart.

    Parameters
    ----------
    hours : DataFrame
        ``owner``, ``hour`` and ``share`` per camera, as :class:`cctv.services.camera_health.Health` has it.

    Returns
    -------
    DataFrame
        One row per owner and hour: mean ``share``, ``cameras``, and texts for people.
    """
    frame = hours.groupby(["owner", "hour"], as_index=False).agg(share=("share", "mean"), cameras=("share", "size"))
    local = [hour.astimezone(WIB) for hour in frame["hour"]]
    return frame.assign(
        at=[_label(hour) for hour in local],
        answered=[percent(share) for share in frame["share"]],
    )


def hour_chart(frame: pd.DataFrame, now: datetime) -> alt.LayerChart | alt.FacetChart:
    """Draw a heat map of owners and hours; where not everything was answered the share stands in the cell.

    Parameters
    ----------
    frame : DataFrame
        As laid out by :func:`hour_frame`.
    now : datetime
        The present moment, aware; the chart ends there and begins a day before.

    Returns
    -------
    altair.LayerChart or altair.FacetChart
        Cells with numbers.
    """
    colours = session.palette()
    day = [_label((now - timedelta(hours=ago)).astimezone(WIB)) for ago in reversed(range(SPANS_H["day"]))]
    axis = alt.Axis(labelAngle=0, labelOverlap=True, labelExpr="slice(datum.label, 6)")
    hours = alt.X("at:O", sort=day, scale=alt.Scale(domain=day), title=t("health.hour_axis"), axis=axis)
    owners = alt.Y("owner:N", axis=None)
    scale = alt.Scale(type="threshold", domain=list(STEPS), range=[colours.dead, colours.trouble, colours.seen])
    tips = [alt.Tooltip(name, title=t(f"health.{name}")) for name in ("owner", "at", "answered", "cameras")]
    base = alt.Chart(frame).encode(x=hours, y=owners, tooltip=tips)
    cells = base.mark_rect(
        stroke=colours.background, strokeWidth=2, cornerRadius=3, height=CELL_PX, yOffset=NAME_PX / 2
    ).encode(color=alt.Color("share:Q", scale=scale, legend=None))
    less = f"datum.share >= {STEPS[-1]} ? '' : format(floor(datum.share * 100), 'd')"
    words = base.transform_calculate(words=less).mark_text(
        color=colours.background, fontSize=10, yOffset=NAME_PX / 2
    ).encode(text="words:N")  # fmt: skip
    names = alt.Chart(frame[["owner"]].drop_duplicates()).mark_text(
        align="left", baseline="middle", color=colours.text, fontSize=12, yOffset=-CELL_PX / 2
    ).encode(y=owners, x=alt.value(2), text="owner:N")  # fmt: skip
    return alt.layer(cells, words, names).properties(height=ROW_PX * max(frame["owner"].nunique(), 1))


def _label(hour: datetime) -> str:
    return f"{hour:%d/%m %H}.00"


def _kpis(found: Health) -> list[Kpi]:
    polls, answered = found.cameras["month_polls"].sum(), found.cameras["month_answered"].sum()
    never = int(found.cameras["reason"].isna().sum())
    return [
        Kpi(
            f"{number(found.answering)} / {number(len(found.cameras))}", t("health.answering"),
            t("health.never", n=number(never)) if never else "", t("health.answering_meaning"),
        ),
        Kpi(percent(answered / polls) if polls else UNKNOWN, t("health.month"), "", t("health.uptime_help")),
        Kpi(number(len(found.contradicted)), t("health.contradicted"), "", t("health.contradicted_help")),
    ]  # fmt: skip


def _shown(frame: pd.DataFrame, columns: list[str]) -> pd.DataFrame:
    """Write a table for people: words for codes, percent for shares, and a dash for what is not known."""
    words: dict[str, Callable[[object], str]] = {
        "reason": lambda code: t("health.answers") if code == "" else t(f"picture.reason.{code}"),
        "status": lambda code: t(f"status.{code}"),
        "last_poll": lambda at: moment(pd.Timestamp(str(at)).to_pydatetime()),
        **dict.fromkeys(SPANS_H, lambda share: percent(float(str(share)))),
    }
    return pd.DataFrame(
        {
            t(f"health.{name}"): [_word(value, words.get(name)) for value in frame[name]] if name in words
            else frame[name].to_list()
            for name in columns
        }
    )  # fmt: skip


def _word(value: object, write: Callable[[object], str] | None) -> str:
    if write is None or value is None or value is pd.NaT or value != value:  # noqa: PLR0124 - not a number
        return UNKNOWN
    return write(value)


def _service() -> None:
    """Tell the administrator how the process is that talks to the cameras."""
    st.subheader(t("health.service"), anchor=False, help=t("health.service_help"))
    pictures = session.runtime().pictures
    state = pictures.health()
    inside = pictures.inside() or {}
    kpi_strip([
        Kpi(t(f"health.state_{state.state}"), t("health.state"), t("health.restarts", n=number(state.restarts))),
        Kpi(number(inside["streams"]) if "streams" in inside else UNKNOWN, t("health.streams")),
        Kpi(
            number(len(inside["decoders"])) if "decoders" in inside else UNKNOWN, t("health.decoders"),
            t("health.replaced", n=number(inside.get("replaced", 0))),
        ),
    ])  # fmt: skip
