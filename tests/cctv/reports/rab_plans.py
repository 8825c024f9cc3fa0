"""Random plans for the budget workbook, and what their sums must be, computed apart from the product in fractions."""

import random
from fractions import Fraction
from math import ceil, floor

from cctv.reports.rab_content import RabLine, RabPagu, RabPoint, RabPrice, RabReport

KELURAHAN = ("Wates", "Meri", "Gunung Gedangan", "Kedundung", "belum diisi")
AGENCIES = ("Dinas Perhubungan", "DPUPRPRKP (pekerjaan umum)", "belum diisi")
FUNDS = ("APBD", "P-APBD", "dana kelurahan", "belum diisi")


def rounded(net: int, tax_bp: int, step: int, way: str) -> tuple[int, int]:
    """Give tax and total of a point: halves up, then to a multiple."""
    tax = floor(Fraction(net * tax_bp, 10_000) + Fraction(1, 2))
    share = Fraction(net + tax, step)
    whole = {"up": ceil(share), "down": floor(share), "nearest": floor(share + Fraction(1, 2))}[way]
    return tax, whole * step


def random_report(seed: int, prices: dict[str, int] | None = None) -> RabReport:
    """Make a plan; ``prices`` replaces unit prices after everything random has been drawn."""
    draw = random.Random(seed)
    items = {f"item_{k}": draw.choice([draw.randrange(1, 30_000_000), 35_000, 4_500_000]) for k in range(8)}
    tax_bp = draw.choice([0, 1100, 1200, 1111, 50])
    step, way = draw.choice([1, 3, 100, 1000, 10_000]), draw.choice(["nearest", "up", "down"])
    drawn = [
        (
            draw.choice(KELURAHAN), draw.choice(AGENCIES), draw.choice(FUNDS),
            [(draw.choice([*items, ""]), draw.choice([1, 2, 3, draw.randrange(1, 900)]), draw.randrange(1, 10**7))
             for _ in range(draw.randrange(1, 9))],
        )
        for _ in range(draw.randrange(0, 25))
    ]  # fmt: skip
    items |= prices or {}
    points = []
    for rank, (kelurahan, agency, fund, parts) in enumerate(drawn, start=1):
        lines = [RabLine(item, item or "borongan", "unit", n, items.get(item, lump)) for item, n, lump in parts]
        net = sum(line.quantity * line.price_idr for line in lines)
        tax, total = rounded(net, tax_bp, step, way)
        points.append(
            RabPoint(
                rank, "INF.01", kelurahan, '=HYPERLINK("x")', "-7.47, 112.43", "tetap, 20°", agency, fund,
                "milik pemkot", 51.3, "alasan", "diterima", "setuju", "pimpinan", lines, net, tax, total,
            )
        )  # fmt: skip
    return RabReport(
        title="Rencana & <uji>", plan_id="R-0001", state="draf", year=2027, pagu_idr=draw.randrange(10**9),
        tax_bp=tax_bp, step_idr=step, way=way, points=points,
        prices=[RabPrice(item, item, "unit", price, "SSH", "2026-11-24", None, is_assumption=True)
                for item, price in items.items()],
        pagu=[RabPagu("Wates", "", "", 10**8), RabPagu("", "", "APBD", 10**9), RabPagu("Meri", "", "CSR", 5)],
        marks=[("Sidik", "abc")], cautions=["Contoh."],
    )  # fmt: skip
