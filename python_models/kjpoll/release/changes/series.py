"""Why trends and the drift changed: each value looks back at an earlier wave.

Each statement adds to `because` (value_id, cause_id). A row that came or went has no column_name.
"""

# A change is of two waves; Holm's correction is over all changes of the question.
TRENDS = """
create or replace temp table trend_line as
select value.value_id, value.country, value.question_id, value.net, value.column_name,
    acts.cause_id
from value
inner join sample_of
    on value.country = sample_of.country
    and sample_of.wave in (value.wave, value.old_previous_wave, value.new_previous_wave)
inner join acts
    on acts.sample_id = sample_of.sample_id and acts.question_id = value.question_id
    and acts.aspect in ('comparability', 'about')
where value.table_name = 'trend' and case
    when value.column_name in ('comparability', 'about') then acts.aspect = value.column_name
    when value.column_name = 'comparability_break' then true
    when value.column_name in ('change', 'std_error', 'z', 'p_value', 'p_adjusted')
        then value.old_comparability_break is distinct from value.new_comparability_break
    else false end;

insert into because
select distinct value_id, cause_id from trend_line
union
select value.value_id, because.cause_id
from value
inner join value as share
    on share.table_name = 'topline_net'
    and value.country = share.country and value.question_id = share.question_id and value.net = share.net
inner join because on share.value_id = because.value_id
where value.table_name = 'trend' and case
    when value.column_name is null then share.column_name is null and share.wave = value.wave
    when value.column_name in ('pct', 'n', 'base_n', 'comparability')
        then share.wave = value.wave and share.column_name = value.column_name
    when value.column_name = 'previous_wave'
        then share.column_name is null and share.wave in (value.old_previous_wave, value.new_previous_wave)
    when value.column_name in ('change', 'std_error', 'z', 'p_value')
        then share.wave in (value.wave, value.old_previous_wave, value.new_previous_wave)
            and coalesce(share.column_name, 'pct') in ('n', 'base_n', 'pct', 'std_error')
    else false end;

create or replace temp table tested as
select distinct value.question_id, because.cause_id
from value
inner join because on value.value_id = because.value_id
where value.table_name = 'trend' and coalesce(value.column_name, 'p_value') in ('p_value', 'change');

insert into because
select distinct value.value_id, tested.cause_id
from value
inner join tested on value.question_id = tested.question_id
where value.table_name = 'trend' and value.column_name = 'p_adjusted'
    and (value.value_id, tested.cause_id) not in (select value_id, cause_id from because)
"""

# The correction is over all changes of the build.
DRIFT = """
create or replace temp table drift_value as
select value.*, own.sample_id as own_id, before.sample_id as before_id,
    coalesce(column_name, '') in ('p_adjusted', 'is_jump', 'is_return', 'explained_by') as of_all
from value
inner join sample_of as own on value.sample_id = own.sample_id
left join sample_of as before
    on own.country = before.country and before.wave in (value.old_previous_wave, value.new_previous_wave)
where value.table_name = 'drift';

insert into because
select distinct value.value_id, point.cause_id
from drift_value as value
inner join point
    on value.question_id = point.question_id
    and case
        when value.column_name in ('n', 'base_n', 'pct')
            then point.sample_id = value.own_id
        when value.column_name = 'previous_pct' then point.sample_id = value.before_id
        when value.column_name in ('change', 'std_error', 'z') or value.column_name is null
            then point.sample_id in (value.own_id, value.before_id)
        else false end
    and (point.member in (value.category_id, '*')
        or value.old_base_n is distinct from value.new_base_n
        or point.sample_id = value.before_id)
union
select value.value_id, acts.cause_id
from drift_value as value
inner join acts
    on acts.question_id = value.question_id
    and (acts.sample_id is null or acts.sample_id in (value.own_id, value.before_id))
-- What is compared with another wave than before, or with none, differs in every column that looks back.
where acts.aspect in ('comparability', 'about', 'meaning')
    and (value.column_name is null or value.old_previous_wave is distinct from value.new_previous_wave)
    and coalesce(value.column_name, '') not in ('n', 'base_n', 'pct')
union
select value.value_id, line.cause_id
from drift_value as value
inner join changed_samples as line
    on line.new_sample_id in (value.own_id, value.before_id) and list_contains(line.changed, 'design_effect')
where value.column_name in ('std_error', 'z')
union
select value.value_id, line.cause_id
from drift_value as value
inner join changed_known_changes as line
    on value.sample_id in (line.old_sample_id, line.new_sample_id)
    and value.question_id in (line.old_question_id, line.new_question_id)
    and value.category_id in (line.old_category_id, line.new_category_id)
where value.column_name = 'explained_by'
union
select value.value_id, line.cause_id
from drift_value as value
inner join (
    select cause_id, old_wave, new_wave, old_country, new_country, old_question_id, new_question_id
    from changed_toplines
    union all
    select cause_id, old_wave, new_wave, old_country, new_country, old_question_id, new_question_id
    from changed_demographics
) as line
    on value.question_id in (line.old_question_id, line.new_question_id)
    and value.country in (line.old_country, line.new_country)
where value.column_name in ('is_reported', 'source_id', 'explained_by')
union
select value.value_id, point.cause_id
from drift_value as value
inner join point
    on value.question_id = point.question_id and point.sample_id in (value.own_id, value.before_id)
where value.column_name in ('is_reported', 'source_id');

create or replace temp table tested as
select distinct because.cause_id
from value inner join because on value.value_id = because.value_id
where value.table_name = 'drift' and coalesce(value.column_name, 'z') = 'z';

insert into because
select distinct value.value_id, tested.cause_id
from drift_value as value cross join tested
where value.of_all and (value.value_id, tested.cause_id) not in (select value_id, cause_id from because)
"""

STATEMENTS = (TRENDS, DRIFT)
