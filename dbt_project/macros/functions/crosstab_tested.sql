{#
  crosstab_tested(question, by_question): crosstab with its statistics, with nets and multiple answers too.
  by_question is a question of single answers, or 'series': the samples of a wave side by side.
  The columns of one sample are compared two by two: z test of two proportions with a pooled
  variance, on effective bases (respondents over the design effect of the question), two-sided at 5%, Holm over all
  pairs of columns of a row. What is assumed has no interval and no letter.
  In a sample with clusters two things are approximate: a column has the design effect of all who were asked, which is too large
  for groups that live in all clusters (Kish 1965, ch. 14), and the columns are compared as if they shared no cluster, so that
  the test errs on the safe side where those of a cluster are alike. Student's t has the degrees of freedom of the sample.
#}
{% macro create_crosstab_tested() %}
create or replace macro main.crosstab_tested(question, by_question) as table
with split as (
    select respondent_id, sample_id, sample_id as offered_in, category_id as by_category_id
    from marts.fct_response
    where question_id = case when by_question = 'series' then null else main.single_question(by_question) end and category_id is not null
    union all
    select respondent.respondent_id, null as sample_id, sample.sample_id as offered_in, sample.series as by_category_id
    from marts.dim_respondent as respondent
    inner join marts.dim_sample as sample on respondent.sample_id = sample.sample_id
    where by_question = 'series'
),

single as (
    select respondent_id, wave, category_id, net, weight
    from marts.fct_response
    where question_id = main.question_of_categories(question) and category_id is not null
),

multiple as (
    select respondent_id, wave, category_id, chosen, answer_status, weight
    from marts.fct_multiple_response
    where question_id = question and answer_status <> 'skipped'
),

asked as (
    select respondent_id, wave, weight from single
    union all
    select distinct respondent_id, wave, weight from multiple
),

answer as (
    select respondent_id, 'category' as grouping, category_id, weight from single
    union all
    select respondent_id, 'net' as grouping, net as category_id, weight from single where net is not null
    union all
    select respondent_id, 'category' as grouping, category_id, weight from multiple where chosen
    union all
    select distinct multiple.respondent_id, 'category' as grouping, missing.category_id, multiple.weight
    from multiple
    inner join marts.dim_category as missing
        on missing.question_id = question and missing.missing_type = multiple.answer_status
),

-- As int_question_design has it; where it is one number, exactly that.
design as (
    select
        sample_id,
        case
            when min(design_effect) = max(design_effect) then max(design_effect)
            else {{ exact_sum('pct * (100 - pct) / 10000 * design_effect') }} / {{ exact_sum('pct * (100 - pct) / 10000') }}
        end as design_effect,
        max(degrees_of_freedom) as degrees_of_freedom
    from analysis.topline
    where question_id = question
    group by sample_id
),

base as (
    select
        asked.wave,
        split.sample_id,
        split.offered_in,
        split.by_category_id,
        count(*) as base_n,
        {{ exact_sum('asked.weight') }} as base_weight,
        count(*) / max(design.design_effect) as base_effective,
        max(design.degrees_of_freedom) as degrees_of_freedom,
        bool_or(sample.synthetic) as synthetic
    from asked
    inner join split on asked.respondent_id = split.respondent_id
    inner join marts.dim_sample as sample on split.offered_in = sample.sample_id
    inner join design on split.offered_in = design.sample_id
    group by asked.wave, split.sample_id, split.offered_in, split.by_category_id
),

-- Letters follow the order of the categories; who gave no answer to by_question is shown, and not compared.
lettered as (
    select
        base.*,
        known.missing_type is null as is_substantive,
        row_number() over (
            partition by base.wave, base.sample_id
            order by known.missing_type is not null, known.position nulls last, base.by_category_id
        ) as column_order
    from base
    left join marts.dim_category as known
        on known.question_id = by_question and base.by_category_id = known.category_id
),

offered as (
    select sample_id, 'category' as grouping, category_id, basis
    from analysis.topline
    where question_id = question
    union all
    select sample_id, 'net' as grouping, net as category_id, basis
    from analysis.topline_net
    where question_id = question
),

counted as (
    select
        asked.wave,
        split.sample_id,
        split.by_category_id,
        answer.grouping,
        answer.category_id,
        count(*) as n,
        {{ exact_sum('answer.weight') }} as weighted_n
    from answer
    inner join asked on answer.respondent_id = asked.respondent_id
    inner join split on answer.respondent_id = split.respondent_id
    group by asked.wave, split.sample_id, split.by_category_id, answer.grouping, answer.category_id
),

-- Of made-up records a share within a group is as good as what was published of it; a series has the whole sample.
cell as (
    select
        lettered.*,
        offered.grouping,
        offered.category_id,
        case
            when by_question = 'series' then offered.basis
            when not lettered.synthetic then 'observed'
            when published.pct is not null then 'published'
            else 'assumed'
        end as basis,
        coalesce(counted.n, 0) as n,
        coalesce(counted.weighted_n, 0.0) / lettered.base_weight as share,
        100.0 * coalesce(counted.weighted_n, 0.0) / lettered.base_weight as pct,
        {{ critical_squared('lettered.degrees_of_freedom') }} as z2,
        lettered.is_substantive and lettered.base_effective >= {{ smallest_tested_base() }} as is_tested
    from lettered
    inner join offered on lettered.offered_in = offered.sample_id
    left join counted
        on lettered.wave = counted.wave
        and lettered.sample_id is not distinct from counted.sample_id
        and lettered.by_category_id = counted.by_category_id
        and offered.grouping = counted.grouping
        and offered.category_id = counted.category_id
    left join published.subgroups as published
        on lettered.offered_in = published.sample_id
        and published.question_id = question
        and offered.category_id = published.option_id
        and published.subgroup = by_question
        and lettered.by_category_id = published.value
),

pair as (
    select
        first_column.wave,
        first_column.sample_id,
        first_column.grouping,
        first_column.category_id,
        case when first_column.share > second_column.share then first_column.column_order else second_column.column_order end as higher,
        case when first_column.share > second_column.share then second_column.column_order else first_column.column_order end as lower,
        (first_column.pct - second_column.pct) / ({{ share_difference_error(
            'first_column.share', 'first_column.base_effective', 'second_column.share', 'second_column.base_effective') }}) as z,
        least(first_column.degrees_of_freedom, second_column.degrees_of_freedom) as degrees_of_freedom
    from cell as first_column
    inner join cell as second_column
        on first_column.wave = second_column.wave
        and first_column.sample_id is not distinct from second_column.sample_id
        and first_column.grouping = second_column.grouping
        and first_column.category_id = second_column.category_id
        and first_column.column_order < second_column.column_order
    -- Where both gave the answer to nobody, or to all, there is nothing to compare.
    where
        first_column.is_tested and second_column.is_tested
        and first_column.basis <> 'assumed' and second_column.basis <> 'assumed'
        and first_column.share + second_column.share > 0 and first_column.share + second_column.share < 2
),

converted as (
    select *, {{ deviate_of_t('z', 'degrees_of_freedom') }} as deviate
    from pair
),

ranked as (
    select
        *,
        {{ two_sided_p('deviate') }} as p_value,
        {{ holm_rank('z', 'abs(z) desc, lower, higher', among='wave, sample_id, grouping, category_id') }}
    from converted
),

adjusted as (
    select
        *,
        {{ holm_adjusted('p_value', among='wave, sample_id, grouping, category_id') }} as p_adjusted
    from ranked
),

higher as (
    select
        wave,
        sample_id,
        grouping,
        category_id,
        higher as column_order,
        string_agg({{ column_letter('lower') }}, ' ' order by lower) as higher_than
    from adjusted
    where p_adjusted < 0.05
    group by wave, sample_id, grouping, category_id, higher
)

select
    cell.wave,
    cell.sample_id,
    case when cell.sample_id is not null then known.country end as country,
    cell.grouping,
    cell.category_id,
    cell.by_category_id,
    case when cell.is_substantive then {{ column_letter('cell.column_order') }} end as letter,
    cell.n,
    cell.base_n,
    cell.base_effective,
    cell.pct,
    case when cell.basis <> 'assumed' then {{ wilson_bound('cell.share', 'cell.base_effective', '-', 'cell.z2') }} end as ci_low,
    case when cell.basis <> 'assumed' then {{ wilson_bound('cell.share', 'cell.base_effective', '+', 'cell.z2') }} end as ci_high,
    cell.basis,
    cell.base_effective < {{ low_base() }} as low_base,
    cell.is_tested,
    higher.higher_than
from cell
inner join marts.dim_sample as known on cell.offered_in = known.sample_id
left join higher
    on cell.wave = higher.wave
    and cell.sample_id is not distinct from higher.sample_id
    and cell.grouping = higher.grouping
    and cell.category_id = higher.category_id
    and cell.column_order = higher.column_order
order by cell.wave, cell.sample_id, cell.grouping, cell.category_id, cell.column_order;
comment on macro table main.crosstab_tested is 'crosstab_tested(question, by_question): a table of two questions with nets, multiple answers, intervals and letters; by_question may be series'
{% endmacro %}

{# Below the first a column of a crosstab is flagged, below the second it is not tested. #}
{% macro low_base() %}50{% endmacro %}
{% macro smallest_tested_base() %}30{% endmacro %}

{# The name of a column of a crosstab: A to Z, then A1 to Z1, A2, ... #}
{% macro column_letter(column_order) -%}
chr(cast(65 + ({{ column_order }} - 1) % 26 as integer))
        || case when {{ column_order }} > 26 then cast(({{ column_order }} - 1) // 26 as varchar) else '' end
{%- endmacro %}
