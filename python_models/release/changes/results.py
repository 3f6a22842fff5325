"""Why what is computed from the facts changed: each table inherits the causes of what it is computed from.

Each statement adds to `because` (value_id, cause_id). A row that came or went has no column_name.
"""

from __future__ import annotations

import duckdb

from .catalogue import REGRESSIONS

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

# A model is fitted on the answers to its questions in its samples; with a common sample, on those of its whole table.
MODELS = """
create or replace temp table model_question as
select model_id, outcome as question_id from model_row
union
select model_id, term from model_term where kind = 'coefficient'
union
-- A term that was left out or dropped decides what is fitted too.
select model.model_id, seed.term
from model_row as model
inner join seed_term as seed on seed.model_id in (model.model_id, model.base_model_id);

create or replace temp table table_question as
select distinct model.printed_table, model_question.question_id
from model_row as model
inner join model_question on model.model_id = model_question.model_id
where model.printed_table is not null;

create or replace temp table model_cause as
with asked as (
    select model.model_id, model.country, model.first_wave, model.last_wave, model.weight, false as of_table, model_question.question_id
    from model_row as model inner join model_question on model.model_id = model_question.model_id
    union
    select model.model_id, model.country, model.first_wave, model.last_wave, model.weight,
        not model.common_sample, table_question.question_id
    from model_row as model
    left join model_row as base on model.base_model_id = base.model_id
    inner join table_question on coalesce(model.printed_table, base.printed_table) = table_question.printed_table
)

select distinct asked.model_id, asked.of_table, point.cause_id, cast(null as varchar) as aspect
from asked
inner join sample_of
    on asked.country = sample_of.country
    and cast(sample_of.wave as integer) between asked.first_wave and asked.last_wave
inner join point on sample_of.sample_id = point.sample_id and asked.question_id = point.question_id
union
select asked.model_id, asked.of_table, weight_point.cause_id, null
from asked
inner join sample_of
    on asked.country = sample_of.country
    and cast(sample_of.wave as integer) between asked.first_wave and asked.last_wave
inner join weight_point on sample_of.sample_id = weight_point.sample_id and asked.question_id = weight_point.question_id
where asked.weight is not null and asked.weight <> 'none'
union
select asked.model_id, asked.of_table, acts.cause_id, acts.aspect
from asked
inner join sample_of
    on asked.country = sample_of.country
    and cast(sample_of.wave as integer) between asked.first_wave and asked.last_wave
inner join acts on sample_of.sample_id = acts.sample_id and asked.question_id = acts.question_id
where acts.aspect = 'comparability'
union
select model.model_id, false, line.cause_id, null
from model_row as model
inner join (
    select cause_id, old_model_id, new_model_id from changed_regression_models
    where list_has_any(changed, ['model_id', 'variant', 'printed_table', 'model', 'country', 'first_wave', 'last_wave',
        'outcome', 'link', 'weight', 'vce', 'common_sample'])
    union all
    select cause_id, old_model_id, new_model_id from changed_regression_terms
) as line
    on model.model_id in (line.old_model_id, line.new_model_id)
    or model.base_model_id in (line.old_model_id, line.new_model_id)
union
select model.model_id, true, line.cause_id, null
from model_row as model
inner join model_row as other on model.printed_table = other.printed_table
inner join changed_regression_terms as line on other.model_id in (line.old_model_id, line.new_model_id)
"""

REGRESSION_VALUES = f"""
insert into because
select distinct value.value_id, model_cause.cause_id
from value
inner join model_cause on value.model_id = model_cause.model_id
where value.table_name in {REGRESSIONS} and not model_cause.of_table
    and (model_cause.aspect is null or value.column_name = 'comparability_breaks')
union
select value.value_id, model_cause.cause_id
from value
inner join model_cause on value.model_id = model_cause.model_id
where value.table_name = 'regression_sensitivity' and model_cause.aspect is null
union
select value.value_id, line.cause_id
from value
inner join changed_regression_alternatives as line
    on value.alternative_id in (line.old_alternative_id, line.new_alternative_id)
    or value.column_name in ('lowest', 'highest')
where value.table_name = 'regression_sensitivity'
    and list_has_any(line.changed, ['alternative_id', 'term', 'setting', 'value', 'reference_category'])
"""

