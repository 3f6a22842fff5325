"""Compare two releases: which public values changed, and why."""

from __future__ import annotations

from collections.abc import Collection, Mapping
from dataclasses import dataclass

import duckdb

from ..inventory import quoted
from .catalogue import CODE, CODE_OR_ENGINE, DATE, ENGINE, UNEXPLAINED
from .facts import find_causes_of_facts
from .inputs import add_cause, find_causes
from .results import find_causes_of_results
from .rows import FIRST, Sides, find_cells, find_values

# Lines of seeds that one row tells.
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


@dataclass(frozen=True)
class Made:
    """From what a release was made, beside its wave files and seeds; None where it does not say."""

    release_id: str | None
    built_at: object | None
    code_hash: str | None
    engine: str | None


def compare(
    con: duckdb.DuckDBPyConnection,
    old: str,
    new: str,
    made: tuple[Made, Made],
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
    _find_models(sides)
    con.execute("create or replace temp table because (value_id bigint, cause_id integer)")
    before, after = (quoted(name, "raw", "answer") for name in sides.names)
    find_causes_of_facts(con, (before, after) if all(sides.has("raw", "answer")) else None)
    find_causes_of_results(con)
    _find_rest(sides, made)
    _tell(con)
    return "release_difference"


def _find_models(sides: Sides) -> None:
    """What the models, options and claims are, before or after."""

    def both(
        name: str, schema: str, table: str, columns: list[str], casts: dict[str, str] | None = None
    ) -> None:
        kinds = casts or {}
        listed = ", ".join(
            f"cast({column} as {kinds.get(column, 'varchar')}) as {column}" for column in columns
        )
        sides.con.execute(
            f"create or replace temp table {name} as select distinct {listed} from ("
            + " union all ".join(sides.select(side, schema, table, columns) for side in (0, 1))
            + ")"
        )

    both(
        "model_row",
        "analysis",
        "regression_model",
        [
            "model_id",
            "base_model_id",
            "printed_table",
            "model",
            "country",
            "first_wave",
            "last_wave",
            "outcome",
            "weight",
            "common_sample",
        ],
        {"first_wave": "integer", "last_wave": "integer", "common_sample": "boolean"},
    )
    both("model_term", "analysis", "regression_term", ["model_id", "kind", "term"])
    both("seed_term", "seeds", "regression_terms", ["model_id", "term"])
    both("option_of", "published", "topline_options", ["question_id", "option_id", "category_id"])
    both(
        "claim_of",
        "published",
        "claims",
        ["claim_id", "country", "question_id", "measure", "wave", "base_wave", "through_wave"],
    )


def _find_rest(sides: Sides, made: tuple[Made, Made]) -> None:
    """What no file and no line explains is the work of the code, of the engine or of the date, as far as they differ."""
    con = sides.con
    before, after = made
    con.execute(
        "create or replace temp table rest as select * from value where value_id not in (select value_id from because)"
    )
    if con.execute("select count(*) from rest").fetchone() == (0,):
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
                "insert into because select value_id, ? from rest where table_name = 'violation' "
                "and (rule = 'expired_waiver' or column_name = 'is_waived')",
                [number],
            )
    _find_only_cause(sides, made)
    _find_code_and_engine(sides, made)


def _find_only_cause(sides: Sides, made: tuple[Made, Made]) -> None:
    """With the same code and engine, the only file or line that differs is the cause. A finding of the audit may come of
    any file or line, so where several things differ none of them is proved.
    """
    con = sides.con
    n_inputs, first = con.execute(
        "select count(*), min(cause_id) from cause where cause <> ?", [DATE]
    ).fetchall()[0]
    if not n_inputs:
        return
    same = _same(made)
    if n_inputs == 1 and same:
        number = first
    else:
        also = "" if same else " and of the code and the libraries"
        number = add_cause(sides, UNEXPLAINED, f"one or more of {n_inputs} changed files and lines{also}")
    findings = "true" if same else "table_name in ('violation', 'response_code_audit')"
    con.execute(
        f"insert into because select value_id, ? from rest where {findings} "
        "and value_id not in (select value_id from because)",
        [number],
    )


