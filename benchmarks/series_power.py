"""How many swapped, reversed, shifted and exchanged codes and columns do the series rules find? Sound columns, damaged.

    python -m benchmarks.series_power --output benchmarks/results/series_power.md

The wave files are landed and coded once, in memory. Then columns are damaged in the coded answers, a few at a
time in different samples and questions, and everything that the series rules read is counted again.
"""

from __future__ import annotations

import argparse
import random
import tempfile
from collections.abc import Iterator
from dataclasses import dataclass
from itertools import combinations
from pathlib import Path

import duckdb
import pandas as pd
from kjpoll.checks.series.columns import Column, columns_of
from kjpoll.checks.series.findings import series_findings
from kjpoll.checks.series.readings import exchangeable, recodings

from tests.support.project import Project
from tests.support.rehearsal import Rehearsal

SEED, AT_ONCE = 2023, 6
LONG = 7  # Lists of that many options or more are counted together.
READ = (
    "int_series_count",
    "int_series_profile",
    "int_design_effect",
    "int_published_interval",
    "variables",
    "code_lists",
)
DRAWN = {"reversed_scale": 100, "shifted_codes": 80, "exchanged_codes": 140, "swapped_variables": 90}
# The models between the shares and the findings of drift, in order.
DRIFT = ("int_published_share", "int_sound_share", "drift", "int_accused_wave")
OUTCOMES = ("right rule", "other series rule", "drift", "missed")


@dataclass(frozen=True, eq=False)
class Damage:
    rule: str
    column: Column
    changed: dict[str, str] | None = None  # code -> code
    other: Column | None = None

    @property
    def columns(self) -> tuple[Column, ...]:
        return (self.column,) if self.other is None else (self.column, self.other)

    @property
    def moved_codes(self) -> list[str]:
        """The codes in the place of which another stands."""
        return [code for code in self.column.order if self.changed and self.changed[code] != code]


def damages(columns: list[Column], draw: random.Random) -> list[Damage]:
    """A seeded choice of single damages, each kind at most DRAWN times; of swaps each layout, and of neighbouring codes
    exchanged each length of list, in equal parts."""
    found: dict[str, list[Damage]] = {rule: [] for rule in DRAWN}
    exchanges: dict[tuple[str, int], list[Damage]] = {}
    for column in columns:
        code_of = {column.meaning[code]: code for code in column.order}
        for rule, meaning in recodings(column):
            changed = {code: code_of[meaning[code]] for code in column.order}
            damage = Damage(rule, column, changed)
            if rule == "exchanged_codes":
                first, last = (column.order.index(code) for code in damage.moved_codes)
                if last == first + 1:
                    exchanges.setdefault((column.layout, min(len(column.order), LONG)), []).append(damage)
            elif column.layout != "indicator":
                found[rule].append(damage)
    for length in sorted(exchanges):
        share = DRAWN["exchanged_codes"] // len(exchanges)
        found["exchanged_codes"] += draw.sample(exchanges[length], min(share, len(exchanges[length])))
    by_sample: dict[str, list[Column]] = {}
    for column in columns:
        by_sample.setdefault(column.sample_id, []).append(column)
    pairs: dict[str, list[Damage]] = {}
    for group in by_sample.values():
        for one, other in combinations(group, 2):
            same = one.question_id == other.question_id
            if exchangeable(one, other) and (one.layout == "single" or same):
                pairs.setdefault(one.layout, []).append(Damage("swapped_variables", one, None, other))
    for layout in sorted(pairs):
        share = DRAWN["swapped_variables"] // len(pairs)
        found["swapped_variables"] += draw.sample(pairs[layout], min(share, len(pairs[layout])))
    return [one for rule, ones in found.items() for one in draw.sample(ones, min(DRAWN[rule], len(ones)))]


def batches(chosen: list[Damage], draw: random.Random) -> Iterator[list[Damage]]:
    """Damages that do not meet: different samples, and no question twice."""
    waiting = draw.sample(chosen, len(chosen))
    while waiting:
        batch: list[Damage] = []
        for one in list(waiting):
            apart = all(
                one.column.sample_id != other.column.sample_id
                and not ({c.question_id for c in one.columns} & {c.question_id for c in other.columns})
                for other in batch
            )
            if apart and len(batch) < AT_ONCE:
                batch.append(one)
                waiting.remove(one)
        yield batch


