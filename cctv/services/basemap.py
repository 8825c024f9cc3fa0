"""The offline base map as it is served: style, vector tiles and label glyphs, all from this machine."""

import gzip
import json
import re
from dataclasses import dataclass
from functools import cache, lru_cache
from pathlib import Path
from threading import Lock

from cctv.errors import NotFoundError
from cctv.geodata import load_city
from cctv.geodata.tiles import MAX_ZOOM, MIN_ZOOM, TileSource
from cctv.palette import PALETTES, Scheme
from cctv.services import mapstyle
from cctv.settings import ROOT, Settings

GLYPH_DIR = ROOT / "data" / "glyphs"
_RANGE = re.compile(r"(\d{1,5})-(\d{1,5})")
_TILES_KEPT = 1024
_NO_GLYPHS = b"\n\x00"  # one empty stack; renderers refuse an answer without content
_preparing = Lock()
_prepared: dict[str, TileSource] = {}


@dataclass(frozen=True)
class MapFile:
    """One answer of the base map.

    Attributes
    ----------
    body : bytes
        Content, gzip-compressed where ``encoding`` says so.
    media_type : str
        MIME type.
    encoding : str
        Content-Encoding, empty for none.
    etag : str
        Changes when the content can have changed.
    """

    body: bytes
    media_type: str
    encoding: str
    etag: str

    @property
    def headers(self) -> dict[str, str]:
        """Headers of the answer; browsers keep it and ask again whether it still holds."""
        headers = {"ETag": f'"{self.etag}"', "Cache-Control": "private, max-age=3600"}
        return headers | ({"Content-Encoding": self.encoding} if self.encoding else {})


def style(settings: Settings, scheme: str, base_url: str, *, show_guess: bool = False) -> MapFile:
    """Give the map style of a colour scheme.

    Parameters
    ----------
    settings : Settings
        Says where the city layers are.
    scheme : str
        ``light`` or ``dark``.
    base_url : str
        Where the browser reaches this app, ``http://127.0.0.1:8501``; without a closing slash.
    show_guess : bool
        Whether streets whose course is a guess are drawn.

    Returns
    -------
    MapFile
        Mapbox style of version 8, JSON.

    Raises
    ------
    NotFoundError
        If there is no such scheme.
    GeodataError
        If the city layers cannot be read.
    """
    known: Scheme | None = next((name for name in PALETTES if name == scheme), None)
    if known is None:
        raise NotFoundError("map_scheme", f"no colour scheme {scheme!r}", {"scheme": scheme})
    source = _source(settings.geo_dir)
    content = mapstyle.style(known, base_url, source, show_guess=show_guess)
    body = json.dumps(content, ensure_ascii=False, separators=(",", ":")).encode()
    return MapFile(body, "application/json", "", f"{source.version}-{known}-{show_guess:d}-{len(body)}")


def tile(settings: Settings, z: int, x: int, y: int) -> MapFile:
    """Give one vector tile.

    Parameters
    ----------
    settings : Settings
        Says where the city layers are.
    z, x, y : int
        Zoom, column and row of the tile (row 0 is the northernmost).

    Returns
    -------
    MapFile
        Mapbox vector tile, gzip-compressed.

    Raises
    ------
    NotFoundError
        If there is no such tile.
    GeodataError
        If the city layers cannot be read.
    """
    if not MIN_ZOOM <= z <= MAX_ZOOM or not 0 <= x < 2**z or not 0 <= y < 2**z:
        raise NotFoundError("map_tile", f"no tile {z}/{x}/{y}", {"tile": f"{z}/{x}/{y}"})
    source = _source(settings.geo_dir)
    body = _tile(source, z, x, y)
    return MapFile(body, "application/vnd.mapbox-vector-tile", "gzip", f"{source.version}-{z}-{x}-{y}")


def glyphs(fontstack: str, span: str) -> MapFile:
    """Give the drawn letters of one range of characters.

    Parameters
    ----------
    fontstack : str
        Name of the font, ``Plus Jakarta Sans Medium``.
    span : str
        First and last character, ``0-255``.

    Returns
    -------
    MapFile
        Glyphs as distance fields; none for characters that the font does not have.

    Raises
    ------
    NotFoundError
        If there is no such font or no such range.
    """
    match = _RANGE.fullmatch(span)
    if fontstack not in mapstyle.FONTS or match is None or int(match[2]) - int(match[1]) != 255:  # noqa: PLR2004
        raise NotFoundError("map_glyphs", f"no glyphs {fontstack!r} {span!r}", {"fontstack": fontstack})
    body = _glyphs(GLYPH_DIR / fontstack.replace(" ", "-") / f"{match[0]}.pbf")
    return MapFile(body, "application/x-protobuf", "", f"{fontstack.replace(' ', '-')}-{match[0]}-{len(body)}")


def warm_up(settings: Settings) -> None:
    """Prepare the tiles, so that the first map does not wait.

    Parameters
    ----------
    settings : Settings
        Says where the city layers are.

    Raises
    ------
    GeodataError
        If the city layers cannot be read.
    """
    _source(settings.geo_dir)


def _source(geo_dir: Path) -> TileSource:
    """Give the prepared layers of the present version of the city."""
    city = load_city(geo_dir)
    with _preparing:
        if city.manifest.fingerprint not in _prepared:
            _prepared.clear()  # only the present version is ever asked for
            _prepared[city.manifest.fingerprint] = TileSource.from_city(city)
        return _prepared[city.manifest.fingerprint]


@lru_cache(maxsize=_TILES_KEPT)
def _tile(source: TileSource, z: int, x: int, y: int) -> bytes:
    return gzip.compress(source.encode(z, x, y), compresslevel=6, mtime=0)


@cache
def _glyphs(path: Path) -> bytes:
    return path.read_bytes() if path.exists() else _NO_GLYPHS
