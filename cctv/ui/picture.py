"""The live picture of one camera: still or moving, refreshed in the browser, always with its state and age."""

from collections.abc import Callable
from pathlib import Path

import streamlit as st
from streamlit.components.v2 import component

from cctv.i18n import t
from cctv.registry.models import Camera
from cctv.services.along import Neighbours

_HERE = Path(__file__).parent
STATES = ("fresh", "cached", "last_good", "never")
REASONS = (
    "dead", "silent", "garbage", "login_refused", "blocked_by_policy", "too_large", "no_such_picture", "slow",
    "unreadable", "maintenance", "no_address", "connecting", "restarting", "crowded",
)  # fmt: skip
ENDED = ("moving_ended", "moving_signed_out", "moving_crowded")
WORDS = ("still", "still_help", "moving", "moving_help", "full", "no_before", "no_after")


def _icon(path: str) -> str:
    return f'<svg viewBox="0 0 24 24" aria-hidden="true"><path d="{path}"/></svg>'


HTML = (
    '<div class="frame"><img alt=""></div><div class="line"><span data-state></span><span data-age></span></div>'
    '<div class="bar" hidden>'
    f'<button type="button" data-before>{_icon("M15 5l-7 7 7 7")}</button>'
    f'<button type="button" data-after>{_icon("M9 5l7 7-7 7")}</button>'
    '<div class="modes" role="group"><button type="button" data-mode="still"></button>'
    '<button type="button" data-mode="moving"></button></div>'
    f'<button type="button" data-full>{_icon("M4 9V4h5M20 9V4h-5M4 15v5h5M20 15v5h-5")}</button>'
    '</div><div data-note role="status"></div>'
)

_component = component(
    "camera_picture",
    html=HTML,
    css=(_HERE / "picture.css").read_text(encoding="utf-8"),
    js=(_HERE / "picture.js").read_text(encoding="utf-8"),
)


def live_picture(
    camera_id: str,
    name: str,
    *,
    width_px: int = 800,
    controls: bool = False,
    along: Neighbours | None = None,
    go: Callable[[str], None] = lambda _camera_id: None,
) -> str | None:
    """Show the picture of a camera.

    Parameters
    ----------
    camera_id : str
        Which camera; the browser learns nothing else about it.
    name : str
        Name for people who do not see the picture.
    width_px : int
        Width to ask for [px]; a moving picture has the width of the settings.
    controls : bool
        Whether to offer the moving picture, the full screen and the neighbours.
    along : Neighbours, optional
        The cameras before and after it on its street.
    go : callable
        Called before the screen is drawn again, with the camera that somebody wants to go to.

    Returns
    -------
    str or None
        The same camera, in the run after the click.
    """
    along = along or Neighbours()
    key = f"picture_{camera_id}"
    result = _component(
        key=key,
        data={
            "camera": camera_id,
            "url": f"/gambar/{camera_id}.jpg?lebar={width_px}",
            "moving_url": f"/gambar/{camera_id}.mjpg",
            "controls": controls,
            "before": _neighbour("before", along.before, along.street),
            "after": _neighbour("after", along.after, along.street),
            "alt": t("picture.alt", name=name),
            "states": {state: t(f"picture.state.{state}") for state in STATES},
            "reasons": {reason: t(f"picture.reason.{reason}") for reason in REASONS},
            "ended": {code: t(f"picture.ended.{code}") for code in ENDED},
            "words": {word: t(f"picture.{word}") for word in WORDS},
            "age": t("picture.age"),
            "age_minutes": t("picture.age_minutes"),
            "since": t("picture.since"),
            "stopped": t("picture.stopped"),
            "refused": t("picture.refused"),
            "offline": t("picture.offline"),
        },
        on_go_change=lambda: go(st.session_state[key].go),
    )
    return result.go


def _neighbour(way: str, camera: Camera | None, street: str) -> dict[str, str] | None:
    if camera is None:
        return None
    return {"camera": camera.camera_id, "words": t(f"picture.{way}", street=street, name=camera.name)}