class DamagedAnswers:
    """The coded answers in memory, to be damaged and restored."""

    def __init__(self, rehearsal: Rehearsal, con: duckdb.DuckDBPyConnection) -> None:
        self.con = con
        (finding,) = (node for node in rehearsal.nodes.values() if node["name"] == "series_finding")
        self.usual_movement = float(finding["config"]["usual_movement"])
        self.sql = {
            node["name"]: (node["relation_name"], node["compiled_code"])
            for node in rehearsal.nodes.values()
            if node["resource_type"] == "model" and node["language"] == "sql" and "compiled_code" in node
        }
        self.relations = {
            node["name"]: node["relation_name"]
            for node in rehearsal.nodes.values()
            if node["resource_type"] in ("model", "seed")
        }
        con.execute(
            "create temp table sound_answer as select * from intermediate.int_answer where layout <> 'number'"
        )
        con.execute("create temp table sound_frequency as select * from intermediate.int_code_frequency")

    def frames(self) -> list[pd.DataFrame]:
        return [self.con.table(self.relations[name]).df() for name in READ]

    def replace(self, chosen: list[Damage]) -> None:
        """Put what the damaged columns would hold in the place of what they hold."""
        for one in chosen:
            for column, source in zip(one.columns, reversed(one.columns), strict=True):
                recode = one.changed or {}
                self.con.register(
                    "_recode",
                    pd.DataFrame(
                        [(code, recode.get(code, code)) for code in source.codes],
                        columns=["code", "new_code"],
                        dtype="string",
                    ),
                )
                where = "sample_id = $1 and variable = $2"
                self.con.execute(f"delete from intermediate.int_answer where {where}", [*column.name])
                # Delimited cells hold several codes; the categories alone are counted.
                self.con.execute(
                    """
                    insert into intermediate.int_answer
                    select target.sample_id, source.row, target.question_id, target.layout, target.indicator_category_id,
                        target.variable, target.column_position, _recode.new_code, _recode.new_code, null,
                        stg_code.category_id, stg_code.position, stg_code.net, stg_code.missing_type, stg_code.is_own_category
                    from sound_answer as source
                    inner join _recode on source.code = _recode.code
                    cross join (
                        select distinct sample_id, question_id, layout, indicator_category_id, variable, column_position
                        from sound_answer where sample_id = $1 and variable = $2
                    ) as target
                    inner join staging.stg_code as stg_code
                        on target.sample_id = stg_code.sample_id and target.variable = stg_code.variable
                        and _recode.new_code = stg_code.code
                    where source.sample_id = $1 and source.variable = $3
                """,
                    [*column.name, source.variable],
                )
                self.con.unregister("_recode")
                self.recount(column)

    def restore(self, chosen: list[Damage]) -> None:
        for one in chosen:
            for column in one.columns:
                self.con.execute(
                    "delete from intermediate.int_answer where sample_id = $1 and variable = $2",
                    [*column.name],
                )
                self.con.execute(
                    "insert into intermediate.int_answer select * from sound_answer where sample_id = $1 and variable = $2",
                    [*column.name],
                )
                self.recount(column)

    def recount(self, column: Column) -> None:
        where = f"sample_id = '{column.sample_id}' and variable = '{column.variable}'"
        self.con.execute(f"delete from intermediate.int_code_frequency where {where}")
        code = self.sql["int_code_frequency"][1]
        self.con.execute(f"insert into intermediate.int_code_frequency select * from ({code}) where {where}")
        # A column may be an anchor of the others of its sample.
        relation, code = self.sql["int_series_profile"]
        where = f"sample_id = '{column.sample_id}'"
        self.con.execute(f"delete from {relation} where {where}")
        self.con.execute(f"insert into {relation} select * from ({code}) where {where}")

    def found(self) -> tuple[pd.DataFrame, pd.DataFrame]:
        """Rows of series_finding, and those of the rule drift after it."""
        series = series_findings(*self.frames(), self.usual_movement)
        self.con.register("_series", series)
        self.con.execute(
            "delete from intermediate.series_finding; insert into intermediate.series_finding select * from _series"
        )
        self.con.unregister("_series")
        for name in ("int_wave_share", *DRIFT):
            relation, code = self.sql[name]
            self.con.execute(f"create or replace table {relation} as {code}")
        return series, self.con.table(self.relations["int_rule_series"]).filter("rule = 'drift'").df()


def outcome(one: Damage, series: pd.DataFrame, drift: pd.DataFrame) -> str:
    """right rule | other series rule | drift | missed; findings about other questions do not count."""
    named = {column.variable for column in one.columns}
    here = [
        (row.rule, {name for name in (row.variable, row.other_variable) if pd.notna(name)})
        for row in series.itertuples()
        if row.sample_id == one.column.sample_id
    ]
    if (one.rule, named) in here:
        return "right rule"
    if any(named & variables for _, variables in here):
        return "other series rule"
    questions = {column.question_id for column in one.columns}
    # A jump is reported at the later of two waves.
    return "drift" if drift["question_id"].isin(questions).any() else "missed"


