{#
  where_from(respondent, question) for any client: every cell that a fact was read from, what it holds, and the seed
  lines that read it. One row per fact, cell and code in the cell. Null stands for every respondent, every question.
#}
{% macro create_where_from() %}
create or replace macro main.where_from(respondent, question) as table
with fact as (
    select respondent_id, sample_id, question_id, category_id, null::boolean as chosen, answer_status
    from marts.fct_response
    union all
    select respondent_id, sample_id, question_id, category_id, chosen, answer_status
    from marts.fct_multiple_response
),

-- An indicator column speaks of its own category, or of the whole question where that category is a missing answer.
source as (
    select distinct
        origin.sample_id, origin.question_id, origin.variable, origin.layout, columns.delimiter,
        case when offered.missing_type is null then origin.indicator_category_id end as only_category_id
    from quality.provenance as origin
    inner join seeds.variables as columns
        on origin.sample_id = columns.sample_id and origin.variable = columns.variable
    left join marts.dim_category as offered
        on origin.question_id = offered.question_id and origin.indicator_category_id = offered.category_id
    where origin.role = 'answer' and (question is null or origin.question_id = question)
),

-- The record of a respondent is the one with the agency's identifier.
record as (
    select respondent.respondent_id, identifier.sample_id, identifier.row
    from marts.dim_respondent as respondent
    inner join seeds.variables as columns on respondent.sample_id = columns.sample_id and columns.role = 'id'
    inner join raw.answer as identifier
        on columns.sample_id = identifier.sample_id
        and columns.variable = identifier.variable
        and respondent.agency_id = identifier.value
),

cell as (
    select
        fact.respondent_id, fact.question_id, fact.category_id, fact.chosen, fact.answer_status,
        answer.sample_id, answer.row, answer.variable,
        coalesce(answer.value, '<blank>') as cell,
        unnest(
            case
                when source.layout = 'delimited' then string_split(coalesce(answer.value, '<blank>'), source.delimiter)
                else [coalesce(answer.value, '<blank>')]
            end
        ) as code
    from fact
    inner join source
        on fact.sample_id = source.sample_id
        and fact.question_id = source.question_id
        and coalesce(source.only_category_id, fact.category_id, '') = coalesce(fact.category_id, '')
    inner join record on fact.respondent_id = record.respondent_id
    inner join raw.answer as answer
        on record.sample_id = answer.sample_id and record.row = answer.row and source.variable = answer.variable
    where
        (respondent is null or fact.respondent_id = respondent)
        and (respondent is null or record.respondent_id = respondent)
        and (question is null or fact.question_id = question)
)

select
    cell.respondent_id,
    cell.question_id,
    cell.category_id,
    cell.chosen,
    cell.answer_status,
    origin.file,
    origin.sha256,
    cell.row,
    cell.variable,
    origin.column_position,
    cell.cell,
    cell.code,
    origin.raw_label,
    origin.category_id as code_means,
    origin.question_number,
    origin.layout,
    origin.code_list,
    origin.comparability,
    origin.referent,
    origin.note,
    origin.column_line,
    origin.code_line
from cell
left join quality.provenance as origin
    on cell.sample_id = origin.sample_id and cell.variable = origin.variable and cell.code = origin.code
order by cell.respondent_id, cell.question_id, cell.category_id, origin.column_position, cell.code;
comment on macro table main.where_from is 'where_from(respondent, question): every cell that a fact was read from, and the seed lines that read it'
{% endmacro %}
