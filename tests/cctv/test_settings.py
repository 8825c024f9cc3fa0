"""Settings: every value that cannot be used is named at once; the defaults can be used."""

import pytest

from cctv.errors import SettingsError
from cctv.settings import read_settings


def test_the_defaults_can_be_used(tmp_path):
    settings = read_settings({"CCTV_CACHE_DIR": str(tmp_path)})
    assert (settings.is_demo, settings.is_loopback, settings.workers, settings.scheduler) == (True, True, 1, "")
    assert len(settings.secret_key) >= 32


@pytest.mark.parametrize(
    ("name", "value"),
    [
        ("CCTV_MODE", "percobaan"), ("CCTV_PORT", "0"), ("CCTV_PORT", "70000"), ("CCTV_PORT", "-1"),
        ("CCTV_HOST", "kantor"), ("CCTV_SECRET_KEY", "pendek"), ("CCTV_SESSION_HOURS", "nol"),
        ("CCTV_SESSION_HOURS", "-2"), ("CCTV_CAMERA_NETWORKS", "10.20.0.0/99"), ("CCTV_WORKERS", "0"),
        ("CCTV_WORKERS", "dua"), ("CCTV_SCHEDULER", "http://a:1"), ("CCTV_SCHEDULER", "tcp://a"),
        ("CCTV_SCHEDULER", "tcp://a:99999"),
    ],
)  # fmt: skip
def test_a_value_that_cannot_be_used_is_named(tmp_path, name, value):
    with pytest.raises(SettingsError) as caught:
        read_settings({"CCTV_CACHE_DIR": str(tmp_path), name: value})
    [problem] = caught.value.problems
    assert problem.name == name
    assert ("pendek" in str(caught.value)) is False


def test_all_wrong_values_are_named_at_once(tmp_path):
    with pytest.raises(SettingsError) as caught:
        read_settings({"CCTV_CACHE_DIR": str(tmp_path), "CCTV_PORT": "x", "CCTV_WORKERS": "x", "CCTV_MODE": "x"})
    assert {problem.name for problem in caught.value.problems} == {"CCTV_PORT", "CCTV_WORKERS", "CCTV_MODE"}


def test_scheduler_and_networks_are_taken_over(tmp_path):
    values = {
        "CCTV_SCHEDULER": "tcp://10.20.0.5:8786",
        "CCTV_WORKERS": "4",
        "CCTV_CAMERA_NETWORKS": "10.20.0.0/16, ::1",
    }
    settings = read_settings({"CCTV_CACHE_DIR": str(tmp_path), **values})
    assert (settings.scheduler, settings.workers) == ("tcp://10.20.0.5:8786", 4)
    assert [str(network) for network in settings.camera_networks] == ["10.20.0.0/16", "::1/128"]
