"""What the coverage hangs on: repairs, points and owners that cannot be spared, double watching, who may join."""

import pandas as pd
import streamlit as st

from cctv.i18n import number, percent, rupiah, t
from cctv.services import strength
from cctv.services.questions import Answer
from cctv.ui import session

LISTED = 15
SECTIONS = ("repairs", "points", "cameras", "owners", "overlaps", "joining")


def strength_section(answer: Answer) -> None:
    """Draw one of the tables, the one that is chosen.

    Parameters
    ----------
    answer : Answer
        Cameras that count, under the conditions of the question.
    """
    st.subheader(t("strength.title"), anchor=False, help=t("strength.help"))
    chosen = st.segmented_control(
        t("strength.choose"), SECTIONS, default="repairs", format_func=lambda key: t(f"strength.{key}"),
        label_visibility="collapsed", key="strength_choice",
    )  # fmt: skip
    draw = {
        "repairs": _repairs, "points": _points, "cameras": _cameras, "owners": _owners, "overlaps": _overlaps,
        "joining": _joining,
    }  # fmt: skip
    draw[chosen or "repairs"](answer)


def _repairs(answer: Answer) -> None:
    found = strength.best_repairs(answer)
    if not len(found):
        st.success(t("strength.all_work"), icon=":material/check:")
        return
    price = strength.new_point_idr(session.runtime())
    gain = t("strength.repairs_text", n=len(found), area=number(float(found["total_m2"].iloc[-1])))
    st.markdown(gain + (" " + t("strength.new_point", price=rupiah(price)) if price is not None else ""))
    _table(found, {
        "camera": found["camera_id"] + " " + found["name"], "owner": found["owner"],
        "status": [t(f"strength.status_{status}") for status in found["status"]], "reason": found["reason"],
        "expected": found["expected_m2"].round(), "between": _interval_m2(found["low_m2"], found["high_m2"]),
    })  # fmt: skip


def _points(answer: Answer) -> None:
    st.markdown(t("strength.points_text"))
    found = strength.by_point(answer)
    _table(found, {
        "point": found["point"], "cameras": found["cameras"], "lost": found["lost_m2"].round(),
        "twice": found["twice_m2"].round(),
    })  # fmt: skip


def _cameras(answer: Answer) -> None:
    st.markdown(t("strength.cameras_text"))
    found = strength.by_camera(answer)
    _table(found, {"camera": found["camera"], "lost": found["lost_m2"].round()})


def _owners(answer: Answer) -> None:
    st.markdown(t("strength.owners_text"))
    found = strength.by_owner(answer)
    _table(found, {
        "owner": found["owner"], "cameras": found["cameras"], "lost": found["lost_m2"].round(),
    })  # fmt: skip


def _overlaps(answer: Answer) -> None:
    found = strength.shared_streets(answer)
    if not len(found):
        st.success(t("strength.no_overlap"), icon=":material/check:")
        return
    st.markdown(t("strength.overlaps_text", n=len(found)))
    _table(found, {
        "camera": found["camera_a"], "owner": found["owner_a"], "other": found["camera_b"],
        "other_owner": found["owner_b"], "street": found["street_m"].round(),
        "certain": [t("panel.yes" if certain else "strength.perhaps") for certain in found["is_certain"]],
    })  # fmt: skip


def _joining(answer: Answer) -> None:
    found = strength.if_they_join(session.runtime(), answer)
    st.markdown(t("strength.joining_text"))
    _table(found, {
        "owner": [name or t("strength.all_together") for name in found["owner"]], "cameras": found["cameras"],
        "without": _interval(found["base_low"], found["base_high"]), "with": _interval(found["low"], found["high"]),
    })  # fmt: skip


def _table(found: pd.DataFrame, columns: dict[str, object]) -> None:
    frame = pd.DataFrame({t(f"strength.col_{name}"): list(values) for name, values in columns.items()})  # pyright: ignore[reportArgumentType,reportCallIssue]
    st.dataframe(frame.head(LISTED), hide_index=True)
    if len(found) > LISTED:
        st.caption(t("strength.more", n=len(found) - LISTED))


def _interval(low: pd.Series, high: pd.Series) -> list[str]:
    return [t("gaps.interval", low=percent(a), high=percent(b)) for a, b in zip(low, high, strict=True)]


def _interval_m2(low: pd.Series, high: pd.Series) -> list[str]:
    return [t("gaps.interval", low=number(a), high=number(b)) for a, b in zip(low, high, strict=True)]
