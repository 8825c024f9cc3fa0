"""What the register refuses: people's values with all reasons at once, and anything else by the tables themselves."""

from datetime import UTC, date, datetime

import duckdb
import pytest

from cctv.errors import Problem, ValidationError
from cctv.i18n import catalogue, use_language
from cctv.i18n.messages import error_text, problem_text
from cctv.registry import Registry, accounts, agencies, cameras, points, prices

NAN, INF = float("nan"), float("inf")
BAD_CAMERA = [
    ("azimuth_deg", 400.0, "out_of_range"), ("azimuth_deg", 360.0, "out_of_range"), ("azimuth_deg", -1, "out_of_range"),
    ("azimuth_deg", NAN, "not_number"), ("azimuth_deg", "0", "not_number"), ("azimuth_deg", True, "not_number"),
    ("height_m", -1.0, "out_of_range"), ("height_m", 0, "out_of_range"), ("height_m", NAN, "not_number"),
    ("height_m", INF, "not_number"), ("height_m", 101, "out_of_range"), ("tilt_deg", 91, "out_of_range"),
    ("tilt_deg", -31, "out_of_range"), ("hfov_deg", 0, "out_of_range"), ("hfov_deg", 361, "out_of_range"),
    ("vfov_deg", 180, "out_of_range"), ("range_m", 2001, "out_of_range"), ("resolution_px", 1920.5, "not_whole"),
    ("resolution_px", 0, "out_of_range"), ("status", "hidup", "choice"), ("camera_type", None, "choice"),
    ("azimuth_source", "kira-kira", "choice"), ("kind", "schematic", "choice"), ("certainty", "D", "choice"),
    ("agency_id", "tidak-ada", "reference"), ("point_id", "T-999", "reference"), ("name", " ", "required"),
    ("source", "", "required"), ("as_of", None, "wrong_type"), ("as_of", "2026-11-24", "wrong_type"),
    ("status_since", datetime(2026, 1, 1), "wrong_type"),  # noqa: DTZ001 - the point of the test
    ("installed_on", datetime(2026, 1, 1, tzinfo=UTC), "wrong_type"), ("sign", "ya", "wrong_type"),
    ("warna", "merah", "unknown_field"), ("version", 9, "unknown_field"),
]  # fmt: skip
BAD_POSITION = [
    ({"lon": -7.47, "lat": 112.43}, "swapped", "lon, lat"),
    ({"lon": 112.43, "lat": 7.47}, "out_of_range", "lat"),
    ({"lon": 12.0, "lat": -7.4}, "out_of_range", "lon"),
    ({"lon": NAN, "lat": -7.4}, "not_number", "lon"),
    ({"lon": None}, "half_position", "lon, lat"),
    ({"est_error_m": -1.0}, "out_of_range", "est_error_m"),
]
#: Values that slip past every function must be stopped by the table: table, column, SQL value.
REFUSED_BY_TABLE = [
    ("camera", "azimuth_deg", "360"), ("camera", "azimuth_deg", "-0.1"), ("camera", "azimuth_deg", "'nan'::double"),
    ("camera", "height_m", "0"), ("camera", "height_m", "-3"), ("camera", "height_m", "'inf'::double"),
    ("camera", "tilt_deg", "-31"), ("camera", "tilt_deg", "91"), ("camera", "hfov_deg", "0"),
    ("camera", "hfov_deg", "361"), ("camera", "vfov_deg", "180"), ("camera", "range_m", "0"),
    ("camera", "resolution_px", "0"), ("camera", "status", "'hidup'"), ("camera", "camera_type", "'bullet'"),
    ("camera", "azimuth_source", "'guess'"), ("camera", "kind", "'schematic'"), ("camera", "certainty", "'D'"),
    ("camera", "name", "''"), ("camera", "name", "null"), ("camera", "source", "null"), ("camera", "as_of", "null"),
    ("camera", "version", "0"), ("point", "lon", "93.9"), ("point", "lon", "'nan'::double"), ("point", "lat", "7.1"),
    ("point", "lat", "-12.1"), ("point", "lon", "null"), ("point", "mount", "'tree'"), ("point", "kind", "'guess'"),
    ("point", "position_certainty", "'D'"), ("point", "est_error_m", "-1"), ("price", "price_idr", "-1"),
    ("agency", "kind", "'ngo'"), ("history", "actor", "''"), ("history", "op", "'merge'"),
    ("account", "role", "'root'"), ("sign_in_attempt", "failures", "0"),
]  # fmt: skip


@pytest.mark.parametrize(("name", "value", "code"), BAD_CAMERA)
def test_a_bad_camera_value_is_refused_and_nothing_is_written(registry: Registry, name, value, code) -> None:
    before = cameras.get_camera(registry, "K-0001")
    with pytest.raises(ValidationError, match="invalid") as caught:
        cameras.update_camera(registry, "petugas", "K-0001", before.version, {"purpose": "x", name: value}, "coba")
    assert [(problem.code, problem.name, problem.where) for problem in caught.value.problems] == [
        (code, name, "K-0001")
    ]
    assert cameras.get_camera(registry, "K-0001") == before


