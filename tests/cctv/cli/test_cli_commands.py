"""The commands as people type them: own process, own folders, what is printed and what the exit code says."""

import contextlib
import json
import signal
import socket
import subprocess
import sys
import time
import urllib.request
from types import SimpleNamespace

import pytest

from cctv.cli.main import COMMANDS, build_parser, main
from cctv.cli.serving import check_port, check_python
from cctv.errors import SettingsError
from cctv.i18n import LANGUAGES, catalogue
from cctv.i18n.messages import error_hint, error_text
from cctv.settings import ROOT

PASSWORD = "sandi-yang-panjang"


@pytest.fixture
def configure(tmp_path, monkeypatch):
    """Give the commands folders of their own."""

    def change(**settings):
        own = {
            "CCTV_DATABASE": str(tmp_path / "cameras.duckdb"), "CCTV_CACHE_DIR": str(tmp_path / "var"),
            "CCTV_DEMO_PASSWORD": "contoh-sandi", "CCTV_PORT": str(free_port()), "CCTV_MODE": "demo",
        }  # fmt: skip
        for name, value in (own | settings).items():
            monkeypatch.setenv(name, value)

    return change


@pytest.fixture
def run(configure):
    def runner(*words, given="", **settings):
        configure(**settings)
        answer = subprocess.run(
            [sys.executable, "-m", "cctv", *words], cwd=ROOT, input=given, capture_output=True, text=True,
            timeout=120, check=False,
        )  # fmt: skip
        assert "Traceback" not in answer.stderr
        return SimpleNamespace(code=answer.returncode, out=answer.stdout, err=answer.stderr)

    return runner


def free_port():
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return probe.getsockname()[1]


@pytest.mark.parametrize("words", [[], *(name.split() for name in COMMANDS), ["geodata"], ["user"]])
def test_every_command_has_help_in_plain_indonesian(words, capsys):
    with pytest.raises(SystemExit) as ended:
        build_parser().parse_args([*words, "--help"])
    text = capsys.readouterr().out
    assert ended.value.code == 0
    assert text.startswith("Pemakaian: python -m cctv")
    assert not {"usage:", "optional arguments", "options:", "show this", "positional"} & set(text.lower().split("\n"))
    assert "cli." not in text


@pytest.mark.parametrize(
    ("words", "part"),
    [
        ([], "Isian wajib"),
        (["serf"], "'serf' tidak dikenal"),
        (["import-osm"], "Isian wajib belum ada: BERKAS"),
        (["demo", "--cepat"], "Isian tidak dikenal: --cepat"),
        (["geodata", "build", "--seed", "lima"], "'lima'"),
        (["geodata", "build", "--seed"], "--seed perlu nilai"),
        (["user", "add", "budi"], "--role"),
        (["import-osm", "a.pbf", "--as-of", "kemarin"], "kemarin"),
    ],
)
def test_wrong_commands_are_explained(words, part, capsys):
    with pytest.raises(SystemExit) as ended:
        main(words)
    text = capsys.readouterr().err
    assert ended.value.code == 2
    assert part in text
    assert "--help" in text


def test_all_texts_exist_in_both_languages():
    for language in LANGUAGES:
        found = catalogue(language)
        assert {f"cli.about_{name.replace(' ', '_').replace('-', '_')}" for name in COMMANDS} <= found.keys()
    areas = ("cli.", "importers.", "basemap.")
    indonesian, english = ({k for k in catalogue(language) if k.startswith(areas)} for language in LANGUAGES)
    assert indonesian == english


def test_serve_checks_and_says_where_the_app_will_be(run):
    answer = run("serve", "--check")
    assert answer.code == 0
    assert [line[:5] for line in answer.out.splitlines()[:4]] == ["[1/4]", "[2/4]", "[3/4]", "[4/4]"]
    assert "http://127.0.0.1:" in answer.out
    for name in ("pimpinan", "perencana", "operator", "petugas", "admin", "contoh-sandi"):
        assert name in answer.out
    assert run("serve", "--check").code == 0


def test_a_port_in_use_is_one_clear_line(run):
    with socket.socket() as other:
        other.bind(("127.0.0.1", 0))
        other.listen()
        answer = run("serve", CCTV_PORT=str(other.getsockname()[1]))
    assert answer.code == 1
    assert answer.err.startswith("GAGAL: Port ")
    assert "CCTV_PORT" in answer.err


def test_an_address_of_another_machine_is_refused():
    with pytest.raises(SettingsError, match="host_not_here") as caught:
        check_port("203.0.113.7", 8501)
    assert "203.0.113.7" in error_text(caught.value)


def test_an_old_python_is_refused():
    with pytest.raises(SettingsError, match="python_too_old") as caught:
        check_python((3, 10))
    assert "3.10" in error_text(caught.value)
    assert "3.11" in error_hint(caught.value)
    check_python((3, 11))


