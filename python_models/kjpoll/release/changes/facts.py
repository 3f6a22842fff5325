"""Why the facts of the respondents changed: fills `because` (value_id, cause_id) for the tables with one row or more
per respondent, and `point` and `weight_point` for what is computed from them.

A raw file is a cause where the text of a cell that feeds the fact differs; a crosswalk line where it says something
else of a code that the cell holds now, of its column, its category or its question.
"""

from __future__ import annotations

import duckdb

FACT = "('fct_response', 'fct_multiple_response')"

# What a changed value of a fact tells of. A row that came or went has no column.
CHANGED_FACT = f"""
create or replace temp table changed_fact as
select
    value.*,
    cast(substr(respondent_id, length(sample_id) + 2) as integer) as row,
    case
        when column_name is null then 'row'
        when column_name in ('raw_code', 'raw_variable') then 'cell'
        when column_name in ('category_id', 'answer_status', 'chosen') then 'meaning'
        when column_name in ('position', 'net') then 'scale'
        else column_name
    end as aspect,
    old_category_id is distinct from new_category_id or old_answer_status is distinct from new_answer_status
        as other_answer
from value
where table_name in {FACT}
"""

# An indicator column speaks of its own category, unless the whole answer changed its status.
FROM_CELLS = """
insert into because
select distinct fact.value_id, of_sample.cause_id
from changed_fact as fact
inner join cell on fact.sample_id = cell.sample_id and fact.row = cell.row
inner join use on fact.sample_id = use.sample_id and cell.variable = use.variable
inner join of_sample on fact.sample_id = of_sample.sample_id
where case
    when fact.aspect = 'weight' then use.role = 'weight'
    when fact.aspect in ('row', 'cell', 'meaning') or (fact.aspect = 'scale' and fact.other_answer)
        then use.role = 'answer' and use.question_id = fact.question_id and (
            coalesce(use.layout, '') <> 'indicator' or fact.table_name = 'fct_response'
            or use.category_id = fact.category_id or fact.old_answer_status is distinct from fact.new_answer_status)
    else false
end
"""

# The codes that the cells of the changed facts hold now, or held where nothing is left.
HELD_CODES = """
create or replace temp table held_code as
select distinct fact.value_id, held.variable,
    unnest(case when use.layout = 'delimited' then string_split(held.code, use.delimiter) else [held.code] end) as code
from changed_fact as fact
inner join use on fact.sample_id = use.sample_id and fact.question_id = use.question_id and use.role = 'answer'
    and use.side = case when fact.change = 'removed' then 0 else 1 end
inner join {answers} as held
    on fact.sample_id = held.sample_id and fact.row = held.row and use.variable = held.variable
where fact.aspect in ('row', 'meaning', 'scale')
    and fact.question_id in (select question_id from acts where code is not null)
    and fact.sample_id in (select sample_id from acts where code is not null)
"""

FROM_LINES = """
insert into because
select distinct fact.value_id, acts.cause_id
from changed_fact as fact
inner join acts
    on (acts.sample_id is null or fact.sample_id = acts.sample_id)
    and (acts.question_id is null or fact.question_id = acts.question_id)
left join held_code
    on fact.value_id = held_code.value_id and acts.variable = held_code.variable and acts.code = held_code.code
where case
    when fact.aspect in ('weight', 'comparability') then acts.aspect = fact.aspect
    when fact.aspect = 'cell' then acts.aspect = 'meaning' and acts.variable is not null and acts.code is null
    when fact.aspect in ('wave', 'country') then acts.aspect = 'sample'
    -- What the line says of a code concerns the facts whose cell holds the code, and the options that it opens or closes.
    when acts.code is not null and fact.aspect in ('row', 'meaning', 'scale')
        then (held_code.value_id is not null or fact.aspect = 'row')
            and (fact.aspect <> 'scale' or fact.other_answer)
            and (fact.table_name = 'fct_response' or acts.category_id = fact.category_id
                or fact.old_answer_status is distinct from fact.new_answer_status)
    when acts.aspect = 'meaning' and fact.aspect in ('row', 'meaning')
        or acts.aspect = 'scale' and fact.aspect = 'scale'
        or acts.aspect = 'meaning' and fact.aspect = 'scale' and fact.other_answer
        then acts.category_id is null or acts.category_id in (
            fact.category_id, fact.old_category_id, fact.new_category_id)
    else false
end
"""

# A row of dim_respondent or panel holds what the facts of the respondent say, one column per question.
RESPONDENT = """
create or replace temp table changed_respondent as
select *, cast(substr(respondent_id, length(sample_id) + 2) as integer) as row,
    case column_name when 'age' then 'age_group' else column_name end as asked
from value where table_name in ('dim_respondent', 'panel') and respondent_id is not null
"""

FROM_FACTS = """
insert into because
select distinct value.value_id, because.cause_id
from changed_respondent as value
inner join changed_fact as fact
    on value.respondent_id = fact.respondent_id and value.asked = fact.question_id
    and fact.aspect not in ('weight', 'comparability')
inner join because on fact.value_id = because.value_id
"""

FROM_OWN_CELLS = """
insert into because
select distinct value.value_id, of_sample.cause_id
from changed_respondent as value
inner join cell on value.sample_id = cell.sample_id and value.row = cell.row
left join use on value.sample_id = use.sample_id and cell.variable = use.variable
inner join of_sample on value.sample_id = of_sample.sample_id
where value.column_name is null
    or value.column_name = 'weight' and use.role = 'weight'
    or value.column_name = 'agency_id' and use.role = 'id'
union
select value.value_id, acts.cause_id
from changed_respondent as value
inner join acts on value.sample_id = acts.sample_id
where value.column_name = 'weight' and acts.aspect = 'weight'
    or value.column_name = 'agency_id' and acts.aspect = 'id'
    or (value.column_name in ('wave', 'country') or value.column_name is null) and acts.aspect = 'sample'
"""

# The categories and nets between which answers moved; '*' where the whole answer to a multiple-answer question did.
POINTS = """
create or replace temp table moved as
select distinct fact.sample_id, fact.question_id, because.cause_id,
    unnest(case
        when table_name = 'fct_response' then [old_category_id, new_category_id, old_net, new_net]
        when old_answer_status is distinct from new_answer_status then ['*']
        else [fact.category_id] end) as member
from changed_fact as fact
inner join because on fact.value_id = because.value_id
where fact.aspect in ('row', 'meaning', 'scale');

create or replace temp table point as select distinct * from moved where member is not null;

create or replace temp table weight_point as
select distinct fact.sample_id, fact.question_id, because.cause_id
from changed_fact as fact
inner join because on fact.value_id = because.value_id
where fact.aspect = 'weight'
"""


def find_causes_of_facts(con: duckdb.DuckDBPyConnection, answers: tuple[str, str] | None) -> None:
    """answers: the names of raw.answer on either side; None where one side has none."""
    con.execute(CHANGED_FACT)
    con.execute(FROM_CELLS)
    if answers:
        both = " union all ".join(
            f"select {side} as side, sample_id, row, variable, coalesce(value, '<blank>') as code from {name}"
            for side, name in enumerate(answers)
        )
        con.execute(HELD_CODES.replace("{answers}", f"({both})") + " and held.side = use.side")
    else:
        con.execute(
            "create or replace temp table held_code (value_id bigint, variable varchar, code varchar)"
        )
    con.execute(FROM_LINES)
    con.execute(RESPONDENT)
    con.execute(FROM_FACTS)
    con.execute(FROM_OWN_CELLS)
    con.execute(POINTS)
