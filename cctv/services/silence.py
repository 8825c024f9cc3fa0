"""What the rounds say against the register: cameras that it calls on and that have not answered for too long."""

from datetime import timedelta

from cctv.registry.camera_health import outvoted
from cctv.services.runtime import Runtime

#: Time between two rounds [s].
ROUND_PERIOD_S = 60.0


def silent_cameras(runtime: Runtime) -> tuple[str, ...]:
    """List the cameras that count as dead because they do not answer.

    A person's word is newer than the silence until as many questions have gone unanswered after it.

    Parameters
    ----------
    runtime : Runtime
        Open process.

    Returns
    -------
    tuple of str
        Cameras that the register calls on, by id.
    """
    least = runtime.settings.silent_polls
    return outvoted(runtime.registry, least, timedelta(seconds=(least - 1) * ROUND_PERIOD_S))
