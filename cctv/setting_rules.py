"""What each setting may be: a check of its text, and an example of what is expected."""

import re
from collections.abc import Callable
from ipaddress import ip_address

#: Kinds of fault that a due day is set for.
FAULTS = ("dead", "misaimed", "blocked", "other")
HIGHEST_PORT = 65535
REPAIR_DAYS = "dead=3,misaimed=7,blocked=7,other=14"


def _is_host(text: str) -> bool:
    if text == "localhost":
        return True
    try:
        ip_address(text)
    except ValueError:
        return False
    return True


def _is_scheduler(text: str) -> bool:
    found = re.fullmatch(r"(?:tcp|tls)://[^\s/:]+:(\d{1,5})", text)
    return found is not None and 0 < int(found[1]) <= HIGHEST_PORT


def _is_count(most: int, least: int = 1) -> Callable[[str], bool]:
    return lambda text: text.isdigit() and least <= int(text) <= most


def _is_ports(text: str) -> bool:
    return all(_is_count(HIGHEST_PORT)(part.strip()) for part in text.split(","))


def _is_relay(text: str) -> bool:
    return re.fullmatch(r"(?:https?|rtsp)://\S*\{nama\}\S*", text) is not None


def pairs(text: str) -> list[tuple[str, str]]:
    """Read ``name=value,name=value``.

    Parameters
    ----------
    text : str
        What was set.

    Returns
    -------
    list of (str, str)
        In their order.
    """
    parts = [part.partition("=") for part in text.split(",")]
    return [(name.strip(), value.strip()) for name, _, value in parts]


def _is_days(text: str) -> bool:
    found = pairs(text)
    return sorted(name for name, _ in found) == sorted(FAULTS) and all(_is_count(3650)(days) for _, days in found)


def _is_hosts(text: str) -> bool:
    host = r"(?:https?://)?[a-z0-9](?:[a-z0-9.-]*[a-z0-9])?(?::\d{1,5})?"
    return all(re.fullmatch(host, part.strip(), re.IGNORECASE) for part in text.split(",") if part.strip())


def _is_receiver(text: str) -> bool:
    return re.fullmatch(r"https?://[^\s/@]+(?:/\S*)?", text) is not None


#: Settings with a check of their own, and what is expected.
CHECKED: tuple[tuple[str, Callable[[str], bool], str], ...] = (
    ("CCTV_PORT", _is_count(HIGHEST_PORT), f"1-{HIGHEST_PORT}"),
    ("CCTV_HOST", _is_host, "127.0.0.1, 0.0.0.0, ::1, localhost"),
    ("CCTV_BACKUP_HOUR", _is_count(23, 0), "0-23"),
    ("CCTV_BACKUP_KEEP", _is_count(1000, 0), "0-1000"),
    ("CCTV_PICTURE_CHECK_S", _is_count(86_400, 0), "0-86400"),
    ("CCTV_WORKERS", _is_count(256), "1-256"),
    ("CCTV_SCHEDULER", lambda text: not text or _is_scheduler(text), "tcp://10.20.0.5:8786"),
    ("CCTV_CAMERA_PORTS", _is_ports, "80,554,8080"),
    ("CCTV_CAMERA_CONNECTIONS", _is_count(1024), "1-1024"),
    ("CCTV_CAMERA_STREAMS", _is_count(1024), "1-1024"),
    ("CCTV_CAMERA_DECODERS", _is_count(32), "1-32"),
    ("CCTV_CAMERA_WARM_S", _is_count(86_400), "1-86400"),
    ("CCTV_REPAIR_DAYS", _is_days, REPAIR_DAYS),
    ("CCTV_SILENT_POLLS", _is_count(100_000), "1-100000"),
    ("CCTV_GEOPORTALS", _is_hosts, "geoportal.kota.go.id,data.kota.go.id"),
    ("CCTV_CAMERA_WARM", _is_count(1024), "1-1024"),
    ("CCTV_CAMERA_SHARE", _is_count(100), "1-100"),
    ("CCTV_CAMERA_SWEEP_S", _is_count(86_400, 0), "0-86400"),
    ("CCTV_CAMERA_MEMORY_MB", _is_count(4096), "1-4096"),
    ("CCTV_MOVING_CAMERAS", _is_count(64), "1-64"),
    ("CCTV_MOVING_VIEWERS", _is_count(256), "1-256"),
    ("CCTV_MOVING_FPS", _is_count(25), "1-25"),
    ("CCTV_MOVING_WIDTH", _is_count(1920, 160), "160-1920"),
    ("CCTV_MOVING_S", _is_count(86_400), "1-86400"),
    ("CCTV_ALERT_URL", lambda text: not text or _is_receiver(text), "https://pesan.kota.example/cctv"),
    ("CCTV_KEEP_ALERTS_DAYS", _is_count(3650), "1-3650"),
    ("CCTV_KEEP_PICTURES_DAYS", _is_count(3650), "1-3650"),
    ("CCTV_KEEP_VIEWS_DAYS", _is_count(3650), "1-3650"),
    ("CCTV_CAMERA_RELAY", lambda text: not text or _is_relay(text), "http://10.20.0.5:8888/{nama}/index.m3u8"),
)
