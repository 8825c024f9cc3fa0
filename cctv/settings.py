"""What can be configured: one frozen object, from the environment, ``.streamlit/secrets.toml``, then defaults.

backup_dir : path, ``CCTV_BACKUP_DIR``, default ``cadangan`` beside the register
    Where the copies of each night are kept; best on another disk.
backup_hour : hour, ``CCTV_BACKUP_HOUR``, default 2
    Hour of the night (WIB) at which the register is copied.
backup_keep : number, ``CCTV_BACKUP_KEEP``, default 14
    How many of the newest copies are kept, beside the first of each month; 0 makes none.
alert_key : text of at least 32 characters, ``CCTV_ALERT_KEY``, default made and kept in ``cache_dir``
    Signs the messages to ``alert_url``.
alert_networks : list of networks (CIDR), ``CCTV_ALERT_NETWORKS``, default none
    Networks that ``alert_url`` may lie in; outside of them nothing is sent.
alert_url : address, ``CCTV_ALERT_URL``, default none
    Where alerts are sent as signed JSON; empty sends none.
camera_connections : number, ``CCTV_CAMERA_CONNECTIONS``, default 128
    Requests to cameras at the same time.
camera_decoders : number, ``CCTV_CAMERA_DECODERS``, default 2
    Processes that decode pictures; each takes about 100 MB.
camera_memory_mb : number, ``CCTV_CAMERA_MEMORY_MB``, default 96
    Pictures that are kept, all together.
camera_networks : list of networks (CIDR), ``CCTV_CAMERA_NETWORKS``, default none
    Networks that camera addresses may lie in. The built-in simulator is always allowed in demo mode.
camera_ports : list of numbers, ``CCTV_CAMERA_PORTS``, default the ports that cameras and relays use as they come
    Ports of cameras that may be contacted.
camera_relay : address, ``CCTV_CAMERA_RELAY``, default none
    Where a relay of the city has the picture or video of a camera, with ``{nama}`` for its name there.
camera_share : percent, ``CCTV_CAMERA_SHARE``, default 8
    How much of one processor may be spent on pictures that nobody has asked for yet.
camera_streams : number, ``CCTV_CAMERA_STREAMS``, default 64
    Videos (RTSP) kept open at the same time.
camera_sweep_s : seconds, ``CCTV_CAMERA_SWEEP_S``, default 600
    How old the last picture of a camera may get that nobody looks at; 0 leaves those cameras alone.
camera_warm : number, ``CCTV_CAMERA_WARM``, default 64
    Cameras whose picture is kept new before anybody asks: on saved walls, looked at or pointed at lately.
camera_warm_s : seconds, ``CCTV_CAMERA_WARM_S``, default 300
    How long a video is kept open after somebody looked last.
cache_dir : path, ``CCTV_CACHE_DIR``, default ``var``
    Keys, logs and results that can be computed again.
database : path, ``CCTV_DATABASE``, default ``cameras.duckdb``
    The register.
demo_password : text, ``CCTV_DEMO_PASSWORD``, default made at the first start, kept in ``cache_dir``
    Password of the five demo accounts; only used in demo mode.
geoportals : list of hosts, ``CCTV_GEOPORTALS``, default none
    Hosts of city geoportals that camera lists may be fetched from, ``geoportal.kota.go.id``; a host written with
    ``http://`` may be asked without encryption.
geo_dir : path, ``CCTV_GEO_DIR``, default ``data/geo``
    City layers with their manifest.
host : address, ``CCTV_HOST``, default ``127.0.0.1``
    Address the app listens on.
keep_alerts_days, keep_pictures_days, keep_views_days : days, ``CCTV_KEEP_ALERTS_DAYS``, default 365,
``CCTV_KEEP_PICTURES_DAYS``, default 90, ``CCTV_KEEP_VIEWS_DAYS``, default 365
    How long alerts that are over, pictures of alerts and closed incidents, and lines about pictures looked at are kept.
mode : ``demo`` or ``production``, ``CCTV_MODE``, default ``demo``
    Demo mode starts the camera simulator and the five demo accounts.
moving_cameras : number, ``CCTV_MOVING_CAMERAS``, default 8
    Cameras that are shown moving at the same time.
moving_fps : number, ``CCTV_MOVING_FPS``, default 8
    Pictures a second of a moving picture.
moving_s : seconds, ``CCTV_MOVING_S``, default 600
    After this time a moving picture ends until somebody starts it again.
moving_viewers : number, ``CCTV_MOVING_VIEWERS``, default 24
    Moving pictures that are shown to people at the same time.
moving_width : pixels, ``CCTV_MOVING_WIDTH``, default 960
    Width of a moving picture.
port : number, ``CCTV_PORT``, default 8501
    Port the app listens on.
repair_days : days per fault, ``CCTV_REPAIR_DAYS``, default ``dead=3,misaimed=7,blocked=7,other=14``
    Until when a fault should be repaired, counted in calendar days from the report.
scheduler : address, ``CCTV_SCHEDULER``, default none
    A dask.distributed scheduler (``tcp://host:8786``) that computes the viewsheds of very many cameras.
secret_key : text of at least 32 characters, ``CCTV_SECRET_KEY``, default made and kept in ``cache_dir``
    Signs session cookies and encrypts stream addresses. Changing it signs everybody out.
session_hours : hours, ``CCTV_SESSION_HOURS``, default 10
    How long a session lasts.
silent_polls : number, ``CCTV_SILENT_POLLS``, default 30
    Questions in a row (one a minute) that a camera may leave unanswered before it is counted as dead.
picture_check_s : seconds, ``CCTV_PICTURE_CHECK_S``, default 300
    In which time the pictures of all cameras are checked once; 0 checks none.
workers : number, ``CCTV_WORKERS``, default 1
    Processes of this machine that compute the viewsheds of very many cameras; 1 is the process of the app itself.
"""

