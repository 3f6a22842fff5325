"""How many scrambled columns does `scrambled_column` find, and how near do sound ones come to it?

    python -m benchmarks.scrambled_power --build build/warehouse.duckdb --output benchmarks/results/scrambled_power.md

On the shipped files, from the build file of a built project, and on public surveys whose parts stand for waves. Of one
sample after the other a column, or a block of neighbouring columns, is sorted, shuffled or moved by a row; on the
public surveys neighbouring codes are exchanged too (on the shipped files benchmarks.series_power does that).
"""

from __future__ import annotations

import argparse
import math
import random
from collections.abc import Iterator
from dataclasses import dataclass
from itertools import pairwise
from pathlib import Path

import duckdb
import numpy as np
import pandas as pd
from kjpoll.checks.series import scrambled
from kjpoll.checks.series.diagnosis import ALPHA, _hypotheses, diagnose
from kjpoll.checks.series.readings import recodings
from kjpoll.checks.series.series_evidence import SeriesEvidence

from benchmarks.public_surveys import Survey, public_surveys

SEED, SPLITS = 2023, 5
HOW = ("sorted", "shuffled", "shifted by one row")
# Of each survey, at most; of the shipped files three times as many.
DRAWN = {"one column": 24, "block": 12, "exchange": 16}
INFORMATIVE = 50.0  # of an association: its standard error is below 0.15


@dataclass(frozen=True)
class Damage:
    sample_id: str
    variables: tuple[str, ...]
    how: str


def shipped(build: Path) -> Survey:
    """The wave files as a build has coded them."""
    with duckdb.connect(str(build), read_only=True) as con:
        con.execute("set enable_progress_bar = false")
        counts = con.execute("select * from intermediate.int_series_count").df()
        answers = con.execute("select * from intermediate.int_single_answer").df()
        anchors = con.execute("select * from intermediate.int_anchor_question").df()
        effects = con.execute("select * from intermediate.int_design_effect").df()
        published = con.execute("select * from intermediate.int_published_interval").df()
    answers["position"] = answers["position"].where(answers["missing_type"].isna())
    names = answers[["sample_id", "variable", "question_id"]].drop_duplicates()
    questions = {(row.sample_id, row.variable): row.question_id for row in names.itertuples()}
    is_anchor = set(zip(anchors["sample_id"], anchors["question_id"], strict=True))
    codes, positions, of_sample = {}, {}, {}
    for sample_id, rows in answers.groupby("sample_id"):
        codes[sample_id] = rows.pivot(index="row", columns="variable", values="raw_code").astype(object)
        positions[sample_id] = rows.pivot(index="row", columns="variable", values="position").astype(float)
        of_sample[sample_id] = [
            name for name in codes[sample_id] if (sample_id, questions[sample_id, name]) in is_anchor
        ]
    effect = dict(zip(effects["sample_id"], effects["design_effect"], strict=True))
    return Survey("shipped files", counts, codes, positions, questions, of_sample, effect, published)


def order(survey: Survey, damage: Damage, draw: np.random.Generator) -> np.ndarray:
    """The rows in the order in which the damaged columns have them."""
    column = survey.codes[damage.sample_id][damage.variables[0]]
    if damage.how == "sorted":
        return np.argsort(column.fillna("").astype(str).to_numpy(), kind="stable")
    return draw.permutation(len(column)) if damage.how == "shuffled" else np.roll(np.arange(len(column)), 1)


def batches(damages: list[Damage], size: int) -> Iterator[list[Damage]]:
    """Damages in different samples."""
    waiting = list(damages)
    while waiting:
        batch: dict[str, Damage] = {}
        for damage in waiting:
            if damage.sample_id not in batch and len(batch) < size:
                batch[damage.sample_id] = damage
        yield list(batch.values())
        waiting = [damage for damage in waiting if damage not in batch.values()]


def findings(evidence: SeriesEvidence) -> list[tuple[str, str, frozenset[str]]]:
    """Rule, sample and columns of what is reported."""
    diagnoses = [(item.rule, item.columns) for item in diagnose(evidence)]
    moved = [("scrambled_column", item.columns) for item in scrambled.scrambled_columns(evidence)]
    return [
        (rule, columns[0].sample_id, frozenset(column.variable for column in columns))
        for rule, columns in diagnoses + moved
    ]


