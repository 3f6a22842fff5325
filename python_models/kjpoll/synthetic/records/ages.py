"""Years of age inside the published bands, and the published breaks by age."""

from __future__ import annotations

import re
from collections.abc import Sequence
from decimal import ROUND_HALF_UP, Decimal

import numpy as np

from kjpoll.synthetic.catalog import Catalog, SyntheticError, SyntheticSample
from kjpoll.synthetic.records.draws import integers

AGE = "age_group"
"""The question, and its set of categories, that every sample has."""

OLDEST = 94


def years(catalog: Catalog, sample: SyntheticSample, bands: Sequence[str]) -> np.ndarray:
    """Years of age inside each band; the open band thins out with age. -1 where the band is missing."""
    youngest = _youngest(sample)
    first = integers(len(bands), 1 << 16, sample.sample_id, "age", "first")
    second = integers(len(bands), 1 << 16, sample.sample_id, "age", "second")
    ages = np.full(len(bands), -1, dtype=np.int64)
    for i, band in enumerate(bands):
        category = catalog.category(AGE, band)
        if category.missing_type:
            continue
        if category.value_min is None or category.value_max is None:
            raise SyntheticError(f"survey/categories: set {AGE}, {band} lacks value_min or value_max")
        low = max(category.value_min, youngest)
        draw = first[i]
        if category.value_max > OLDEST:
            draw = min(first[i], second[i])
        ages[i] = low + int(draw) * (min(category.value_max, OLDEST) - low + 1) // (1 << 16)
    return ages


def _youngest(sample: SyntheticSample) -> int:
    """The age at which the sample's population begins: the number that its description opens with."""
    age = re.match(r"\d+", sample.population)
    if not age:
        raise SyntheticError(
            f"survey/samples: {sample.sample_id}: population {sample.population!r} does not begin with its "
            "youngest age; write it as in '18+ nationwide'"
        )
    return int(age[0])


def age_quotas(
    catalog: Catalog, sample: SyntheticSample, age: np.ndarray, question_id: str
) -> tuple[set[str], list[tuple[np.ndarray, int]]]:
    """Published breaks by age of this sample and question: the group of categories, and pairs of a mask over
    ``age`` (years) and the number of people inside it who answer within the group."""
    group: set[str] = set()
    quotas = []
    for row in catalog.subgroups:
        key = (row["sample_id"], row["question_id"], row["subgroup"])
        if key != (sample.sample_id, question_id, AGE):
            continue
        named = set(catalog.option(question_id, row["option_id"]))
        if group and named != group:
            raise SyntheticError(
                f"published/subgroups: {sample.sample_id} {question_id}: breaks of two options, the second "
                f"{row['option_id']}; only one option of a question can be met, drop the other"
            )
        group = named
        bands = [catalog.category(AGE, band) for band in catalog.option(AGE, row["value"])]
        mask = np.any([(age >= band.value_min) & (age <= band.value_max) for band in bands], axis=0)
        exact = Decimal(row["pct"]) * int(mask.sum()) / 100
        quotas.append((mask, int(exact.quantize(Decimal(1), ROUND_HALF_UP))))
    return group, quotas
