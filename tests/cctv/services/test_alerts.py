"""Alerts and shifts: persistence over rounds, decisions, what a shift begins with, messages to another system."""

import hashlib
import hmac
import json
import threading
from datetime import UTC, datetime, timedelta
from http.server import BaseHTTPRequestHandler, HTTPServer

import pytest

from cctv.errors import AccessError, NotFoundError, StaleEditError, ValidationError
from cctv.permissions import Role
from cctv.registry import access_log, history
from cctv.registry import alerts as store
from cctv.registry.alerts import NewAlert
from cctv.registry.cameras import list_cameras
from cctv.services import alerts, camera_health, shifts
from cctv.services.alerts import BACK_AFTER, DEAD_AFTER, after_round
from cctv.services.editing import save_camera
from cctv.services.webhook import SIGNATURE, Webhook
from cctv.settings import read_settings

NOW = datetime(2026, 11, 25, 7, tzinfo=UTC)


@pytest.fixture
def operator(own_runtime, account_of):
    return account_of(own_runtime, Role.OPERATOR)


def rounds(runtime, camera_id, reasons, start=NOW):
    """Make one round a minute; give the kinds of alerts of each."""
    return [
        [one.kind for one in after_round(runtime, {camera_id: reason}, start + timedelta(minutes=k))]
        for k, reason in enumerate(reasons)
    ]


def working(runtime):
    return [one.camera_id for one in list_cameras(runtime.registry) if one.status == "on"]


@pytest.mark.parametrize(("others", "kinds"), [("dead", []), ("", ["dead"])])
def test_a_round_that_nobody_answers_speaks_of_our_own_network(own_runtime, monkeypatch, others: str, kinds: list[str]):
    first, *rest = working(own_runtime)
    answers = {first: "dead", **dict.fromkeys(rest, others)}
    monkeypatch.setattr(own_runtime.pictures, "poll", lambda _addresses: answers)
    for minute in range(DEAD_AFTER):
        assert camera_health.make_round(own_runtime, NOW + timedelta(minutes=minute)) == len(answers)
    assert [one.kind for one in store.alerts_since(own_runtime.registry, NOW)] == kinds


def test_a_camera_is_dead_after_three_silent_rounds_and_back_after_two_answers(own_runtime):
    camera_id = working(own_runtime)[0]
    assert (DEAD_AFTER, BACK_AFTER) == (3, 2)
    assert rounds(own_runtime, camera_id, ["dead", "dead", "dead", "dead", "", "dead", "", ""]) == [
        [], [], ["dead"], [], [], [], [], ["back"],
    ]  # fmt: skip
    (alert, back) = store.alerts_since(own_runtime.registry, NOW)
    assert (alert.reason, alert.ended_at - alert.raised_at) == ("dead", timedelta(minutes=5))
    assert back.ended_at == back.raised_at
    # one lost answer in two is dead too, a single one is not, and what the register calls off raises nothing
    first, second = working(own_runtime)[1:3]
    off = next(one.camera_id for one in list_cameras(own_runtime.registry) if one.status == "off")
    assert rounds(own_runtime, first, ["silent", "", "silent", "", "silent"])[-1] == ["dead"]
    assert not any(rounds(own_runtime, second, ["", "", "silent", "", "", "", "silent", ""]))
    assert not any(rounds(own_runtime, off, ["dead"] * 6))


