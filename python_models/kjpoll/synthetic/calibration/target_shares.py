"""Target shares of every category: assumptions bent to the published numbers.

Shares are percent of the question's base. Assumed shares are linear between their anchor
waves; published numbers pull them by iterative proportional fitting; a wave without a
published number lies on the line between its calibrated neighbours.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from pathlib import Path

import numpy as np

from kjpoll.synthetic.calibration.published_targets import Key, Published
from kjpoll.synthetic.catalog import Catalog, SyntheticError
from kjpoll.synthetic.seeds import rows

ASSUMED = "synthetic/assumed_shares.csv"

Anchors = dict[tuple[str, str], dict[str, dict[int, float]]]


@dataclass
class PublishedSeries:
    """One question in one country: offered categories, published numbers and shares by wave."""

    question_id: str
    country: str
    multiple: bool
    offered: dict[int, list[str]]
    published: dict[int, list[Published]]
    shares: dict[int, dict[str, float]] = field(default_factory=dict)
    interpolated: set[tuple[int, str]] = field(default_factory=set)


def anchors(seeds: Path) -> Anchors:
    """(question_id, country) -> category_id -> wave -> assumed share in percent."""
    out: Anchors = {}
    for row in rows(seeds / ASSUMED):
        by_category = out.setdefault((row["question_id"], row["country"]), {})
        by_category.setdefault(row["category_id"], {})[int(row["wave"])] = float(row["share"])
    return out


def between(points: dict[int, float], wave: int) -> float:
    """Linear between the given waves, constant outside them."""
    waves = sorted(points)
    return float(np.interp(wave, waves, [points[w] for w in waves]))


def rake(start: dict[str, float], groups: list[tuple[tuple[str, ...], float]]) -> dict[str, float]:
    """Scale a single-choice distribution until each group has its share and all sum to 100.

    Groups may overlap. Numbers that were rounded separately need not fit together exactly;
    the integer step meets them within their intervals.
    """
    names = list(start)
    values = np.array([start[c] for c in names], dtype=float)
    values *= 100 / values.sum()
    masks = [(np.isin(names, members), share) for members, share in groups]
    for _ in range(300):
        before = values.copy()
        for mask, share in masks:
            inside, outside = values[mask].sum(), values[~mask].sum()
            if inside > 0:
                values[mask] *= share / inside
            if outside > 0:
                values[~mask] *= (100 - share) / outside
        if np.abs(values - before).max() < 1e-9:
            break
    return dict(zip(names, values.tolist(), strict=True))


def _fit(series: PublishedSeries, wave: int, start: dict[str, float]) -> dict[str, float]:
    whole = 100.0 if series.multiple else sum(start.values())
    groups = [
        (p.categories, p.nearest(100 * sum(start[c] for c in p.categories) / whole))
        for p in series.published.get(wave, [])
    ]
    if not series.multiple:
        return rake(start, groups)
    out = dict(start)
    for members, share in groups:
        total = sum(out[c] for c in members)
        for c in members:
            out[c] *= share / total
    return out


def _assumed(series: PublishedSeries, given: dict[str, dict[int, float]], wave: int) -> dict[str, float]:
    out = {}
    for category in series.offered[wave]:
        if category not in given:
            raise SyntheticError(
                f"{ASSUMED}: {series.country}-{wave} {series.question_id} "
                f"{category}: no share is assumed; add a row"
            )
        out[category] = between(given[category], wave)
    if not series.multiple and sum(out.values()) <= 0:
        raise SyntheticError(
            f"{ASSUMED}: {series.country}-{wave} {series.question_id}: all shares are zero; correct them"
        )
    return out


def _filled(start: dict[str, float], fixed: dict[str, float]) -> dict[str, float]:
    """Put `fixed` into a single-choice distribution; the others share what is left."""
    rest = {c: v for c, v in start.items() if c not in fixed}
    room = max(100 - sum(fixed.values()), 0.0)
    total = sum(rest.values())
    return {c: fixed[c] if c in fixed else start[c] * room / total for c in start}


def calibrate_series(series: PublishedSeries, given: dict[str, dict[int, float]]) -> None:
    """Fill `series.shares` and `series.interpolated` from the anchors of its categories.

    An anchor at an unpublished wave is a statement about that wave and is kept; the line
    between calibrated neighbours is taken only where there is none.
    """
    assumed = {w: _assumed(series, given, w) for w in sorted(series.offered)}
    fitted = {w: _fit(series, w, start) for w, start in assumed.items()}
    pinned: dict[str, dict[int, float]] = {}
    for wave, numbers in series.published.items():
        for category in {c for p in numbers for c in p.categories}:
            pinned.setdefault(category, {})[wave] = fitted[wave][category]
    for wave, start in assumed.items():
        line = {}
        for category in start:
            known = pinned.get(category, {})
            if wave in known or wave in given[category]:
                continue
            if known and min(known) < wave < max(known):
                line[category] = between(known, wave)
                series.interpolated.add((wave, category))
        if series.multiple:
            start = {**start, **line}
        elif line and len(line) < len(start):
            start = _filled(start, line)
        series.shares[wave] = _fit(series, wave, start)


def all_series(
    catalog: Catalog, offered: dict[Key, list[str]], published: dict[Key, list[Published]], given: Anchors
) -> dict[tuple[str, str], PublishedSeries]:
    """Calibrated series by (question_id, country) for every question that is asked."""
    out: dict[tuple[str, str], PublishedSeries] = {}
    for (sample_id, question_id), categories in offered.items():
        sample = catalog.samples[sample_id]
        multiple = catalog.questions[question_id].answer_type == "multiple"
        key = (question_id, sample.country)
        series = out.setdefault(key, PublishedSeries(*key, multiple, {}, {}))
        series.offered[sample.wave] = categories
        series.published[sample.wave] = published.get((sample_id, question_id), [])
    for key, series in out.items():
        calibrate_series(series, given.get(key, {}))
    return out