@pytest.mark.parametrize(("changes", "code", "name"), BAD_POSITION)
def test_a_bad_position_is_refused(registry: Registry, changes, code, name) -> None:
    before = points.get_point(registry, "T-001")
    with pytest.raises(ValidationError) as caught:
        points.update_point(registry, "petugas", "T-001", before.version, changes, "coba")
    assert [(problem.code, problem.name) for problem in caught.value.problems] == [(code, name)]
    assert points.get_point(registry, "T-001") == before


@pytest.mark.parametrize(
    ("changes", "code"),
    [
        ({"azimuth_deg": None, "azimuth_source": "measured"}, "source_without_azimuth"),
        ({"azimuth_deg": 10.0, "azimuth_source": "unknown"}, "azimuth_without_source"),
        ({"azimuth_source": "unknown"}, "azimuth_without_source"),
    ],
)
def test_a_direction_and_its_origin_belong_together(registry: Registry, changes, code) -> None:
    with pytest.raises(ValidationError) as caught:
        cameras.update_camera(registry, "petugas", "K-0001", 1, changes, "coba")
    assert [problem.code for problem in caught.value.problems] == [code]


def test_all_problems_are_listed_at_once(registry: Registry) -> None:
    changes = {"height_m": -1.0, "azimuth_deg": 400.0, "status": "hidup", "agency_id": "x"}
    with pytest.raises(ValidationError) as caught:
        cameras.update_camera(registry, "petugas", "K-0001", 1, changes, "coba")
    assert {problem.name for problem in caught.value.problems} == set(changes)
    with pytest.raises(ValidationError) as caught:
        points.update_point(registry, "petugas", "T-001", 1, {"lat": None, "name": "", "mount": "x"}, "coba")
    assert {problem.name for problem in caught.value.problems} == {"lon, lat", "name", "mount"}


def test_a_new_record_says_everything_that_it_lacks(registry: Registry) -> None:
    for create, rest in (
        (cameras.create_camera, {"camera_id": "", "height_m": -1.0}),
        (points.create_point, {"point_id": "", "lon": 1.0}),
        (agencies.create_agency, {"agency_id": ""}),
        (prices.create_price, {"item_id": "", "price_idr": 1.5}),
    ):
        with pytest.raises(ValidationError) as caught:
            create(registry, "petugas", rest, "coba")
        named = {problem.name for problem in caught.value.problems}
        assert named >= {*rest, "name", "source", "as_of"}


@pytest.mark.parametrize(
    ("values", "code"),
    [
        ({"username": "Budi"}, "username"),
        ({"username": "dua kata"}, "username"),
        ({"username": "x" * 65}, "username"),
        ({"username": ""}, "required"),
        ({"display_name": " "}, "required"),
        ({"password": "pendek"}, "short_password"),
        ({"agency_id": "tidak-ada"}, "reference"),
    ],
)
def test_a_bad_account_is_refused(registry: Registry, values, code) -> None:
    good = {"username": "baru", "display_name": "Baru", "role": accounts.Role.EDITOR, "password": "sandi-panjang"}
    with pytest.raises(ValidationError) as caught:
        accounts.create_account(registry, "admin", **{**good, **values})
    assert [problem.code for problem in caught.value.problems] == [code]
    assert accounts.list_accounts(registry) == []


@pytest.mark.parametrize(("table", "column", "value"), REFUSED_BY_TABLE)
def test_the_tables_refuse_what_no_function_checked(registry: Registry, table: str, column: str, value: str) -> None:
    accounts.ensure_demo_accounts(registry, "sandi-contoh-1") if table == "account" else None
    with registry.transaction("uji") as cursor:
        cursor.execute("insert into sign_in_attempt values ('x', 1, null, now())")
    with pytest.raises(duckdb.ConstraintException), registry.transaction("penyusup") as cursor:
        cursor.execute(f"update {table} set {column} = {value}")  # noqa: S608 - our own names


@pytest.mark.parametrize("language", ["id", "en"])
def test_every_code_has_its_sentence_in_both_languages(language) -> None:
    texts = catalogue(language)
    codes = {code for *_, code in BAD_CAMERA} | {code for _, code, _ in BAD_POSITION}
    codes |= {"taken", "username", "short_password", "has_camera", "lost_id", "lost_row", "history", "required"}
    assert {code for code in codes if f"problem.{code}" not in texts} == set()
    errors = {
        "no_actor", "read_only", "disk_full", "in_use", "newer_format", "damaged", "interrupted", "other_key",
        "not_found", "stale", "invalid", "backup_failed", "no_backup", "bad_backup",
    }  # fmt: skip
    assert {code for code in errors if f"error.{code}" not in texts or f"error.{code}_hint" not in texts} == set()


def test_the_sentences_name_value_and_expectation(registry: Registry) -> None:
    use_language("id")
    with pytest.raises(ValidationError) as caught:
        points.update_point(registry, "petugas", "T-001", 1, {"lon": -7.47, "lat": 112.43}, "coba")
    assert error_text(caught.value).startswith("Ada isian yang tidak bisa diterima")
    (sentence,) = map(problem_text, caught.value.problems)
    assert "tertukar" in sentence
    assert "-7.47, 112.43" in sentence
    assert "400" in problem_text(Problem("out_of_range", "K-0001", "azimuth_deg", "400", "0 - 360 °"))


def test_a_day_is_no_moment(registry: Registry) -> None:
    changed = cameras.update_camera(registry, "petugas", "K-0001", 1, {"installed_on": date(2021, 6, 1)}, "berkas")
    assert changed.installed_on == date(2021, 6, 1)
