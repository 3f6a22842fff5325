"""Pins the counts behind printed differences between two waves.

Two shares that each round to print need not differ by the printed points; their counts are
chosen together.
"""

from __future__ import annotations

from collections import Counter
from fractions import Fraction

from kjpoll.synthetic.calibration.published_targets import Change, Key, Published
from kjpoll.synthetic.catalog import SyntheticError


def round_half_up(count: int, base: int) -> Fraction:
    """Percent of `base` rounded half-up to one decimal, as printed."""
    return Fraction((2000 * count + base) // (2 * base), 10)


def round_points(points: Fraction) -> Fraction:
    """Percentage points to a tenth, half away from zero."""
    magnitude = Fraction(int(abs(points) * 10 + Fraction(1, 2)), 10)
    return magnitude if points >= 0 else -magnitude


def _end(
    change: Change,
    sample_id: str,
    bases: dict[str, int],
    published: dict[Key, list[Published]],
    core: dict[Key, Counter[str]],
) -> tuple[Key, int, Published, range]:
    key = (sample_id, change.question_id)
    number = next((p for p in published.get(key, []) if p.option_id == change.option_id), None)
    if number is None:
        raise SyntheticError(
            f"published/claims.csv: {change.claim_id}: {sample_id} {change.question_id} {change.option_id} has "
            "no eligible level in published/toplines.csv; add the level or drop the claim"
        )
    base = bases[sample_id]
    low, high = number.counts(base)
    if key in core:
        low = high = sum(core[key][c] for c in number.categories)
    return key, base, number, range(low, high + 1)


def fixed_counts(
    changes: list[Change],
    bases: dict[str, int],
    published: dict[Key, list[Published]],
    core: dict[Key, Counter[str]],
) -> tuple[dict[Key, dict[str, tuple[int, int]]], list[str]]:
    """Count intervals by (sample_id, question_id) and option, and the changes without any.

    For each change the pair of counts nearest to the two printed levels whose exact difference
    rounds to the printed points; the count of a core sample is given. `bases` are respondents by
    sample: unfiltered questions only. Raises SyntheticError for a change without eligible levels.
    """
    out: dict[Key, dict[str, tuple[int, int]]] = {}
    unmet = []
    for change in changes:
        key, base, now, counts = _end(change, change.sample_id, bases, published, core)
        old_key, old_base, then, old_counts = _end(change, change.base_sample_id, bases, published, core)
        pairs = []
        for a in counts:
            for b in old_counts:
                share, old_share = Fraction(100 * a, base), Fraction(100 * b, old_base)
                if round_points(share - old_share) == change.points:
                    pairs.append((abs(share - now.pct) + abs(old_share - then.pct), a, b))
        if not pairs:
            unmet.append(
                f"{change.claim_id}: no counts of {key[0]} and {old_key[0]} {change.question_id} "
                f"{change.option_id} differ by {float(change.points)}"
            )
            continue
        _, a, b = min(pairs)
        out.setdefault(key, {})[now.option_id] = (a, a)
        out.setdefault(old_key, {})[then.option_id] = (b, b)
    return out, unmet
