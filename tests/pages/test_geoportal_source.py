"""The import screen with a listed geoportal: what it gives becomes a list, what it may not do is told."""

import json
import threading
from dataclasses import replace
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer

import pytest

from cctv.permissions import Role
from cctv.registry.access_log import recent_access

SPOTS = {"Gang Baru": [-7.471235, 112.431357], "Gang Lama": [-7.472235, 112.433357]}  # latitude first


def facts(name):
    return {"Lokasi": name, "Kondisi": "aktif" if name[-1] in "02468" else "rusak", "Pemilik": "Dishub"}


class Portal(BaseHTTPRequestHandler):
    def do_GET(self):
        features = [
            {"type": "Feature", "properties": facts(name), "geometry": {"type": "Point", "coordinates": spot}}
            for name, spot in SPOTS.items()
        ]
        body = json.dumps({"type": "FeatureCollection", "features": features}).encode()
        self.send_response(200)
        self.send_header("Content-Length", str(len(body)))
        self.end_headers()
        self.wfile.write(body)

    def log_message(self, *args):
        """Stay quiet."""


@pytest.fixture
def portal():
    server = ThreadingHTTPServer(("127.0.0.1", 0), Portal)
    thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.05})
    thread.start()
    yield f"http://127.0.0.1:{server.server_port}"
    server.shutdown()
    thread.join()
    server.server_close()


def test_a_layer_of_a_geoportal_becomes_a_list(screen, runtime, portal, monkeypatch):
    monkeypatch.setattr(runtime, "settings", replace(runtime.settings, geoportals=(portal,)))
    app = screen("impor", Role.EDITOR)
    app.segmented_control(key="import_source").set_value("geoportal").run()
    address = next(box for box in app.text_input if box.label == "Alamat layanan")
    address.set_value("https://lain.test/kamera.json")
    next(button for button in app.button if button.label == "Ambil").click().run()
    assert "tidak boleh dihubungi" in app.error[0].value
    next(box for box in app.text_input if box.label == "Alamat layanan").set_value(
        f"{portal}/kamera.json?kunci=rahasia"
    )
    next(button for button in app.button if button.label == "Ambil").click().run()
    assert not app.exception
    assert not app.error
    assert "2 objek" in app.success[0].value
    assert "lintang lebih dulu" in app.warning[0].value
    assert any("tebakan menurut jenisnya" in box.label for box in app.expander)
    newest = recent_access(runtime.registry, limit=1)[0]
    assert (newest.action, newest.target) == ("ambil_geoportal", f"{portal}/kamera.json")


def test_without_a_listed_geoportal_the_screen_says_who_lists_it(screen):
    app = screen("impor", Role.EDITOR)
    app.segmented_control(key="import_source").set_value("geoportal").run()
    assert "CCTV_GEOPORTALS" in app.warning[0].value


def test_a_long_list_is_shown_by_pages_and_a_shorter_choice_goes_back(screen, runtime, portal, monkeypatch):
    many = {f"Gang {n}": [112.431357, round(-7.471235 - n / 100_000, 6)] for n in range(1_100)}
    monkeypatch.setattr(runtime, "settings", replace(runtime.settings, geoportals=(portal,)))
    for name, spot in many.items():
        monkeypatch.setitem(SPOTS, name, spot)
    app = screen("impor", Role.EDITOR)
    app.segmented_control(key="import_source").set_value("geoportal").run()
    next(box for box in app.text_input if box.label == "Alamat layanan").set_value(f"{portal}/kamera.json")
    next(button for button in app.button if button.label == "Ambil").click().run()
    app.number_input(key="import_page").set_value(3).run()
    assert not app.exception
    app.segmented_control(key="import_shown").set_value("read").run()
    assert not app.exception
    assert not app.error
    assert app.number_input(key="import_page").value == 2