import os
import secrets
import tomllib
from dataclasses import dataclass
from functools import cache
from ipaddress import IPv4Network, IPv6Network, ip_address, ip_network
from pathlib import Path
from typing import Literal

from cctv.errors import Problem, SettingsError, raise_if_any
from cctv.setting_rules import CHECKED, REPAIR_DAYS, pairs

ROOT = Path(__file__).resolve().parents[1]
PAGES = ROOT / "pages"
SHORTEST_KEY = 32
Network = IPv4Network | IPv6Network


def page_file(name: str) -> str:
    """Name the file of a screen.

    Parameters
    ----------
    name : str
        Screen, as in its address.

    Returns
    -------
    str
        Absolute path.
    """
    return str(PAGES / f"{name}.py")


@dataclass(frozen=True)
class Settings:
    """All settings; the module docstring says what each means."""

    mode: Literal["demo", "production"]
    host: str
    port: int
    database: Path
    backup_dir: Path
    backup_hour: int
    backup_keep: int
    geo_dir: Path
    cache_dir: Path
    secret_key: str
    demo_password: str
    camera_networks: tuple[Network, ...]
    camera_ports: tuple[int, ...]
    camera_connections: int
    camera_streams: int
    camera_decoders: int
    camera_warm_s: float
    camera_relay: str
    camera_warm: int
    camera_share: int
    camera_sweep_s: int
    camera_memory_mb: int
    moving_cameras: int
    moving_viewers: int
    moving_fps: int
    moving_width: int
    moving_s: int
    alert_url: str
    alert_networks: tuple[Network, ...]
    alert_key: str
    keep_alerts_days: int
    keep_pictures_days: int
    keep_views_days: int
    session_hours: float
    repair_days: tuple[tuple[str, int], ...]
    silent_polls: int
    geoportals: tuple[str, ...]
    picture_check_s: float
    workers: int
    scheduler: str

    @property
    def is_demo(self) -> bool:
        """Whether the simulator and the demo accounts exist."""
        return self.mode == "demo"

    @property
    def is_loopback(self) -> bool:
        """Whether only this machine can reach the app."""
        return self.host == "localhost" or ip_address(self.host).is_loopback