def outcome(survey: Survey, damage: Damage, reported: list[tuple[str, str, frozenset[str]]]) -> dict:
    """found: a finding names columns of one side only, those moved or those not. exact: of a single column, that column."""
    here = [(rule, names) for rule, sample_id, names in reported if sample_id == damage.sample_id]
    right = [names for rule, names in here if rule == "scrambled_column"]
    moved = set(damage.variables)
    one_side = [names for names in right if names <= moved or not names & moved]
    return {
        "found": bool(right) and len(one_side) == len(right),
        "exact": any(names <= moved for names in right),
        "wrong": len(right) - len(one_side) + len(here) - len(right),
        "named": max((len(names & moved) for names in right), default=0),
    }


def drawn(items: list, number: int, draw: random.Random) -> list:
    return draw.sample(items, min(number, len(items)))


def measured(survey: Survey, damages: list[Damage], at_once: int) -> pd.DataFrame:
    draw, rows = np.random.default_rng(SEED), []
    for batch in batches(damages, at_once):
        orders = {}
        for damage in batch:
            rows_of = order(survey, damage, draw)
            orders[damage.sample_id] = dict.fromkeys(damage.variables, rows_of)
        reported = findings(survey.reordered(orders).evidence())
        elsewhere = [item for item in reported if item[1] not in orders]
        for damage in batch:
            rows.append(
                {"sample_id": damage.sample_id, "variables": damage.variables, "how": damage.how, "size": len(damage.variables),
                 **outcome(survey, damage, reported), "elsewhere": len(elsewhere) / len(batch)}
            )  # fmt: skip
    return pd.DataFrame(rows)


def single_damages(survey: Survey) -> list[Damage]:
    columns = survey.counts[survey.counts["layout"] == "single"]
    names = columns[["sample_id", "variable"]].drop_duplicates()
    return [Damage(row.sample_id, (row.variable,), how) for how in HOW for row in names.itertuples()]