RECONCILIATIONS = """
insert into because
select distinct value.value_id, line.cause_id
from value
inner join (
    select 'toplines' as seed, cause_id, changed, old_wave, new_wave, old_country, new_country, old_question_id,
        new_question_id, old_option_id, new_option_id, old_source_id, new_source_id
    from changed_toplines
    union all
    select 'demographics', cause_id, changed, old_wave, new_wave, old_country, new_country, old_question_id,
        new_question_id, old_option_id, new_option_id, old_source_id, new_source_id
    from changed_demographics
) as line
    on value.wave in (line.old_wave, line.new_wave)
    and value.country in (line.old_country, line.new_country)
    and value.question_id in (line.old_question_id, line.new_question_id)
    and value.option_id in (line.old_option_id, line.new_option_id)
    and value.source_id in (line.old_source_id, line.new_source_id)
where value.table_name = 'reconciliation_topline' and value.published_in = line.seed
    and case
        when value.column_name is null then list_contains(line.changed, 'option_id')
        when value.column_name in ('warehouse_n', 'warehouse_base_n', 'warehouse_pct') then false
        when value.column_name in ('agrees', 'difference', 'judged')
            then list_has_any(line.changed, ['pct', 'lower', 'upper', 'legibility'])
        else list_contains(line.changed, replace(value.column_name, 'published_', '')) end
union
select value.value_id, because.cause_id
from value
inner join value as share
    on share.table_name in ('topline', 'topline_net')
    and value.wave = share.wave and value.country = share.country and value.question_id = share.question_id
    and coalesce(share.column_name, 'n') in ('n', 'base_n')
    and (share.column_name = 'base_n' or value.option_id in (share.category_id, share.net) or share.category_id in (
        select coalesce(new_option.category_id, '') from option_of as new_option
        where new_option.question_id = value.question_id and new_option.option_id = value.option_id))
inner join because on share.value_id = because.value_id
where value.table_name = 'reconciliation_topline'
    and value.column_name in ('warehouse_n', 'warehouse_base_n', 'warehouse_pct', 'difference', 'agrees')
union
select value.value_id, line.cause_id
from value
inner join changed_topline_options as line
    on value.question_id in (line.old_question_id, line.new_question_id)
    and value.option_id in (line.old_option_id, line.new_option_id)
where value.table_name = 'reconciliation_topline'
    and value.column_name in ('warehouse_n', 'warehouse_base_n', 'warehouse_pct', 'difference', 'agrees')
union
select value.value_id, line.cause_id
from value
inner join changed_claims as line on value.claim_id in (line.old_claim_id, line.new_claim_id)
where value.table_name = 'reconciliation_claim' and case
    when value.column_name is null then line.in_old <> line.in_new
    when value.column_name = 'published_value' then list_contains(line.changed, 'value')
    when value.column_name in ('warehouse_value', 'difference', 'agrees')
        then list_has_any(line.changed, ['measure', 'question_id', 'option_id', 'wave', 'base_wave', 'through_wave',
            'country']) or value.column_name <> 'warehouse_value' and list_contains(line.changed, 'value')
    else list_contains(line.changed, value.column_name) end
union
select value.value_id, because.cause_id
from value
inner join claim_of as claim on value.claim_id = claim.claim_id
inner join value as share
    on share.table_name in ('topline', 'topline_net')
    and claim.country = share.country and claim.question_id = share.question_id
    and coalesce(share.column_name, 'n') in ('n', 'base_n', 'pct')
    and case
        when claim.measure = 'level' then share.wave = claim.wave
        when claim.measure in ('change', 'rank', 'reversal') then share.wave in (claim.wave, claim.base_wave)
        when claim.measure in ('rising_since', 'falling_since')
            then share.wave between claim.base_wave and claim.wave
        else share.wave <= claim.through_wave end
inner join because on share.value_id = because.value_id
where value.table_name = 'reconciliation_claim' and value.column_name in ('warehouse_value', 'difference', 'agrees')
union
select value.value_id, line.cause_id
from value
inner join changed_topline_options as line
    on value.table_name = 'reconciliation_claim' and value.question_id in (line.old_question_id, line.new_question_id)
where value.column_name in ('warehouse_value', 'difference', 'agrees')
union
select value.value_id, line.cause_id
from value
inner join changed_regression_tables as line
    on value.printed_table in (line.old_printed_table, line.new_printed_table)
    and value.model in (line.old_model, line.new_model)
    and value.term in (line.old_term, line.new_term, 'N')
    and coalesce(value.category_id, '') in (coalesce(line.old_category_id, ''), coalesce(line.new_category_id, ''))
where value.table_name = 'reconciliation_regression'
    and coalesce(value.column_name, '') not in ('warehouse_value', 'warehouse_stars')
union
select value.value_id, model_cause.cause_id
from value
inner join model_row on value.printed_table = model_row.printed_table and value.model = model_row.model
inner join model_cause on model_row.model_id = model_cause.model_id and not model_cause.of_table
where value.table_name = 'reconciliation_regression' and model_cause.aspect is null
    and value.column_name in ('warehouse_value', 'warehouse_stars', 'difference', 'agrees', 'close')
"""