VARIABLES = {
    "CCTV_MODE": "demo",
    "CCTV_HOST": "127.0.0.1",
    "CCTV_PORT": "8501",
    "CCTV_DATABASE": "cameras.duckdb",
    "CCTV_BACKUP_DIR": "",
    "CCTV_BACKUP_HOUR": "2",
    "CCTV_BACKUP_KEEP": "14",
    "CCTV_GEO_DIR": "data/geo",
    "CCTV_CACHE_DIR": "var",
    "CCTV_SECRET_KEY": "",
    "CCTV_DEMO_PASSWORD": "",
    "CCTV_CAMERA_NETWORKS": "",
    "CCTV_CAMERA_PORTS": "80,81,88,443,554,1984,5000,7080,7447,8000,8080,8081,8090,8443,8554,8888,8971",
    "CCTV_CAMERA_CONNECTIONS": "128",
    "CCTV_CAMERA_STREAMS": "64",
    "CCTV_CAMERA_DECODERS": "2",
    "CCTV_CAMERA_WARM_S": "300",
    "CCTV_CAMERA_RELAY": "",
    "CCTV_CAMERA_WARM": "64",
    "CCTV_CAMERA_SHARE": "8",
    "CCTV_CAMERA_SWEEP_S": "600",
    "CCTV_CAMERA_MEMORY_MB": "96",
    "CCTV_MOVING_CAMERAS": "8",
    "CCTV_MOVING_VIEWERS": "24",
    "CCTV_MOVING_FPS": "8",
    "CCTV_MOVING_WIDTH": "960",
    "CCTV_MOVING_S": "600",
    "CCTV_ALERT_URL": "",
    "CCTV_ALERT_NETWORKS": "",
    "CCTV_ALERT_KEY": "",
    "CCTV_KEEP_ALERTS_DAYS": "365",
    "CCTV_KEEP_PICTURES_DAYS": "90",
    "CCTV_KEEP_VIEWS_DAYS": "365",
    "CCTV_SESSION_HOURS": "10",
    "CCTV_REPAIR_DAYS": REPAIR_DAYS,
    "CCTV_SILENT_POLLS": "30",
    "CCTV_GEOPORTALS": "",
    "CCTV_PICTURE_CHECK_S": "300",
    "CCTV_WORKERS": "1",
    "CCTV_SCHEDULER": "",
}


def read_settings(values: dict[str, str]) -> Settings:
    """Check the values and turn them into settings.

    Parameters
    ----------
    values : dict
        Variable name to text; missing ones take their default.

    Returns
    -------
    Settings
        Checked settings; keys are made and kept where none was given.

    Raises
    ------
    SettingsError
        Lists every variable with a value that cannot be used.
    """
    raw = {**VARIABLES, **values}
    problems: list[Problem] = []

    def bad(name: str, expected: str) -> None:
        problems.append(Problem("setting_value", name=name, value=raw[name], expected=expected))

    if raw["CCTV_MODE"] not in ("demo", "production"):
        bad("CCTV_MODE", "demo | production")
    problems += [
        Problem("setting_value", name=name, value="***", expected=f">= {SHORTEST_KEY}")
        for name in ("CCTV_SECRET_KEY", "CCTV_ALERT_KEY")
        if raw[name] and len(raw[name]) < SHORTEST_KEY
    ]
    hours = _number(raw["CCTV_SESSION_HOURS"])
    if hours is None or hours <= 0:
        bad("CCTV_SESSION_HOURS", "> 0")
    for name, is_usable, expected in CHECKED:
        if not is_usable(raw[name]):
            bad(name, expected)
    networks, receivers = (_networks(raw[f"CCTV_{name}_NETWORKS"]) for name in ("CAMERA", "ALERT"))
    for name, found in (("CCTV_CAMERA_NETWORKS", networks), ("CCTV_ALERT_NETWORKS", receivers)):
        if found is None:
            bad(name, "10.20.0.0/16,192.168.5.0/24")
    raise_if_any(problems, SettingsError, code="settings", message="settings that cannot be used")

    cache_dir = _path(raw["CCTV_CACHE_DIR"])
    return Settings(
        mode="demo" if raw["CCTV_MODE"] == "demo" else "production",
        host=raw["CCTV_HOST"],
        port=int(raw["CCTV_PORT"]),
        database=_path(raw["CCTV_DATABASE"]),
        backup_dir=_path(raw["CCTV_BACKUP_DIR"] or str(_path(raw["CCTV_DATABASE"]).with_name("cadangan"))),
        backup_hour=int(raw["CCTV_BACKUP_HOUR"]),
        backup_keep=int(raw["CCTV_BACKUP_KEEP"]),
        geo_dir=_path(raw["CCTV_GEO_DIR"]),
        cache_dir=cache_dir,
        secret_key=raw["CCTV_SECRET_KEY"] or _kept_secret(cache_dir / "secret.key", 48),
        demo_password=raw["CCTV_DEMO_PASSWORD"] or _kept_secret(cache_dir / "demo.password", 9),
        camera_networks=networks or (),
        camera_ports=tuple(sorted({int(part) for part in raw["CCTV_CAMERA_PORTS"].split(",")})),
        camera_connections=int(raw["CCTV_CAMERA_CONNECTIONS"]),
        camera_streams=int(raw["CCTV_CAMERA_STREAMS"]),
        camera_decoders=int(raw["CCTV_CAMERA_DECODERS"]),
        camera_warm_s=float(raw["CCTV_CAMERA_WARM_S"]),
        camera_relay=raw["CCTV_CAMERA_RELAY"],
        camera_warm=int(raw["CCTV_CAMERA_WARM"]),
        camera_share=int(raw["CCTV_CAMERA_SHARE"]),
        camera_sweep_s=int(raw["CCTV_CAMERA_SWEEP_S"]),
        camera_memory_mb=int(raw["CCTV_CAMERA_MEMORY_MB"]),
        moving_cameras=int(raw["CCTV_MOVING_CAMERAS"]),
        moving_viewers=int(raw["CCTV_MOVING_VIEWERS"]),
        moving_fps=int(raw["CCTV_MOVING_FPS"]),
        moving_width=int(raw["CCTV_MOVING_WIDTH"]),
        moving_s=int(raw["CCTV_MOVING_S"]),
        alert_url=raw["CCTV_ALERT_URL"],
        alert_networks=receivers or (),
        alert_key=raw["CCTV_ALERT_KEY"] or _kept_secret(cache_dir / "alert.key", 48),
        keep_alerts_days=int(raw["CCTV_KEEP_ALERTS_DAYS"]),
        keep_pictures_days=int(raw["CCTV_KEEP_PICTURES_DAYS"]),
        keep_views_days=int(raw["CCTV_KEEP_VIEWS_DAYS"]),
        session_hours=hours or 0.0,
        repair_days=tuple((name, int(days)) for name, days in pairs(raw["CCTV_REPAIR_DAYS"])),
        silent_polls=int(raw["CCTV_SILENT_POLLS"]),
        geoportals=tuple(part.strip().lower() for part in raw["CCTV_GEOPORTALS"].split(",") if part.strip()),
        picture_check_s=float(raw["CCTV_PICTURE_CHECK_S"]),
        workers=int(raw["CCTV_WORKERS"]),
        scheduler=raw["CCTV_SCHEDULER"],
    )


