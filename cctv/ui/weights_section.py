"""Weights on the gaps screen: what makes a place important, each factor with its counts, and files of new counts."""

import numpy as np
import pandas as pd
import pydeck as pdk
import streamlit as st
from streamlit.runtime.uploaded_file_manager import UploadedFile

from cctv.errors import CctvError
from cctv.geodata.lonlat import to_lonlat
from cctv.i18n import day, moment, number, percent, t
from cctv.importers.counts import LARGEST_BYTES
from cctv.palette import rgb
from cctv.permissions import Permission
from cctv.registry import counts as count_store
from cctv.registry.counts import CountSet, Kind
from cctv.registry.models import Account
from cctv.services import weighting
from cctv.services.situation import Situation
from cctv.services.weighting import CountPreview, Effect, Origin
from cctv.ui import session
from cctv.ui.failure import show_error
from cctv.ui.map_layers import PIXELS
from cctv.ui.map_view import LegendEntry, draw_map
from coverage.demand import DEFAULT_WEIGHTS, default_weights
from coverage.errors import CoverageError
from coverage.factors import FACTORS

FILE_TYPES = ["csv", "txt", "geojson", "json"]
KINDS: tuple[Kind, ...] = ("measured", "estimated", "synthetic")
MOST_REFUSED, MOST_DRAWN = 200, 3_000


def weights_section(account: Account, found: Situation) -> None:
    """Draw the section.

    Parameters
    ----------
    account : Account
        Who is looking; only some roles may change weights.
    found : Situation
        Present situation.
    """
    st.subheader(t("weights.title"), anchor=False, help=t("weights.help"))
    st.caption(weighting.words(found.base.weights))
    with st.expander(t("weights.table"), icon=":material/balance:"):
        _classes()
        sets = count_store.list_sets(session.runtime().registry)
        if sets:
            _effects(found)
        for one in sets:
            _set(account, found, one)
        if not sets:
            st.info(t("weights.none"), icon=":material/pin_drop:")
        if session.may(Permission.SET_WEIGHTS):
            _new(account, len(sets))


def _classes() -> None:
    table = default_weights()
    st.markdown(t("weights.classes", source=table.source, day=table.as_of))
    names = sorted(DEFAULT_WEIGHTS, key=lambda name: (-DEFAULT_WEIGHTS[name], name))
    st.dataframe(
        pd.DataFrame(
            {t("gaps.class"): [t(f"space_class.{name}") for name in names],
             t("weights.weight"): [DEFAULT_WEIGHTS[name] for name in names]}
        ),
        hide_index=True, width="content",
    )  # fmt: skip


def _effects(found: Situation) -> None:
    st.markdown(t("weights.effect"))
    rows = weighting.effects(session.runtime(), found)
    st.dataframe(
        pd.DataFrame(
            {
                t("weights.choice"): [_product(row) for row in rows],
                t("weights.certain"): [percent(row.certain) for row in rows],
                t("weights.at_most"): [percent(row.at_most) for row in rows],
                t("weights.present"): [t("weights.in_force") if row.is_present else "" for row in rows],
            }
        ),
        hide_index=True,
    )


def _product(row: Effect) -> str:
    return t("weights.times").join(t(f"weights.factor_{name}") for name in ("class", *row.factors))


def _set(account: Account, found: Situation, one: CountSet) -> None:
    with st.container(border=True):
        st.markdown(
            t("weights.set", factor=t(f"weights.factor_{one.factor}"), title=one.title, source=one.source,
              day=day(one.as_of), kind=t(f"weights.kind_{one.kind}"), n=number(one.n_points),
              outside=number(one.n_outside), refused=number(one.n_refused), who=one.added_by, when=moment(one.added_at))
        )  # fmt: skip
        spread = weighting.spread(weighting.factor_of(session.runtime(), found.base.plain, one))
        steps = " · ".join(t("weights.step", factor=factor, share=percent(share)) for factor, share in spread.items())
        st.caption(t("weights.spread", steps=steps))
        if session.may(Permission.SET_WEIGHTS):
            _controls(account, one)
        else:
            st.caption(t("weights.on" if one.is_on else "weights.off"))


def _controls(account: Account, one: CountSet) -> None:
    runtime = session.runtime()
    with st.container(horizontal=True, vertical_alignment="center"):
        wanted = st.toggle(t("weights.use"), value=one.is_on, key=f"weigh_{one.set_id}_{one.version}")
        try:
            if wanted != one.is_on:
                weighting.switch(runtime, account, one, is_on=wanted, reason=t("weights.reason_switch"))
            elif st.button(t("weights.remove"), icon=":material/delete:", key=f"weigh_remove_{one.set_id}"):
                weighting.remove(runtime, account, one, t("weights.remove"))
            else:
                return
        except CctvError as error:
            show_error(error)
        else:
            st.rerun()