def test_all_settings_that_are_wrong_are_listed(run):
    answer = run("serve", CCTV_PORT="abc", CCTV_MODE="uji", CCTV_CAMERA_NETWORKS="x")
    assert answer.code == 1
    assert "3 setelan" in answer.err
    for name in ("CCTV_PORT", "CCTV_MODE", "CCTV_CAMERA_NETWORKS"):
        assert name in answer.err


def test_production_has_no_demo_accounts(run):
    answer = run("demo", CCTV_MODE="production")
    assert answer.code == 1
    assert "contoh-sandi" not in answer.out
    assert "contoh-sandi" not in run("serve", "--check", CCTV_MODE="production").out


def test_missing_city_layers_stop_the_start(run, tmp_path):
    answer = run("serve", CCTV_GEO_DIR=str(tmp_path / "kosong"))
    assert answer.code == 1
    assert answer.err.startswith("GAGAL:")
    assert "error." not in answer.err


def test_a_damaged_register_stops_the_start(run, tmp_path):
    (tmp_path / "cameras.duckdb").write_bytes(b"bukan register" * 1000)
    answer = run("serve", "--check")
    assert answer.code == 1
    assert "rusak" in answer.err


def test_accounts_can_be_added_and_changed(run):
    added = run("user", "add", "budi", "--name", "Budi", "--role", "editor", "--password-stdin", given=f"{PASSWORD}\n")
    assert (added.code, added.err) == (0, "")
    assert "budi" in run("user", "list").out
    changed = run("user", "passwd", "budi", "--password-stdin", given=f"{PASSWORD}-baru\n")
    assert changed.code == 0
    assert run("user", "passwd", "tidakada", "--password-stdin", given=f"{PASSWORD}\n").code == 1
    short = run("user", "add", "ani", "--role", "viewer", "--password-stdin", given="pendek\n")
    assert short.code == 1
    assert "pendek" in short.err
    assert PASSWORD not in added.out + changed.out


def test_a_copy_can_be_put_back(run, tmp_path):
    run("user", "add", "budi", "--role", "editor", "--password-stdin", given=f"{PASSWORD}\n")
    made = run("backup", str(tmp_path / "cadangan"))
    assert made.code == 0
    (copy,) = (tmp_path / "cadangan").glob("*.duckdb")
    run("user", "add", "ani", "--role", "viewer", "--password-stdin", given=f"{PASSWORD}\n")
    refused = run("restore", str(copy), given="tidak\n")
    assert refused.code == 1
    assert "ani" in run("user", "list").out
    assert run("restore", str(copy), "--yes").code == 0
    names = run("user", "list").out
    assert "budi" in names
    assert "ani " not in names
    assert run("restore", str(tmp_path / "tidak-ada.duckdb"), "--yes").code == 1


def test_import_reports_and_refuses(run, tmp_path):
    ring = [[112.43, -7.47], [112.4302, -7.47], [112.4302, -7.4698], [112.43, -7.47]]
    house = {"type": "Feature", "properties": {"building": "yes", "height": "-2"}}
    house["geometry"] = {"type": "Polygon", "coordinates": [ring]}
    path = tmp_path / "rumah.geojson"
    path.write_text(json.dumps({"type": "FeatureCollection", "features": [house]}))
    refused = run("import-osm", str(path), "--dry-run")
    assert refused.code == 1
    assert "tinggi -2 negatif" in refused.err
    house["properties"]["height"] = "6"
    path.write_text(json.dumps({"type": "FeatureCollection", "features": [house]}))
    done = run("import-osm", str(path), "--dry-run")
    assert done.code == 0
    assert "Gedung: 1 dibaca" in done.out
    assert "Hanya diperiksa" in done.out


@pytest.mark.slow
def test_the_city_in_the_tree_is_right(run):
    answer = run("geodata", "check")
    assert (answer.code, answer.err) == (0, "")


@pytest.mark.slow
def test_the_doctor_finds_nothing_wrong_with_a_new_installation(run):
    answer = run("doctor")
    assert (answer.code, answer.err) == (0, "")
    assert answer.out.count("baik") == 3


@pytest.mark.slow
def test_serve_serves_until_it_is_told_to_stop(configure):
    port = free_port()
    configure(CCTV_PORT=str(port))
    with subprocess.Popen([sys.executable, "-m", "cctv", "serve"], cwd=ROOT, stdout=subprocess.PIPE, text=True) as app:
        try:
            assert answers(f"http://127.0.0.1:{port}/sehat", within_s=90)
        finally:
            app.send_signal(signal.SIGINT)
        printed, _ = app.communicate(timeout=60)
    assert f"http://127.0.0.1:{port}" in printed
    with pytest.raises(ConnectionRefusedError):
        socket.create_connection(("127.0.0.1", port), timeout=1)


def answers(address, *, within_s):
    until = time.monotonic() + within_s
    while time.monotonic() < until:
        with contextlib.suppress(OSError), urllib.request.urlopen(address, timeout=5) as answer:
            return answer.status == 200
        time.sleep(0.2)
    return False