@cache
def get_settings() -> Settings:
    """Give the settings of this process, read once.

    Returns
    -------
    Settings
        From the environment, then ``.streamlit/secrets.toml``, then the defaults.

    Raises
    ------
    SettingsError
        If a value cannot be used.
    """
    found = _from_secrets_file()
    found |= {name: os.environ[name] for name in VARIABLES if os.environ.get(name)}  # noqa: TID251
    return read_settings(found)


def _from_secrets_file() -> dict[str, str]:
    path = ROOT / ".streamlit" / "secrets.toml"
    if not path.exists():
        return {}
    try:
        table = tomllib.loads(path.read_text(encoding="utf-8"))
    except tomllib.TOMLDecodeError as error:
        raise SettingsError("secrets_file", f"{path}: {error}", {"path": path.name, "reason": str(error)}) from error
    return {name: str(table[name]) for name in VARIABLES if name in table}


def _kept_secret(path: Path, n_bytes: int) -> str:
    """Make a random text once and keep it readable by its owner alone."""
    if path.exists():
        return path.read_text(encoding="utf-8").strip()
    text = secrets.token_urlsafe(n_bytes)
    try:
        path.parent.mkdir(parents=True, exist_ok=True)
        descriptor = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
    except FileExistsError:
        return path.read_text(encoding="utf-8").strip()
    except OSError as error:
        raise SettingsError("cache_dir", f"{path}: {error}", {"path": str(path.parent)}) from error
    with os.fdopen(descriptor, "w", encoding="utf-8") as file:
        file.write(text)
    return text


def _path(text: str) -> Path:
    path = Path(text).expanduser()
    return path if path.is_absolute() else ROOT / path


def _number(text: str) -> float | None:
    try:
        return float(text)
    except ValueError:
        return None


def _networks(text: str) -> tuple[Network, ...] | None:
    try:
        return tuple(ip_network(part.strip()) for part in text.split(",") if part.strip())
    except ValueError:
        return None
