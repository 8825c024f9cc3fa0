"""What the running process holds: settings, the open register, the city layers, the source of pictures."""

from dataclasses import dataclass, field
from pathlib import Path
from threading import RLock

from cctv.errors import CctvError
from cctv.geodata import CityLayers, load_city
from cctv.live.snapd_client import Bounds, SnapdPictures
from cctv.live.supervisor import Simulator
from cctv.registry import Registry
from cctv.registry.accounts import ensure_demo_accounts
from cctv.services.webhook import Webhook
from cctv.settings import Settings, get_settings


@dataclass(eq=False)
class Runtime:
    """One per process; every service takes it as its first argument.

    Attributes
    ----------
    settings : Settings
        All settings.
    registry : Registry
        The open register; this process alone holds the file.
    pictures : SnapdPictures
        Where pictures of cameras come from: a process of its own, started with the served app.
    webhook : Webhook
        Where alerts are sent to.
    simulator : Simulator or None
        The camera simulator, once demo mode has started it.
    backup_failure : CctvError or None
        Why the last copy of the register was not made; None if it was, or none was tried.
    lock : RLock
        Held while a result is computed that all sessions share.
    """

    settings: Settings
    registry: Registry
    pictures: SnapdPictures
    webhook: Webhook
    simulator: Simulator | None = None
    backup_failure: CctvError | None = None
    lock: RLock = field(default_factory=RLock)

    @property
    def city(self) -> CityLayers:
        """City layers, read once per version of the files."""
        return load_city(self.settings.geo_dir)

    @property
    def cache_dir(self) -> Path:
        """Folder for results that can be computed again."""
        return self.settings.cache_dir


_runtime: Runtime | None = None
_lock = RLock()


def get_runtime() -> Runtime:
    """Give the runtime of this process; the first call opens it.

    Returns
    -------
    Runtime
        Open and ready; the simulator is not started here.

    Raises
    ------
    SettingsError
        If a setting cannot be used.
    RegistryError
        If the register cannot be opened.
    """
    global _runtime  # noqa: PLW0603 - one register per process is a fact, not a shortcut
    with _lock:
        if _runtime is None:
            _runtime = open_runtime(get_settings())
        return _runtime


def open_runtime(settings: Settings) -> Runtime:
    """Open everything that a process needs.

    Parameters
    ----------
    settings : Settings
        All settings.

    Returns
    -------
    Runtime
        Open and ready.

    Raises
    ------
    RegistryError
        If the register cannot be opened.
    """
    registry = Registry.open(settings.database, secret_key=settings.secret_key)
    if settings.is_demo:
        ensure_demo_accounts(registry, settings.demo_password)
    return Runtime(settings, registry, snapd_of(settings), Webhook(settings))


def snapd_of(settings: Settings) -> SnapdPictures:
    """Give the source of pictures as the settings bound it; not started yet.

    Parameters
    ----------
    settings : Settings
        All settings.

    Returns
    -------
    SnapdPictures
        Ready to start.
    """
    bounds = Bounds(
        networks=settings.camera_networks,
        ports=settings.camera_ports,
        connections=settings.camera_connections,
        streams=settings.camera_streams,
        decoders=settings.camera_decoders,
        warm_s=settings.camera_warm_s,
        relay=settings.camera_relay,
        warm=settings.camera_warm,
        share=settings.camera_share / 100,
        sweep_s=settings.camera_sweep_s,
        memory_mb=settings.camera_memory_mb,
        moving=settings.moving_cameras,
        moving_fps=settings.moving_fps,
        moving_width=settings.moving_width,
    )
    return SnapdPictures(bounds)


def close_runtime() -> None:
    """Stop the simulator and snapd, and close the register of this process."""
    global _runtime  # noqa: PLW0603
    with _lock:
        if _runtime is None:
            return
        if _runtime.simulator is not None:
            _runtime.simulator.stop()
        _runtime.pictures.close()
        _runtime.registry.close()
        _runtime = None
