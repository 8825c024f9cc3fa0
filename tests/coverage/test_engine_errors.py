import pytest

from coverage import errors
from coverage.errors import CoverageError, GridError, Problem, raise_if_any

CLASSES = ["InvalidObserverError", "InvalidObstacleError", "CrsError", "GridError", "InvalidDemandError"]


@pytest.mark.parametrize("name", [*CLASSES, "InfeasibleBudgetError"])
def test_every_class_is_ours_and_a_value_error(name: str):
    assert issubclass(getattr(errors, name), CoverageError)
    assert issubclass(getattr(errors, name), ValueError)
    assert errors.__doc__ is not None
    assert name in errors.__doc__


def test_no_problem_raises_nothing():
    raise_if_any([], GridError, code="grid_invalid", message="")


def test_all_problems_are_in_the_text_and_counted():
    problems = [Problem("negative", "B-1", "height_m", "-3", ">= 0 m"), Problem("not_finite", "B-2", "height_m", "nan")]
    with pytest.raises(GridError, match=r"(?s)B-1 height_m='-3': negative, expected >= 0 m.*B-2") as caught:
        raise_if_any(problems, GridError, code="grid_invalid", message="no", layer="x")
    assert caught.value.params == {"layer": "x", "count": 2}
    assert caught.value.problems == tuple(problems)


def test_errors_can_be_put_in_a_set():
    assert len({GridError("a"), GridError("a")}) == 2
