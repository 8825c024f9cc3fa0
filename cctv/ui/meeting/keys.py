"""The keyboard of the meeting: the first arrow key works, and a button fills the screen."""

from pathlib import Path

from streamlit.components.v2 import component

from cctv.i18n import t

HTML = '<button type="button" class="full"></button>'
CSS = """
.full { font: inherit; color: var(--st-text-color); background: none; border: 1px solid var(--st-border-color);
  border-radius: 0.5rem; padding: 0.35rem 0.7rem; cursor: pointer; width: 100%; min-height: 2.5rem; }
.full:focus-visible { outline: 2px solid var(--st-primary-color); }
"""

_component = component(
    "meeting_keys", html=HTML, css=CSS, js=Path(__file__).with_name("keys.js").read_text(encoding="utf-8")
)


def meeting_keys(place: str) -> None:
    """Take the focus off whatever was clicked, each time another thing is shown.

    Parameters
    ----------
    place : str
        Names what is shown.
    """
    _component(key="meeting_keys", data={"full": t("meeting.full"), "place": place})
