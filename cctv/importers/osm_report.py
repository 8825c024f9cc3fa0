"""What an import found, repaired, dropped and assumed: nothing happens to a file without standing here."""

from collections import Counter
from dataclasses import asdict, dataclass, field


@dataclass
class GroupReport:
    """Counts of one kind of features.

    Attributes
    ----------
    name : str
        ``roads``, ``buildings``, ``public_spaces`` or ``surveillance``.
    read : int
        Features of this kind in the file (of a large file: in the box around the boundary).
    empty : int
        Of these without a geometry.
    repaired : int
        Invalid geometries that could be repaired.
    dropped : int
        Repaired to nothing, or too small.
    outside : int
        Wholly outside the boundary.
    kept : int
        Pieces taken over.
    """

    name: str
    read: int = 0
    empty: int = 0
    repaired: int = 0
    dropped: int = 0
    outside: int = 0
    kept: int = 0

    def counts(self) -> dict[str, int]:
        """Give the numbers by name.

        Returns
        -------
        dict
            Name of the count to the count.
        """
        values = asdict(self)
        return {name: int(value) for name, value in values.items() if name != "name"}


@dataclass
class OsmReport:
    """Everything that is to say about one file.

    Attributes
    ----------
    file : str
        Name of the file.
    crs : str
        Coordinate system of the file.
    work_crs : str
        Metric coordinate system that it was measured in.
    is_in_zone : bool
        Whether it lies in the zone of the city layers, so that it may be taken over.
    groups : dict
        Name to :class:`GroupReport`.
    height_sources : Counter
        Buildings by where their height comes from: ``height``, ``levels``, ``levels_inexact``, ``default``.
    unreadable_heights : Counter
        Texts in height and level columns that no number could be read from.
    classes : dict
        Group name to counter of classes.
    widths_assumed : int
        Roads whose width is the default of their kind.
    lit_assumed : int
        Roads without a word on lighting.
    cameras_with_direction : int
        Surveillance nodes whose direction is a number; all others stay unknown.
    """

    file: str
    crs: str = ""
    work_crs: str = ""
    is_in_zone: bool = True
    groups: dict[str, GroupReport] = field(default_factory=dict[str, GroupReport])
    height_sources: Counter[str] = field(default_factory=Counter[str])
    unreadable_heights: Counter[str] = field(default_factory=Counter[str])
    classes: dict[str, Counter[str]] = field(default_factory=dict[str, Counter[str]])
    widths_assumed: int = 0
    lit_assumed: int = 0
    cameras_with_direction: int = 0

    def group(self, name: str) -> GroupReport:
        """Give the counts of a kind of features, made on first use.

        Parameters
        ----------
        name : str
            Kind.

        Returns
        -------
        GroupReport
            Its counts, to be filled.
        """
        return self.groups.setdefault(name, GroupReport(name))
