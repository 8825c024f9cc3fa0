# ruff: noqa: RUF001, E501 - cells as agencies type them
"""Lists as agencies write them, with the truth beside each row: the rates are those measured on public registers."""

import math
import random
from dataclasses import dataclass

from pyproj import Transformer

from cctv.importers.cameras.town import Owner, Place, Town

PLACES = (
    Place("Stasiun Mojokerto", 112.4345, -7.4725), Place("Alun-Alun Kota Mojokerto", 112.4336, -7.4635),
    Place("Pasar Tanjung Anyar", 112.4312, -7.4667), Place("Terminal Kertajaya", 112.4560, -7.4800),
)  # fmt: skip
OWNERS = (
    Owner("dishub", "Dinas Perhubungan"), Owner("diskominfo", "Dinas Komunikasi dan Informatika"),
    Owner("polres", "Polres Mojokerto Kota"), Owner("satpolpp", "Satuan Polisi Pamong Praja"),
    Owner("dpuprprkp", "DPUPRPRKP (pekerjaan umum)"), Owner("dinkes", "Dinas Kesehatan dan RSUD"),
    Owner("swasta-bank", "Bank (sintetis)"),
)  # fmt: skip
TOWN = Town(112.40, -7.50, 112.475, -7.44, PLACES, OWNERS)
OWNER_WORDS = {
    "dishub": ("Dishub", "DISHUB Kota Mojokerto", "Dinas Perhubungan", "Dinas Perhubungan Kota Mojokerto", "dishub", "Dis. Perhubungan"),
    "diskominfo": ("Diskominfo", "Kominfo", "Dinas Komunikasi dan Informatika", "DISKOMINFO Kota Mojokerto"),
    "polres": ("Polres Mojokerto Kota", "Polresta", "POLRES", "Polresta Mojokerto"),
    "satpolpp": ("Satpol PP", "SATPOL PP Kota Mojokerto", "Satuan Polisi Pamong Praja", "Satpolpp"),
    "dpuprprkp": ("DPUPRPRKP", "DPUPR", "PUPR"),
    "dinkes": ("Dinkes", "Dinas Kesehatan", "DINKES Kota Mojokerto"),
}  # fmt: skip
STATUS_WORDS = {
    "on": ("aktif", "Aktif", "ON", "nyala", "Menyala", "online", "berfungsi", "Baik"),
    "off": ("mati", "Mati", "OFF", "tidak aktif", "offline", "Non aktif", "Tidak menyala"),
    "trouble": ("rusak", "gangguan", "Rusak ringan"),
    "maintenance": ("perbaikan", "Dalam perbaikan", "pemeliharaan"),
}
CARDINALS = {
    0: ("Utara", "Arah Utara", "arah utara", "ke Utara", "U"), 90: ("Timur", "Arah Timur", "Menghadap Timur", "T"),
    180: ("Selatan", "Arah Selatan", "hadap selatan", "S"), 270: ("Barat", "Arah Barat", "arah ke barat", "B"),
    45: ("Timur Laut", "arah timurlaut"), 135: ("Tenggara", "Arah Tenggara"), 225: ("Barat Daya", "arah barat daya"),
    315: ("Barat Laut", "Arah Barat Laut"),
}  # fmt: skip
STREETS = ("Gajah Mada", "Majapahit", "Empunala", "Pahlawan", "Bhayangkara", "Brawijaya", "A Yani Utara", "Surodinawan")
HEADERS = (
    "No.",
    "Lokasi",
    "Lintang",
    "Bujur",
    "Koordinat",
    "Arah",
    "Jml Kamera",
    "Kondisi",
    "Instansi",
    "URL",
    "Tinggi (m)",
)
_TO_UTM = Transformer.from_crs("EPSG:4326", "EPSG:32749", always_xy=True)


@dataclass(frozen=True)
class Truth:
    """What a row means; None where the row does not say it."""

    lon: float | None
    lat: float | None
    step_m: float
    azimuth: float | None
    owner: str
    status: str
    count: int
    stream: str
    height: float | None
    style: str