def block_damages(survey: Survey, draw: random.Random) -> list[Damage]:
    """Stretches of single-answer columns, at least three and at most half of them."""
    singles = survey.counts[survey.counts["layout"] == "single"].sort_values("column_position")
    damages = []
    for sample_id, rows in singles.groupby("sample_id"):
        names = list(dict.fromkeys(rows["variable"]))
        for how in HOW:
            if len(names) >= 6:
                size = draw.randint(3, len(names) // 2)
                first = draw.randrange(len(names) - size + 1)
                damages.append(Damage(sample_id, tuple(names[first : first + size]), how))
    return damages


def exchanges(survey: Survey, draw: random.Random) -> pd.DataFrame:
    """Of neighbouring pairs of codes, whether their exchange is named, by the length of the list."""
    rows, pairs = [], []
    for (sample_id, variable), column in survey.counts.groupby(["sample_id", "variable"]):
        codes = list(column.sort_values("position")["code"])
        pairs += [(sample_id, variable, len(codes), pair) for pair in pairwise(codes)]
    for sample_id, variable, size, (first, second) in drawn(pairs, DRAWN["exchange"], draw):
        reported = findings(survey.recoded(sample_id, variable, first, second).evidence())
        named = [rule for rule, *where in reported if where == [sample_id, frozenset({variable})]]
        # The exchange of a scale of two is its reversal.
        right = {"exchanged_codes", "reversed_scale"} if size == 2 else {"exchanged_codes"}
        rows.append(
            {
                "options": size,
                "found": bool(right & set(named)),
                "wrong": len(reported) - len(named),
            }
        )
    return pd.DataFrame(rows)


def soundest(survey: Survey) -> dict:
    """How near the undamaged columns come: the greatest gain of each search and its threshold, the least association."""
    evidence = survey.evidence()
    comparisons = [scrambled.Comparison(evidence, column) for column in evidence.columns if column.profile]
    compared = [comparison for comparison in comparisons if comparison.codes > 1]
    associations = [item for item in (comparison.with_all() for comparison in compared) if item]
    informative = [item.ratio for item in associations if item.information >= INFORMATIVE]
    samples: dict = {}
    recoded = []
    for column in evidence.columns:
        samples.setdefault(column.sample_id, []).append(column)
        anchors = evidence.profiles.anchors(column, column)
        as_coded = evidence.deviance(column, column, column.meaning, anchors)
        recoded += [
            evidence.deviance(column, column, meaning, anchors) - as_coded
            for rule, meaning in recodings(column)
            if rule == "exchanged_codes"
        ]
    return {
        "survey": survey.name,
        "samples": len(survey.codes),
        "columns compared": len(compared),
        "of information": len(informative),
        "their least association": min(informative, default=math.nan),
        "greatest gain of scrambled": max(item.gain for item in associations),
        "threshold": math.log(2 * len(compared) / scrambled.ALPHA),
        "greatest gain of exchanged": max(recoded),
        "its threshold": math.log(_hypotheses(samples) / ALPHA),
        "findings": len(findings(evidence)),
    }


def table(rows: pd.DataFrame) -> str:
    lines = ["| " + " | ".join(rows.columns) + " |", "|" + "---|" * len(rows.columns)]
    for row in rows.itertuples(index=False):
        lines.append(
            "| " + " | ".join(f"{cell:.2f}" if isinstance(cell, float) else str(cell) for cell in row) + " |"
        )
    return "\n".join(lines)


def power(rows: pd.DataFrame, by: list[str]) -> pd.DataFrame:
    return (
        rows.groupby(by)
        .agg(
            damages=("found", "size"),
            found=("found", "sum"),
            moved_named=("exact", "sum"),
            wrong=("wrong", "sum"),
        )
        .reset_index()
    )


def main(arguments: list[str] | None = None) -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--build", type=Path, required=True, help="build/warehouse.duckdb of a built project")
    parser.add_argument("--output", type=Path)
    options = parser.parse_args(arguments)
    surveys = [shipped(options.build), *public_surveys()]
    sound = pd.DataFrame([soundest(survey) for survey in surveys])
    splits = sum(
        len(findings(survey.evidence())) for seed in range(SPLITS) for survey in public_surveys(seed)[:4]
    )
    draw = random.Random(SEED)
    singles, blocks, exchanged = [], [], []
    for survey in surveys:
        # Of many waves some are damaged at once; of few, one.
        at_once = max(1, len(survey.codes) // 4)
        times = 3 if survey is surveys[0] else 1
        kinds = survey.counts.drop_duplicates(["sample_id", "variable"]).set_index(["sample_id", "variable"])[
            "answer_type"
        ]
        rows = measured(survey, drawn(single_damages(survey), times * DRAWN["one column"], draw), at_once)
        rows["answers"] = [kinds[row.sample_id, row.variables[0]] for row in rows.itertuples()]
        singles.append(rows.assign(survey=survey.name))
        blocks.append(
            measured(
                survey, drawn(block_damages(survey, draw), times * DRAWN["block"], draw), at_once
            ).assign(survey=survey.name)
        )
        if survey is not surveys[0]:
            exchanged.append(exchanges(survey, draw).assign(survey=survey.name, exact=False))
    single, block = pd.concat(singles), pd.concat([rows for rows in blocks if len(rows)])
    shipped_rows = singles[0].copy()
    shipped_rows["question"] = [
        surveys[0].questions[row.sample_id, row.variables[0]] for row in shipped_rows.itertuples()
    ]
    exchange = power(pd.concat(exchanged), ["survey", "options"]).drop(columns="moved_named")
    about = (
        f"`python -m benchmarks.scrambled_power`, seed {SEED}. Found: findings of the rule in the sample, all of whose columns "
        "were moved, or all of which were not (of two sides that do not go together either may be named). Moved named: "
        "columns that were moved are named. Wrong: findings that name both sides, or of another rule."
    )
    silence = (
        f"An association is informative from {INFORMATIVE:.0f} up (a standard error below {INFORMATIVE**-0.5:.2f}). "
        f"{SPLITS} random partitions of each of the first four public surveys: {splits} findings."
    )
    sections = [
        ("# Power of scrambled_column, and of exchanged_codes on public surveys", about),
        ("## Sound samples", silence, table(sound)),
        ("## One column", table(power(single, ["survey", "answers", "how"]))),
        ("## Columns of the shipped files, by question", table(power(shipped_rows, ["answers", "question"]))),
        (
            "## Blocks of neighbouring columns, three to half of the single answers",
            table(power(block, ["survey", "how"])),
        ),
        ("## Neighbouring codes exchanged, public surveys", table(exchange)),
    ]
    text = "\n\n".join("\n\n".join(section) for section in sections)
    if options.output:
        options.output.write_text(text + "\n", encoding="utf-8")
    print(text)


if __name__ == "__main__":
    main()
