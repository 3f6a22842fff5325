"""Time of the ordered logit against statsmodels, polr and clm; of 20 million rows; of a build's stage.

    python -m benchmarks.ordinal --output benchmarks/results/ordinal.md

Runs of the methods alternate, and ours is timed before and after each other one, so that other load
on the machine falls on all. R is used where Rscript with MASS and ordinal is found.
"""

from __future__ import annotations

import argparse
import json
import shutil
import subprocess
import sys
import tempfile
import time
import warnings
from dataclasses import dataclass, field
from pathlib import Path
from statistics import median

import duckdb
import numpy as np
import pandas as pd
from kjpoll.ordinal import OrdinalModel
from statsmodels.miscmodels.ordinal_model import OrderedModel

from tests.support.long_answers import run_stage
from tests.support.patterns_in_duckdb import group_in_duckdb

from . import report
from .simulated import SURVEY, large_survey, survey

ROUNDS = {1_000: 7, 20_000: 5, 200_000: 3}
LARGE = 20_000_000
PROCESSES = 3
BARS = {"OrderedModel": 60.0, "clm": 5.0, "large": 10.0, "stage": 3.0}
ROOT = Path(__file__).resolve().parents[1]


@dataclass
class Run:
    """One fit: seconds, log likelihood, natural parameters and their standard errors by name."""

    seconds: float
    loglik: float
    estimates: np.ndarray
    errors: np.ndarray | None


@dataclass
class Comparison:
    """All runs of one size, by method."""

    n: int
    runs: dict[str, list[Run]] = field(default_factory=dict)

    def add(self, method: str, run: Run) -> None:
        self.runs.setdefault(method, []).append(run)

    def seconds(self, method: str) -> float:
        return median(run.seconds for run in self.runs[method])

    def ratio(self, method: str) -> float:
        return self.seconds(method) / self.seconds("OrdinalModel")

    def row(self, method: str) -> list[str]:
        runs, ours = self.runs[method], self.runs["OrdinalModel"][0]
        times = [run.seconds for run in runs]
        spread = f"{min(times):.3g} to {max(times):.3g}" if len(times) > 1 else "-"
        own, run = method == "OrdinalModel", runs[0]
        return [
            f"{self.n:,}",
            method,
            str(len(runs)),
            f"{self.seconds(method):.3g}",
            spread,
            "-" if own else f"{self.ratio(method):.1f}",
            "-" if own else f"{np.abs(run.estimates - ours.estimates).max():.1e}",
            "-" if own or run.errors is None else f"{np.abs(run.errors / ours.errors - 1).max():.1e}",
            "-" if own else f"{run.loglik - ours.loglik:.1e}",
        ]


def fit_ours(outcome: np.ndarray, covariates: pd.DataFrame) -> Run:
    begin = time.perf_counter()
    results = OrdinalModel(outcome, covariates).fit()
    seconds = time.perf_counter() - begin
    return Run(seconds, results.llf, np.asarray(results.params), np.asarray(results.bse))


def fit_statsmodels(outcome: np.ndarray, covariates: pd.DataFrame) -> Run:
    """Its errors belong to log increments of the cut points, so only its estimates are compared."""
    begin = time.perf_counter()
    model = OrderedModel(outcome, covariates, distr="logit")
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")  # it warns where it stops short; the table shows by how much
        results = model.fit(method="bfgs", disp=False)
    seconds = time.perf_counter() - begin
    params = np.asarray(results.params)
    cuts = model.transform_threshold_params(params)[1:-1]
    return Run(seconds, results.llf, np.concatenate((params[: covariates.shape[1]], cuts)), None)


def fit_in_r(data: Path) -> tuple[dict[str, Run], dict[str, str]]:
    """polr and clm in one R process that times them itself, and the versions used."""
    out = data.with_suffix(".out.csv")
    subprocess.run(
        ["Rscript", "--vanilla", str(Path(__file__).with_name("reference.R")), str(data), str(out)],
        check=True,
        capture_output=True,
    )
    rows = pd.read_csv(out, dtype=str)
    versions = rows[rows["kind"] == "version"].set_index("name")["value"].to_dict()
    runs = {}
    for method in ("polr", "clm"):
        values = {
            kind: part["value"].astype(float).to_numpy()
            for kind, part in rows[rows["method"] == method].groupby("kind")
        }
        runs[method] = Run(values["seconds"][0], values["loglik"][0], values["estimate"], values["error"])
    return runs, versions


