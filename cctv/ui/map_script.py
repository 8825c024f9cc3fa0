"""The script of a map component: what all of them share, then its own parts."""

from pathlib import Path

FOLDER = Path(__file__).parent
SHARED = "map_parts.js"


def map_script(*names: str) -> str:
    """Give the script of a map component.

    Parameters
    ----------
    *names : str
        Files beside this one, in order.

    Returns
    -------
    str
        The shared part and the files.

    Raises
    ------
    OSError
        If one of them is not there.
    """
    return "\n".join((FOLDER / part).read_text(encoding="utf-8") for part in (SHARED, *names))
