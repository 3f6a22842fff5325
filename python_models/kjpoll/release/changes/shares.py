"""Why dimensions, availability, shares and figures changed.

Each statement adds to `because` (value_id, cause_id). A row that came or went has no column_name.
"""

DIMENSIONS = """
insert into because
select distinct value.value_id, acts.cause_id
from value
inner join acts
    on acts.question_id = value.question_id and acts.sample_id is null
    and (acts.category_id is null or acts.category_id = value.category_id)
    and case
        when value.column_name is null then acts.aspect = 'label'
        when value.column_name in ('position', 'net') then acts.aspect = 'scale'
        when value.column_name = 'missing_type' then acts.aspect = 'meaning'
        else acts.aspect = 'label' end
where value.table_name = 'dim_category'
union
select value.value_id, line.cause_id
from value
inner join changed_questions as line
    on value.question_id in (line.old_question_id, line.new_question_id)
    and (value.column_name is null or list_contains(line.changed, value.column_name))
where value.table_name = 'dim_question'
union
select value.value_id, line.cause_id
from value
inner join changed_samples as line
    on value.sample_id in (line.old_sample_id, line.new_sample_id)
    and (value.column_name is null or list_contains(line.changed, value.column_name))
where value.table_name = 'dim_sample'
union
select value.value_id, of_sample.cause_id
from value
inner join of_sample on value.sample_id = of_sample.sample_id
inner join cause on of_sample.cause_id = cause.cause_id and cause.cause = 'raw file'
where value.table_name = 'dim_sample'
    and (value.column_name is null or value.column_name in ('sha256', 'bytes', 'n_respondents'))
-- A column of the panel stands for a question.
union
select value.value_id, line.cause_id
from value
inner join changed_questions as line
    on value.column_name in (line.old_question_id, line.new_question_id)
    and line.in_old <> line.in_new
where value.table_name = 'panel' and value.change in ('column added', 'column removed')
"""

AVAILABILITY = """
insert into because
select distinct value.value_id, point.cause_id
from value
inner join point on value.sample_id = point.sample_id and value.question_id = point.question_id
where value.table_name = 'availability' and value.column_name in ('n_asked', 'n_answered')
union
select value.value_id, line.cause_id
from value
inner join changed_variables as line
    on value.sample_id in (line.old_sample_id, line.new_sample_id)
    and value.question_id in (line.old_question_id, line.new_question_id)
where value.table_name = 'availability'
    and case value.column_name
        when 'n_asked' then list_contains(line.changed, 'question_id')
        when 'n_answered' then list_contains(line.changed, 'question_id')
        when 'asked' then list_contains(line.changed, 'question_id') or list_contains(line.changed, 'role')
        when 'variables' then list_has_any(line.changed, ['question_id', 'role', 'variable'])
        else list_has_any(line.changed, ['question_id', value.column_name]) end
union
select value.value_id, line.cause_id
from value
inner join changed_questions as line
    on value.question_id in (line.old_question_id, line.new_question_id) and line.in_old <> line.in_new
where value.table_name = 'availability' and value.column_name is null
union
select value.value_id, line.cause_id
from value
inner join changed_samples as line
    on value.sample_id in (line.old_sample_id, line.new_sample_id) and line.in_old <> line.in_new
where value.table_name = 'availability' and value.column_name is null
"""

# A share depends on who gave the answer, and on everybody where the base changed.
SHARES = """
insert into because
with share as (
    select value.*, sample_of.sample_id as of_sample_id, coalesce(value.category_id, value.net) as member,
        old_base_n is distinct from new_base_n
        or old_base_substantive_n is distinct from new_base_substantive_n
        or column_name = 'pct_weighted' or column_name is null as whole_base
    from value
    inner join sample_of on value.wave = sample_of.wave and value.country = sample_of.country
    where value.table_name in ('topline', 'topline_net')
)

select distinct share.value_id, point.cause_id
from share
inner join point on share.of_sample_id = point.sample_id and share.question_id = point.question_id
where coalesce(share.column_name, '') not in ('position', 'net', 'comparability')
    and (share.whole_base or point.member in (share.member, '*'))
union
select share.value_id, weight_point.cause_id
from share
inner join weight_point
    on share.of_sample_id = weight_point.sample_id and share.question_id = weight_point.question_id
where share.column_name = 'pct_weighted'
union
select share.value_id, acts.cause_id
from share
inner join acts
    on (acts.sample_id is null or acts.sample_id = share.of_sample_id) and acts.question_id = share.question_id
    and (acts.category_id is null or share.table_name = 'topline_net' or acts.category_id = share.member)
where case
    when share.column_name in ('position', 'net') then acts.aspect = 'scale'
    when share.column_name = 'comparability' then acts.aspect = 'comparability'
    when share.column_name is null then acts.aspect in ('meaning', 'scale')
    else false end
"""

FIGURES = """
insert into because
select distinct value.value_id, because.cause_id
from value
inner join value as share
    on share.table_name in ('topline', 'topline_net')
    and value.wave = share.wave and value.country = share.country and value.question_id = share.question_id
    and value.series in (share.category_id, share.net)
    and (share.column_name is not distinct from value.column_name
        or value.column_name = 'series_order' and share.column_name = 'position')
inner join because on share.value_id = because.value_id
where value.figure is not null
union
select value.value_id, line.cause_id
from value
inner join changed_figures as line
    on value.figure in (line.old_figure, line.new_figure)
    and (value.question_id in (line.old_question_id, line.new_question_id))
where value.figure is not null and value.column_name is null
union
select value.value_id, line.cause_id
from value
inner join sample_of on value.wave = sample_of.wave and value.country = sample_of.country
inner join changed_samples as line on sample_of.sample_id in (line.old_sample_id, line.new_sample_id)
where value.figure is not null and value.column_name = 'synthetic' and list_contains(line.changed, 'synthetic')
-- Don't know stands in a figure of nets where the category is of a missing type.
union
select value.value_id, acts.cause_id
from value
inner join acts on value.question_id = acts.question_id and value.series = acts.category_id and acts.sample_id is null
where value.figure is not null and value.column_name is null and acts.aspect = 'meaning'
"""

STATEMENTS = (DIMENSIONS, AVAILABILITY, SHARES, FIGURES)
