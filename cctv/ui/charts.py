"""Axes of charts in the style of the language: thousands, decimals and percent as people here write them."""

import altair as alt

from cctv.i18n import current_language

MOST_TICKS = 7


def number_axis() -> alt.Axis:
    """Label an axis of whole numbers.

    Returns
    -------
    altair.Axis
        ``1.200`` in Indonesian, ``1,200`` in English.
    """
    return alt.Axis(labelExpr=_localised("format(datum.value, ',')"), tickCount=MOST_TICKS)


def percent_axis() -> alt.Axis:
    """Label an axis of shares.

    Returns
    -------
    altair.Axis
        ``12 %``.
    """
    return alt.Axis(labelExpr=_localised("format(datum.value * 100, '~g')") + " + ' %'", tickCount=MOST_TICKS)


def _localised(expression: str) -> str:
    """Swap comma and point, as Indonesian does."""
    if current_language() == "en":
        return expression
    return f"replace(replace(replace({expression}, /,/g, '_'), '.', ','), /_/g, '.')"
