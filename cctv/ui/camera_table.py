"""The table of cameras: what a search finds, page by page, and the register of an earlier day."""

from collections.abc import Callable
from datetime import UTC, date, datetime, time
from typing import Any

import streamlit as st

from cctv.i18n import WIB, day, number, t
from cctv.registry.camera_pages import Found, Search, camera_page, count_cameras, offered
from cctv.registry.models import Account
from cctv.services import editing, mapdata
from cctv.ui import session
from cctv.ui.bulk_section import bulk_section
from cctv.ui.table_edits import Asked, edit_page, table_frame, table_height

PAGE = 200


def camera_table(account: Account, *, editable: bool) -> None:
    """Draw the table.

    Parameters
    ----------
    account : Account
        Who is looking.
    editable : bool
        Whether the account may change things.
    """
    config = _columns()
    if (past := _day_of_the_past()) is not None:
        _past_table(past, config)
        return
    search, first = _asked()
    registry = session.runtime().registry
    if not editable:
        found = camera_page(registry, search, first=first, most=PAGE)
        if found:
            st.dataframe(table_frame(found), column_config=config, height=table_height(len(found)))
        return
    edit_page(account, Asked(search, first, PAGE), config)
    bulk_section(account, search)


def _asked() -> tuple[Search, int]:
    """Ask what to look for, and which page of it."""
    registry = session.runtime().registry
    some = offered(registry)
    with st.container(horizontal=True, vertical_alignment="bottom", key="table_search"):
        text = st.text_input(
            t("table.search"), key="table_text", placeholder=t("map.search_hint"), icon=":material/search:", width=280
        )
        owners = _pick("field.owner", "owners", list(some.owners), lambda key: some.owners[key])
        statuses = _pick("field.status", "statuses", list(some.statuses), lambda key: t(f"status.{key}"))
        kelurahan = _pick("field.kelurahan", "kelurahan", list(some.kelurahan), str)
    search = Search(text, tuple(owners), tuple(statuses), tuple(kelurahan))
    n = count_cameras(registry, search)
    pages = max(1, -(-n // PAGE))
    if not n:
        st.info(t("table.nothing"), icon=":material/search_off:")
        return search, 0
    with st.container(horizontal=True, vertical_alignment="center"):
        page = 1
        if pages > 1:
            page = st.number_input(
                t("table.page", n=number(pages)), 1, pages, key=f"table_page_{hash(search)}", width=160
            )
        first = (page - 1) * PAGE
        st.caption(t("table.found", n=number(n), first=number(first + 1), last=number(min(n, first + PAGE))))
    return search, first


def _pick(label: str, key: str, options: list[str], words: Callable[[str], str]) -> list[str]:
    return st.multiselect(
        t(label), options, key=f"table_{key}", format_func=words, placeholder=t("map.all"), width=220
    )  # fmt: skip


def _day_of_the_past() -> date | None:
    """Ask for a day; None shows and edits the present."""
    today = datetime.now(UTC).astimezone(WIB).date()
    asked = st.date_input(
        t("timeline.as_of"), value=None, max_value=today, format="DD/MM/YYYY", help=t("timeline.as_of_help"), width=220,
    )  # fmt: skip
    return asked if isinstance(asked, date) else None


def _past_table(asked: date, config: dict[str, Any]) -> None:
    end = datetime.combine(asked, time.max, WIB)
    past = mapdata.points_as_of(session.runtime(), end)
    if not past:
        st.info(t("timeline.as_of_empty", day=day(asked)), icon=":material/history:")
        return
    frame = table_frame([Found(item.point, camera) for item in past for camera in item.cameras])
    st.info(t("timeline.as_of_text", day=day(asked), n=len(frame)), icon=":material/history:")
    st.dataframe(frame, column_config=config, height=560)


def _columns() -> dict[str, Any]:
    column = st.column_config
    statuses, sources = ["on", "off", "trouble", "maintenance"], ["measured", "aimed", "words", "unknown"]
    return {
        "_index": column.TextColumn(t("field.id"), pinned=True),
        "point": column.TextColumn(t("register.point"), pinned=True),
        "kelurahan": t("field.kelurahan"),
        "agency": t("field.owner"),
        "name": t("field.name"),
        "status": column.SelectboxColumn(t("field.status"), options=statuses, format_func=lambda s: t(f"status.{s}")),
        "azimuth_deg": column.NumberColumn(t("register.azimuth_deg"), min_value=0, max_value=359.99),
        "azimuth_source": column.SelectboxColumn(
            t("register.azimuth_source"), options=sources, format_func=lambda s: t(f"azimuth.{s}")
        ),
        "height_m": column.NumberColumn(t("register.height_m"), min_value=0.5, max_value=60),
        "hfov_deg": column.NumberColumn(t("register.hfov_deg"), min_value=1, max_value=360),
        "range_m": column.NumberColumn(t("register.range_m"), min_value=1, max_value=1000),
        "purpose": column.SelectboxColumn(t("field.purpose"), options=["", *editing.PURPOSES]),
        "sign": column.CheckboxColumn(t("field.sign")),
        "azimuth_words": t("register.azimuth_words"),
        "kind": t("field.kind"),
        "version": None,
    }
