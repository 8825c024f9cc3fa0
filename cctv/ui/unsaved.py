"""What this visit has begun to change and not saved: kept when another camera is chosen or another screen is opened."""

from typing import Any, Literal

import streamlit as st

from cctv.i18n import t
from cctv.settings import page_file

Part = Literal["map", "form", "place", "table"]
KEY = "unsaved"


def find(part: Part, record_id: str) -> Any:  # noqa: ANN401 - each part keeps what it needs to go on
    """Give what was begun on a part of the screen.

    Parameters
    ----------
    part : {"map", "form", "place", "table"}
        Map of a camera, form of a camera, place of a point that had none, page of the table.
    record_id : str
        Id of the camera or point; name of the table.

    Returns
    -------
    object
        As it was kept; None if nothing was begun.
    """
    return _all().get((part, record_id))


def keep(part: Part, record_id: str, begun: object) -> None:
    """Keep what was begun, or forget it.

    Parameters
    ----------
    part, record_id : str
        As for :func:`find`.
    begun : object
        What the part needs to go on; None if nothing is begun any more.
    """
    if begun is None:
        _all().pop((part, record_id), None)
    else:
        _all()[part, record_id] = begun


def records(part: Part) -> list[str]:
    """List the records on which something was begun.

    Parameters
    ----------
    part : {"map", "form", "place", "table"}
        Where.

    Returns
    -------
    list of str
        Their ids, sorted.
    """
    return sorted(found for where, found in _all() if where == part)


def is_unsaved(record_id: str = "") -> bool:
    """Tell whether something is not saved.

    Parameters
    ----------
    record_id : str
        Only of this record; of any by default.

    Returns
    -------
    bool
        True if something was begun.
    """
    return any(record_id in ("", found) for _, found in _all())


def unsaved_note(open_camera: str) -> None:
    """Warn about every camera but the one on the screen that waits to be saved.

    Parameters
    ----------
    open_camera : str
        Id of the camera on the screen; empty if there is none.
    """
    for record_id in sorted({found for part, found in _all() if part in ("map", "form")} - {open_camera}):
        parts = [part for part, found in sorted(_all()) if found == record_id]
        with st.container(border=True, key=f"unsaved_{record_id}"):
            what = ", ".join(t(f"unsaved.{part}") for part in parts)
            st.warning(t("unsaved.text", camera=record_id, what=what), icon=":material/edit_note:")
            with st.container(horizontal=True):
                st.button(t("unsaved.open"), key=f"unsaved_open_{record_id}", on_click=_open, args=(record_id,))
                st.button(t("unsaved.drop"), key=f"unsaved_drop_{record_id}", on_click=drop, args=(record_id,))


def reminder(page: str) -> None:
    """Remind a person on another screen of what waits on the screen of cameras.

    Parameters
    ----------
    page : str
        Name of the screen.
    """
    waiting = sorted({found for _, found in _all()})
    if waiting and page != "kamera":
        st.warning(t("unsaved.elsewhere", cameras=", ".join(waiting)), icon=":material/edit_note:")
        st.page_link(page_file("kamera"), label=t("unsaved.back"), icon=":material/videocam:")


def drop(record_id: str) -> None:
    """Forget everything that was begun on a record.

    Parameters
    ----------
    record_id : str
        Id of the camera or point.
    """
    for part, found in list(_all()):
        if found == record_id:
            del _all()[part, found]


def _open(camera_id: str) -> None:
    st.query_params["camera"] = camera_id
    st.session_state["register_view"] = "form"


def _all() -> dict[tuple[str, str], Any]:
    return st.session_state.setdefault(KEY, {})
