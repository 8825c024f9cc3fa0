"""The script of a map component: what all of them share, then its own."""

from pathlib import Path

FOLDER = Path(__file__).parent
SHARED = "map_parts.js"


def map_script(name: str) -> str:
    """Give the script of a map component.

    Parameters
    ----------
    name : str
        File beside this one.

    Returns
    -------
    str
        The shared part and the file.

    Raises
    ------
    OSError
        If there is no such file.
    """
    return "\n".join((FOLDER / part).read_text(encoding="utf-8") for part in (SHARED, name))
