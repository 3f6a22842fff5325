"""Do the intervals of shares hold the truth, and do the tests of trends and drift reject what is true as often as they say?

    make build; python -m benchmarks.share_errors --output benchmarks/results/share_errors.md    # some minutes

Polls are drawn from publics whose opinions are known, and the models of the project are run on them as a build would run
them. Every country has two waves of 1,000 respondents and 18 questions of five answers each. Intervals from few clusters:
benchmarks.interval_coverage.
"""

from __future__ import annotations

import argparse
import time
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd

from tests.support.project import CHECKOUT, Project
from tests.support.rehearsal import Rehearsal

from . import report
from .simulated_polls import Poll, drift_tables, from_tables, moved, opinions

DESIGNS = {
    "equal chance": {},
    "weighted": {"weighted": True},
    "clusters": {"clustered": True},
    "clusters, weighted": {"clustered": True, "weighted": True},
}
BATCH, BATCHES, SEED = 100, 6, 2023
INTERVALS, TESTS = (0.93, 0.97), (0.04, 0.06)
FAMILY = (0.0, 0.06)  # corrected for all hypotheses of a wave: no more than a single test


def shares_and_trends(
    rehearsal: Rehearsal, countries: int, design: Mapping[str, bool], random: np.random.Generator
) -> Iterator[tuple[str, tuple[float, float], pd.Series]]:
    """Of publics that do not change: what is counted, between which rates it should be, and whether each one is so."""
    public = opinions(countries, random)
    poll = Poll(np.stack([public, public], axis=1), **design)
    con = from_tables(rehearsal, poll.draw(random), ("trend",))
    nets = con.sql("select * from analysis.topline_net").df()
    trends = con.sql("select * from analysis.trend where previous_wave is not null").df()
    con.close()
    nets = nets.merge(poll.truth(), on=["country", "wave", "question_id", "net"])
    held = nets["true_pct"].between(nets["ci_low"], nets["ci_high"])
    yield "intervals of nets hold the truth", INTERVALS, held
    yield "of these, nets below 10%", INTERVALS, held[nets["true_pct"] < 10]
    yield "`p_value` below 0.05", TESTS, trends["p_value"] < 0.05
    questions = trends.drop_duplicates(["country", "question_id"])
    yield "`p_question` below 0.05", TESTS, questions["p_question"] < 0.05
    yield "waves with a `p_adjusted` below 0.05", FAMILY, trends.groupby("country")["p_adjusted"].min() < 0.05


def drift(
    rehearsal: Rehearsal, countries: int, design: Mapping[str, bool], random: np.random.Generator
) -> Iterator[tuple[str, tuple[float, float], pd.Series]]:
    """Of publics whose opinions move as the settings say: whether each wave has a jump."""
    movement, degrees = (setting(rehearsal, name) for name in ("usual_movement", "movement_degrees"))
    public = opinions(countries, random)
    poll = Poll(np.stack([public, moved(public, movement / 100, degrees, random)], axis=1), **design)
    con = from_tables(rehearsal, drift_tables(poll.draw(random)), ("drift",))
    jumps = con.sql(
        "select country, bool_or(is_jump) as jump from quality.drift where z is not null group by country"
    )
    yield "waves with a jump in `quality.drift`", TESTS, jumps.df()["jump"]
    con.close()


def setting(rehearsal: Rehearsal, name: str) -> float:
    """A setting of the build, as the model int_build_option has it."""
    (node,) = (node for node in rehearsal.nodes.values() if node["name"] == "int_build_option")
    with from_tables(rehearsal, {}, (node["name"],)) as con:
        value = con.execute(f"select value from {node['relation_name']} where name = ?", [name]).fetchone()
    assert value is not None
    return float(value[0])


def measure(rehearsal: Rehearsal, countries: int, batches: int) -> pd.DataFrame:
    """One row per design and what is counted: rate, its Monte Carlo error, n, and between which rates it should be."""
    random = np.random.default_rng(SEED)
    found: dict[tuple[str, str], list[pd.Series]] = {}
    wanted: dict[str, tuple[float, float]] = {}
    for _ in range(batches):
        for name, design in DESIGNS.items():
            for of in (shares_and_trends, drift):
                for what, bounds, right in of(rehearsal, countries, design, random):
                    found.setdefault((name, what), []).append(right)
                    wanted[what] = bounds
    rows = []
    for (design, what), parts in sorted(found.items()):
        all_parts = pd.concat(parts)
        rate = float(all_parts.mean())
        error = 1.96 * (rate * (1 - rate) / len(all_parts)) ** 0.5
        rows.append((design, what, rate, error, len(all_parts), *wanted[what]))
    return pd.DataFrame(rows, columns=["design", "what", "rate", "error", "n", "low", "high"])


def verdict(row: Any) -> str:
    """Undecided where the Monte Carlo error reaches what is wanted."""
    if row.low <= row.rate <= row.high:
        return "met"
    return "undecided" if row.low <= row.rate + row.error and row.rate - row.error <= row.high else "not met"


def main(arguments: list[str] | None = None) -> None:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--countries", type=int, default=BATCH, help="in a batch [default: %(default)s]")
    parser.add_argument("--batches", type=int, default=BATCHES, help="[default: %(default)s]")
    parser.add_argument(
        "--project", type=Path, default=CHECKOUT, help="a project that was built [default: this one]"
    )
    parser.add_argument("--output", type=Path, help="markdown file for the results")
    options = parser.parse_args(arguments)
    begin = time.perf_counter()
    rows = measure(Rehearsal.of_build(Project(options.project)), options.countries, options.batches)
    report.publish(
        "\n\n".join(
            [
                "# Intervals and tests of shares",
                report.conditions(),
                (
                    f"Written by `python -m benchmarks.share_errors`: {options.countries * options.batches:,} countries of each "
                    f"design, seed {SEED}, {time.perf_counter() - begin:.0f} s. `weighted`: six groups of the public take part "
                    "with chances from 1 to 0.4 and differ in opinion by up to one logit; the weights undo it. `clusters`: fifty of "
                    "twenty persons in five strata, which the file names. Nothing "
                    "changes between the waves, but for drift, where opinions move as `usual_movement` says. The errors are "
                    "1.96 Monte Carlo errors, as if all cases were independent."
                ),
                report.table(
                    ["design", "what", "rate", "error", "cases", "wanted", ""],
                    [
                        (
                            row.design,
                            row.what,
                            f"{row.rate:.2%}",
                            f"±{row.error:.2%}",
                            f"{row.n:,}",
                            f"{row.low:.0%} to {row.high:.0%}",
                            verdict(row),
                        )
                        for row in rows.itertuples()
                    ],
                ),
            ]
        ),
        options.output,
    )


if __name__ == "__main__":
    main()
