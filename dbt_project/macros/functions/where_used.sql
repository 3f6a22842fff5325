{#
  where_used(sample, name) for any client: everything that a column of a wave file feeds. Null stands for every sample,
  every column. A column that feeds nothing still has its row of the crosswalk, with its role.
#}
{% macro create_where_used() %}
{% set of_sample = 'used.sample_id = result.sample_id' %}
{# What is computed of a question: rank, kind, output, item, and how a column's sample meets the rows that it feeds. #}
{% set results = [
    (4, 'fact', 'marts.fct_response', 'used.question_id', of_sample),
    (6, 'topline', 'analysis.topline', 'used.question_id', of_sample),
    (6, 'topline', 'analysis.topline_net', 'used.question_id', of_sample),
    (6, 'topline', 'analysis.topline_number', 'used.question_id', of_sample),
    (7, 'trend', 'analysis.trend', "used.question_id || ' ' || result.net",
        'used.series = result.series and used.wave in (result.wave, result.previous_wave)'),
    (10, 'published', 'quality.reconciliation_topline',
        "result.published_in || ' ' || result.option_id || ' (' || result.source_id || ')'", of_sample),
] %}
{% for table in figure_tables() %}
{% set title = '(select title from seeds.figures where figure = ' ~ (table.removeprefix('figure_') | int) ~ ')' %}
{% do results.append((8, 'figure', 'analysis.' ~ table, title, of_sample)) %}
{% endfor %}
{# What is computed of a model that reads the question: kind, output, item, and how the model meets it. #}
{% set of_model, part = 'fed_model.model_id = result.model_id', "fed_model.model_id || ' (' || fed_model.part || ')'" %}
{% set fits = [
    (10, 'published', 'quality.reconciliation_regression', 'fed_model.model_id',
        "fed_model.variant = 'published' and fed_model.printed_table = result.printed_table and fed_model.model = result.model"),
] %}
{% do fits.append((9, 'model', 'analysis.regression_decomposition', part,
    "fed_model.variant in ('published', 'earlier_wave') and result.model_id in (fed_model.model_id, fed_model.base_model_id) "
    ~ 'and fed_model.wave in (result.wave, result.earlier_wave)')) %}
{% for table in ('regression_model', 'regression_term', 'regression_effect', 'regression_assumption', 'regression_prediction', 'regression_hypothesis') %}
{% do fits.append((9, 'model', 'analysis.' ~ table, part, of_model)) %}
{% endfor %}
{% do fits.append((9, 'model', 'analysis.regression_comparison', part,
    'fed_model.model_id in (result.left_model_id, result.right_model_id)')) %}
create or replace macro main.where_used(sample, name) as table
with used as (
    select columns.*, samples.wave, samples.series
    from seeds.variables as columns
    inner join seeds.samples as samples on columns.sample_id = samples.sample_id
    where (sample is null or columns.sample_id = sample) and (name is null or columns.variable = name)
),

public_column as (
    select distinct table_schema as schema_name, table_name, column_name
    from information_schema.columns
    where table_schema in ('marts', 'analysis')
),

model_question as (
    select model_id, outcome as question_id, 'outcome' as part from analysis.regression_model
    union
    select model_id, term, 'term' from analysis.regression_term where kind = 'coefficient'
),

fed_model as (
    select used.sample_id, used.variable, model_question.part, model.model_id, model.base_model_id, model.wave,
        model.variant, model.printed_table, model.model
    from used
    inner join model_question on used.question_id = model_question.question_id
    inner join analysis.regression_model as model
        on model_question.model_id = model.model_id
        and {{ has_series('model.series', 'used.series') }}
        and used.wave between model.first_wave and model.last_wave
    where used.role = 'answer'
),

fed as (
    select sample_id, variable, 1 as rank, 'column' as kind, 'seeds.variables' as output,
        role || coalesce(': ' || note, '') as item, null::bigint as n
    from used

    union all
    select sample_id, variable, 2, 'question', 'marts.dim_question', question_id, null
    from used
    where role = 'answer'

    union all
    select used.sample_id, used.variable, 3, 'filter', 'marts.availability', 'universe of ' || child.question_id, null
    from used
    inner join marts.dim_universe as condition on used.question_id = condition.question_id
    inner join marts.availability as child on condition.universe = child.universe and used.sample_id = child.sample_id and child.asked
    where used.role = 'answer'
    group by all

    union all
    select used.sample_id, used.variable, 4, 'fact', 'marts.fct_multiple_response',
        used.question_id || ' ' || fact.category_id, count(*)
    from used
    inner join marts.fct_multiple_response as fact
        on used.sample_id = fact.sample_id and used.question_id = fact.question_id
    left join marts.dim_category as offered
        on used.question_id = offered.question_id and used.category_id = offered.category_id
    where used.role = 'answer' and (offered.missing_type is not null or coalesce(used.category_id, fact.category_id) = fact.category_id)
    group by used.sample_id, used.variable, used.question_id, fact.category_id

    union all
    select used.sample_id, used.variable, 5, 'respondent', public_column.schema_name || '.' || public_column.table_name,
        public_column.column_name, null
    from used
    inner join public_column
        on (public_column.table_name in ('dim_respondent', 'panel')
            and public_column.column_name in (
                used.question_id,
                case when used.layout in ('number', 'birth_year')
                    and used.question_id in (select question_id from marts.dim_question where respondent_role = 'age') then 'age' end
            ))
        or (used.role = 'id' and public_column.table_name = 'dim_respondent' and public_column.column_name = 'agency_id')
        or (used.role = 'weight' and public_column.column_name = 'weight' and public_column.schema_name = 'marts')
        or (used.role in ('weight', 'stratum', 'cluster') and public_column.table_name = 'dim_sample' and public_column.column_name = 'design_effect')
        or (used.role = 'weight' and public_column.table_name in ('topline', 'topline_net', 'trend')
            and public_column.column_name in (
                'pct', 'pct_substantive', 'design_effect', 'n_effective', 'std_error', 'ci_low', 'ci_high', 'change', 'z', 'p_value', 'p_question', 'p_adjusted'
            ))
        or (used.role = 'weight' and public_column.table_name = 'topline_number'
            and public_column.column_name in (
                'mean', 'std_error', 'ci_low', 'ci_high', 'sd', 'p10', 'p25', 'median', 'p75', 'p90', 'median_ci_low', 'median_ci_high',
                'design_effect'
            ))
        or (used.role in ('stratum', 'cluster') and public_column.table_name = 'topline_number'
            and public_column.column_name in (
                'std_error', 'ci_low', 'ci_high', 'median_ci_low', 'median_ci_high', 'design_effect', 'degrees_of_freedom'
            ))
        or (used.role in ('stratum', 'cluster') and public_column.table_name in ('topline', 'topline_net', 'trend')
            and public_column.column_name in (
                'design_effect', 'n_effective', 'degrees_of_freedom', 'std_error', 'ci_low', 'ci_high', 'z', 'p_value', 'p_question', 'p_adjusted'
            ))
    {% for rank, kind, output, item, meets in results %}

    union all
    select used.sample_id, used.variable, {{ rank }}, '{{ kind }}', '{{ output }}', {{ item }}, count(*)
    from used
    inner join {{ output }} as result on used.question_id = result.question_id and {{ meets }}
    where used.role = 'answer'
    group by all
    {% endfor %}

    -- Of a question, and of the age that its groups are made by.
    union all
    select used.sample_id, used.variable, 6, 'topline', 'analysis.cohort_topline', result.question_id || ' by ' || result.grouping, count(*)
    from used
    inner join analysis.cohort_topline as result on {{ of_sample }}
        and (used.question_id = result.question_id
            or used.question_id in (select question_id from marts.dim_question where respondent_role = 'age'))
    where used.role = 'answer'
    group by all

    -- An alternative may fit a model on those who answered the questions of all models of its table, or weight the respondents by
    -- what everybody answered.
    union all
    select fed_table.sample_id, fed_table.variable, 9, 'model', 'analysis.regression_sensitivity', sensitivity.model_id, count(*)
    from (
        select sample_id, variable, printed_table from fed_model where printed_table is not null
        union
        select used.sample_id, used.variable, model.printed_table
        from used
        inner join seeds.regression_alternatives as alternative
            on alternative.setting = 'complete_cases' and list_contains(string_split(alternative.term, ';'), used.question_id)
        inner join analysis.regression_model as model
            on model.printed_table is not null
            and {{ has_series('model.series', 'used.series') }}
            and used.wave between model.first_wave and model.last_wave
        where used.role = 'answer'
    ) as fed_table
    inner join analysis.regression_model as model on fed_table.printed_table = model.printed_table
    inner join analysis.regression_sensitivity as sensitivity on model.model_id = sensitivity.model_id
    group by fed_table.sample_id, fed_table.variable, sensitivity.model_id
    {% for rank, kind, output, item, meets in fits %}

    union all
    select fed_model.sample_id, fed_model.variable, {{ rank }}, '{{ kind }}', '{{ output }}', {{ item }}, count(*)
    from {{ output }} as result
    inner join fed_model on {{ meets }}
    group by all
    {% endfor %}

    union all
    select used.sample_id, used.variable, 10, 'published', 'quality.reconciliation_subgroup',
        result.question_id || ' ' || result.option_id || ' of ' || result.subgroup || ' ' || result.value, count(*)
    from used
    inner join quality.reconciliation_subgroup as result
        on used.question_id in (result.question_id, result.subgroup) and {{ of_sample }}
    where used.role = 'answer'
    group by all

    union all
    select used.sample_id, used.variable, 10, 'published', 'quality.reconciliation_claim',
        result.claim_id || ' ' || result.measure || ' ' || result.option_id, count(*)
    from used
    inner join ({{ claim_reads('published.claims', 'seeds.samples') }}) as result
        on used.question_id = result.question_id and {{ of_sample }}
    where used.role = 'answer'
    group by all
)

select sample_id, variable, kind, output, item, n
from fed
order by sample_id, variable, rank, output, item;
comment on macro table main.where_used is 'where_used(sample, name): everything that a column of a wave file feeds'
{% endmacro %}