def test_a_decision_is_made_once_and_carries_a_name(own_runtime, operator, account_of):
    (alert,) = store.raise_alerts(own_runtime.registry, [NewAlert("K-0001", "moved", "", b"acuan", b"gambar")], NOW)
    assert alerts.count_for(own_runtime, operator) == 1
    assert alerts.count_for(own_runtime, account_of(own_runtime, Role.EDITOR)) == 0
    assert alerts.picture(own_runtime, operator, alert.alert_id, "reference") == b"acuan"
    decided = alerts.decide(own_runtime, operator, alert.alert_id, "refused")
    assert (decided.decision, decided.decided_by) == ("refused", "operator")
    assert alerts.tally(own_runtime, operator) == {"moved": (0, 1, 0)}
    with pytest.raises(StaleEditError):
        alerts.decide(own_runtime, operator, alert.alert_id, "confirmed")
    with pytest.raises(NotFoundError):
        alerts.decide(own_runtime, operator, 99, "confirmed")
    for role in (Role.VIEWER, Role.PLANNER, Role.EDITOR):
        with pytest.raises(AccessError):
            alerts.picture(own_runtime, account_of(own_runtime, role), alert.alert_id, "picture")
    assert alerts.count_for(own_runtime, operator) == 0
    looked = [line for line in access_log.recent_access(own_runtime.registry) if line.action == "lihat_gambar"]
    assert [(line.username, line.target) for line in looked] == [("operator", "K-0001")]


def test_a_shift_lists_what_changed_since_the_one_before(own_runtime, operator, account_of):
    registry = own_runtime.registry
    first = shifts.take_over(own_runtime, operator, "  Pusat   kendali ")
    assert first.post == "Pusat kendali"
    store.raise_alerts(registry, [NewAlert("K-0001", "dead", "silent")], datetime.now(UTC))
    camera = next(one for one in list_cameras(registry) if one.status == "on" and one.height_m)
    editor = account_of(own_runtime, Role.EDITOR)
    save_camera(own_runtime, editor, camera.camera_id, version=camera.version, changes={"height_m": 7.5}, reason="uji")
    second = shifts.take_over(own_runtime, account_of(own_runtime, Role.ADMIN), "Pusat kendali")
    found = shifts.handover(own_runtime, account_of(own_runtime, Role.ADMIN), second)
    assert found.before == first
    assert [(item.kind, item.camera.camera_id) for item in found.items] == [
        ("alert", "K-0001"), ("edited", camera.camera_id),
    ]  # fmt: skip
    assert "petugas" in found.items[1].words
    assert history.changes(registry, "camera", camera.camera_id, 1)[0].reason in found.items[1].words
    shifts.check(own_runtime, operator, second, found.items[1])
    again = shifts.handover(own_runtime, operator, second)
    assert [item.is_checked for item in again.items] == [False, True]


def test_an_old_alert_stays_until_somebody_decides(own_runtime, operator):
    (alert,) = store.raise_alerts(own_runtime.registry, [NewAlert("K-0002", "covered")], NOW - timedelta(days=40))
    shift = shifts.take_over(own_runtime, operator, "Pusat kendali")
    shift = shifts.take_over(own_runtime, operator, "Pusat kendali")
    found = shifts.handover(own_runtime, operator, shift)
    assert [item.alert.alert_id for item in found.items] == [alert.alert_id]
    alerts.decide(own_runtime, operator, alert.alert_id, "confirmed")
    found = shifts.handover(own_runtime, operator, shift)
    assert [item.is_checked for item in found.items] == [True]  # it goes on, and has been decided


def test_a_post_needs_a_name(own_runtime, operator):
    with pytest.raises(ValidationError):
        shifts.take_over(own_runtime, operator, " ")


def test_old_pictures_alerts_and_views_are_forgotten_and_nothing_else(own_runtime):
    registry = own_runtime.registry
    new = [NewAlert("K-0001", "moved", "", b"acuan", b"gambar"), NewAlert("K-0001", "back")]
    store.raise_alerts(registry, new, NOW)
    access_log.log_access(registry, "operator", "lihat_gambar", "K-0001")
    access_log.log_access(registry, "operator", "masuk", "aplikasi")
    camera_health.forget_old(own_runtime, datetime.now(UTC) + timedelta(days=89))
    assert len(store.alerts_since(registry, NOW)) == 2
    camera_health.forget_old(own_runtime, datetime.now(UTC) + timedelta(days=366))
    assert [one.kind for one in store.alerts_since(registry, NOW)] == ["moved"]  # it goes on
    with pytest.raises(NotFoundError):
        store.alert_picture(registry, 1, "picture")
    assert [line.action for line in access_log.recent_access(registry)] == ["masuk"]


