"""A city geoportal on a real server: only listed hosts, no way around, every feature once, a cap and a deadline."""

import json
import threading
import time
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from ipaddress import ip_network
from urllib.parse import parse_qs, urlsplit

import pytest

from cctv.errors import ImportProblemsError
from cctv.importers import geoportal
from cctv.importers.geoportal import Rules, fetch_layer

N = 2_300
CAPABILITIES = """<?xml version="1.0"?><wfs:WFS_Capabilities xmlns:wfs="http://www.opengis.net/wfs/2.0">
<wfs:FeatureTypeList>{}</wfs:FeatureTypeList></wfs:WFS_Capabilities>"""


def feature(number, *, lat_first=False):
    spot = [round(112.421357 + number / 100_000, 6), -7.471235]
    return {
        "type": "Feature", "id": f"kamera.{number}", "properties": {"Lokasi": f"Simpang {number}", "Kondisi": "aktif"},
        "geometry": {"type": "Point", "coordinates": spot[::-1] if lat_first else spot},
    }  # fmt: skip


class Portal(BaseHTTPRequestHandler):
    """Answers as GeoServer does, and misbehaves where the path says so."""

    def do_GET(self):
        self.server.asked.append((self.path, self.headers.get("Host"), self.headers.get("Accept-Encoding")))
        url = urlsplit(self.path)
        kind, query = url.path.strip("/").split("/")[0], {k.lower(): v[0] for k, v in parse_qs(url.query).items()}
        if kind == "geojson":
            self.reply({"type": "FeatureCollection", "features": [feature(n) for n in range(3)]})
        elif kind == "redirect":
            self.send_response(302)
            self.send_header("Location", "/geojson")
            self.end_headers()
        elif kind == "packed":
            self.reply({"features": []}, {"Content-Encoding": "gzip"})
        elif kind == "flood":
            self.send_response(200)
            self.end_headers()
            while not self.server.ending.is_set():
                self.wfile.write(b" " * 65_536)
        elif kind == "drip":
            self.wfile.write(b"HTTP/1.1 200 OK\r\n")
            while not self.server.ending.wait(0.1):
                self.wfile.write(b"X: y\r\n")
        elif kind == "html":
            self.reply("<html><body>Layanan <b>tidak</b> ada</body></html>")
        elif query.get("request") == "GetCapabilities":
            names = {"two": ("a:kamera", "a:jalan"), "bomb": ()}.get(kind, ("a:kamera",))
            text = CAPABILITIES.format(
                "".join(f"<wfs:FeatureType><wfs:Name>{n}</wfs:Name></wfs:FeatureType>" for n in names)
            )
            self.reply(text if kind != "bomb" else "<!DOCTYPE x [<!ENTITY a 'b'>]>" + text)
        else:
            self.features(kind, query)

    def features(self, kind, query):
        start, count = (0, N) if kind == "stuck" else (int(query["startindex"]), int(query["count"]))
        count = 400 if kind == "short" else 1_000 if kind == "stuck" else count
        page = [feature(n, lat_first=kind == "flipped") for n in range(start, min(N, start + count))]
        told = {} if kind in ("untold", "stuck") else {"numberMatched": N}
        if kind == "greedy":
            told = {"numberMatched": N + 5}
        self.reply({"type": "FeatureCollection", "features": page, **told})

    def reply(self, content, headers=None):
        body = (content if isinstance(content, str) else json.dumps(content)).encode()
        self.send_response(200)
        for name, value in (headers or {}).items():
            self.send_header(name, value)
        self.send_header("Content-Length", str(len(body)))
        self.end_headers()
        self.wfile.write(body)

    def log_message(self, *args):
        """Stay quiet."""

    def handle(self):
        """End quietly when the client hangs up."""
        try:
            super().handle()
        except OSError:
            self.close_connection = True


@pytest.fixture(scope="module")
def portal():
    server = ThreadingHTTPServer(("127.0.0.1", 0), Portal)
    server.daemon_threads = True
    server.asked, server.ending = [], threading.Event()
    thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.05})
    thread.start()
    yield server
    server.ending.set()
    server.shutdown()
    thread.join()
    server.server_close()


@pytest.fixture
def ask(portal):
    base = f"http://127.0.0.1:{portal.server_port}"

    def fetch(path, layer="", **rules):
        return fetch_layer(base + path, layer, Rules((base,), **rules))

    return fetch


def test_a_geojson_address_gives_its_features(ask, portal):
    found = ask("/geojson?kunci=rahasia#x")
    assert [one["id"] for one in found.features] == ["kamera.0", "kamera.1", "kamera.2"]
    assert "rahasia" not in found.source
    assert json.loads(found.as_geojson())["features"] == found.features
    path, host, encoding = portal.asked[-1]
    assert (path, host, encoding) == ("/geojson?kunci=rahasia", f"127.0.0.1:{portal.server_port}", "identity")


