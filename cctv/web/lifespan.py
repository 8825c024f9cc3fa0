"""What happens when the app starts and stops: the register, snapd, the simulator, first results."""

import logging
from collections.abc import AsyncGenerator, Callable
from contextlib import asynccontextmanager
from datetime import UTC, datetime
from functools import partial
from threading import Event, Thread
from typing import Any

from cctv.errors import CctvError
from cctv.registry.accounts import deactivate_demo_accounts, first_admin_token
from cctv.services import camera_health, inbox, nightly, quality, situation, warming
from cctv.services.runtime import Runtime, close_runtime, get_runtime
from cctv.services.simulation import start_simulation
from cctv.web.blocking import run_blocking
from coverage.errors import CoverageError

log = logging.getLogger(__name__)
_INBOX_EVERY_S = 3.0
#: Waited for to its end when the app stops: an import is not left half way. All others are waited for so long.
INBOX = "inbox"
STOP_S = 5.0


@asynccontextmanager
async def lifespan(_app: object) -> AsyncGenerator[dict[str, Any]]:
    """Open everything, serve, close everything.

    Parameters
    ----------
    _app : object
        Not looked at.

    Yields
    ------
    dict
        Empty state.
    """
    runtime = await run_blocking(get_runtime)
    await run_blocking(runtime.pictures.start)
    if runtime.settings.is_demo:
        await run_blocking(start_simulation, runtime)
    else:
        await run_blocking(_prepare_production, runtime)
    Thread(target=_warm_up, args=(runtime,), name="first-results", daemon=True).start()
    ending = Event()
    workers = [Thread(target=work, name=name, daemon=True) for name, work in _background(runtime, ending).items()]
    for worker in workers:
        worker.start()
    try:
        yield {}
    finally:
        ending.set()
        for worker in workers:
            await run_blocking(worker.join, None if worker.name == INBOX else STOP_S)
        await run_blocking(close_runtime)


def _background(runtime: Runtime, ending: Event) -> dict[str, Callable[[], None]]:
    """Name what runs beside the screens until the app ends."""
    return {
        INBOX: partial(_empty_inbox, runtime, ending),
        "rounds": partial(camera_health.keep_asking, runtime, ending),
        "nightly": partial(nightly.keep_copying, runtime, ending),
        "warm": partial(warming.keep_telling, runtime, ending),
        "alerts": partial(runtime.webhook.run, ending),
        "sweeps": partial(quality.keep_sweeping, runtime, ending),
    }


def _prepare_production(runtime: Runtime) -> None:
    deactivate_demo_accounts(runtime.registry)
    token = first_admin_token(runtime.registry, datetime.now(UTC))
    if token is not None:
        settings = runtime.settings
        print(  # noqa: T201 - the one link that the person at the console must see
            f"Akun admin pertama: http://{settings.host}:{settings.port}/siapkan?token={token} (sekali pakai, 24 jam)",
            flush=True,
        )


def _warm_up(runtime: Runtime) -> None:
    """Compute what the first visitor would wait for; a failure shows on the screen that needs it."""
    try:
        situation.current(runtime)
    except (CctvError, CoverageError) as error:
        log.warning("first results: %s", error)


def _empty_inbox(runtime: Runtime, ending: Event) -> None:
    """Take over what the command line handed in; a full disk or a stopped store is tried again later."""
    while not ending.wait(_INBOX_EVERY_S):
        try:
            for outcome in inbox.drain(runtime):
                log.info("import %s: %s %s", outcome.job.job_id, outcome.counts, outcome.problem)
        except (OSError, ValueError) as error:
            log.warning("inbox: %s", error)
