"""Pictures of the map pins: colour and shape for the status, the number of cameras, a mark for a guessed position."""

from functools import cache

from cctv.palette import PALETTES, Scheme

SIZE = 44
STATUSES = ("on", "trouble", "off")
MOST_CAMERAS = 99
MOST_POINTS, THOUSAND, LONG_LABEL = 10_000_000, 1_000, 4


def pin_name(status: str, n_cameras: int, *, is_guess: bool) -> str:
    """Name the picture of a pin.

    Parameters
    ----------
    status : {"on", "trouble", "off"}
        Status of the point.
    n_cameras : int
        Cameras on the point.
    is_guess : bool
        Whether the position is a guess.

    Returns
    -------
    str
        For example ``on-4-tebakan``.
    """
    return f"{status}-{min(n_cameras, MOST_CAMERAS)}-{'tebakan' if is_guess else 'tetap'}"


def cluster_name(n_points: int, status: str) -> str:
    """Name the picture of points that are put together; from 1,000 on the number is rounded to two digits.

    Parameters
    ----------
    n_points : int
        How many points.
    status : {"on", "trouble", "off"}
        Whether all their cameras are on, some, or none.

    Returns
    -------
    str
        For example ``kelompok-350-trouble``.
    """
    return f"kelompok-{_two_digits(n_points)}-{status}"


def _two_digits(n: int) -> int:
    unit = 10 ** max(0, len(str(n)) - 2)
    return n if n < THOUSAND else round(n / unit) * unit


@cache
def pin_svg(name: str, scheme: Scheme) -> str | None:
    """Draw the picture of a pin.

    Parameters
    ----------
    name : str
        As made by :func:`pin_name` or :func:`cluster_name`.
    scheme : {"light", "dark"}
        Colours to use.

    Returns
    -------
    str or None
        SVG text; None if there is no such pin.
    """
    if name.startswith("kelompok-"):
        return _cluster_svg(name.removeprefix("kelompok-"), scheme)
    status, _, rest = name.partition("-")
    n, _, certainty = rest.partition("-")
    if status not in STATUSES or not n.isdigit() or int(n) > MOST_CAMERAS or certainty not in ("tetap", "tebakan"):
        return None
    colours = PALETTES[scheme]
    fill = {"on": colours.seen, "trouble": colours.trouble, "off": colours.dead}[status]
    dashes = 'stroke-dasharray="4 3"' if certainty == "tebakan" else ""
    paper = colours.background
    badge = {
        "on": "",
        "trouble": f'<circle cx="34" cy="10" r="7.5" fill="{paper}"/><path d="M34 5.5v5M34 13.4v.6" stroke="{fill}" '
        'stroke-width="2.6" stroke-linecap="round"/>',
        "off": f'<circle cx="34" cy="10" r="7.5" fill="{paper}"/><path d="M31 7l6 6M37 7l-6 6" stroke="{fill}" '
        'stroke-width="2.4" stroke-linecap="round"/>',
    }[status]
    return (
        f'<svg xmlns="http://www.w3.org/2000/svg" width="{2 * SIZE}" height="{2 * SIZE}" viewBox="0 0 {SIZE} {SIZE}">'
        f'<circle cx="22" cy="22" r="14.5" fill="{fill}" stroke="{paper}" stroke-width="2.6" {dashes}/>'
        f'<text x="22" y="27.5" text-anchor="middle" font-family="Segoe UI,DejaVu Sans,sans-serif" font-weight="700" '
        f'font-size="15.5" fill="{paper}">{n}</text>{badge}</svg>'
    )


def _cluster_svg(name: str, scheme: Scheme) -> str | None:
    """Draw a square with the number of points in it."""
    number, _, status = name.partition("-")
    if not (number.isascii() and number.isdigit()) or len(number) > len(str(MOST_POINTS)) or status not in STATUSES:
        return None
    n = int(number)
    if n != _two_digits(n):
        return None
    label = number if n < THOUSAND else f"{n / THOUSAND:.1f}".rstrip("0").rstrip(".").replace(".", ",") + " rb"
    colours = PALETTES[scheme]
    fill = {"on": colours.seen, "trouble": colours.trouble, "off": colours.dead}[status]
    paper, size = colours.background, 15 if len(label) < LONG_LABEL else 11.5
    return (
        f'<svg xmlns="http://www.w3.org/2000/svg" width="{2 * SIZE}" height="{2 * SIZE}" viewBox="0 0 {SIZE} {SIZE}">'
        f'<rect x="3" y="7" width="38" height="30" rx="8" fill="{fill}" stroke="{paper}" stroke-width="2.6"/>'
        f'<text x="22" y="27" text-anchor="middle" font-family="Segoe UI,DejaVu Sans,sans-serif" font-weight="700" '
        f'font-size="{size}" fill="{paper}">{label}</text></svg>'
    )
