"""Which column holds what: a suggestion with a score from the header and from what stands below it."""

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import lru_cache
from typing import Literal

from rapidfuzz import fuzz

from cctv.importers.cameras.angles import read_angle
from cctv.importers.cameras.sandbox import Cell
from cctv.importers.cameras.words import has_address, text_of

#: Field to the headers that agencies write; compared without punctuation, best first.
FIELDS: dict[str, tuple[str, ...]] = {
    "point_name": ("lokasi", "nama lokasi", "titik", "nama titik", "lokasi titik", "simpang", "nama simpang",
                   "persimpangan", "titik lokasi", "lokasi cctv", "lokasi kamera", "lokasi pemasangan", "tempat",
                   "titik cctv", "location", "site"),
    "name": ("nama", "nama kamera", "nama cctv", "kamera", "cctv", "name", "camera name", "uraian", "camera"),
    "street": ("alamat", "jalan", "nama jalan", "ruas jalan", "address", "street", "alamat lokasi"),
    "kelurahan": ("kelurahan", "kel", "desa kelurahan", "kelurahan desa"),
    "lat": ("lat", "latitude", "lintang", "garis lintang", "ls", "koordinat lintang", "koordinat y", "y", "northing",
            "utm y", "koordinat lat", "lintang selatan", "geometri lat", "titik koordinat latitude", "koordinat ls"),
    "lon": ("lon", "lng", "long", "longitude", "bujur", "garis bujur", "bt", "koordinat bujur", "koordinat x", "x",
            "easting", "utm x", "koordinat long", "bujur timur", "geometri lon", "titik koordinat longitude",
            "koordinat bt"),
    "position": ("koordinat", "titik koordinat", "lat long", "latlong", "latitude longitude", "posisi", "gps",
                 "koordinat gps", "link maps", "google maps", "link google maps", "maps", "tautan peta", "share loc",
                 "sharelok", "lokasi gps", "coordinates", "peta", "utm", "koordinat utm"),
    "direction": ("arah", "arah hadap", "arah kamera", "hadap", "menghadap", "direction", "arah pandang", "view",
                  "camera direction", "arah cctv"),
    "azimuth": ("azimut", "azimuth", "azimuth derajat", "arah derajat", "bearing", "heading", "arah azimut"),
    "owner": ("pemilik", "instansi", "opd", "milik", "kepemilikan", "dinas", "owner", "operator", "pengelola",
              "perangkat daerah", "instansi pemilik", "nama opd", "pemilik aset"),
    "status": ("status", "kondisi", "keadaan", "status kamera", "kondisi kamera", "kondisi cctv", "status cctv",
               "keterangan kondisi", "aktif", "kondisi alat", "state"),
    "count": ("jumlah", "jumlah kamera", "jml", "jml kamera", "banyak", "jumlah cctv", "jumlah unit", "volume", "vol",
              "qty", "jumlah titik kamera"),
    "stream": ("stream", "link stream", "url", "rtsp", "link", "alamat siaran", "url stream", "tautan siaran",
               "link cctv", "streaming", "live", "ip", "ip address", "ip kamera", "alamat ip", "link live"),
    "height_m": ("tinggi", "tinggi pasang", "tinggi tiang", "ketinggian", "height", "tinggi m", "tinggi kamera",
                 "ketinggian pasang"),
    "hfov_deg": ("sudut pandang", "fov", "hfov", "sudut", "lebar sudut"),
    "range_m": ("jangkauan", "jarak pandang", "range", "jarak jangkau", "jangkauan m"),
    "resolution_px": ("resolusi", "resolution", "resolusi kamera", "megapixel", "mp"),
    "camera_type": ("jenis", "tipe", "jenis kamera", "tipe kamera", "type", "camera type", "jenis cctv", "tipe cctv"),
    "model": ("merk", "merek", "model", "merk kamera", "merk tipe", "brand", "merek model"),
    "purpose": ("tujuan", "fungsi", "kegunaan", "peruntukan", "purpose", "tujuan pemasangan", "manfaat"),
    "installed_on": ("tahun", "tahun pasang", "tahun pengadaan", "tahun pemasangan", "tanggal pasang", "thn",
                     "tahun anggaran", "start date", "tgl pasang", "tahun perolehan"),
    "shape": ("geometri jenis",),
}  # fmt: skip
_NOT_OURS = {
    "no", "nomor", "no urut", "nomer", "id", "osm id", "keterangan", "ket", "catatan", "foto", "rt", "rw", "user",
    "username", "password", "kecamatan", "kec", "scheme", "format", "kategori", "user name", "pass", "timestamp",
}  # fmt: skip
ASKED, SURE = 84, 95
_BY_CONTENT = 70
_SAMPLE = 40
_COORDINATE = {"lat": (5.0, 12.0), "lon": (94.0, 142.0)}