def _dms(value: float, quotes: str, decimals: int = 1) -> str:
    value = abs(value)
    degrees, minutes = int(value), int(value % 1 * 60)
    seconds = round((value - degrees - minutes / 60) * 3600, decimals)
    return f"{degrees}{quotes[0]}{minutes}{quotes[1]}{min(seconds, 59.9)}{quotes[2]}"


def position(style: str, lon: float, lat: float) -> tuple[object, object, object]:
    """Write a position in one of the styles that lists have: cells of latitude, longitude and both."""
    x, y = _TO_UTM.transform(lon, lat)
    comma = f"{lat:.6f}".replace(".", ","), f"{lon:.6f}".replace(".", ",")
    dotted = [f"{sign}{whole}.{rest[:3]}.{rest[3:6]}" for sign, whole, rest in
              (("-", str(abs(int(lat))), f"{abs(lat):.6f}".split(".")[1]), ("", str(int(lon)), f"{lon:.6f}".split(".")[1]))]  # fmt: skip
    return {
        "number": (round(lat, 7), round(lon, 7), ""),
        "text": (f"{lat:.6f}", f"{lon:.6f}", ""),
        "degree": (f"{lat:.6f}°", f"{lon:.6f}°", ""),
        "comma": (*comma, ""),
        "dms": (_dms(lat, "°'\"") + " LS", _dms(lon, "°'\"") + " BT", ""),
        "dms-curly": (_dms(lat, "°’”") + "S", _dms(lon, "°’”") + "E", ""),
        "dms-prime": (_dms(lat, "º′″"), _dms(lon, "º′″"), ""),
        "dms-space": (_dms(lat, "   ").strip(), _dms(lon, "   ").strip(), ""),
        "dms-double": (_dms(lat, ("°", "'", "''")) + "S", _dms(lon, ("°", "'", "''")) + "E", ""),
        "pair": ("", "", f"{lat:.6f}, {lon:.6f}"),
        "pair-comma": ("", "", f"{comma[0]}; {comma[1]}"),
        "pair-comma-space": ("", "", f"{comma[0]} {comma[1]}"),
        "pair-in-lat": (f"{lat:.6f}, {lon:.6f}", "", ""),
        "link-pin": ("", "", f"https://www.google.com/maps/place/X/@-7.1,112.1,17z/data=!3m1!4b1!3d{lat:.7f}!4d{lon:.7f}"),
        "link-q": ("", "", f"https://maps.google.com/?q={lat:.6f},{lon:.6f}"),
        "link-osm": ("", "", f"https://www.openstreetmap.org/?mlat={lat:.6f}&mlon={lon:.6f}#map=18/-7.1/112.1"),
        "swapped": (f"{lon:.6f}", f"{lat:.6f}", ""),
        "no-minus": (f"{-lat:.6f}", f"{lon:.6f}", ""),
        "122": (f"{lat:.6f}", f"{lon + 10:.6f}", ""),
        "102": (f"{lat:.6f}", f"{lon - 10:.6f}", ""),
        "bb": (f"{-lat:.6f} LS", f"{lon:.6f} BB", ""),
        "dotted": (dotted[0], dotted[1], ""),
        "lost-point": (int(f"{lat:.6f}".replace(".", "")), int(f"{lon:.6f}".replace(".", "")), ""),
        "utm": (round(y, 1), round(x, 1), ""),
        "utm-swapped": (round(x), round(y), ""),
        "utm-text": ("", "", f"49S {x:.0f} {y:.0f}"),
        "utm-49m": ("", "", f"49M {x:.0f} mE {y:.0f} mN"),
        "utm-dots": (f"{y:,.0f}".replace(",", "."), f"{x:,.0f}".replace(",", "."), ""),
        "coarse": (f"{lat:.3f}", f"{lon:.3f}", ""),
        "empty": ("", "", ""), "dash": ("-", "-", ""), "not-yet": ("", "", "belum disurvei"),
        "short-link": ("", "", "https://maps.app.goo.gl/Ab12Cd"),
        "half": (f"{lat:.6f}", "", ""),
        "garbage": (f"{lat:.6f}x", f"{lon:.6f}", ""),
        "tenth": (f"{lat:.6f}".replace("-7.4", "-7.14"), f"{lon:.6f}", ""),
    }[style]  # fmt: skip


