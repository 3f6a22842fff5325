"""How often do the tests of proportional odds reject at 5% what is true? Samples simulated from published models.

    python -m benchmarks.proportional_odds --output benchmarks/results/proportional_odds.md

The respondents of a published model keep their covariates; their answers are drawn anew from its estimates, so that the
assumption holds.
"""

from __future__ import annotations

import argparse
import time
from collections.abc import Iterator
from pathlib import Path
from unittest import mock

import duckdb
import numpy as np
import pandas as pd
from kjpoll.ordinal import OrdinalModel, RegressionError, brant
from kjpoll.ordinal.matrix_column import MatrixColumn
from kjpoll.ordinal.proportional_odds import likelihood_ratio, score_test
from kjpoll.regression.design import build_design
from kjpoll.regression.specification import read_specifications
from kjpoll.regression.stage import questions_of
from scipy import stats

from tests.support.long_answers import LongAnswers

from . import report

ROOT = Path(__file__).resolve().parents[1]
MODELS = {
    "table2_model5": "sparse cells: 13 covariates, 13 to 40 respondents at three levels of one question",
    "table1_model2": "dense cells: five covariates, no level with fewer than a fifth of the respondents",
}
REPLICATIONS, SEED = 500, 2023


def brant_without_guard(results: object, columns: list[MatrixColumn]) -> pd.DataFrame:
    """Brant's statistic wherever it can be computed, as before its covariance was looked at."""
    with mock.patch.object(brant, "DISTINCT", -np.inf):
        return brant.brant(results, columns)


TESTS = {
    "Brant, no guard": brant_without_guard,
    "Brant": brant.brant,
    "likelihood ratio": likelihood_ratio,
    "score": score_test,
}
SEPARATED = "the binary model"
# What a reason begins with, and what it is called in the table.
REASONS = {
    SEPARATED: "a binary model is separated",
    "too few": "covariance near singular",
    "separated": "free effects infinite",
    "did not": "free effects infinite",
    "the free effects": "a negative probability",
}


def samples(outcome: np.ndarray, matrix: np.ndarray, replications: int, seed: int) -> Iterator[OrdinalModel]:
    """Models of answers drawn anew from the estimates of the model of `outcome` (n,) on `matrix` (n, p)."""
    results = OrdinalModel(outcome, matrix).fit()
    random = np.random.default_rng(seed)
    for _ in range(replications):
        latent = matrix @ results.coefficients + random.logistic(size=len(outcome))
        yield OrdinalModel(np.searchsorted(results.cut_points, latent), matrix)


def tested(models: Iterator[OrdinalModel], columns: list[MatrixColumn]) -> pd.DataFrame:
    """The rows of every test of every sample, with `test`; a sample without a maximum has none."""
    frames = []
    for model in models:
        try:
            results = model.fit()
        except RegressionError:
            continue
        frames += [test(results, columns).assign(test=name) for name, test in TESTS.items()]
    return pd.concat(frames, ignore_index=True)


def sizes(rows: pd.DataFrame) -> pd.DataFrame:
    """Per test and effect (the model as a whole, a term): samples, those with a statistic, and the share of these that
    rejects at 5%."""
    rows = rows[rows["kind"] != "level"].assign(effect=rows["term"].fillna("overall"))
    grouped = rows.groupby(["effect", "test"], sort=False)
    return pd.DataFrame(
        {
            "df": grouped["df"].first(),
            "samples": grouped.size(),
            "with": grouped["chi2"].count(),
            "size": grouped.apply(lambda each: (each.loc[each["chi2"].notna(), "p_value"] < 0.05).mean()),
            "largest": grouped["chi2"].max(),
        }
    )


def absent(rows: pd.DataFrame) -> pd.DataFrame:
    """Per test, effect and reason: samples without a statistic. A binary model is of every effect."""
    rows = rows[(rows["kind"] != "level") & rows["problem"].notna()]
    rows = rows[rows["kind"].eq("overall") | ~rows["problem"].str.startswith(SEPARATED)]
    named = rows["problem"].map(
        lambda problem: next(
            (name for begins, name in REASONS.items() if problem.startswith(begins)), problem
        )
    )
    effect = rows["term"].fillna("overall").mask(rows["problem"].str.startswith(SEPARATED), "every one")
    counted = rows.assign(effect=effect, reason=named)
    return counted.groupby(["test", "effect", "reason"], sort=False).size().reset_index(name="samples")


def percent(share: float) -> str:
    return "-" if np.isnan(share) else f"{share:.1%}"


def section(name: str, described: str, warehouse: Path, replications: int) -> str:
    with duckdb.connect(str(warehouse), read_only=True) as connection:
        specifications = read_specifications(
            *(connection.table(f"seeds.regression_{seed}").df() for seed in ("models", "terms"))
        )
        answers = LongAnswers(connection.table("marts.fct_response"), questions_of(specifications))
        (spec,) = (spec for spec in specifications if spec.model_id == name)
        design = build_design(spec, answers)
    persons = design.frequency.astype(int)
    outcome, matrix = np.repeat(design.outcome, persons), np.repeat(design.matrix, persons, axis=0)
    begin = time.perf_counter()
    rows = tested(samples(outcome, matrix, replications, SEED), list(design.columns))
    seconds = time.perf_counter() - begin
    found = sizes(rows)
    unknown = found["with"].max()
    low, high = stats.binom.ppf([0.025, 0.975], unknown, 0.05) / unknown
    header = ["effect", "df", *(f"{test}: {what}" for test in TESTS for what in ("size", "samples"))]
    lines = []
    for effect in dict.fromkeys(found.index.get_level_values("effect")):
        cells = [
            cell
            for test in TESTS
            for cell in (percent(found.loc[(effect, test), "size"]), found.loc[(effect, test), "with"])
        ]
        lines.append((effect, found.loc[(effect, "score"), "df"], *cells))
    reasons = absent(rows)
    reasons = reasons[reasons["test"] != "Brant, no guard"]
    return "\n\n".join(
        [
            f"## `{name}`",
            (
                f"{described.capitalize()}; {spec.country}, {len(outcome)} respondents. Largest statistic of Brant's test "
                f"without its guard: {found.xs('Brant, no guard', level='test')['largest'].max():,.0f}. "
                f"A right test over {unknown} samples rejects {low:.1%} to {high:.1%} in 19 of 20 cases. {seconds:.0f} s."
            ),
            report.table(header, lines),
            "Samples without a statistic:",
            report.table(
                ["test", "effect", "reason", "samples"],
                reasons.itertuples(index=False),
            )
            if len(reasons)
            else "None.",
        ]
    )


def main(arguments: list[str] | None = None) -> None:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--replications", type=int, default=REPLICATIONS)
    parser.add_argument("--warehouse", type=Path, default=ROOT / "warehouse.duckdb")
    parser.add_argument("--output", type=Path, help="markdown file for the results")
    options = parser.parse_args(arguments)
    report.publish(
        "\n\n".join(
            [
                "# Size of the tests of proportional odds",
                report.conditions(),
                (
                    f"Written by `python -m benchmarks.proportional_odds`: {options.replications} samples of each model, "
                    f"seed {SEED}. *size*: the share that rejects at 5%, of the samples that have the statistic (*samples*)."
                ),
                *(
                    section(name, described, options.warehouse, options.replications)
                    for name, described in MODELS.items()
                ),
            ]
        ),
        options.output,
    )


if __name__ == "__main__":
    main()
