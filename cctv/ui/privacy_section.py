"""Privacy on the gaps screen: what cameras see of houses, the most intrusive ones with a way out, and the law."""

import math
from typing import cast

import pandas as pd
import streamlit as st

from cctv.i18n import number, percent, t
from cctv.services import compliance, privacy
from cctv.services.privacy import VIEWS, Intrusion, View
from cctv.services.situation import Situation
from cctv.settings import page_file
from cctv.ui import session
from cctv.ui.kpis import Kpi, kpi_strip

LISTED = 8


def privacy_section(found: Situation) -> None:
    """Draw the section.

    Parameters
    ----------
    found : Situation
        Present situation.
    """
    runtime = session.runtime()
    st.subheader(t("privacy.title"), anchor=False, help=t("privacy.help"))
    view = st.segmented_control(
        t("privacy.view"), VIEWS, default=VIEWS[0], format_func=lambda name: t(f"privacy.view_{name}"),
        key="privacy_view",
    )  # fmt: skip
    chosen = cast("View", view or VIEWS[0])
    intrusion = privacy.intrusion(runtime, found, chosen)
    law = compliance.compliance(runtime)
    kpi_strip([*_exposure(intrusion), _law(law)])
    honest = t("privacy.honest", n=int(intrusion.is_counted.sum()), unknown=intrusion.unknown)
    st.caption(f"{honest} {t('privacy.synthetic')}" if found.is_synthetic else honest)
    with st.spinner(t("privacy.computing")):
        table = _worst(found, intrusion, chosen)
    if table.empty:
        st.info(t("privacy.none"), icon=":material/home:")
        return
    st.markdown(t("privacy.worst", n=len(table)))
    event = st.dataframe(
        table, hide_index=True, on_select="rerun", selection_mode="single-row", key=f"privacy_list_{chosen}"
    )
    rows = event["selection"]["rows"]
    if rows:
        camera_id = str(table.iloc[rows[0], 0])
        st.page_link(
            page_file("kamera"), label=t("privacy.open", camera=camera_id), icon=":material/videocam:",
            query_params={"camera": camera_id},
        )  # fmt: skip


def turn_words(turn_deg: float, kept_share: float) -> str:
    """Say in words how far a camera must be turned and what it keeps.

    Parameters
    ----------
    turn_deg : float
        Clockwise positive [deg]; NaN if no turn helps.
    kept_share : float
        Other ground still seen, as a share of before.

    Returns
    -------
    str
        One short sentence.
    """
    if math.isnan(turn_deg):
        return t("privacy.no_turn")
    side = "right" if turn_deg > 0 else "left"
    kept = "-" if math.isnan(kept_share) else percent(kept_share, 0)
    return t(f"privacy.turn_{side}", degrees=number(abs(turn_deg)), kept=kept)


def _exposure(intrusion: Intrusion) -> list[Kpi]:
    ground, facade = float(intrusion.city.ground_m2[0]), float(intrusion.city.facade_m[0])
    return [
        Kpi(f"{number(ground)} m²", t("privacy.ground"), t("privacy.estimate"), t("privacy.ground_meaning")),
        Kpi(f"{number(facade)} m", t("privacy.facade"), t("privacy.estimate"), t("privacy.facade_meaning")),
    ]


def _law(law: compliance.Compliance) -> Kpi:
    value = t("gaps.interval", low=percent(law.low), high=percent(law.high))
    note = t("privacy.law_note", met=law.met, proved=law.proved, failed=law.failed, unknown=law.unknown)
    return Kpi(value, t("privacy.law"), note, t("privacy.law_meaning"))


def _worst(found: Situation, intrusion: Intrusion, view: View) -> pd.DataFrame:
    rows = intrusion.worst(LISTED)
    turns = [privacy.turn_of(session.runtime(), found, view, intrusion.camera_id[row]) for row in rows]
    return pd.DataFrame(
        {
            t("field.id"): [intrusion.camera_id[row] for row in rows],
            t("privacy.ground_m2"): [number(float(intrusion.per_camera.ground_m2[row]), 1) for row in rows],
            t("privacy.facade_m"): [number(float(intrusion.per_camera.facade_m[row]), 1) for row in rows],
            t("privacy.turn"): [turn_words(turn.turn_deg, turn.kept_share) for turn in turns],
        }
    )
