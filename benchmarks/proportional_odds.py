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
from kjpoll.ordinal.assumption import assumption_rows
from kjpoll.ordinal.fitted_model import FittedModel
from kjpoll.ordinal.free_effects import FreeEffects, PartialOdds
from kjpoll.ordinal.matrix_column import MatrixColumn
from kjpoll.ordinal.proportional_odds import likelihood_ratio, score_test
from kjpoll.regression.design import build_design
from kjpoll.regression.specification_rows import read_specifications
from kjpoll.regression.stage import questions_of
from scipy import stats

from tests.support.long_answers import LongAnswers

from . import report

ROOT = Path(__file__).resolve().parents[1]
MODELS = {
    "table2_model5": "sparse cells: 13 covariates, 13 to 40 respondents at three levels of one question",
    "table1_model2": "dense cells: five covariates, no level with fewer than a fifth of the respondents",
}
REPLICATIONS, SEED = 1000, 2023
STEPS, SMALL_GAIN = 100, 1e-8


def brant_without_guard(results: object, columns: list[MatrixColumn]) -> pd.DataFrame:
    """Brant's statistic wherever it can be computed, as before its covariance was looked at."""
    with mock.patch.object(brant, "DISTINCT", -np.inf):
        return brant.brant(results, columns)


def ratio_without_guard(results: object, columns: list[MatrixColumn]) -> pd.DataFrame:
    """Likelihood ratios by the supremum, whether or not estimates are finite and probabilities positive."""
    fitted = FittedModel.of(results, columns)
    everything = FreeEffects(fitted)

    def gain(positions: list[int]) -> tuple[float, str | None]:
        partial = PartialOdds(everything, positions)
        at = partial.to_internal @ partial.start()
        common, slope, bend = partial.derivatives(at)
        value = common
        for _ in range(STEPS):
            step = np.linalg.lstsq(-bend, slope, rcond=1e-12)[0]
            if slope @ step < SMALL_GAIN:
                return 2 * (value - common), None
            while not (partial.in_order(at + step) and (trial := partial.derivatives(at + step))[0] >= value):
                step = step / 2
            at, (value, slope, bend) = at + step, trial
        return np.nan, "did not converge"

    return assumption_rows(fitted, gain)


def score_by_observed_information(results: object, columns: list[MatrixColumn]) -> pd.DataFrame:
    """The score test with minus the Hessian in the place of its expectation."""
    fitted = FittedModel.of(results, columns)
    everything = FreeEffects(fitted)
    common = PartialOdds(everything, [])
    _, score, hessian = everything.derivatives(common.at(common.to_internal @ common.start()))

    def slope(positions: list[int]) -> tuple[float, str | None]:
        spread = PartialOdds(everything, positions).spread
        chosen = spread.T @ score
        return float(chosen @ np.linalg.lstsq(-spread.T @ hessian @ spread, chosen, rcond=1e-12)[0]), None

    return assumption_rows(fitted, slope)


TESTS = {
    "score": score_test,
    "likelihood ratio": likelihood_ratio,
    "Brant": brant.brant,
    "score, observed information": score_by_observed_information,
    "likelihood ratio, no guard": ratio_without_guard,
    "Brant, no guard": brant_without_guard,
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
    """The rows of every test of every sample, with `test` and `sample`; a sample without a maximum has none."""
    frames = []
    for sample, model in enumerate(models):
        try:
            results = model.fit()
        except RegressionError:
            continue
        frames += [test(results, columns).assign(test=name, sample=sample) for name, test in TESTS.items()]
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
    """Per test, effect and reason: samples without a statistic, and which share of these the test would reject without
    its guard (nan where there is nothing to reject by). A binary model is of every effect."""
    rows = rows[rows["kind"] != "level"]
    free = rows[rows["test"].str.endswith(", no guard")].assign(
        test=lambda all: all["test"].str.removesuffix(", no guard"), rejects=lambda all: all["p_value"] < 0.05
    )
    free = free.loc[free["chi2"].notna(), ["sample", "test", "kind", "term", "rejects"]]
    rows = rows[rows["problem"].notna() & rows["test"].isin(["score", "likelihood ratio", "Brant"])]
    rows = rows.merge(free, how="left", on=["sample", "test", "kind", "term"])
    separated = rows["problem"].str.startswith(SEPARATED)
    rows = rows.assign(
        effect=rows["term"].fillna("overall").mask(separated, "every one"), reason=rows["problem"].map(named)
    )
    grouped = rows[rows["kind"].eq("overall") | ~separated].groupby(["test", "effect", "reason"])
    return pd.DataFrame(
        {
            "samples": grouped.size(),
            "would reject": grouped["rejects"].apply(lambda each: each.astype(float).mean()),
        }
    ).reset_index()


def named(problem: str) -> str:
    return next((name for begins, name in REASONS.items() if problem.startswith(begins)), problem)


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
    low, high = stats.binom.ppf([0.025, 0.975], replications, 0.05) / replications
    lines = [
        (
            effect,
            found.loc[(effect, "score"), "df"],
            *(
                f"{percent(found.loc[(effect, test), 'size'])} ({found.loc[(effect, test), 'with']})"
                for test in TESTS
            ),
        )
        for effect in dict.fromkeys(found.index.get_level_values("effect"))
    ]
    reasons = absent(rows)
    reasons["would reject"] = reasons["would reject"].map(percent)
    return "\n\n".join(
        [
            f"## `{name}`",
            (
                f"{described.capitalize()}; {spec.country}, {len(outcome)} respondents. Largest statistic of Brant's test "
                f"without its guard: {found.xs('Brant, no guard', level='test')['largest'].max():,.0f}. "
                f"A right test over {replications:,} samples rejects {low:.1%} to {high:.1%} in 19 of 20 cases. "
                f"{seconds:.0f} s."
            ),
            report.table(["effect", "df", *TESTS], lines),
            "Samples without a statistic, and the share of them that the test rejects without its guard:",
            report.table(reasons.columns, reasons.itertuples(index=False)),
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
                    f"Written by `python -m benchmarks.proportional_odds`: {options.replications:,} samples of each model, "
                    f"seed {SEED}. The share that rejects at 5%, of the samples that have the statistic (their number)."
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