def _new(account: Account, n_sets: int) -> None:
    st.markdown(t("weights.add"))
    origin = _origin()
    file = st.file_uploader(
        t("weights.file"), FILE_TYPES, key=f"weights_file_{n_sets}", help=t("weights.file_help"),
        max_upload_size=LARGEST_BYTES // 1_000_000,
    )  # fmt: skip
    if file is None or origin is None:
        st.session_state.pop("weights_preview", None)
        st.session_state.pop("weights_read", None)
        return
    try:
        preview = _preview(account, file, origin)
        _show(preview)
        agreed = bool(len(preview.refused)) and st.checkbox(t("weights.without", n=number(len(preview.refused))))
        if not st.button(t("weights.keep"), type="primary", icon=":material/save:"):
            return
        weighting.add(
            session.runtime(), account, preview, reason=t("weights.reason_add"), without_refused=agreed
        )  # fmt: skip
    except (CctvError, CoverageError) as error:
        show_error(error)
    else:
        st.toast(t("weights.kept"), icon=":material/check:")
        st.rerun()


def _preview(account: Account, file: UploadedFile, origin: Origin) -> CountPreview:
    """Read an upload once, not at every touch of the screen."""
    key = (file.file_id, origin)
    if st.session_state.get("weights_read") != key:
        found = weighting.preview(session.runtime(), account, file.name, file.getvalue(), origin)
        st.session_state["weights_preview"], st.session_state["weights_read"] = found, key
    return st.session_state["weights_preview"]


def _origin() -> Origin | None:
    first, second, third = st.columns(3)
    factor = first.selectbox(
        t("weights.factor"), FACTORS, format_func=lambda name: t(f"weights.factor_{name}"), key="weights_factor",
        index=None, placeholder=t("weights.choose"),
    )  # fmt: skip
    kind = second.selectbox(
        t("weights.kind"), KINDS, format_func=lambda name: t(f"weights.kind_{name}"), key="weights_kind"
    )  # fmt: skip
    as_of = third.date_input(t("weights.as_of"), weighting.today(), format="DD/MM/YYYY", key="weights_as_of")
    title = st.text_input(t("weights.what"), key="weights_title", max_chars=weighting.LONGEST_TEXT)
    source = st.text_input(t("weights.source"), key="weights_source", max_chars=weighting.LONGEST_TEXT)
    return None if factor is None else Origin(factor, title, source, as_of, kind)


def _show(preview: CountPreview) -> None:
    counts = {"n": len(preview.points), "outside": preview.n_outside, "refused": len(preview.refused)}
    st.markdown(t("weights.preview", **{name: number(value) for name, value in counts.items()}))
    if len(preview.refused):
        shown = preview.refused.head(MOST_REFUSED)
        st.dataframe(
            pd.DataFrame(
                {
                    t("weights.row"): shown["row_no"],
                    t("weights.column"): shown["name"],
                    t("weights.value"): shown["value"],
                    t("weights.problem"): [t(f"problem.{code}") for code in shown["code"]],
                }
            ),
            hide_index=True,
        )
    _map(preview)


def _map(preview: CountPreview) -> None:
    """Draw the points, evenly thinned: a picture of where they lie, not a count."""
    colours, points = session.palette(), preview.points
    if points.empty:
        return
    drawn = points.iloc[np.linspace(0, len(points) - 1, min(len(points), MOST_DRAWN)).astype(int)]
    lon, lat = to_lonlat(drawn["x_m"], drawn["y_m"])
    layers: list[pdk.Layer] = []
    for is_inside, colour in ((True, colours.proposed), (False, colours.trouble)):
        rows = [
            {"position": [round(float(x), 6), round(float(y), 6)]}
            for x, y, inside in zip(lon, lat, drawn["is_inside"], strict=True)
            if bool(inside) is is_inside
        ]
        layers.append(
            pdk.Layer(
                "ScatterplotLayer", id=f"hitungan-{is_inside}", data=rows, get_position="position", get_radius=4,
                radius_units=PIXELS, get_fill_color=rgb(colour, 200), pickable=False,
            )
        )  # fmt: skip
    legend = [
        LegendEntry(colours.proposed, t("weights.inside"), "dot"),
        LegendEntry(colours.trouble, t("weights.outside"), "dot"),
    ]
    draw_map("weights_map", layers, legend, height=360)