def r_is_here() -> bool:
    return (
        shutil.which("Rscript") is not None
        and subprocess.run(
            ["Rscript", "--vanilla", "-e", "library(MASS); library(ordinal)"],
            capture_output=True,
            check=False,
        ).returncode
        == 0
    )


def compare(n: int, rounds: int, *, with_r: bool) -> tuple[Comparison, dict[str, str]]:
    """Alternating runs on one simulated survey; above 100,000 rows statsmodels runs once."""
    outcome, covariates = survey(n, list(SURVEY), np.random.default_rng(n))
    found, versions = Comparison(n), {}
    fit_ours(outcome[:500], covariates[:500])  # loads what is loaded on first use
    with tempfile.TemporaryDirectory() as folder:
        data = Path(folder) / "survey.csv"
        if with_r:
            covariates.assign(outcome=outcome).to_csv(data, index=False)
        for number in range(rounds):
            found.add("OrdinalModel", fit_ours(outcome, covariates))
            if with_r:
                runs, versions = fit_in_r(data)
                for method, run in runs.items():
                    found.add(method, run)
                found.add("OrdinalModel", fit_ours(outcome, covariates))
            if number == 0 or n <= 100_000:
                found.add("OrderedModel", fit_statsmodels(outcome, covariates))
                found.add("OrdinalModel", fit_ours(outcome, covariates))
    return found, versions


def time_large(path: Path, columns: list[str]) -> dict[str, float | None]:
    """Seconds of grouping and of fitting the table `response`, and MB before and at the peak."""
    before = report.peak_memory()
    with duckdb.connect(str(path), read_only=True) as connection:
        begin = time.perf_counter()
        patterns = group_in_duckdb(connection.table("response"), "outcome", columns)
        grouped = time.perf_counter()
        results = OrdinalModel(patterns.outcome, patterns.matrix, freq_weights=patterns.freq_weights).fit()
        fitted = time.perf_counter()
    return {
        "rows": results.nobs,
        "patterns": len(patterns.outcome),
        "group": grouped - begin,
        "fit": fitted - grouped,
        "before": before,
        "peak": report.peak_memory(),
    }


def time_stage(path: Path) -> dict[str, float]:
    """Seconds of the regression stage of a build on the tables of a warehouse, imports excluded."""
    with duckdb.connect(str(path), read_only=True) as warehouse:
        seeds = [
            warehouse.table(f"seeds.regression_{name}").df() for name in ("models", "terms", "alternatives")
        ]
        begin = time.perf_counter()
        rows = run_stage(*seeds, warehouse.table("marts.fct_response"))
        seconds = time.perf_counter() - begin
    return {
        "seconds": seconds,
        "models": int((rows["part"].eq("model") & rows["problem"].isna()).sum()),
        "refits": len(
            rows.loc[rows["part"] == "sensitivity", ["model_id", "alternative_id"]].drop_duplicates()
        ),
    }


def in_new_process(function: str, *arguments) -> dict:
    """`function` of this module in a fresh interpreter, which has a memory peak and caches of its own."""
    code = (
        f"import json, sys; from pathlib import Path; from benchmarks import ordinal; "
        f"path, *rest = json.loads(sys.argv[1]); "
        f"print(json.dumps(ordinal.{function}(Path(path), *rest)))"
    )
    done = subprocess.run(
        [sys.executable, "-c", code, json.dumps([str(arguments[0]), *arguments[1:]])],
        cwd=ROOT,
        check=True,
        capture_output=True,
        text=True,
    )
    return json.loads(done.stdout)


