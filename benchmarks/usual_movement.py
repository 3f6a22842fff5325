"""How far does opinion usually move between waves, how many honest waves would drift stop, and what does it still see?

    python -m benchmarks.usual_movement --output benchmarks/results/usual_movement.md    # after a build; some seconds

The ground is what was published: an option with a number in two askings that drift would compare gives one change. The
records are not used, since what is assumed in them moves less than sampling does. Every wave is tested with what the
changes that do not touch its year teach.
"""

from __future__ import annotations

import argparse
import math
from dataclasses import dataclass
from pathlib import Path

import duckdb
import numpy as np
import pandas as pd
from scipy import optimize, stats

from tests.support.project import CHECKOUT

ALPHA_BEFORE = 0.01  # after Holm's adjustment for all changes of a build, with sampling error alone
DEGREES = (2, 4, 6, 8, 10, 30)
LEVELS = (0.01, 0.2, 0.5)
ERRORS = (0, 5, 10, 15, 20, 30, 40, 50)
# Rounded numbers ("7 in 10") would add their rounding. Don't know and no answer are not drift's.
CHANGES = """
    with number as (
        select samples.sample_id, published.question_id, published.option_id, published_in, avg(published.pct) as pct
        from intermediate.int_published_topline as published
        inner join seeds.samples as samples using (sample_id)
        where published.legibility in ('reported', 'derived') and (published.question_id, published.option_id) not in (
            select (option.question_id, option.option_id)
            from intermediate.int_option as option
            inner join intermediate.int_offered_category as offered using (question_id, category_id)
            where offered.missing_type is not null)
        group by all
    ),
    size as (
        select sample_id, question_id, max(base_n / design_effect) as n_effective
        from intermediate.int_wave_share inner join intermediate.int_design_effect using (sample_id) group by all
    ),
    tested as (select sample_id, count(distinct question_id) as n_questions from quality.drift where z is not null group by all)
    select asking.sample_id, asking.wave, asking.previous_wave, asking.country, asking.question_id, now.option_id,
        now.published_in = 'demographics' as is_fact, before.pct / 100 as earlier, now.pct / 100 as later,
        earlier_size.n_effective as earlier_n, later_size.n_effective as later_n, tested.n_questions,
        (select count(z) from quality.drift) as n_tests
    from intermediate.int_comparable_asking as asking
    inner join number as now on asking.sample_id = now.sample_id and asking.question_id = now.question_id
    inner join number as before on asking.previous_sample_id = before.sample_id
        and asking.question_id = before.question_id and now.option_id = before.option_id
    inner join size as later_size on asking.sample_id = later_size.sample_id and asking.question_id = later_size.question_id
    inner join size as earlier_size
        on asking.previous_sample_id = earlier_size.sample_id and asking.question_id = earlier_size.question_id
    inner join tested on asking.sample_id = tested.sample_id
    order by all
"""


# Every change of the records, whatever explains it.
RECORDED = "select sample_id, z, p_adjusted, (select count(z) from quality.drift) as n_tests from quality.drift where z is not null"


@dataclass(frozen=True)
class Rule:
    """What drift takes for a jump. movement: percentage points at a share of 50%; degrees: of freedom, of Student's t;
    alpha: chance that a wave of as many questions has one."""

    movement: float
    degrees: float
    alpha: float

    def jumps(self, changes: pd.DataFrame) -> pd.Series:
        """Whether each change is one."""
        movement = np.where(changes["is_fact"], 0, self.movement)
        p = 2 * stats.t.sf(np.abs(standardised(changes, movement)), self.degrees)
        return pd.Series(p * changes["n_questions"] < self.alpha, changes.index)


def jumps_before(changes: pd.DataFrame) -> pd.Series:
    """As drift was: sampling error alone, adjusted for all changes of a build (the first step of Holm's decides on a stop)."""
    return exceeds_sampling(changes, standardised(changes, 0))


def exceeds_sampling(changes: pd.DataFrame, z: np.ndarray | pd.Series) -> pd.Series:
    return pd.Series(2 * stats.norm.sf(np.abs(z)) * changes["n_tests"] < ALPHA_BEFORE, changes.index)


