"""``import-counts``: people, vehicles or incidents counted at points, as a factor of the demand."""

from argparse import Namespace
from datetime import date
from pathlib import Path

from cctv.cli.output import say
from cctv.cli.parsing import Parser
from cctv.errors import ImportProblemsError
from cctv.i18n import number, t
from cctv.registry.accounts import require_account
from cctv.services import weighting
from cctv.services.runtime import close_runtime, get_runtime
from cctv.services.weighting import CountPreview, Origin
from coverage.factors import FACTORS

_MOST_SHOWN = 20


def add_arguments(parser: Parser) -> None:
    """Add the arguments of ``import-counts``.

    Parameters
    ----------
    parser : Parser
        Parser of the command.
    """
    parser.values.add_argument("file", type=Path, metavar=t("cli.file"), help=t("weights.file_help"))
    for name in ("title", "source", "by"):
        parser.options.add_argument(
            f"--{name}", required=True, metavar=t("cli.text"), help=t(f"cli.import_counts.{name}")
        )
    parser.options.add_argument("--factor", required=True, choices=FACTORS, help=t("cli.import_counts.factor"))
    parser.options.add_argument(
        "--as-of", required=True, type=date.fromisoformat, metavar=t("cli.day"), help=t("weights.as_of")
    )
    parser.options.add_argument(
        "--kind", default="measured", choices=("measured", "estimated", "synthetic"), help=t("weights.kind")
    )
    parser.options.add_argument("--without-refused", action="store_true", help=t("cli.import_counts.without_refused"))
    parser.options.add_argument("--dry-run", action="store_true", help=t("cli.import_counts.dry_run"))


def import_counts(arguments: Namespace) -> int:
    """Read a file of counts, show what cannot be used, and keep the rest switched off.

    Parameters
    ----------
    arguments : Namespace
        ``file``, ``title``, ``source``, ``by``, ``factor``, ``as_of``, ``kind``, ``without_refused``, ``dry_run``.

    Returns
    -------
    int
        0 if all rows can be used or the others were kept, 1 if a dry run finds rows that cannot.

    Raises
    ------
    ImportProblemsError
        If the file cannot be used, or rows cannot and nobody agreed to leave them out.
    RegistryError
        If there is no such account, or the running app holds the register.
    """
    file: Path = arguments.file
    if not file.is_file():
        raise ImportProblemsError("import_no_file", str(file), {"file": file.name})
    origin = Origin(arguments.factor, arguments.title, arguments.source, arguments.as_of, arguments.kind)
    runtime = get_runtime()
    try:
        account = require_account(runtime.registry, arguments.by)
        found = weighting.preview(runtime, account, file.name, file.read_bytes(), origin)
        _show(found)
        if arguments.dry_run:
            return int(len(found.refused) > 0)
        weighting.add(
            runtime, account, found, reason=t("weights.reason_add"), without_refused=arguments.without_refused
        )  # fmt: skip
        say(t("weights.kept"))
    finally:
        close_runtime()
    return 0


def _show(found: CountPreview) -> None:
    counts = {"n": len(found.points), "outside": found.n_outside, "refused": len(found.refused)}
    say(t("weights.preview", **{name: number(value) for name, value in counts.items()}))
    for row in found.refused.head(_MOST_SHOWN).to_dict("records"):
        reason = t(f"problem.{row['code']}")
        say(f"  {t('importing.line', line=row['row_no'])}: {row['name']} = {row['value'] or '-'}: {reason}")
    if len(found.refused) > _MOST_SHOWN:
        say("  " + t("cli.more_problems", n=len(found.refused) - _MOST_SHOWN))