@dataclass(frozen=True)
class Suggestion:
    """What a column probably holds.

    Attributes
    ----------
    field : str
        Key of ``FIELDS``; empty if the column is not taken over.
    score : int
        0 to 100.
    basis : {"remembered", "header", "content", "none"}
        Where the suggestion comes from.
    """

    field: str
    score: int
    basis: Literal["remembered", "header", "content", "none"]


@lru_cache(maxsize=4096)
def header_key(header: str) -> str:
    """Write a header so that the same one compares equal in the next file.

    Parameters
    ----------
    header : str
        As it stands in the file.

    Returns
    -------
    str
        Lower case words without punctuation and units.
    """
    words = re.sub(r"\((?:m|meter|derajat|deg|°|x|y|utm)?\)|[^\w\s]|_", " ", header.lower())
    return re.sub(r"\s+", " ", words).strip()


@lru_cache(maxsize=4096)
def best_field(header: str) -> tuple[str, int]:
    """Find the field whose headers are most like this one.

    Parameters
    ----------
    header : str
        As it stands in the file.

    Returns
    -------
    tuple of (str, int)
        Field and score 0 to 100; an empty field for headers that are known not to be ours.
    """
    key = header_key(header)
    if not key or key in _NOT_OURS:
        return "", 0
    for field, words in FIELDS.items():
        if key in words:
            return field, 100
    scored = [
        (max(fuzz.ratio(key, word), 0.97 * fuzz.token_sort_ratio(key, word)), field)
        for field, words in FIELDS.items()
        for word in words
        if len(word) > 2  # noqa: PLR2004 - "x" and "ls" must stand there as they are
    ]
    score, field = max(scored, key=lambda pair: pair[0])
    return field, min(99, round(score))


def suggest(
    headers: Sequence[str], rows: Sequence[Sequence[Cell]], remembered: Mapping[str, str] | None = None
) -> list[Suggestion]:
    """Suggest a field for each column; every field once, the best column first.

    Parameters
    ----------
    headers : sequence of str
        Headers.
    rows : sequence of sequence
        Cells below them.
    remembered : mapping, optional
        Header key to field, as a person of this agency confirmed it earlier; an empty field means "not taken over".

    Returns
    -------
    list of Suggestion
        One per column.
    """
    known = remembered or {}
    offers: list[tuple[int, int, str, Suggestion]] = []
    result = [Suggestion("", 0, "none") for _ in headers]
    sample = [row for row in rows[: 4 * _SAMPLE] if any(cell not in (None, "") for cell in row)][:_SAMPLE]
    for column, header in enumerate(headers):
        key = header_key(header)
        if key in known:
            result[column] = Suggestion(known[key], 100, "remembered")
            continue
        cells = [row[column] for row in sample if column < len(row) and row[column] not in (None, "")]
        offer = _offer(header, cells)
        if offer.score >= min(ASKED, _BY_CONTENT) and offer.field:
            offers.append((-offer.score, column, offer.field, offer))
    taken = {suggestion.field for suggestion in result if suggestion.field}
    for _, column, field, offer in sorted(offers, key=lambda item: item[:2]):
        if field not in taken:
            result[column] = offer
            taken.add(field)
    return result


def _offer(header: str, cells: Sequence[Cell]) -> Suggestion:
    field, score = best_field(header)
    content = _by_content(cells)
    if score >= ASKED:
        if field in _COORDINATE and content == "position":
            return Suggestion("position", score, "content")
        if field == "position" and content == "stream":
            return Suggestion("stream", _BY_CONTENT, "content")
        return Suggestion(field, score, "header")
    if content and header_key(header) not in _NOT_OURS:
        return Suggestion(content, _BY_CONTENT + 5 * (field == content), "content")
    return Suggestion("", score, "none")


def _by_content(cells: Sequence[Cell]) -> str:
    """Say what most cells look like: links of maps, stream addresses, coordinates, pairs of them."""
    if not cells:
        return ""
    kinds = [_kind(cell) for cell in cells]
    usual = max(set(kinds), key=kinds.count)
    return usual if kinds.count(usual) >= 0.7 * len(kinds) else ""


def _kind(cell: Cell) -> str:
    text = text_of(cell)
    angle = read_angle(cell)
    if angle is not None:
        is_fine = not float(angle.value).is_integer()
        fits = (name for name, (low, high) in _COORDINATE.items() if low <= abs(angle.value) <= high)
        return next(fits, "") if is_fine else ""
    if has_address(text):
        return "stream"
    is_pair = re.fullmatch(r"\(?-?\d{1,2}[.,]\d{3,}\s*[,;\s]\s*\d{3}[.,]\d{3,}\)?", text) is not None
    return "position" if is_pair or re.search(r"//\S*(?:maps|goo\.gl)", text) else ""