def standardised(changes: pd.DataFrame, movement: np.ndarray | float) -> np.ndarray:
    """The changes in units of sampling error and movement, as drift.sql has them."""
    weight = changes["later_n"] / (changes["later_n"] + changes["earlier_n"])
    both = weight * changes["later"] + (1 - weight) * changes["earlier"]
    sampling = 1 / changes["later_n"] + 1 / changes["earlier_n"]
    variance = both * (1 - both) * (sampling + 4 * (np.asarray(movement) / 100) ** 2)
    change = changes["later"] - changes["earlier"]
    return np.asarray(change / np.sqrt(variance.where(variance > 0, math.inf)))


def usual_movement(changes: pd.DataFrame, degrees: float) -> float:
    """The movement with which half of the changes are within the quartiles of Student's t; 0 where sampling is enough."""
    quartile = stats.t.ppf(0.75, degrees)

    def beyond(movement: float) -> float:
        return float(np.median(np.abs(standardised(changes, movement)))) - quartile

    return float(optimize.brentq(beyond, 0, 100)) if beyond(0) > 0 else 0.0


def log_likelihood(changes: pd.DataFrame, degrees: float) -> float:
    """Of the changes with the movement learned from them, up to a constant that is the same for all degrees."""
    t = standardised(changes, usual_movement(changes, degrees))
    scale = np.abs(np.asarray(changes["later"] - changes["earlier"]) / np.where(t == 0, 1, t))
    known = t != 0
    return float((stats.t.logpdf(t, degrees)[known] - np.log(scale[known])).sum())


def others(changes: pd.DataFrame, wave: int) -> pd.DataFrame:
    """The changes of opinion that do not touch a year."""
    return changes[~changes["is_fact"] & (changes["wave"] != wave) & (changes["previous_wave"] != wave)]


def in_turn(wave_changes: pd.DataFrame, published: pd.DataFrame, degrees: float, alpha: float) -> pd.Series:
    """Whether each change of the waves is a jump with what the published changes of the other years teach."""
    return pd.concat(
        [
            Rule(usual_movement(others(published, wave), degrees), degrees, alpha).jumps(of_wave)
            for wave, of_wave in wave_changes.groupby("wave")
        ]
    ).reindex(wave_changes.index)


def with_error(changes: pd.DataFrame, points: float) -> pd.DataFrame:
    """Each change of opinion twice, with the later share too high and too low by an error; what leaves 0 to 100 is left out."""
    opinions = changes[~changes["is_fact"]]
    wrong = pd.concat([opinions.assign(later=opinions["later"] + sign * points / 100) for sign in (1, -1)])
    return wrong[wrong["later"].between(0, 1)].reset_index(drop=True)


def stopped(changes: pd.DataFrame, jumps: pd.Series) -> list[str]:
    return sorted(changes.loc[jumps, "sample_id"].unique())


def rate(jumps: pd.Series) -> str:
    return f"{jumps.sum()} of {len(jumps)} ({100 * jumps.mean():.0f}%)"


def described(name: str, changes: pd.DataFrame, degrees: float) -> str:
    asked = len(changes[["sample_id", "question_id"]].drop_duplicates())
    median = 100 * (changes["later"] - changes["earlier"]).abs().median()
    return f"| {name} | {len(changes)} | {asked} | {median:.1f} | {usual_movement(changes, degrees):.2f} |"


def movement_learned(changes: pd.DataFrame, rule: Rule) -> list[str]:
    opinions = changes[~changes["is_fact"]]
    apart = opinions["wave"] - opinions["previous_wave"]
    without = [usual_movement(others(changes, wave), rule.degrees) for wave in changes["wave"].unique()]
    learned = (
        f"Learned: {usual_movement(opinions, rule.degrees):.2f} points; without one year at a time {min(without):.2f} "
        f"to {max(without):.2f}. The build took {rule.movement:g}."
    )
    return [
        "| | changes | questions and samples | median change | movement beyond sampling |",
        "|---|---|---|---|---|",
        described("opinions", opinions, rule.degrees),
        described("opinions, a year apart", opinions[apart == 1], rule.degrees),
        described("opinions, two to four years apart", opinions[apart > 1], rule.degrees),
        described("what the respondents are", changes[changes["is_fact"]], rule.degrees),
        "",
        learned,
        "",
        "| degrees of freedom | movement | log likelihood |",
        "|---|---|---|",
        *(
            f"| {degrees} | {usual_movement(opinions, degrees):.2f} | {log_likelihood(opinions, degrees):.1f} |"
            for degrees in DEGREES
        ),
    ]


