"""What running a kept plan again gave, in words."""

from cctv.i18n import rupiah, t
from cctv.services.plan_rerun import PriceChange, Rerun

NAMED = 6


def rerun_words(found: Rerun) -> str:
    """Say whether the answer is the same, and what changed since.

    Parameters
    ----------
    found : Rerun
        Result of the second run.

    Returns
    -------
    str
        Markdown: a sentence, and one line per cause.
    """
    causes = _causes(found)
    if found.is_identical and not causes:
        return t("plan.rerun_same")
    head = (
        t("plan.rerun_same_though")
        if found.is_identical
        else t("plan.rerun_differs", gone=len(found.gone), new=len(found.new))
    )
    return "\n".join([head, "", *(f"- {cause}" for cause in causes or [t("plan.rerun_unexplained")])])


def _causes(found: Rerun) -> list[str]:
    causes = [_price(change) for change in found.prices]
    if found.records:
        names = [f"{kind} {key}" for kind, key in found.records[:NAMED]]
        names += ["…"] if len(found.records) > NAMED else []
        causes.append(t("plan.rerun_records", n=len(found.records), names=", ".join(names)))
    if found.layers:
        causes.append(t("plan.rerun_layers", names=", ".join(found.layers)))
    if found.method:
        causes.append(t("plan.rerun_method", before=found.method[0], now=found.method[1]))
    return causes


def _price(change: PriceChange) -> str:
    before, now = (
        t("plan.rerun_no_price") if amount is None else rupiah(amount) for amount in (change.before_idr, change.now_idr)
    )
    return t("plan.rerun_price", item=change.item_id, before=before, now=now)