def _find_code_and_engine(sides: Sides, made: tuple[Made, Made]) -> None:
    con = sides.con
    before, after = made
    code = f"code {(before.code_hash or 'unknown')[:12]} -> {(after.code_hash or 'unknown')[:12]}"
    engine = f"engine {_differing(before.engine, after.engine)}"
    if not _known(made):
        cause = (UNEXPLAINED, "one of the releases does not say from which code it was made")
    elif _same(made):
        cause = (UNEXPLAINED, "no wave file, no line of a seed, no code and no library differs")
    elif before.engine == after.engine:
        cause = (CODE, code)
    elif before.code_hash == after.code_hash:
        cause = (ENGINE, engine)
    else:
        cause = (CODE_OR_ENGINE, f"{code}; {engine}")
    con.execute(
        "insert into because select value_id, ? from rest where value_id not in (select value_id from because)",
        [add_cause(sides, *cause)],
    )


def _known(made: tuple[Made, Made]) -> bool:
    return None not in [value for one in made for value in (one.code_hash, one.engine)]


def _same(made: tuple[Made, Made]) -> bool:
    before, after = made
    return _known(made) and (before.code_hash, before.engine) == (after.code_hash, after.engine)


def _differing(before: str | None, after: str | None) -> str:
    old, new = ((text or "unknown").split(", ") for text in (before, after))
    return (
        ", ".join(part for part in old if part not in new)
        + " -> "
        + ", ".join(part for part in new if part not in old)
    )


def _tell(con: duckdb.DuckDBPyConnection) -> None:
    """One row per changed value; facts that changed alike and for the same causes are one row."""
    con.execute(
        f"""
        create or replace temp table release_difference as
        with explained as (
            select because.value_id,
                string_agg(distinct cause.cause, '; ' order by cause.cause) as causes,
                list(distinct cause.detail order by cause.detail) as details
            from because inner join cause on because.cause_id = cause.cause_id
            group by because.value_id
        ),
        row_of as (
            select
                value.table_schema || '.' || value.table_name as table_name,
                value.change,
                coalesce(value.sample_id, sample_of.sample_id) as sample_id,
                cast(coalesce(value.wave, own.wave) as smallint) as wave,
                coalesce(value.country, own.country) as country,
                case when value.table_name = 'panel' then value.column_name
                    when value.table_name = 'dim_respondent' then null
                    else value.question_id end as question_id,
                value.category_id,
                nullif(concat_ws(' ', value.net, value.series, value.model_id, value.alternative_id, value.published_in,
                    value.option_id, value.source_id, value.claim_id, value.printed_table, value.model, value.kind,
                    value.term, value.reference_category, value.outcome_category, value.statistic, value.rule,
                    value.file, value.expectation, value.variable, value.code), '') as item,
                value.column_name,
                -- Of numbers that differ from person to person only the count is reported.
                case when value.respondent_id is not null and value.column_name in ('weight', 'age', 'agency_id')
                    then null else value.old_value end as old_value,
                case when value.respondent_id is not null and value.column_name in ('weight', 'age', 'agency_id')
                    then null else value.new_value end as new_value,
                value.n_alike,
                value.first_alike,
                explained.causes,
                array_to_string(explained.details[1:{MOST_DETAILS}], chr(10))
                || case when len(explained.details) > {MOST_DETAILS}
                    then chr(10) || 'and ' || (len(explained.details) - {MOST_DETAILS}) || ' more' else '' end as details
            from value
            inner join explained on value.value_id = explained.value_id
            left join sample_of on value.sample_id is null
                and value.wave = sample_of.wave and value.country = sample_of.country
            left join sample_of as own on value.sample_id = own.sample_id
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
