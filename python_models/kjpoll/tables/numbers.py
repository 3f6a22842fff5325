"""Numbers as the published tables print them."""

from __future__ import annotations

import math
from decimal import ROUND_HALF_UP, Decimal

SMALLEST_PLAIN = 1e-6


def estimate(value: float | None) -> str:
    """At least three significant digits and at least three decimals: 3.081, 0.566, 0.0664. Empty for none.

    Numbers that would need more than eight decimals are written as 1.23e-09.
    """
    if value is None or math.isnan(value):
        return ""
    if value == 0 or math.isinf(value):
        return f"{value:z.3f}"
    if abs(value) < SMALLEST_PLAIN:
        return f"{value:.2e}"
    # The exponent after rounding: 0.09999 is 0.100, not 0.1000.
    exponent = int(f"{value:.2e}".partition("e")[2])
    return f"{value:.{max(3, 2 - exponent)}f}"


def statistic(value: float | None) -> str:
    """A t statistic in parentheses, two decimals: (6.04). Empty for none."""
    if value is None or math.isnan(value):
        return ""
    return f"({value:z.2f})"


def information(value: float | None) -> str:
    """A log likelihood or an information criterion, one decimal. Empty for none."""
    return "" if value is None or math.isnan(value) else f"{value:.1f}"


def percent(value: float | None) -> str:
    """A percentage, one decimal, halves up as publications print it: 61.25 is 61.3. Empty for none."""
    if value is None or math.isnan(value):
        return ""
    return f"{Decimal(str(value)).quantize(Decimal('0.1'), ROUND_HALF_UP):z}"
