import geopandas as gpd
import pandas as pd
import pytest

from cctv.importers.osm_tags import (
    Reading,
    building_classes,
    read_levels,
    read_metres,
    space_classes,
    tables,
    tag,
    with_other_tags,
)


@pytest.mark.parametrize(
    ("text", "metres"),
    [("12", 12.0), ("12.5", 12.5), ("12,5 m", 12.5), ("8m", 8.0), ("40 ft", 12.19), ("40'", 12.19), ("-3", -3.0),
     ("fix me", None), ("", None), ("10+", None), ("1.000.000", None)],
)  # fmt: skip
def test_lengths(text, metres):
    assert read_metres(text).value == metres


@pytest.mark.parametrize(
    ("text", "expected"),
    [("2", Reading(2.0)), ("2.5", Reading(2.5)), ("10+", Reading(10.0, is_exact=False)),
     (">7", Reading(7.0, is_exact=False)), ("4-7", Reading(5.5, is_exact=False)), ("-1", Reading(-1.0)),
     ("fix me", Reading(None)), ("Tarihuniyah", Reading(None)), ("", Reading(None))],
)  # fmt: skip
def test_levels(text, expected):
    assert read_levels(text) == expected


def test_a_tag_is_found_under_any_of_its_names_and_in_the_packed_tags():
    packed = ['"building:levels"=>"3","note"=>"a \\"b\\""', None, ""]
    table = gpd.GeoDataFrame({"other_tags": packed, "LEVELS": [None, 2.0, "x"]}, geometry=[None] * 3)
    assert tag(with_other_tags(table), "levels").tolist() == ["3", "2", "x"]


def test_dirty_spellings_give_one_class():
    types = ["Residential", "RESIDENTIAL", "residential", "Place of Worship - Islam", "CLINIC/DOCTOR", "something"]
    table = pd.DataFrame({"TYPE": types, "building": "yes"})
    assert building_classes(table).tolist() == ["house", "house", "house", "worship", "hospital", "other"]


def test_the_first_matching_rule_decides_the_space():
    table = pd.DataFrame(
        {"amenity": ["marketplace", "school", "", "cafe"], "leisure": ["park", "", "park", ""], "landuse": ""}
    )
    assert space_classes(table).tolist() == ["market", "school_front", "park", ""]


def test_every_class_in_the_tables_has_what_it_needs():
    content = tables()
    assert set(content["building_class"]) | {"other"} == set(content["default_height_m"])
    assert {rule["class"] for rule in content["road"].values()} == {"primary", "secondary", "local", "lane"}
    assert all(rule["width_m"] > 0 for rule in content["road"].values())
