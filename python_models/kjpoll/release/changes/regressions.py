"""Why the fitted models changed.

Each statement adds to `because` (value_id, cause_id). A row that came or went has no column_name.
"""

from .catalogue import REGRESSIONS

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

STATEMENTS = (MODELS, REGRESSION_VALUES)
