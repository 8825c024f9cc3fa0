"""Ceilings bind the ranking: whose money counts, tax taken off, nothing overspent, and what is left is what was not."""

import pytest

from cctv.errors import CctvError
from cctv.registry.envelopes import EnvelopeEdit, save_envelopes
from cctv.services import planning
from cctv.services.ceilings import kelurahan_names
from cctv.services.price_list import today_here
from cctv.services.purses import PaidFrom, kelurahan_of_candidates, left_after, purse_of, read_paid_from
from cctv.services.wishes import Wishes, read_wishes
from coverage.errors import InfeasibleBudgetError

YEAR = today_here().year + 1
TAXED = 111 * 10**6
NET = 100 * 10**6


def save(runtime, *rows):
    edits = [
        EnvelopeEdit(f"row {at}", "", 0, {
            "year": YEAR, "kelurahan": kelurahan, "agency_id": agency, "fund": fund, "amount_idr": amount,
            "carry_over": False, "source": "uji",
        })
        for at, (kelurahan, agency, fund, amount) in enumerate(rows)
    ]  # fmt: skip
    save_envelopes(runtime.registry, "uji", edits, [], "uji", kelurahan=kelurahan_names(runtime), this_year=YEAR - 1)


def test_whose_money_counts(own_runtime):
    first, second = kelurahan_names(own_runtime)[:2]
    save(own_runtime, ("", "", "", 5 * TAXED), ("", "dishub", "", TAXED), ("", "", "csr", 2 * TAXED),
         (first, "", "apbd", TAXED), (first, "", "csr", 2 * TAXED), (second, "dishub", "", TAXED))  # fmt: skip
    asked = {
        ("", ""): (5 * NET, {first: 3 * NET, second: NET}),
        ("dishub", ""): (NET, {first: 3 * NET, second: NET}),
        ("", "csr"): (2 * NET, {first: 2 * NET, second: NET}),
        ("dishub", "apbd"): (NET, {first: NET, second: NET}),
    }
    for (agency, fund), (total, kelurahan) in asked.items():
        purse = purse_of(own_runtime, PaidFrom(YEAR, agency, fund))
        assert (purse.total_idr, purse.kelurahan_idr) == (total, kelurahan)
    assert purse_of(own_runtime, PaidFrom(YEAR + 1)).is_open


def test_no_plan_exceeds_a_ceiling_and_what_is_left_adds_up(own_runtime):
    quick = Wishes(pool="quick")  # all candidates take longer and are bound in the same way
    free = planning.rank(own_runtime, 3 * NET, wishes=quick)
    where = kelurahan_of_candidates(own_runtime, planning.candidate_set(own_runtime, pool="quick").candidates)
    busiest = max(set(where[free.plan.chosen].tolist()), key=where[free.plan.chosen].tolist().count)
    save(own_runtime, (busiest, "", "", 30 * 10**6))
    purse = purse_of(own_runtime, PaidFrom(YEAR))
    wishes = Wishes(purse=purse, pool="quick")
    for plan in (
        planning.sketch(own_runtime, 3 * NET, wishes).plan,
        planning.rank(own_runtime, 3 * NET, wishes=wishes).plan,
    ):
        found = planning.candidate_set(own_runtime, pool="quick").candidates
        [row] = left_after(own_runtime, purse, found, plan).to_dict("records")
        assert row["kelurahan"] == busiest
        assert row["spent_idr"] == found.cost_idr[plan.chosen][where[plan.chosen] == busiest].sum()
        assert 0 <= row["left_idr"] == purse.kelurahan_idr[busiest] - row["spent_idr"]
        assert plan.value <= free.plan.upper_bound
    dear = tuple(sorted(int(row) for row in free.plan.chosen if where[row] == busiest))
    with pytest.raises(InfeasibleBudgetError) as caught:
        planning.sketch(own_runtime, 3 * NET, Wishes(must_include=dear, purse=purse, pool="quick"))
    assert caught.value.code == "envelope_below_must_include"


def test_an_address_names_the_money(city_runtime):
    wishes = Wishes((1,), (), purse_of(city_runtime, PaidFrom(YEAR, "dishub", "apbd")))
    assert read_wishes(city_runtime, wishes.query()) == wishes
    assert read_paid_from({}) is None
    for bad in ("27", "20270", "abcd", "٢٠٢٧"):
        with pytest.raises(CctvError):
            read_paid_from({"tahun": bad})