class _Receiver(BaseHTTPRequestHandler):
    answers: list[int] = []  # noqa: RUF012 - set per test
    taken: list[tuple[dict[str, str], bytes]] = []  # noqa: RUF012

    def log_message(self, *_: object) -> None:
        """Keep quiet."""

    def do_POST(self) -> None:
        body = self.rfile.read(int(self.headers["Content-Length"]))
        _Receiver.taken.append((dict(self.headers), body))
        self.send_response(_Receiver.answers.pop(0))
        self.send_header("Content-Length", "0")
        self.send_header("Location", "http://127.0.0.1:9/")
        self.end_headers()


@pytest.fixture
def receiver():
    server = HTTPServer(("127.0.0.1", 0), _Receiver)
    thread = threading.Thread(target=server.serve_forever, args=(0.05,), daemon=True)
    thread.start()
    _Receiver.answers, _Receiver.taken = [], []
    yield server.server_address[1]
    server.shutdown()
    server.server_close()
    thread.join()


def hook(tmp_path, port, networks="127.0.0.0/8", host="127.0.0.1"):
    values = {
        "CCTV_CACHE_DIR": str(tmp_path), "CCTV_ALERT_URL": f"http://{host}:{port}/kunci-rahasia",
        "CCTV_ALERT_NETWORKS": networks, "CCTV_ALERT_KEY": "k" * 40,
    }  # fmt: skip
    return Webhook(read_settings(values), pauses_s=(0.0, 0.0))


def test_a_message_is_signed_and_tried_again_a_bounded_number_of_times(tmp_path, receiver):
    _Receiver.answers = [500, 302, 200]
    sender, ending = hook(tmp_path, receiver), threading.Event()
    body = json.dumps({"kind": "dead"}).encode()
    assert sender.deliver(body, ending)
    assert len(_Receiver.taken) == 3  # a redirect is not followed, it counts as not taken
    headers, got = _Receiver.taken[-1]
    sent_at, mark = (part.split("=", 1)[1] for part in headers[SIGNATURE].split(","))
    assert hmac.new(b"k" * 40, sent_at.encode() + b"." + got, hashlib.sha256).hexdigest() == mark
    _Receiver.answers = [500, 500, 500, 200]
    assert not sender.deliver(body, ending)
    assert (len(_Receiver.taken), sender.given_up) == (6, 1)


@pytest.mark.parametrize(
    ("networks", "host"), [("", "127.0.0.1"), ("10.0.0.0/8", "127.0.0.1"), ("::1/128", "localhost")]
)
def test_outside_the_listed_networks_nothing_is_sent(tmp_path, receiver, networks, host):
    assert not hook(tmp_path, receiver, networks, host).deliver(b"{}", threading.Event())
    assert _Receiver.taken == []


def test_alerts_reach_the_receiver_without_any_address(own_runtime, tmp_path, receiver):
    _Receiver.answers = [200]
    own_runtime.webhook = hook(tmp_path, receiver)
    ending = threading.Event()
    thread = threading.Thread(target=own_runtime.webhook.run, args=(ending,))
    thread.start()
    camera_id = working(own_runtime)[0]
    rounds(own_runtime, camera_id, ["dead"] * 3)
    for _ in range(200):
        if _Receiver.taken:
            break
        ending.wait(0.05)
    ending.set()
    thread.join()
    told = json.loads(_Receiver.taken[0][1])
    assert set(told) == {"event", "alert_id", "camera_id", "camera_name", "kind", "reason", "raised_at"}
    assert (told["camera_id"], told["kind"]) == (camera_id, "dead")
    assert b"simulasi:" not in _Receiver.taken[0][1]