# A column of a file and a code in it, and the lines that read them.
PROVENANCE = """
insert into because
select distinct value.value_id, of_sample.cause_id
from value
inner join of_sample on value.sample_id = of_sample.sample_id
where value.table_name = 'provenance' and (
    value.column_name in ('file', 'sha256', 'variable_label', 'column_position', 'raw_label')
    or (value.column_name = 'n' or value.column_name is null) and exists (
        select 1 from cell where cell.sample_id = value.sample_id and cell.variable = value.variable))
union
select value.value_id, line.cause_id
from value
inner join changed_variables as line
    on value.sample_id in (line.old_sample_id, line.new_sample_id)
    and value.variable in (line.old_variable, line.new_variable)
where value.table_name = 'provenance'
    and case
        when value.column_name is null then list_has_any(line.changed, ['role', 'code_list', 'layout', 'variable', 'delimiter'])
        when value.column_name = 'column_line' then true
        when value.column_name = 'indicator_category_id' then list_contains(line.changed, 'category_id')
        when value.column_name in ('code_line', 'category_id', 'missing_type')
            then list_has_any(line.changed, ['code_list', 'question_id', 'layout'])
        when value.column_name = 'n' then list_has_any(line.changed, ['role', 'layout', 'delimiter'])
        else list_contains(line.changed, value.column_name) end
union
select value.value_id, line.cause_id
from value
inner join use on value.sample_id = use.sample_id and value.variable = use.variable
inner join changed_code_lists as line
    on use.code_list in (line.old_code_list, line.new_code_list) and value.code in (line.old_code, line.new_code)
where value.table_name = 'provenance'
    and (value.column_name in ('code_line', 'category_id', 'missing_type', 'n') or value.column_name is null)
    and (value.column_name in ('code_line') or list_contains(line.changed, 'category_id'))
union
select value.value_id, line.cause_id
from value
inner join use on value.sample_id = use.sample_id and value.variable = use.variable
inner join set_of on use.question_id = set_of.question_id
inner join changed_categories as line
    on set_of.category_set in (line.old_category_set, line.new_category_set)
    or 'reserved' in (line.old_category_set, line.new_category_set)
where value.table_name = 'provenance' and use.layout in ('number', 'birth_year')
    and (value.column_name = 'category_id' or value.column_name is null)
    and list_has_any(line.changed, ['value_min', 'value_max'])
    or value.table_name = 'provenance' and value.column_name in ('missing_type', 'code_line')
    and value.new_category_id in (line.old_category_id, line.new_category_id)
    and (value.column_name = 'code_line' and use.layout in ('number', 'birth_year')
        or list_contains(line.changed, 'missing_type'))
"""

# What is judged of a column, a question or a whole sample inherits what changed in it.
FINDINGS = """
create or replace temp table changed_column as
select distinct cell.sample_id, cell.variable, use.question_id, of_sample.cause_id
from cell
inner join of_sample on cell.sample_id = of_sample.sample_id
left join use on cell.sample_id = use.sample_id and cell.variable = use.variable
union
select distinct coalesce(acts.sample_id, use.sample_id), coalesce(acts.variable, use.variable), use.question_id, acts.cause_id
from acts
inner join use
    on (acts.sample_id is null or acts.sample_id = use.sample_id)
    and (acts.variable is null or acts.variable = use.variable)
    and (acts.question_id is null or acts.question_id = use.question_id)
where acts.aspect in ('meaning', 'scale', 'comparability', 'about', 'weight', 'id');

insert into because
select distinct value.value_id, changed_column.cause_id
from value
inner join changed_column on value.sample_id = changed_column.sample_id
    and (value.variable is null or value.variable = changed_column.variable)
    and (value.variable is not null or value.question_id is null or value.question_id = changed_column.question_id)
where value.table_name in ('violation', 'response_code_audit') and coalesce(value.column_name, '') <> 'is_waived'
union
select value.value_id, line.cause_id
from value
inner join (
    select cause_id, old_rule, new_rule, changed, old_sample_id, new_sample_id from changed_waivers
    union all
    select cause_id, old_rule, new_rule, changed, null, null from changed_rules
) as line
    on value.rule in (line.old_rule, line.new_rule)
    and (coalesce(line.old_sample_id, line.new_sample_id) is null
        or value.sample_id in (line.old_sample_id, line.new_sample_id))
where value.table_name = 'violation'
union
select value.value_id, line.cause_id
from value
inner join changed_waivers as line on value.rule in ('expired_waiver', 'unused_row')
where value.table_name = 'violation' and value.file like '%waivers.csv'
union
select value.value_id, line.cause_id
from value
inner join changed_missing_bands as line
    on value.rule = 'missing_share' and value.question_id in (line.old_question_id, line.new_question_id)
where value.table_name = 'violation'
union
select value.value_id, line.cause_id
from value
inner join changed_missing_codes as line on value.rule = 'missing_code_in_range'
where value.table_name = 'violation'
union
select value.value_id, line.cause_id
from value
inner join changed_known_changes as line
    on value.rule = 'drift' and value.sample_id in (line.old_sample_id, line.new_sample_id)
    and value.question_id in (line.old_question_id, line.new_question_id)
where value.table_name = 'violation'
union
select value.value_id, line.cause_id
from value
inner join changed_samples as line
    on value.sample_id in (line.old_sample_id, line.new_sample_id) and line.in_old <> line.in_new
where value.table_name in ('violation', 'response_code_audit')
"""

STATEMENTS = (DIMENSIONS, AVAILABILITY, SHARES, FIGURES, TRENDS, DRIFT, MODELS, REGRESSION_VALUES, RECONCILIATIONS,
              PROVENANCE, FINDINGS)


def find_causes_of_results(con: duckdb.DuckDBPyConnection) -> None:
    """Needs the tables of inputs and facts, and model_row, model_term, seed_term, option_of, claim_of."""
    for statement in STATEMENTS:
        con.execute(statement)