UNREADABLE = ("short-link", "half", "garbage", "tenth")
ABSENT = ("empty", "dash", "not-yet")
SINGLE = ("number", "text", "comma", "dms", "pair")
STYLES = (
    "number", "text", "degree", "comma", "dms", "dms-curly", "dms-prime", "dms-space", "dms-double", "pair",
    "pair-comma", "pair-comma-space", "pair-in-lat", "link-pin", "link-q", "link-osm", "swapped", "no-minus", "122",
    "102", "bb", "dotted", "lost-point", "utm", "utm-swapped", "utm-text", "utm-49m", "utm-dots", "coarse",
    *ABSENT,
)  # fmt: skip


def messy_rows(n: int = 400, seed: int = 11) -> tuple[list[list[object]], list[Truth]]:
    """Make a list: header first, then ``n`` rows, and what each of them means."""
    chance = random.Random(seed)
    rows: list[list[object]] = [list(HEADERS)]
    truths: list[Truth] = []
    for number in range(n):
        style = UNREADABLE[number // 25 % len(UNREADABLE)] if number % 25 == 7 else STYLES[number % len(STYLES)]
        lon, lat = chance.uniform(112.415, 112.465), chance.uniform(-7.492, -7.448)
        owner = chance.choice(list(OWNER_WORDS))
        status = chance.choices(list(STATUS_WORDS), (80, 10, 6, 4))[0]
        streets = chance.sample(STREETS, 2)
        name = f"Simpang {streets[0]} - {streets[1]}"
        azimuth, direction, count, shown = None, "", 1, ""
        kind = chance.random()
        if kind < 0.80:
            azimuth = chance.choice(list(CARDINALS))
            words = chance.choice(CARDINALS[azimuth])
            if len(words) > 2 and "rah" in words and chance.random() < 0.4:
                name, direction = f"{name} {words}", ""
            else:
                direction = words
        elif kind < 0.90:
            place = chance.choice(PLACES)
            direction = f"arah {place.name}"
            if style not in ABSENT:
                (x0, x1), (y0, y1) = _TO_UTM.transform([lon, place.lon], [lat, place.lat])
                azimuth = math.degrees(math.atan2(x1 - x0, y1 - y0)) % 360
        elif kind < 0.93:
            azimuth = chance.choice((0, 37, 181, 359))
            direction = str(azimuth)
        elif kind < 0.97:
            count = chance.choice((2, 3, 4))
            if chance.random() < 0.5:
                name = f"{name} ({count} kamera)"
            else:
                shown = chance.choice((f"{count} kamera", f"{count}", f"{count} unit"))
        stream = f"rtsp://admin:rahasia@10.1.{number // 250}.{number % 250 + 1}/ch1" if chance.random() < 0.5 else ""
        height = chance.choice((None, 6.0, 7.5, 9.0))
        tall = "" if height is None else chance.choice((f"{height}".replace(".", ","), f"{height} m", f"± {height:g}"))
        cells = position(style, lon, lat)
        rows.append([number + 1, name, *cells, direction, shown, chance.choice(STATUS_WORDS[status]),
                     chance.choice(OWNER_WORDS[owner]), stream, tall])  # fmt: skip
        known = style not in ABSENT
        truths.append(Truth(lon if known else None, lat if known else None, 120.0 if style == "coarse" else 3.5,
                            azimuth, owner, status, count, stream, height, style))  # fmt: skip
    return rows, truths