def circumstances(one: Damage, columns: list[Column], published: pd.DataFrame) -> dict:
    """What there is to find the damage by: points of the share distribution that it moves, other waves, prints."""
    code_of = {code: at for at, code in enumerate(one.column.codes)}
    total = max(sum(one.column.counts[code_of[code]] for code in one.column.order), 1)
    if one.other is None:
        moved = (
            sum(
                abs(one.column.counts[code_of[code]] - one.column.counts[code_of[new]])
                for code, new in one.changed.items()
            )
            / 2
            / total
        )
    else:

        def share(column: Column) -> list[float]:
            counts = [column.counts[column.at[code]] for code in column.order]
            return [count / max(sum(counts), 1) for count in counts]

        moved = sum(abs(a - b) for a, b in zip(share(one.column), share(one.other), strict=True)) / 2
    asked = [sum(asking.form[:3] == column.form[:3] for asking in columns) for column in one.columns]
    printed = any(
        len(
            published[
                (published["sample_id"] == column.sample_id)
                & (published["question_id"] == column.question_id)
            ]
        )
        for column in one.columns
    )
    return {"points_moved": round(100 * moved, 1), "waves": max(asked), "printed": printed}


def measure(rehearsal: Rehearsal, root: Path, limit: int | None = None) -> pd.DataFrame:
    """One row per damage: rule, sample, question, variable, layout, outcome, points_moved, waves, printed."""
    con = rehearsal.run(root, ("int_rule_series",)).con
    damaged, draw = DamagedAnswers(rehearsal, con), random.Random(SEED)
    counts, profiles, _, published, *_ = damaged.frames()
    columns = columns_of(counts, profiles)
    chosen = damages(columns, draw)
    if limit is not None:
        chosen = draw.sample(chosen, limit)
    rows = []
    for batch in batches(chosen, draw):
        damaged.replace(batch)
        series, drift = damaged.found()
        damaged.restore(batch)
        for one in batch:
            rows.append(
                {
                    "rule": one.rule,
                    "sample_id": one.column.sample_id,
                    "question_id": one.column.question_id,
                    "variable": one.column.variable,
                    "other_variable": one.other.variable if one.other else None,
                    "layout": one.column.layout,
                    "options": len(one.column.order),
                    "outcome": outcome(one, series, drift),
                    **circumstances(one, columns, published),
                }
            )
    return (
        pd.DataFrame(rows)
        .sort_values(["rule", "sample_id", "variable", "points_moved"])
        .reset_index(drop=True)
    )


def report(rows: pd.DataFrame) -> str:
    """Counts by rule and layout, and every damage that no series rule named rightly."""
    lines = [
        (
            f"# Power of the series rules\n\n`python -m benchmarks.series_power`: {len(rows)} single damages of sound columns, "
            f"seed {SEED}.\n"
        ),
        "| rule | layout | damages | right rule | other series rule | drift | missed |",
        "|---|---|---|---|---|---|---|",
    ]
    for (rule, layout), group in rows.groupby(["rule", "layout"]):
        counts = [int((group["outcome"] == name).sum()) for name in OUTCOMES]
        lines.append(f"| {rule} | {layout} | {len(group)} | " + " | ".join(map(str, counts)) + " |")
    lines += [
        "\n## Neighbouring codes exchanged, by the length of the list\n",
        "| layout | options | damages | right rule | other series rule | drift | missed |",
        "|---|---|---|---|---|---|---|",
    ]
    exchanged = rows[rows["rule"] == "exchanged_codes"]
    for (layout, options), group in exchanged.groupby(["layout", exchanged["options"].clip(upper=LONG)]):
        counts = [int((group["outcome"] == name).sum()) for name in OUTCOMES]
        length = f"{options} or more" if options == LONG else options
        lines.append(f"| {layout} | {length} | {len(group)} | " + " | ".join(map(str, counts)) + " |")
    lines += [
        "\n## Not named by the right rule\n",
        (
            "Points moved: half the sum of the changes of the column's shares. Waves: samples of the country with the question"
            " (part). Printed: a number of this sample is published.\n"
        ),
        "| rule | sample | question | columns | outcome | points moved | waves | printed |",
        "|---|---|---|---|---|---|---|---|",
    ]
    for row in rows[rows["outcome"] != OUTCOMES[0]].itertuples():
        named = row.variable + (f", {row.other_variable}" if pd.notna(row.other_variable) else "")
        lines.append(
            f"| {row.rule} | {row.sample_id} | {row.question_id} | {named} | {row.outcome} | {row.points_moved} "
            f"| {row.waves} | {'yes' if row.printed else 'no'} |"
        )
    return "\n".join(lines) + "\n"


def main(arguments: list[str] | None = None) -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--output", type=Path)
    parser.add_argument("--rows", type=Path, help="every damage, as CSV")
    parser.add_argument("--limit", type=int)
    options = parser.parse_args(arguments)
    with tempfile.TemporaryDirectory() as folder:
        project = Project.copied(Path(folder, "project"))
        project.build("--exclude-resource-type", "test", "--select", "+int_rule_series")
        rows = measure(Rehearsal.of_build(project), project.root, options.limit)
    if options.rows:
        rows.to_csv(options.rows, index=False)
    text = report(rows)
    if options.output:
        options.output.write_text(text, encoding="utf-8")
    print(text)


if __name__ == "__main__":
    main()
