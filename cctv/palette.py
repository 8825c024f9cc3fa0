"""The colours, once, for screens, map, charts and pictures.

Red-brick is the accent (the terracotta of Majapahit brick), slate the neutral. Each meaning has one colour and never
stands alone: a word, shape or hatch goes with it. They keep apart for red-green blindness (blue, amber, violet, slate).
"""

from dataclasses import dataclass
from typing import Literal

Scheme = Literal["light", "dark"]


@dataclass(frozen=True)
class Palette:
    """Colours of one scheme as ``#rrggbb``."""

    background: str
    surface: str
    text: str
    muted: str
    border: str
    accent: str
    seen: str
    seen_twice: str
    gap: str
    possible: str
    proposed: str
    dead: str
    trouble: str
    good: str
    land: str
    water: str
    park: str
    road: str
    road_main: str
    road_casing: str
    building: str
    building_edge: str
    railway: str
    boundary: str
    label: str
    label_halo: str


LIGHT = Palette(
    background="#fbfaf8", surface="#f2efeb", text="#1f2933", muted="#5b6773", border="#d9d3cb", accent="#a63d26",
    seen="#1769aa", seen_twice="#0b3f6b", gap="#b7791f", possible="#8a94a0", proposed="#6b3fa0", dead="#4a5560",
    trouble="#c2570c", good="#2f7d4f",
    land="#f3f1ec", water="#c3d9e6", park="#dbe7d3", road="#ffffff", road_main="#fdf3e3", road_casing="#d8d2c8",
    building="#e4dfd7", building_edge="#cfc8bd", railway="#8d8a86", boundary="#a08f86", label="#3b444d",
    label_halo="#fbfaf8",
)  # fmt: skip

DARK = Palette(
    background="#14181d", surface="#1d232a", text="#e8eaed", muted="#a3adb8", border="#36404b", accent="#e0795c",
    seen="#5ab0ee", seen_twice="#a8d5f7", gap="#e5ad4e", possible="#8a94a0", proposed="#b794e6", dead="#97a3af",
    trouble="#f08a3c", good="#63c08a",
    land="#1a1f25", water="#1f3a4d", park="#1f2e25", road="#323b45", road_main="#45505c", road_casing="#14181d",
    building="#262d35", building_edge="#333c46", railway="#6d757e", boundary="#7d6f68", label="#c6ced6",
    label_halo="#14181d",
)  # fmt: skip

PALETTES: dict[Scheme, Palette] = {"light": LIGHT, "dark": DARK}


def rgb(colour: str, alpha: int = 255) -> list[int]:
    """Turn ``#rrggbb`` into the list that map layers take.

    Parameters
    ----------
    colour : str
        ``#rrggbb``.
    alpha : int
        Opacity, 0-255.

    Returns
    -------
    list of int
        Red, green, blue, alpha.
    """
    return [int(colour[i : i + 2], 16) for i in (1, 3, 5)] + [alpha]
