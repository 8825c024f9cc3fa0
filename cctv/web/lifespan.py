"""What happens when the app starts and stops: the register, snapd, the simulator, first results."""

import logging
from collections.abc import AsyncGenerator
from contextlib import asynccontextmanager
from datetime import UTC, datetime
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
#: A round under way is waited for so long when the app stops.
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
    emptying = Thread(target=_empty_inbox, args=(runtime, ending), name="inbox", daemon=True)
    emptying.start()
    rounds = Thread(target=camera_health.keep_asking, args=(runtime, ending), name="rounds", daemon=True)
    rounds.start()
    copying = Thread(target=nightly.keep_copying, args=(runtime, ending), name="nightly", daemon=True)
    copying.start()
    warming_up = Thread(target=warming.keep_telling, args=(runtime, ending), name="warm", daemon=True)
    warming_up.start()
    sweeps = Thread(target=quality.keep_sweeping, args=(runtime, ending), name="sweeps", daemon=True)
    sweeps.start()
    sending = Thread(target=runtime.webhook.run, args=(ending,), name="alerts", daemon=True)
    sending.start()
    try:
        yield {}
    finally:
        ending.set()
        await run_blocking(emptying.join)
        await run_blocking(rounds.join, STOP_S)
        await run_blocking(copying.join, STOP_S)
        await run_blocking(warming_up.join, STOP_S)
        await run_blocking(sending.join, STOP_S)
        await run_blocking(sweeps.join, STOP_S)
        await run_blocking(close_runtime)


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
