"""Long work outside the threads of the screens: one job per question, shared by all who ask, shown and stoppable."""

import atexit
import logging
import secrets
from collections import OrderedDict
from collections.abc import Callable, Hashable
from dataclasses import dataclass, field
from queue import SimpleQueue
from threading import Event, Lock, Thread
from time import monotonic
from typing import Literal

from cctv.errors import CctvError
from coverage.errors import CoverageError

log = logging.getLogger(__name__)

State = Literal["waiting", "running", "done", "stopped", "failed"]
#: A job that no screen has looked at for so long is stopped: whoever asked has moved on [s].
UNWATCHED_S = 8.0
MOST_KEPT = 64
FAREWELL_S = 20.0


@dataclass(eq=False)
class Job:
    """One piece of work.

    Attributes
    ----------
    state : {"waiting", "running", "done", "stopped", "failed"}
        How it stands.
    stage : str
        What is being done.
    share : float
        How far the stage is, 0 to 1.
    value, bound : int
        Best plan so far, and what no plan can exceed; 0 while unknown.
    result : object or None
        What was found; None unless it is done.
    error : CctvError or CoverageError or None
        Why it failed, if a person can be told.
    mark : str
        Name of an unexpected failure in the log.
    watched_at : float
        When a screen last looked at it [s, monotonic].
    is_cut : bool
        Whether it was told to end before it was done.
    """

    state: State = "waiting"
    stage: str = ""
    share: float = 0.0
    value: int = 0
    bound: int = 0
    result: object = None
    error: CctvError | CoverageError | None = None
    mark: str = ""
    watched_at: float = field(default_factory=monotonic)
    is_cut: bool = False
    _stop: Event = field(default_factory=Event)

    @property
    def is_over(self) -> bool:
        """Whether nothing more will happen."""
        return self.state in ("done", "stopped", "failed")

    def watch(self) -> None:
        """Tell that somebody still looks at it."""
        self.watched_at = monotonic()

    def stop(self) -> None:
        """Ask it to stop, for everybody who looks at it."""
        self._stop.set()
        if self.state == "waiting":
            self.state = "stopped"

    @property
    def is_left(self) -> bool:
        """Whether it ended early only because nobody looked any more."""
        return self.state == "stopped" and not self._stop.is_set()

    @property
    def goes_on(self) -> bool:
        """Whether nobody has stopped it and somebody still looks."""
        return not self._stop.is_set() and monotonic() - self.watched_at < UNWATCHED_S

    def tell(self, stage: str, share: float, value: int = 0, bound: int = 0) -> bool:
        """Take note of how far the work is.

        Parameters
        ----------
        stage : str
            What is being done.
        share : float
            How far it is, 0 to 1.
        value, bound : int
            Best so far.

        Returns
        -------
        bool
            Whether to go on.
        """
        self.stage, self.share, self.value, self.bound = stage, share, value, bound
        self.is_cut = self.is_cut or not self.goes_on
        return not self.is_cut


class Lane:
    """A thread that does one job after another; it starts with the first one.

    Parameters
    ----------
    name : str
        Name of the thread.
    """

    def __init__(self, name: str) -> None:
        self.name = name
        self._lock = Lock()
        self._jobs: OrderedDict[Hashable, Job] = OrderedDict()
        self._queue: SimpleQueue[tuple[Job, Callable[[Job], object]] | None] = SimpleQueue()
        self._thread: Thread | None = None

    def ask(self, key: Hashable, work: Callable[[Job], object]) -> Job:
        """Give the job for a question; the first who asks starts it.

        Parameters
        ----------
        key : hashable
            The question; everything that the answer depends on.
        work : callable
            Does it; is given the job to tell about progress.

        Returns
        -------
        Job
            Shared by all who ask the same.
        """
        with self._lock:
            job = self._jobs.get(key)
            if job is None or job.is_left:
                job = self._jobs[key] = Job()
                self._queue.put((job, work))
                while len(self._jobs) > MOST_KEPT:
                    self._jobs.popitem(last=False)[1].stop()
            if self._thread is None:
                self._thread = Thread(target=self._run, name=self.name, daemon=True)
                self._thread.start()
                atexit.register(self.close)
        job.watch()
        return job

    def forget(self, key: Hashable) -> None:
        """Let the next who asks start again.

        Parameters
        ----------
        key : hashable
            The question.
        """
        with self._lock:
            job = self._jobs.pop(key, None)
        if job is not None:
            job.stop()

    def close(self) -> None:
        """Stop all jobs and end the thread: compiled solvers must not be running when the process ends."""
        with self._lock:
            for job in self._jobs.values():
                job.stop()
        self._queue.put(None)
        if self._thread is not None:
            self._thread.join(FAREWELL_S)

    def _run(self) -> None:
        while (order := self._queue.get()) is not None:
            self._do(*order)

    def _do(self, job: Job, work: Callable[[Job], object]) -> None:
        """Do one job; whatever goes wrong is kept for the screen, and the thread lives on."""
        if not job.goes_on:
            job.state = "stopped"
            return
        job.state = "running"
        try:
            result = work(job)
        except (CctvError, CoverageError) as error:
            job.error, job.state = error, "failed"
        except Exception:
            job.mark = secrets.token_hex(4)
            log.exception("job %s, id %s", self.name, job.mark)
            job.state = "failed"
        else:
            job.result = None if job.is_cut else result
            job.state = "stopped" if job.is_cut else "done"
