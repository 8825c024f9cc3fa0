"""Lists that the command line hands to the running app: a folder beside the register that the app empties.

One process holds the register. A command that finds it held puts a checked file here and says so; the app takes it
over through the same function as everybody else. A job is there once its ``.json`` is; what became of it stands in a
``.hasil.json`` that holds no cell of the list. The list itself is deleted then: it may hold stream addresses.
"""

import json
import logging
import os
import shutil
from dataclasses import asdict, dataclass
from datetime import UTC, date, datetime
from pathlib import Path
from typing import Any

from cctv.errors import CctvError, NotFoundError
from cctv.i18n.messages import error_text
from cctv.importers.cameras.sandbox import read_sheets
from cctv.importers.cameras.tables import lay_out
from cctv.services import importing
from cctv.services.runtime import Runtime
from coverage.errors import CoverageError

log = logging.getLogger(__name__)
_RESULT = ".hasil.json"


@dataclass(frozen=True)
class Job:
    """A list that waits.

    Attributes
    ----------
    job_id : str
        Becomes the id of the import, so that it is never taken over twice.
    file_name : str
        Name the file had.
    owner : str
        Agency for rows without an owner; empty if each row names its own.
    as_of : str
        Day for which the list holds, ISO 8601.
    actor : str
        Who handed it in.
    queued_at : str
        Moment in UTC, ISO 8601.
    """

    job_id: str
    file_name: str
    owner: str
    as_of: str
    actor: str
    queued_at: str


@dataclass(frozen=True)
class Outcome:
    """What became of a job: the number of rows per outcome, or why it was refused."""

    job: Job
    counts: dict[str, int]
    problem: str
    done_at: str


def inbox_of(database: Path) -> Path:
    """Name the folder of a register.

    Parameters
    ----------
    database : Path
        The register.

    Returns
    -------
    Path
        Beside it.
    """
    return database.with_name(f"{database.name}.antrean")


def hand_in(database: Path, file: Path, *, owner: str, as_of: date, actor: str) -> Job:
    """Check a list and leave it for the running app.

    Parameters
    ----------
    database : Path
        Register that the app holds.
    file : Path
        The list.
    owner : str
        Agency id for rows without an owner.
    as_of : date
        Day for which the list holds.
    actor : str
        Who hands it in.

    Returns
    -------
    Job
        Waits from now on.

    Raises
    ------
    ImportProblemsError
        If the file is refused, damaged, or holds no table; nothing waits then.
    """
    lay_out(read_sheets(file), file.name)
    folder = inbox_of(database)
    folder.mkdir(mode=0o700, parents=True, exist_ok=True)
    now = datetime.now(UTC)
    job = Job(importing.new_id(), file.name, owner, as_of.isoformat(), actor, now.isoformat())
    copy = _list_of(folder, job)
    with file.open("rb") as source, os.fdopen(os.open(copy, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600), "wb") as to:
        shutil.copyfileobj(source, to)
    _write(folder / f"{job.job_id}.json", asdict(job))
    return job


def waiting(database: Path) -> list[Job]:
    """List the jobs that wait.

    Parameters
    ----------
    database : Path
        The register.

    Returns
    -------
    list of Job
        Oldest first.
    """
    found = [Job(**_read(path)) for path in inbox_of(database).glob("impor-*.json") if not path.name.endswith(_RESULT)]
    return sorted(found, key=lambda job: (job.queued_at, job.job_id))


def outcomes(database: Path) -> list[Outcome]:
    """List what became of jobs.

    Parameters
    ----------
    database : Path
        The register.

    Returns
    -------
    list of Outcome
        Newest first.
    """
    found = [_read(path) for path in inbox_of(database).glob(f"impor-*{_RESULT}")]
    results = [Outcome(Job(**one["job"]), one["counts"], one["problem"], one["done_at"]) for one in found]
    return sorted(results, key=lambda one: (one.done_at, one.job.job_id), reverse=True)


def drain(runtime: Runtime) -> list[Outcome]:
    """Take over every list that waits.

    Parameters
    ----------
    runtime : Runtime
        Open process.

    Returns
    -------
    list of Outcome
        Of this time; a list that is refused does not hold up the others.
    """
    database = runtime.settings.database
    return [_done(runtime, inbox_of(database), job) for job in waiting(database)]


def _done(runtime: Runtime, folder: Path, job: Job) -> Outcome:
    counts: dict[str, int] = {}
    problem = ""
    try:
        copy = _list_of(folder, job)
        if not copy.is_file():
            raise NotFoundError("not_found", job.job_id, {"entity": "file", "id": job.file_name})
        found = importing.preview(runtime.registry, runtime.city, copy, job.owner, name=job.file_name)
        record = importing.commit(
            runtime.registry, runtime.city, job.actor, found, as_of=date.fromisoformat(job.as_of), import_id=job.job_id
        )
        counts = record.counts
    except (CctvError, CoverageError) as error:
        problem = error_text(error)
        log.warning("import %s: %s", job.job_id, error.code)
    outcome = Outcome(job, counts, problem, datetime.now(UTC).isoformat())
    _write(folder / f"{job.job_id}{_RESULT}", asdict(outcome))
    (folder / f"{job.job_id}.json").unlink(missing_ok=True)
    _list_of(folder, job).unlink(missing_ok=True)
    return outcome


def _list_of(folder: Path, job: Job) -> Path:
    return folder / f"daftar-{job.job_id}{Path(job.file_name).suffix.lower()}"


def _write(path: Path, content: dict[str, Any]) -> None:
    """Write whole or not at all."""
    part = path.with_suffix(".part")
    part.write_text(json.dumps(content, ensure_ascii=False), encoding="utf-8")
    part.replace(path)


def _read(path: Path) -> dict[str, Any]:
    return dict(json.loads(path.read_text(encoding="utf-8")))
