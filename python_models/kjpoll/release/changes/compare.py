"""Compare two releases: which public values changed, and why."""

from __future__ import annotations

from collections.abc import Collection, Mapping
from dataclasses import dataclass

import duckdb

from ..inventory import quoted
from .catalogue import CODE, CODE_OR_ENGINE, DATE, ENGINE, UNEXPLAINED
from .changed_inputs import add_cause, find_causes
from .lineage import find_value_causes
from .rows import FIRST, Sides, find_cells, find_values

# Lines of seeds that one row names.
MOST_DETAILS = 5

COLUMNS = (
    "table_name",
    "change",
    "sample_id",
    "wave",
    "country",
    "question_id",
    "category_id",
    "item",
    "column_name",
    "old_value",
    "new_value",
    "n",
    "first_respondents",
    "causes",
    "details",
)
TYPES = {"wave": "smallint", "n": "bigint"}
# Of what differs from person to person, and so may tell who a person is, only the count is reported: what a person is by weight or
# name, every number that was given, and the code of an age or of a number.
IS_PERSONAL = """
    value.respondent_id is not null
    and (
        value.column_name in ('weight', 'age', 'agency_id', 'value')
        or value.column_name in (select question_id from number_question where is_numeric)
        or value.column_name = 'raw_code' and value.question_id in (select question_id from number_question)
    )
"""


@dataclass(frozen=True)
class Origin:
    """From what a release was made, beside its wave files and seeds; None where it does not say."""

    release_id: str | None
    built_at: object | None
    code_hash: str | None
    engine: str | None


def compare(
    con: duckdb.DuckDBPyConnection,
    old: str,
    new: str,
    origins: tuple[Origin, Origin],
    standing: Mapping[tuple[str, str], Collection[str]] = {},
) -> str:
    """Compare the databases `old` and `new` that `con` has attached.

    standing: (schema, table) -> the samples whose rows are known to be the same, and are not looked at.

    Leaves the temporary table whose name it returns: the columns COLUMNS, text but for TYPES; one row per changed
    value of an aggregate, and per kind of change of respondents' facts (n: respondents; their first ids). Several
    causes of one value are joined by '; ', their details by line breaks. Nothing outside con's temporary tables is
    written.
    """
    sides = Sides(con, old, new, standing)
    find_values(sides)
    find_cells(sides)
    find_causes(sides)
    find_value_causes(sides)
    _find_unexplained(sides, origins)
    _write_differences(sides)
    return "release_difference"


def _find_unexplained(sides: Sides, origins: tuple[Origin, Origin]) -> None:
    """What no file and no line explains is the work of the code, of the engine or of the date, as far as they differ."""
    con = sides.con
    before, after = origins
    con.execute(
        "create or replace temp table unexplained_value as select * from changed_value where value_id not in (select value_id from value_cause)"
    )
    if con.execute("select count(*) from unexplained_value").fetchone() == (0,):
        return
    if before.built_at and after.built_at and all(sides.has("seeds", "waivers")):
        ended = con.execute(
            f"select count(*) from {quoted(sides.names[1], 'seeds', 'waivers')} "
            "where expires >= cast(? as date) and expires < cast(? as date)",
            [before.built_at, after.built_at],
        ).fetchall()[0][0]
        if ended:
            number = add_cause(sides, DATE, f"a waiver ended between {before.built_at} and {after.built_at}")
            con.execute(
                "insert into value_cause select value_id, ? from unexplained_value where table_name = 'violation' "
                "and (rule = 'expired_waiver' or column_name = 'is_waived')",
                [number],
            )
    _find_only_cause(sides, origins)
    _find_code_and_engine(sides, origins)


def _find_only_cause(sides: Sides, origins: tuple[Origin, Origin]) -> None:
    """With the same code and engine, the only file or line that differs is the cause. A finding of the audit may come of
    any file or line, so where several things differ none of them is proved.
    """
    con = sides.con
    n_inputs, first = con.execute(
        "select count(*), min(cause_id) from cause where cause <> ?", [DATE]
    ).fetchall()[0]
    if not n_inputs:
        return
    same = _same(origins)
    if n_inputs == 1 and same:
        number = first
    else:
        also = "" if same else " and of the code and the libraries"
        number = add_cause(sides, UNEXPLAINED, f"one or more of {n_inputs} changed files and lines{also}")
    findings = "true" if same else "table_name in ('violation', 'response_code_audit')"
    con.execute(
        f"insert into value_cause select value_id, ? from unexplained_value where {findings} "
        "and value_id not in (select value_id from value_cause)",
        [number],
    )


