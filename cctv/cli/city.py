"""``import-osm``, ``geodata build`` and ``geodata check``: the city layers."""

from argparse import Namespace
from collections import Counter
from datetime import date
from pathlib import Path

from cctv.cli.output import say, show_problems
from cctv.cli.parsing import Parser
from cctv.geodata import check_city, load_city
from cctv.geodata.build import build_city
from cctv.geodata.generate.town import SEED
from cctv.i18n import number, t
from cctv.importers.osm_report import OsmReport
from cctv.services import cityimport
from cctv.services.cityimport import CityImport, Origin
from cctv.settings import get_settings

_MOST_WORDS = 5


def add_import_arguments(parser: Parser) -> None:
    """Add the arguments of ``import-osm``.

    Parameters
    ----------
    parser : Parser
        Parser of the command.
    """
    origin = Origin()
    parser.values.add_argument("file", type=Path, metavar=t("cli.file"), help=t("cli.import_osm.file"))
    parser.options.add_argument("--boundary", metavar=t("cli.file"), help=t("cli.import_osm.boundary"))
    parser.options.add_argument("--dry-run", action="store_true", help=t("cli.import_osm.dry_run"))
    for name in ("source", "licence", "attribution"):
        default = getattr(origin, name)
        parser.options.add_argument(
            f"--{name}", default=default, metavar=t("cli.text"), help=t(f"cli.import_osm.{name}", default=default)
        )
    parser.options.add_argument(
        "--as-of", type=date.fromisoformat, metavar=t("cli.day"), help=t("cli.import_osm.as_of")
    )


def import_osm(arguments: Namespace) -> int:
    """Replace streets, buildings and public spaces by those of a map file.

    Parameters
    ----------
    arguments : Namespace
        ``file``, ``boundary``, ``dry_run``, ``source``, ``licence``, ``attribution``, ``as_of``.

    Returns
    -------
    int
        0.

    Raises
    ------
    ImportProblemsError
        If the file cannot be used.
    GeodataError
        If the city layers cannot be read or the new ones are refused.
    """
    boundary = arguments.boundary
    done = cityimport.import_osm(
        get_settings().geo_dir,
        arguments.file,
        boundary="file" if boundary == "file" else None if boundary is None else Path(boundary),
        origin=Origin(arguments.source, arguments.licence, arguments.attribution, arguments.as_of),
        dry_run=arguments.dry_run,
    )
    _show_report(done.report)
    _show_outcome(done)
    return 0


def add_build_arguments(parser: Parser) -> None:
    """Add the arguments of ``geodata build``.

    Parameters
    ----------
    parser : Parser
        Parser of the command.
    """
    parser.options.add_argument("--seed", type=int, default=SEED, metavar="N", help=t("cli.geodata.seed", seed=SEED))


def build(arguments: Namespace) -> int:
    """Generate the synthetic city layers again.

    Parameters
    ----------
    arguments : Namespace
        ``seed``.

    Returns
    -------
    int
        0.

    Raises
    ------
    GeodataError
        If a restated layer is missing or was replaced by a real one.
    """
    geo_dir = get_settings().geo_dir
    say(t("cli.geodata.building"))
    manifest = build_city(geo_dir, seed=arguments.seed)
    for name, info in manifest.layers.items():
        say(f"  {name:16} {t(f'kind.{info.kind}'):28} {info.sha256[:12]}")
    say(t("cli.geodata.built", path=geo_dir, fingerprint=manifest.fingerprint))
    return 0


def add_check_arguments(parser: Parser) -> None:
    """Add the arguments of ``geodata check``: none.

    Parameters
    ----------
    parser : Parser
        Parser of the command; not changed.
    """
    del parser


def check(_arguments: Namespace) -> int:
    """Check the city layers: files, coordinates, counts, overlaps.

    Parameters
    ----------
    _arguments : Namespace
        Not looked at.

    Returns
    -------
    int
        0 if everything is right, 1 if something is wrong.
    """
    geo_dir = get_settings().geo_dir
    problems = check_city(geo_dir)
    if problems:
        say(t("cli.geodata.wrong", n=len(problems)))
        show_problems(problems)
        return 1
    city = load_city(geo_dir)
    say(t("cli.geodata.right", n=len(city.manifest.layers), fingerprint=city.manifest.fingerprint))
    return 0


def _show_report(report: OsmReport) -> None:
    say(t("cli.import_osm.read_from", file=report.file, crs=report.crs, work_crs=report.work_crs))
    for group in (group for group in report.groups.values() if group.read):
        say(t(f"importers.group.{group.name}", **{name: number(value) for name, value in group.counts().items()}))
        named = Counter({t(f"importers.class.{name}"): n for name, n in report.classes.get(group.name, {}).items()})
        if named:
            say("    " + _listed(named, len(named)))
    if report.height_sources:
        named = Counter({t(f"importers.height.{name}"): n for name, n in report.height_sources.items()})
        say(t("importers.heights", listed=_listed(named, len(named))))
    if report.unreadable_heights:
        shown = Counter({f'"{text}"': n for text, n in report.unreadable_heights.items()})
        say(t("importers.unreadable", listed=_listed(shown, _MOST_WORDS)))
    if report.widths_assumed or report.lit_assumed:
        say(t("importers.roads_assumed", widths=number(report.widths_assumed), lit=number(report.lit_assumed)))
    cameras = report.group("surveillance").kept
    if cameras:
        say(t("importers.cameras", n=number(cameras), known=number(report.cameras_with_direction)))


def _show_outcome(done: CityImport) -> None:
    if not done.report.is_in_zone:
        say(t("importers.other_zone", crs=done.report.work_crs))
    if done.street_areas:
        say(t("importers.street_areas", n=number(done.street_areas)))
    names = {name: t(f"importers.layer.{name}") for name in (*done.replaced, *done.untouched)}
    replaced = ", ".join(names[name] for name in done.replaced) or "-"
    say(t("importers.would_replace" if done.is_dry_run else "importers.replaced", layers=replaced))
    if done.untouched:
        say(t("importers.untouched", layers=", ".join(names[name] for name in done.untouched)))


def _listed(counts: Counter[str], most: int) -> str:
    return ", ".join(f"{name} {number(n)}" for name, n in sorted(counts.items(), key=lambda item: -item[1])[:most])
