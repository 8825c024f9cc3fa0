"""Fields of the register and their values as people read them, the same in forms, comparisons and the history."""

from datetime import datetime
from typing import Any

from cctv.i18n import has_text, moment, number, t
from cctv.registry.store import Row

#: Fields whose values are words of the screens, and where those stand.
WORDED = {
    "status": "status", "azimuth_source": "azimuth", "camera_type": "camera_type", "kind": "kind",
    "position_certainty": "certainty", "mount": "mount", "state": "ticket_state",
}  # fmt: skip
AREAS = ("timeline.field", "register", "field", "maintenance")
PLACES = frozenset({"lon", "lat"})
MOMENTS = frozenset({"status_since", "closed_at", "reported_at"})


def field_words(name: str) -> str:
    """Name a field.

    Parameters
    ----------
    name : str
        Column of the register.

    Returns
    -------
    str
        Its name on the screens, or the column itself if it has none.
    """
    return next((t(f"{area}.{name}") for area in AREAS if has_text(f"{area}.{name}")), name)


def value_words(name: str, value: Any) -> str:  # noqa: ANN401 - any field of a record
    """Write the value of a field.

    Parameters
    ----------
    name : str
        Column of the register.
    value : object
        Its value; None is unknown.

    Returns
    -------
    str
        In the language of the screen.
    """
    if value is None or value == "":
        return t("panel.unknown")
    words = f"{WORDED.get(name)}.{value}"
    if has_text(words):
        return t(words)
    if name in MOMENTS:
        return moment(datetime.fromisoformat(str(value)))
    if isinstance(value, bool):
        return t("panel.yes" if value else "panel.no")
    if isinstance(value, float):
        return f"{value:.6f}" if name in PLACES else number(value, 1)
    return str(value)


def difference_words(before: Row, after: Row) -> list[str]:
    """Say what a change did.

    Parameters
    ----------
    before, after : dict
        The record as the history keeps it.

    Returns
    -------
    list of str
        One line per changed field: name, before and after.
    """
    names = [name for name in after if before.get(name) != after[name] and name != "version"]
    return [
        f"{field_words(name)}: {value_words(name, before.get(name))} → {value_words(name, after[name])}"
        for name in names
    ]
