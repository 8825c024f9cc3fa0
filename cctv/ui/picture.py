"""The live picture of one camera: refreshed in the browser, always with its state and age."""

from pathlib import Path

from streamlit.components.v2 import component

from cctv.i18n import t

_HERE = Path(__file__).parent
STATES = ("fresh", "cached", "last_good", "never")
REASONS = (
    "dead", "silent", "garbage", "login_refused", "blocked_by_policy", "too_large", "not_found", "slow",
    "unreadable", "maintenance", "no_address", "connecting", "restarting",
)  # fmt: skip
HTML = '<div class="frame"><img alt=""></div><div class="line"><span data-state></span><span data-age></span></div>'

_component = component(
    "camera_picture",
    html=HTML,
    css=(_HERE / "picture.css").read_text(encoding="utf-8"),
    js=(_HERE / "picture.js").read_text(encoding="utf-8"),
)


def live_picture(camera_id: str, name: str, *, width_px: int = 800) -> None:
    """Show the picture of a camera.

    Parameters
    ----------
    camera_id : str
        Which camera; the browser learns nothing else about it.
    name : str
        Name for people who do not see the picture.
    width_px : int
        Width to ask for [px].
    """
    _component(
        key=f"picture_{camera_id}",
        data={
            "url": f"/gambar/{camera_id}.jpg?lebar={width_px}",
            "alt": t("picture.alt", name=name),
            "states": {state: t(f"picture.state.{state}") for state in STATES},
            "reasons": {reason: t(f"picture.reason.{reason}") for reason in REASONS},
            "age": t("picture.age"),
            "since": t("picture.since"),
            "refused": t("picture.refused"),
            "offline": t("picture.offline"),
        },
    )
