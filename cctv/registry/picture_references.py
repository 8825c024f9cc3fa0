"""How each camera looks when all is well: the few small grey pictures that a reference is made of."""

from dataclasses import dataclass
from datetime import datetime
from typing import Any, Literal, cast

from cctv.registry.connection import Registry
from cctv.registry.store import rows

ACTOR = "sistem"


@dataclass(frozen=True)
class KeptReference:
    """What a reference is made of.

    Attributes
    ----------
    camera_id : str
        Which camera.
    light : {"day", "night"}
        In which light.
    stance : str
        How the camera stood then; another stance makes the reference worthless.
    made_at : datetime
        When it was complete, aware.
    made_of : int
        How many pictures.
    pictures : bytes
        The pictures, one after another, as their maker packs them.
    """

    camera_id: str
    light: Literal["day", "night"]
    stance: str
    made_at: datetime
    made_of: int
    pictures: bytes


def keep_reference(registry: Registry, kept: KeptReference) -> None:
    """Keep a reference; an older one of the same light is replaced.

    Parameters
    ----------
    registry : Registry
        Open register.
    kept : KeptReference
        What it is made of.
    """
    with registry.transaction(ACTOR) as cursor:
        cursor.execute(
            "insert or replace into picture_reference values (?, ?, ?, ?, ?, ?)",
            [kept.camera_id, kept.light, kept.stance, kept.made_at, kept.made_of, kept.pictures],
        )


def references(registry: Registry) -> list[KeptReference]:
    """List all references.

    Parameters
    ----------
    registry : Registry
        Open register.

    Returns
    -------
    list of KeptReference
        By camera and light.
    """
    with registry.cursor() as cursor:
        found = rows(cursor, "select * from picture_reference order by camera_id, light")
    return [KeptReference(**cast("dict[str, Any]", row)) for row in found]


def forget_reference(registry: Registry, actor: str, camera_id: str) -> None:
    """Forget how a camera looked; the next sweeps learn it anew.

    Parameters
    ----------
    registry : Registry
        Open register.
    actor : str
        Who decided it.
    camera_id : str
        Which camera.
    """
    with registry.transaction(actor) as cursor:
        cursor.execute("delete from picture_reference where camera_id = ?", [camera_id])
