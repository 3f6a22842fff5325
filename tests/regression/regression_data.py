"""Long answers for the tests: the published models' records, and small made-up samples."""

from __future__ import annotations

from functools import partial
from pathlib import Path

import numpy as np
import pandas as pd

from tests.support.long_answers import LONG_COLUMNS

ROOT = Path(__file__).resolve().parents[2]
SEEDS = ROOT / "dbt_project" / "seeds"
FIXTURES = Path(__file__).parent / "fixtures"

CODES = {
    "economic_relations": ["complementary", "competitive"],
    "fukushima_water": [
        "justified",
        "trust_but_more_effort",
        "oppose_regardless_of_iaea",
        "oppose_iaea_untrusted",
    ],
}
NOT_SURE_CODE = {"economic_relations": 3, "fukushima_water": 5}
WITHOUT_MISSING = {"ideology", "party_support", "age_group"}
NETS = {
    "justified": "positive",
    "trust_but_more_effort": "positive",
    "oppose_regardless_of_iaea": "negative",
    "oppose_iaea_untrusted": "negative",
}
COLUMNS = [*LONG_COLUMNS]


def category_of(question: str, code: int) -> str:
    names = CODES.get(question, ())
    return names[code - 1] if 0 < code <= len(names) else f"{question}_{code}"


def core_answers(country: str) -> pd.DataFrame:
    """The core records of one country's 2023 sample as fct_response would give them."""
    records = pd.read_csv(SEEDS / "synthetic" / "core_records.csv")
    wide = records[records["country"] == country].dropna(axis="columns", how="all").reset_index(drop=True)
    wide = wide.astype({name: int for name in wide.columns if name != "country"})
    sample_id = f"{country}-2023"
    parts = []
    for question in wide.columns.drop(["country", "wave", "row"]):
        code = wide[question]
        missing = question not in WITHOUT_MISSING
        unsure = code.eq(NOT_SURE_CODE.get(question, 9)) & missing
        refused = code.eq(99) & missing
        answered = ~(unsure | refused)
        category = code.map(partial(category_of, question))
        parts.append(
            pd.DataFrame(
                {
                    "wave": 2023,
                    "country": country,
                    "respondent_id": [f"{sample_id}-{row:04d}" for row in wide["row"]],
                    "question_id": question,
                    "category_id": np.select([unsure, refused], ["not_sure", "no_answer"], category),
                    "position": code.where(answered),
                    "answer_status": np.select([unsure, refused], ["dont_know", "no_answer"], "answered"),
                    "comparability": "identical",
                    "weight": 1.0,
                }
            )
        )
    rows = pd.concat(parts, ignore_index=True)
    return rows.assign(net=rows["category_id"].map(NETS), value=None)[COLUMNS]


def published_specifications(country: str | None = None) -> tuple[pd.DataFrame, pd.DataFrame]:
    """The published models (of one country) and their terms, as the seeds give them."""
    models, terms = (
        pd.read_csv(SEEDS / "analysis" / f"regression_{name}.csv", dtype=str) for name in ("models", "terms")
    )
    chosen = models["variant"].eq("published") & models["series"].isin(
        [country] if country else models["series"]
    )
    models = models[chosen]
    return models, terms[terms["model_id"].isin(models["model_id"])]


def specification(
    *terms: tuple, outcome: str = "y", model_id: str = "m", nominal: tuple[str, ...] = (), **values: object
) -> tuple[pd.DataFrame, pd.DataFrame]:
    """One model on sample S-1, and its terms; a term is (name, coding, reference, dont_know).
    nominal: names of terms. values: other cells of the model's row."""
    models = pd.DataFrame(
        [
            {
                "model_id": model_id,
                "variant": "published",
                "printed_table": "1",
                "model": "1",
                "series": "S",
                "first_wave": "1",
                "last_wave": "1",
                "outcome": outcome,
                "link": "logit",
                "weight": "none",
                "vce": "oim",
                "common_sample": "false",
            }
            | values
        ]
    )
    return models, pd.DataFrame(
        [
            {
                "model_id": model_id,
                "term_order": order,
                "term": name,
                "coding": coding,
                "reference_category": reference,
                "dont_know": dont_know,
                "nominal": "true" if name in nominal else None,
            }
            for order, (name, coding, reference, dont_know) in enumerate(terms, start=1)
        ]
    )


def together(*models: tuple[pd.DataFrame, pd.DataFrame]) -> tuple[pd.DataFrame, pd.DataFrame]:
    """The seeds of several models."""
    return tuple(pd.concat(frames, ignore_index=True) for frames in zip(*models))


NUMERIC = (None, "missing")


def numeric(name: str) -> tuple:
    return (name, "numeric", *NUMERIC)


def long_answers(
    wide: pd.DataFrame,
    levels: dict[str, list[str]] | None = None,
    *,
    wave: int = 1,
    nets: dict[str, str] | None = None,
    weights: np.ndarray | None = None,
) -> pd.DataFrame:
    """A wide frame of one sample of country S in long form. Numbers become positions with categories `c<n>`,
    text becomes categories with the positions of `levels`; the texts dont_know, no_answer and
    skipped are statuses. nets: of categories. weights: per row of `wide`, else 1."""
    levels, nets = levels or {}, nets or {}
    weights = np.ones(len(wide)) if weights is None else weights
    rows = []
    for question in wide.columns:
        for row, value in enumerate(wide[question], start=1):
            status = value if value in ("dont_know", "no_answer", "skipped") else "answered"
            if status != "answered":
                category, position = ("not_sure" if status == "dont_know" else status), None
            elif question in levels:
                category, position = value, levels[question].index(value) + 1
            else:
                category, position = f"c{value}", value
            rows.append(
                (
                    f"S-{wave}-{row:05d}",
                    wave,
                    "S",
                    question,
                    category,
                    position,
                    nets.get(category),
                    None,
                    status,
                    "identical",
                    weights[row - 1],
                )
            )
    return pd.DataFrame(rows, columns=COLUMNS)


def simulated(n: int = 400, seed: int = 7) -> pd.DataFrame:
    """A wide sample from a known ordinal logit: outcome y (1..4), terms x, z, group."""
    rng = np.random.default_rng(seed)
    x, z = rng.integers(1, 6, n), rng.integers(0, 11, n)
    group = rng.choice(["a", "b", "c"], n)
    latent = (
        0.5 * x - 0.1 * z + np.select([group == "b", group == "c"], [0.4, -0.6], 0.0) + rng.logistic(size=n)
    )
    y = np.digitize(latent, [0.0, 1.0, 2.5]) + 1
    return pd.DataFrame({"y": y, "x": x, "z": z, "group": group}).astype(object)


GROUP_LEVELS = {"group": ["a", "b", "c"]}
SIMULATED_TERMS = (numeric("x"), numeric("z"), ("group", "categorical", "a", "missing"))