def _find_code_and_engine(sides: Sides, origins: tuple[Origin, Origin]) -> None:
    con = sides.con
    before, after = origins
    code = f"code {(before.code_hash or 'unknown')[:12]} -> {(after.code_hash or 'unknown')[:12]}"
    engine = f"engine {_differing(before.engine, after.engine)}"
    if not _known(origins):
        cause = (UNEXPLAINED, "one of the releases does not say from which code it was made")
    elif _same(origins):
        cause = (UNEXPLAINED, "no wave file, no line of a seed, no code and no library differs")
    elif before.engine == after.engine:
        cause = (CODE, code)
    elif before.code_hash == after.code_hash:
        cause = (ENGINE, engine)
    else:
        cause = (CODE_OR_ENGINE, f"{code}; {engine}")
    con.execute(
        "insert into value_cause select value_id, ? from unexplained_value where value_id not in (select value_id from value_cause)",
        [add_cause(sides, *cause)],
    )


def _known(origins: tuple[Origin, Origin]) -> bool:
    return None not in [value for origin in origins for value in (origin.code_hash, origin.engine)]


def _same(origins: tuple[Origin, Origin]) -> bool:
    before, after = origins
    return _known(origins) and (before.code_hash, before.engine) == (after.code_hash, after.engine)


def _differing(before: str | None, after: str | None) -> str:
    old, new = ((text or "unknown").split(", ") for text in (before, after))
    return (
        ", ".join(part for part in old if part not in new)
        + " -> "
        + ", ".join(part for part in new if part not in old)
    )


def _write_differences(sides: Sides) -> None:
    """One row per changed value; facts that changed alike and for the same causes are one row."""
    con = sides.con
    questions = sides.both("seeds", "questions", ["question_id", "answer_type", "respondent_role"])
    con.execute(
        "create or replace temp table number_question as "
        f"select question_id, bool_or(answer_type = 'numeric') as is_numeric from ({questions}) "
        "where answer_type = 'numeric' or respondent_role = 'age' group by question_id"
    )
    con.execute(
        f"""
        create or replace temp table release_difference as
        with explained as (
            select value_cause.value_id,
                string_agg(distinct cause.cause, '; ' order by cause.cause) as causes,
                list(distinct cause.detail order by cause.detail) as details
            from value_cause inner join cause on value_cause.cause_id = cause.cause_id
            group by value_cause.value_id
        ),
        row_of as (
            select
                value.table_schema || '.' || value.table_name as table_name,
                value.change,
                value.sample_id,
                cast(coalesce(value.wave, sample_now.wave) as smallint) as wave,
                coalesce(value.country, sample_now.country) as country,
                case when value.table_name = 'panel' then value.column_name
                    when value.table_name = 'dim_respondent' then null
                    else value.question_id end as question_id,
                value.category_id,
                nullif(concat_ws(' ', value.net, value.model_id, value.alternative_id, value.published_in,
                    value.option_id, value.source_id, value.claim_id, value.printed_table, value.model, value.kind,
                    value.term, value.reference_category, value.outcome_category, value.statistic, value.rule,
                    value.file, value.expectation, value.variable, value.code), '') as item,
                value.column_name,
                -- Of numbers that differ from person to person only the count is reported.
                case when not ({IS_PERSONAL}) then value.old_value end as old_value,
                case when not ({IS_PERSONAL}) then value.new_value end as new_value,
                value.n_alike,
                value.first_alike,
                explained.causes,
                array_to_string(explained.details[1:{MOST_DETAILS}], chr(10))
                || case when len(explained.details) > {MOST_DETAILS}
                    then chr(10) || 'and ' || (len(explained.details) - {MOST_DETAILS}) || ' more' else '' end as details
            from changed_value as value
            inner join explained on value.value_id = explained.value_id
            left join sample_now on value.sample_id = sample_now.sample_id
        )
        select {", ".join(name for name in COLUMNS if name not in ("n", "first_respondents", "causes", "details"))},
            cast(sum(n_alike) as bigint) as n,
            nullif(array_to_string(list_sort(flatten(list(first_alike)))[1:{FIRST}], ', '), '') as first_respondents,
            causes, details
        from row_of
        group by all
        order by all
        """
    )