@pytest.mark.parametrize(
    ("path", "pages"), [("/a/wfs", 3), ("/short/ows?SERVICE=wfs&cql_filter=x", 6), ("/untold/wfs", 4)]
)
def test_a_wfs_is_asked_page_by_page_and_every_feature_counts_once(ask, portal, path, pages):
    found = ask(path)
    assert (len(found.features), found.pages, found.layer, found.has_lat_first) == (N, pages, "a:kamera", False)
    assert len({one["id"] for one in found.features}) == N
    query = parse_qs(urlsplit(portal.asked[-1][0]).query)
    assert (query["version"], query["srsName"], query["typeNames"]) == (["2.0.0"], ["EPSG:4326"], ["a:kamera"])
    assert query.get("cql_filter", ["x"]) == ["x"]


def test_latitude_first_is_noticed_and_becomes_a_guess(ask, tmp_path):
    from cctv.importers.cameras.columns import suggest
    from cctv.importers.cameras.rows import understand
    from cctv.importers.cameras.sandbox import read_sheets
    from cctv.importers.cameras.tables import lay_out
    from cctv.importers.cameras.town import Owner, Town

    found = ask("/flipped/wfs", "a:kamera")
    assert found.has_lat_first
    path = tmp_path / "lapisan.geojson"
    path.write_bytes(found.as_geojson())
    table = lay_out(read_sheets(path), path.name)
    fields = [one.field for one in suggest(table.headers, [record.cells for record in table.records])]
    town = Town(112.40, -7.50, 112.475, -7.44, (), (Owner("dishub", "Dinas Perhubungan"),))
    row = understand(table, fields, town, "dishub")[0]
    assert (row.spot.lon, row.spot.lat) == (112.421357, -7.471235)
    assert [note.code for note in row.values["position"].notes] == ["swapped"]


@pytest.mark.parametrize(
    ("path", "layer", "code"),
    [
        ("/redirect", "", "geoportal_answer"), ("/packed", "", "geoportal_answer"), ("/html", "", "geoportal_format"),
        ("/two/wfs", "", "geoportal_layer"), ("/bomb/wfs", "", "register_entities"),
        ("/stuck/wfs", "", "geoportal_paging"),
        ("/greedy/wfs", "", "geoportal_paging"), ("/flood", "", "geoportal_too_big"), ("/drip", "", "geoportal_slow"),
    ],
)  # fmt: skip
def test_what_a_server_may_not_do(ask, path, layer, code):
    started = time.monotonic()
    with pytest.raises(ImportProblemsError) as caught:
        ask(path, layer, most_bytes=3_000_000, deadline_s=1.0 if path == "/drip" else 30.0)
    assert caught.value.code == code
    assert time.monotonic() - started < 20
    if path == "/html":
        assert caught.value.params["said"] == "Layanan tidak ada"


@pytest.mark.parametrize(
    "url",
    [
        "https://lain.test/x", "http://geo.test/x", "https://geo.test:8443/x", "https://a:b@geo.test/x", "ftp://geo.test/x",
        "file:///etc/passwd", "geo.test", "https://geo.test.lain.test/", "https://[::1]/", "", "https://geo.test@lain.test/",
        "http://169.254.169.254/latest", "https://GEO.test.:443/x",
    ],
)  # fmt: skip
def test_only_listed_hosts_are_asked(url, monkeypatch):
    async def nobody(host, port):
        raise AssertionError(f"{host} was looked up")

    monkeypatch.setattr(geoportal, "_addresses", nobody)
    with pytest.raises(ImportProblemsError) as caught:
        fetch_layer(url, "", Rules(("geo.test",)))
    assert caught.value.code == "geoportal_address"


@pytest.mark.parametrize(
    "addresses",
    [
        ["127.0.0.1"], ["203.0.112.9", "10.0.0.1"], ["169.254.1.1"], ["::1"], ["::ffff:127.0.0.1"],
        ["0.0.0.0"], ["192.168.1.1"],  # noqa: S104
    ],
)  # fmt: skip
def test_a_listed_name_may_not_lead_into_the_house(addresses, monkeypatch):
    async def found(host, port):
        return [geoportal.ip_address(one) for one in addresses]

    monkeypatch.setattr(geoportal, "_addresses", found)
    with pytest.raises(ImportProblemsError) as caught:
        fetch_layer("https://geo.test/x", "", Rules(("geo.test",), (ip_network("10.9.0.0/16"),)))
    assert caught.value.params["why"] == "network"


def test_the_connection_goes_to_the_checked_address_under_the_listed_name(portal, monkeypatch):
    async def found(host, port):
        return [geoportal.ip_address("127.0.0.1")]

    monkeypatch.setattr(geoportal, "_addresses", found)
    monkeypatch.setattr(geoportal, "_may_be", lambda address, networks: True)
    url = f"http://geo.test:{portal.server_port}"
    assert len(fetch_layer(f"{url}/geojson", "", Rules((url,))).features) == 3
    assert portal.asked[-1][1] == f"geo.test:{portal.server_port}"
