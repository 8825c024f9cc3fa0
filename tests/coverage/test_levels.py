import tomllib
from pathlib import Path

import pytest

import coverage.levels
from coverage.errors import InvalidObserverError
from coverage.levels import SCALES, level_scale


def test_the_edition_of_2025_is_as_published():
    densities = {level.key: level.px_per_m for level in level_scale("iec-2025").levels}
    assert list(densities.values()) == [20, 40, 80, 125, 250, 500, 1500]
    assert next(iter(densities)) == "overview"
    assert densities["validate"] == 500  # identification of a person moved here from 250


def test_the_edition_of_2014_is_as_published():
    densities = {level.key: level.px_per_m for level in level_scale("iec-2014").levels}
    assert densities == {"monitor": 12.5, "detect": 25, "observe": 62.5, "recognise": 125, "identify": 250}


@pytest.mark.parametrize("scale", SCALES)
def test_each_scale_says_what_it_is_and_grows(scale):
    table = level_scale(scale)
    assert table.key == scale
    assert "IEC 62676-4" in table.edition
    assert table.published
    assert table.source
    assert table.certainty
    densities = [level.px_per_m for level in table.levels]
    assert densities == sorted(set(densities))


def test_the_file_holds_no_scale_that_the_code_does_not_know():
    path = Path(coverage.levels.__file__).parent / "data" / "levels.toml"
    assert set(tomllib.loads(path.read_text(encoding="utf-8"))) == set(SCALES)


def test_an_unknown_scale_is_refused():
    with pytest.raises(InvalidObserverError, match="expected iec-2025, iec-2014"):
        level_scale("iec-1999")  # type: ignore[arg-type]  # what a wrong setting would do