def honest_waves(changes: pd.DataFrame, recorded: pd.DataFrame, rule: Rule) -> list[str]:
    before = stopped(changes, jumps_before(changes))
    of_records = stopped(recorded, exceeds_sampling(recorded, recorded["z"]))
    after = in_turn(changes, changes, rule.degrees, rule.alpha)
    lines = [
        "| rule | published changes | all shares of the records |",
        "|---|---|---|",
        f"| before: sampling error alone | {len(before)}: {', '.join(before)} | {len(of_records)} |",
    ]
    for alpha in sorted({*LEVELS, rule.alpha}):
        which = stopped(changes, in_turn(changes, changes, rule.degrees, alpha))
        of_records = stopped(recorded, recorded["p_adjusted"] < alpha)
        lines.append(
            f"| level {alpha:g} | {len(which)}{': ' * bool(which)}{', '.join(which)} | {len(of_records)} |"
        )
    jumps = "; ".join(
        f"{row.sample_id} {row.question_id} {row.option_id} {100 * row.earlier:.1f} to {100 * row.later:.1f}"
        for row in changes[after].itertuples()
    )
    compared = changes.drop_duplicates("sample_id")["n_questions"].mean()
    questions = after[~changes["is_fact"]].groupby([changes["sample_id"], changes["question_id"]]).any()
    like_them = 1 - (1 - questions.mean()) ** compared
    told = (
        f"At the level of the build: {jumps or 'no change'}. Of the {compared:.0f} questions on average that drift compares "
        f"in a sample, {len(questions) / changes['sample_id'].nunique():.0f} on opinions have published numbers in both waves; "
        f"the level counts all. If all moved as those that were published ({rate(questions)} with a jump), "
        f"{100 * like_them:.0f}% of the samples would stop."
    )
    return [*lines, "", told]


def power(changes: pd.DataFrame, rule: Rule) -> list[str]:
    lines = ["| error in points | before | now |", "|---|---|---|"]
    for points in ERRORS:
        wrong = with_error(changes, points)
        now = in_turn(wrong, changes, rule.degrees, rule.alpha)
        lines.append(f"| {points} | {rate(jumps_before(wrong))} | {rate(now)} |")
    return lines


def report(changes: pd.DataFrame, recorded: pd.DataFrame, rule: Rule) -> list[str]:
    return [
        "# Usual movement of opinion",
        "",
        "`python -m benchmarks.usual_movement`: from published numbers alone. Points are at a share of 50%.",
        "",
        *movement_learned(changes, rule),
        "",
        f"## Honest waves that would stop, of {changes['sample_id'].nunique()}",
        "",
        "If nothing were published of them. Published changes: with what the other years teach. Records: with what the build took.",
        "",
        *honest_waves(changes, recorded, rule),
        "",
        "## Reported, with an error in one share of opinion",
        "",
        "The error is added to a published share, and taken from it; 0: without one, twice each.",
        "",
        *power(changes, rule),
    ]


def settings(con: duckdb.DuckDBPyConnection) -> Rule:
    """What the build took."""
    option = dict(con.execute("select name, value from intermediate.int_build_option").fetchall())
    return Rule(*(float(option[name]) for name in ("usual_movement", "movement_degrees", "drift_alpha")))


def main(arguments: list[str] | None = None) -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--build", type=Path, default=CHECKOUT / "build" / "warehouse.duckdb")
    parser.add_argument("--output", type=Path)
    options = parser.parse_args(arguments)
    with duckdb.connect(str(options.build), read_only=True) as con:
        changes, recorded, rule = con.execute(CHANGES).df(), con.execute(RECORDED).df(), settings(con)
    text = "\n".join(report(changes, recorded, rule)) + "\n"
    if options.output:
        options.output.write_text(text, encoding="utf-8")
    print(text)


if __name__ == "__main__":
    main()
