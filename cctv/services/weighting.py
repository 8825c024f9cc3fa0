"""What makes a place important: the class of public space, and the counts that are switched on."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime
from functools import lru_cache
from hashlib import sha256
from typing import TYPE_CHECKING
from uuid import uuid4

import numpy as np
import pandas as pd
import shapely
from numpy.typing import NDArray

from cctv.errors import ImportProblemsError, Problem, ValidationError, raise_if_any
from cctv.geodata.lonlat import to_metres
from cctv.i18n import WIB, day, t
from cctv.importers.counts import read_counts
from cctv.permissions import Permission
from cctv.registry import counts as count_store
from cctv.registry.counts import CountSet, Factor, Kind
from cctv.registry.models import Account
from cctv.services import accounts
from cctv.services.runtime import Runtime
from coverage.demand import Demand
from coverage.factors import FACTORS, Counts, counted_factor, factor_scales, with_factors

if TYPE_CHECKING:  # the situation calls us
    from cctv.services.situation import Situation

LONGEST_TEXT = 200
MOST_KEPT = 4


@dataclass(frozen=True)
class Origin:
    """Where a file of counts comes from.

    Attributes
    ----------
    factor : {"exposure", "incident"}
        What it weighs.
    title, source : str
        What was counted, and by whom.
    as_of : date
        Date of the data.
    kind : {"measured", "estimated", "synthetic"}
        How it came about.
    """

    factor: Factor
    title: str
    source: str
    as_of: date
    kind: Kind


@dataclass(frozen=True, eq=False)
class CountPreview:
    """What a file would add; nothing is kept yet.

    Attributes
    ----------
    origin : Origin
        Where it comes from.
    file_name, file_sha256 : str
        The file.
    points : DataFrame
        As ``cctv.registry.counts.add_set`` takes them.
    refused : DataFrame
        Rows that cannot be used: ``row_no``, ``name``, ``value``, ``code``.
    """

    origin: Origin
    file_name: str
    file_sha256: str
    points: pd.DataFrame
    refused: pd.DataFrame

    @property
    def n_outside(self) -> int:
        """Points outside the city: kept, not counted."""
        return int((~self.points["is_inside"]).sum())


@dataclass(frozen=True, eq=False)
class Effect:
    """The share of weighted demand under one choice of factors.

    Attributes
    ----------
    factors : tuple of str
        Factors that weigh besides the class.
    certain, at_most : float
        Share that is certainly seen, and that is seen or may be seen from where cameras are said to stand.
    is_present : bool
        Whether this is the choice in force.
    """

    factors: tuple[Factor, ...]
    certain: float
    at_most: float
    is_present: bool


def preview(runtime: Runtime, account: Account, name: str, data: bytes, origin: Origin) -> CountPreview:
    """Read a file of counts and say what it would add.

    Parameters
    ----------
    runtime : Runtime
        Open process.
    account : Account
        Who asks.
    name : str
        File name.
    data : bytes
        Content.
    origin : Origin
        Where it comes from.

    Returns
    -------
    CountPreview
        Usable points, and every row that is not.

    Raises
    ------
    AccessError
        If the role may not set weights.
    ValidationError
        If title, source or date of the data cannot be used.
    ImportProblemsError
        If the file cannot be read.
    """
    accounts.require(account, Permission.SET_WEIGHTS)
    raise_if_any(_origin_problems(origin), ValidationError, code="invalid", message="origin of counts")
    found = read_counts(name, data, as_of=origin.as_of, needs_day=origin.factor == "incident")
    points = found.points
    x_m, y_m = points["x"].to_numpy(float, copy=True), points["y"].to_numpy(float, copy=True)
    is_lonlat = points["is_lonlat"].to_numpy(bool)
    x_m[is_lonlat], y_m[is_lonlat] = to_metres(x_m[is_lonlat], y_m[is_lonlat])
    boundary = runtime.city.boundary
    shapely.prepare(boundary)
    kept = points.drop(columns=["x", "y", "is_lonlat"]).assign(
        x_m=x_m, y_m=y_m, is_inside=shapely.contains_xy(boundary, x_m, y_m)
    )
    return CountPreview(origin, name, sha256(data).hexdigest(), kept, found.refused)


def add(runtime: Runtime, account: Account, found: CountPreview, *, reason: str, without_refused: bool = False) -> str:
    """Keep a set of counts, switched off.

    Parameters
    ----------
    runtime : Runtime
        Open process.
    account : Account
        Who adds it.
    found : CountPreview
        What was looked at.
    reason : str
        Why; stands in the history.
    without_refused : bool
        Whether the person agreed to leave out the rows that cannot be used.

    Returns
    -------
    str
        Id of the set.

    Raises
    ------
    AccessError
        If the role may not set weights.
    ImportProblemsError
        ``counts_refused`` while rows are refused and nobody agreed; ``counts_none_inside`` if no point is in the city.
    """
    accounts.require(account, Permission.SET_WEIGHTS)
    if len(found.refused) and not without_refused:
        raise ImportProblemsError("counts_refused", found.file_name, {"n": len(found.refused)})
    if not found.points["is_inside"].any():
        raise ImportProblemsError("counts_none_inside", found.file_name, {"file": found.file_name})
    set_id, origin = f"H-{uuid4().hex[:8]}", found.origin
    values = CountSet(
        set_id, origin.factor, origin.title.strip(), origin.source.strip(), origin.as_of, origin.kind,
        len(found.points), found.n_outside, len(found.refused), found.file_name, found.file_sha256,
        datetime.now(UTC), account.username, is_on=False,
    )  # fmt: skip
    count_store.add_set(runtime.registry, account.username, values, found.points, reason)
    return set_id


def switch(runtime: Runtime, account: Account, chosen: CountSet, *, is_on: bool, reason: str) -> None:
    """Let a set weigh the demand, or stop it.

    Parameters
    ----------
    runtime : Runtime
        Open process.
    account : Account
        Who decides.
    chosen : CountSet
        The set as the person saw it.
    is_on : bool
        Whether it is to count.
    reason : str
        Why.

    Raises
    ------
    AccessError
        If the role may not set weights.
    RegistryError
        If the set was changed or removed in the meantime.
    """
    accounts.require(account, Permission.SET_WEIGHTS)
    count_store.switch_set(runtime.registry, account.username, chosen, is_on=is_on, reason=reason)


def remove(runtime: Runtime, account: Account, chosen: CountSet, reason: str) -> None:
    """Take a set out with all its points.

    Parameters
    ----------
    runtime : Runtime
        Open process.
    account : Account
        Who decides.
    chosen : CountSet
        The set as the person saw it.
    reason : str
        Why.

    Raises
    ------
    AccessError
        If the role may not set weights.
    RegistryError
        If the set was changed or removed in the meantime.
    """
    accounts.require(account, Permission.SET_WEIGHTS)
    count_store.remove_set(runtime.registry, account.username, chosen, reason)


def in_force(runtime: Runtime) -> tuple[CountSet, ...]:
    """List the sets that weigh the demand.

    Parameters
    ----------
    runtime : Runtime
        Open process.

    Returns
    -------
    tuple of CountSet
        At most one per factor, in the order of the factors.
    """
    on = {one.factor: one for one in count_store.list_sets(runtime.registry) if one.is_on}
    return tuple(on[name] for name in FACTORS if name in on)


def mark(sets: Sequence[CountSet]) -> str:
    """Name what weighs the demand, for fingerprints.

    Parameters
    ----------
    sets : sequence of CountSet
        Sets in force.

    Returns
    -------
    str
        Empty where only the class weighs.
    """
    return "+".join(one.set_id for one in sets)


def weighted(runtime: Runtime, demand: Demand, sets: Sequence[CountSet]) -> Demand:
    """Multiply the weights of the classes by the factors of some sets.

    Parameters
    ----------
    runtime : Runtime
        Open process.
    demand : Demand
        With the weights of the classes alone.
    sets : sequence of CountSet
        At most one per factor.

    Returns
    -------
    Demand
        The same cells.

    Raises
    ------
    CoverageError
        If kept counts cannot be used.
    """
    return with_factors(demand, {one.factor: factor_of(runtime, demand, one) for one in sets})


def factor_of(runtime: Runtime, demand: Demand, chosen: CountSet) -> NDArray[np.int64]:
    """Turn a set into a factor of every cell; once for each set, whose points never change.

    Parameters
    ----------
    runtime : Runtime
        Open process.
    demand : Demand
        Cells of public space.
    chosen : CountSet
        Which set.

    Returns
    -------
    ndarray of int64, shape (n,)
        One whole number per cell.

    Raises
    ------
    CoverageError
        If kept counts cannot be used.
    """
    return _factor(runtime, demand, chosen.set_id, chosen.factor, chosen.as_of)


@lru_cache(maxsize=MOST_KEPT)
def _factor(runtime: Runtime, demand: Demand, set_id: str, factor: Factor, as_of: date) -> NDArray[np.int64]:
    found = count_store.points_of(runtime.registry, set_id)
    inside = found["is_inside"].astype(bool)
    age = (np.datetime64(as_of) - found["on_day"][inside]).astype("timedelta64[D]").astype(float)
    counts = Counts(found["x_m"][inside], found["y_m"][inside], found["amount"][inside], age)
    return counted_factor(demand, counts, factor).factor


def spread(factor: NDArray[np.int64]) -> dict[int, float]:
    """Tell how much of public space gets each factor.

    Parameters
    ----------
    factor : ndarray of int64, shape (n,)
        Factor of every cell.

    Returns
    -------
    dict of int to float
        Share of the cells, for every factor of the scale.
    """
    values = sorted({value for scale in factor_scales().values() for _, value in scale.steps})
    return {value: float((factor == value).mean()) if len(factor) else 0.0 for value in values}


def effects(runtime: Runtime, found: "Situation") -> list[Effect]:
    """Compare the share of weighted demand with and without each factor that has a set.

    Parameters
    ----------
    runtime : Runtime
        Open process.
    found : Situation
        Present situation.

    Returns
    -------
    list of Effect
        Class alone first; for each factor the set in force, else the newest one.
    """
    chosen: dict[Factor, CountSet] = {}
    for one in count_store.list_sets(runtime.registry):
        if one.factor not in chosen or one.is_on:
            chosen[one.factor] = one
    plain = found.base.plain
    factors: dict[Factor, NDArray[np.int64]] = {
        name: factor_of(runtime, plain, chosen[name]) for name in FACTORS if name in chosen
    }
    present = {one.factor for one in in_force(runtime)}
    state = found.alive
    certain, possible = state.n_certain > 0, state.n_certain + state.n_possible > 0
    effects: list[Effect] = []
    for names in _subsets(list(factors)):
        weight = with_factors(plain, {name: factors[name] for name in names}).weight
        total = max(1, int(weight.sum()))
        shares = (int(weight[which].sum()) / total for which in (certain, possible))
        effects.append(Effect(names, *shares, is_present=set(names) == present))
    return effects


def words(sets: Sequence[CountSet]) -> str:
    """Say in one sentence what weighs the demand.

    Parameters
    ----------
    sets : sequence of CountSet
        Sets in force.

    Returns
    -------
    str
        Words for screens and sheets.
    """
    if not sets:
        return t("weights.class_only")
    named = "; ".join(
        t("weights.one", factor=t(f"weights.factor_{one.factor}"), title=one.title, source=one.source,
          day=day(one.as_of), kind=t(f"weights.kind_{one.kind}"))
        for one in sets
    )  # fmt: skip
    return t("weights.with_counts", sets=named)


def today() -> date:
    """Give the present day in Western Indonesian Time.

    Returns
    -------
    date
        Day.
    """
    return datetime.now(UTC).astimezone(WIB).date()


def _subsets(names: Sequence[Factor]) -> list[tuple[Factor, ...]]:
    found: list[tuple[Factor, ...]] = [()]
    for name in names:
        more: list[tuple[Factor, ...]] = [(*some, name) for some in found]
        found += more
    return found


def _origin_problems(origin: Origin) -> list[Problem]:
    problems = [
        Problem("too_long", "count_set", name, str(len(text)), str(LONGEST_TEXT)) if text.strip()
        else Problem("required", "count_set", name)
        for name, text in (("title", origin.title), ("source", origin.source))
        if not 0 < len(text.strip()) <= LONGEST_TEXT
    ]  # fmt: skip
    if origin.as_of > today():
        problems.append(Problem("future_day", "count_set", "as_of", str(origin.as_of), str(today())))
    return problems
