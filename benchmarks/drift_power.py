"""How large an exchange of two shares does drift report, and does it accuse the right wave?

    python -m benchmarks.drift_power --output benchmarks/results/drift_power.md    # after a build; some seconds

In the shares of the build file two categories of a single-answer question are exchanged, in one wave of a question at a
time: the two largest, or two of which only the total is published. Nothing else is rebuilt than what drift reads, so that no
other rule reports the exchange first.
"""

from __future__ import annotations

import argparse
from collections import Counter
from dataclasses import dataclass
from pathlib import Path

import duckdb

from benchmarks.series_power import DRIFT
from tests.support.project import CHECKOUT, Project
from tests.support.rehearsal import DATABASE, Rehearsal

BANDS = (12, 20, 30, 40)  # points between the two shares
OUTCOMES = ("right", "either", "wrong", "missed")
PAIRS = """
    select share.country, share.sample_id, share.question_id, share.category_id, with_share.category_id,
        100.0 * abs(share.n - with_share.n) / share.base_substantive_n as points
    from intermediate.int_wave_share as share
    inner join intermediate.int_wave_share as with_share
        on share.sample_id = with_share.sample_id and share.question_id = with_share.question_id
        and share.missing_type is null and with_share.missing_type is null
    inner join seeds.questions as questions on share.question_id = questions.question_id and answer_type <> 'multiple'
    {which}
    order by all
"""
LARGEST = """
    where share.category_id <> with_share.category_id and exists (select 1 from intermediate.int_comparable_asking as asking
        where asking.question_id = share.question_id and share.sample_id in (asking.sample_id, asking.previous_sample_id)
            and asking.previous_sample_id is not null)
    qualify row_number() over (partition by share.sample_id, share.question_id order by share.n desc, with_share.n desc, 4, 5) = 1
"""
WITHIN = """
    inner join intermediate.int_published_share as published
        on share.sample_id = published.sample_id and share.question_id = published.question_id
        and share.category_id = published.category_id and not published.is_contradicted
    inner join intermediate.int_published_share as with_published
        on share.sample_id = with_published.sample_id and share.question_id = with_published.question_id
        and with_share.category_id = with_published.category_id
        and published.published_group = with_published.published_group
    inner join intermediate.int_comparable_asking as asking
        on share.sample_id = asking.sample_id and share.question_id = asking.question_id
        and asking.previous_sample_id is not null
    where share.category_id < with_share.category_id
"""


@dataclass(frozen=True)
class Exchange:
    country: str
    sample_id: str
    question_id: str
    category_id: str
    with_category_id: str
    points: float


class Shares:
    """The shares of a build in memory, and the models that drift is made of."""

    def __init__(self, project: Project) -> None:
        self.nodes = {node["name"]: node for node in Rehearsal.of_build(project).nodes.values()}
        self.con = duckdb.connect()
        self.con.execute(
            f"attach '{project.build_file}' as built (read_only); attach ':memory:' as {DATABASE}"
        )
        self.con.execute(f"use {DATABASE}")
        rows = self.con.execute(
            "select schema_name, table_name from duckdb_tables() where database_name = 'built' "
            "and schema_name in ('seeds', 'published', 'intermediate', 'quality') and estimated_size < 20000"
        ).fetchall()
        for schema, table in rows:
            self.con.execute(
                f"create schema if not exists {schema}; "
                f"create table {schema}.{table} as select * from built.{schema}.{table}"
            )

    def pairs(self, which: str) -> list[Exchange]:
        return [Exchange(*row) for row in self.con.execute(PAIRS.format(which=which)).fetchall()]

    def outcomes(self, exchanges: list[Exchange]) -> dict[Exchange, str]:
        """What drift says of exchanges in different questions."""
        shares = "intermediate.int_wave_share"
        self.con.execute(f"create or replace table {shares} as select * from built.{shares}")
        for exchange in exchanges:
            self.con.execute(
                f"update {shares} as share set n = built.n, weighted_n = built.weighted_n from built.{shares} as built "
                "where share.sample_id = $1 and share.question_id = $2 and share.category_id in ($3, $4) "
                "and built.sample_id = $1 and built.question_id = $2 and built.category_id in ($3, $4) "
                "and built.category_id <> share.category_id",
                [
                    exchange.sample_id,
                    exchange.question_id,
                    exchange.category_id,
                    exchange.with_category_id,
                ],
            )
        for name in DRIFT:
            self.con.execute(
                f"create or replace table {self.nodes[name]['relation_name']} as {self.nodes[name]['compiled_code']}"
            )
        accused = self.con.execute(
            "select left(sample_id, 3), question_id, sample_id, is_either, earlier_sample_id from intermediate.int_accused_wave"
        ).fetchall()
        return {
            exchange: outcome(
                exchange, [row[2:] for row in accused if row[:2] == (exchange.country, exchange.question_id)]
            )
            for exchange in exchanges
        }


def outcome(exchange: Exchange, accused: list[tuple[str, bool, str]]) -> str:
    if not accused:
        return "missed"
    if any(not either and sample_id != exchange.sample_id for sample_id, either, _ in accused):
        return "wrong"
    if any(not either for _, either, _ in accused):
        return "right"
    named = all(exchange.sample_id in (sample_id, earlier) for sample_id, _, earlier in accused)
    return "either" if named else "wrong"


def measure(shares: Shares, which: str) -> Counter[tuple[str, str]]:
    """(points between the two, what drift says) -> exchanges. Exchanges in different questions are made together."""
    rounds: list[dict[tuple[str, str], Exchange]] = []
    for exchange in shares.pairs(which):
        question = exchange.country, exchange.question_id
        free = next((made for made in rounds if question not in made), None)
        if free is None:
            rounds.append(free := {})
        free[question] = exchange
    counted: Counter[tuple[str, str]] = Counter()
    for made in rounds:
        for exchange, said in shares.outcomes(list(made.values())).items():
            counted[band(exchange.points), said] += 1
    return counted


def band(points: float) -> str:
    for low, high in zip((0, *BANDS), BANDS):
        if points < high:
            return f"{low} to {high}"
    return f"{BANDS[-1]} and more"


def table(title: str, counted: Counter[tuple[str, str]]) -> list[str]:
    bands = [band(points) for points in (0, *BANDS)]
    lines = [
        "",
        f"## {title}",
        "",
        f"| points between the two | {' | '.join(OUTCOMES)} |",
        "|---|" + "---|" * len(OUTCOMES),
    ]
    return lines + [
        f"| {name} | {' | '.join(str(counted[name, said]) for said in OUTCOMES)} |" for name in bands
    ]


def main(arguments: list[str] | None = None) -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--output", type=Path)
    options = parser.parse_args(arguments)
    shares = Shares(Project(CHECKOUT))
    lines = [
        "# Power of drift",
        "",
        "`python -m benchmarks.drift_power`: right: the wave is accused; either: it and a neighbour are named; wrong: another is.",
        *table("The two largest shares", measure(shares, LARGEST)),
        *table("Two shares of which only the total is published", measure(shares, WITHIN)),
    ]
    text = "\n".join(lines) + "\n"
    if options.output:
        options.output.write_text(text, encoding="utf-8")
    print(text)


if __name__ == "__main__":
    main()