def main(arguments: list[str] | None = None) -> None:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--warehouse", type=Path, default=ROOT / "warehouse.duckdb")
    parser.add_argument("--sizes", type=int, nargs="*", default=list(ROUNDS))
    parser.add_argument("--large", type=int, default=LARGE, help="rows in DuckDB; 0 leaves it out")
    parser.add_argument("--without-r", action="store_true")
    parser.add_argument("--output", type=Path, help="markdown file for the results")
    options = parser.parse_args(arguments)
    with_r = not options.without_r and r_is_here()
    bars, versions, rows = [], {}, []
    for n in options.sizes:
        found, used = compare(n, ROUNDS.get(n, 3), with_r=with_r)
        versions |= used
        rows += [
            found.row(method)
            for method in ("OrdinalModel", "OrderedModel", "polr", "clm")
            if method in found.runs
        ]
        if n == 200_000:
            bars += [
                (
                    f"{n:,} rows, {method} / OrdinalModel",
                    f">= {BARS[method]:g}",
                    f"{found.ratio(method):.1f}",
                    found.ratio(method) >= BARS[method],
                )
                for method in ("OrderedModel", "clm")
                if method in found.runs
            ]
    parts = [
        report.table(
            [
                "rows",
                "method",
                "runs",
                "seconds",
                "range",
                "times ours",
                "estimates, max. difference",
                "standard errors, max. relative difference",
                "log likelihood less ours",
            ],
            rows,
        )
    ]
    if options.large:
        text, bar = large(options.large)
        parts.append(text)
        bars.append(bar)
    if options.warehouse.exists():
        text, bar = stage(options.warehouse)
        parts.append(text)
        bars.append(bar)
    summary = report.table(
        ["bar", "wanted", "measured", "met"], [(*bar[:3], "yes" if bar[3] else "no") for bar in bars]
    )
    report.publish(
        "\n\n".join(
            [
                "# Time of the ordered logit",
                report.conditions(f"{name} {number}" for name, number in versions.items()),
                (
                    "Written by `python -m benchmarks.ordinal`; seconds are medians of alternating runs on a machine "
                    "that had other work, so compare ratios. What is timed: [README](../README.md)."
                ),
                summary,
                *parts,
            ]
        ),
        options.output,
    )


def large(n: int) -> tuple[str, tuple]:
    """The section on rows in DuckDB, and its bar."""
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "large.duckdb"
        columns = large_survey(path, n)
        runs = [in_new_process("time_large", path, columns) for _ in range(PROCESSES)]
    totals = [run["group"] + run["fit"] for run in runs]
    run = runs[totals.index(median(totals))]
    memory = (
        "not measured"
        if run["peak"] is None
        else f"{run['peak']:.0f} MB at the peak, {run['before']:.0f} MB of it before the first query"
    )
    text = (
        f"{run['rows']:,.0f} rows in a DuckDB file ({len(columns)} covariates, "
        f"{run['patterns']:,} patterns): grouped in {run['group']:.2f} s, fitted in {run['fit']:.2f} s; "
        f"memory {memory}. Median of {PROCESSES} processes, range {min(totals):.2f} to "
        f"{max(totals):.2f} s."
    )
    return text, (
        f"{n:,} rows grouped and fitted, s",
        f"<= {BARS['large']:g}",
        f"{median(totals):.2f}",
        median(totals) <= BARS["large"],
    )


def stage(warehouse: Path) -> tuple[str, tuple]:
    """The section on the stage of a build, and its bar."""
    runs = [in_new_process("time_stage", warehouse.resolve()) for _ in range(PROCESSES)]
    seconds = [run["seconds"] for run in runs]
    text = (
        f"Regression stage of a build, imports excluded: {median(seconds):.2f} s for "
        f"{runs[0]['models']} models with effects and tests, and {runs[0]['refits']} refits of the "
        f"sensitivity. Median of {PROCESSES} processes, range {min(seconds):.2f} to "
        f"{max(seconds):.2f} s."
    )
    return text, (
        "stage of a build beyond the imports, s",
        f"<= {BARS['stage']:g}",
        f"{median(seconds):.2f}",
        median(seconds) <= BARS["stage"],
    )


if __name__ == "__main__":
    main()
