"""Walls of a role: saved whole or refused with every reason, replaced by name, apart per role, with a name on it."""

import pytest

from cctv.errors import NotFoundError, ValidationError
from cctv.permissions import Role
from cctv.registry import Registry, history
from cctv.registry.walls import MOST_CAMERAS, WallLayout, delete_layout, list_layouts, save_layout


@pytest.fixture
def registry(tmp_path):
    opened = Registry.open(tmp_path / "r.duckdb", secret_key="k" * 40, seed=False)
    yield opened
    opened.close()


def test_a_wall_is_kept_replaced_and_deleted(registry):
    save_layout(registry, "operator", Role.OPERATOR, WallLayout("Pagi", 4, ("K-2", "K-1")))
    save_layout(registry, "operator", Role.OPERATOR, WallLayout("Pagi", 9, ("K-3",)))
    save_layout(registry, "admin", Role.ADMIN, WallLayout("Pagi", 1, ("K-9",)))
    assert list_layouts(registry, Role.OPERATOR) == [WallLayout("Pagi", 9, ("K-3",))]
    delete_layout(registry, "operator", Role.OPERATOR, "Pagi")
    assert list_layouts(registry, Role.OPERATOR) == []
    assert list_layouts(registry, Role.ADMIN) == [WallLayout("Pagi", 1, ("K-9",))]
    changes = history.changes(registry, "wall_layout", "operator/Pagi", limit=9)
    assert [(change.actor, change.op) for change in changes][::-1] == [
        ("operator", "create"), ("operator", "update"), ("operator", "remove"),
    ]  # fmt: skip


def test_everything_wrong_is_named_at_once(registry):
    with pytest.raises(ValidationError) as caught:
        save_layout(registry, "operator", Role.OPERATOR, WallLayout(" ", 5, ("K",) * (MOST_CAMERAS + 1)))
    assert {problem.name for problem in caught.value.problems} == {"name", "size", "camera_ids"}
    assert list_layouts(registry, Role.OPERATOR) == []


def test_a_wall_that_is_not_there(registry):
    with pytest.raises(NotFoundError):
        delete_layout(registry, "operator", Role.OPERATOR, "Malam")
