-- Before the gate: from the code frequencies, but for a choice that one record names twice in a list and that counts once.
with coded as (
    select
        frequency.sample_id,
        frequency.question_id,
        case when frequency.layout = 'indicator' then stg_column.indicator_category_id else frequency.category_id end
            as category_id,
        frequency.n
    from {{ samples_of(ref('int_code_frequency')) }} as frequency
    inner join {{ ref('stg_column') }} as stg_column
        on frequency.sample_id = stg_column.sample_id and frequency.variable = stg_column.variable
    where
        frequency.layout not in ('ranked', 'delimited')
        and (frequency.layout <> 'indicator' or frequency.category_id = 'chosen')
),

mention as (
    select sample_id, question_id, category_id, sum(n) as n
    from coded
    group by sample_id, question_id, category_id

    union all

    select choice.sample_id, choice.question_id, choice.category_id, sum(int_value.n) as n
    from {{ samples_of(ref('int_value_choice')) }} as choice
    inner join {{ samples_of(ref('int_value')) }} as int_value
        on choice.sample_id = int_value.sample_id
        and choice.column_position = int_value.column_position
        and choice.raw_code = int_value.raw_code
    where choice.is_chosen
    group by choice.sample_id, choice.question_id, choice.category_id

    union all

    select sample_id, question_id, category_id, count(*) as n
    from {{ samples_of(ref('int_ranked_choice')) }}
    where is_chosen
    group by sample_id, question_id, category_id
),

base as (
    select
        sample_id,
        question_id,
        sum(n) filter (where coalesce(missing_type, '') <> 'skipped') as base_n,
        sum(n) filter (where missing_type is null) as base_substantive_n
    from {{ samples_of(ref('int_code_frequency')) }}
    where layout in ('single', 'number', 'birth_year')
    group by sample_id, question_id

    union all

    select
        sample_id,
        question_id,
        count(*) filter (where answer_status <> 'skipped') as base_n,
        count(*) filter (where answer_status = 'answered') as base_substantive_n
    from {{ samples_of(ref('int_multiple_status')) }}
    group by sample_id, question_id
)

select
    eligible.sample_id,
    eligible.wave,
    eligible.country,
    eligible.question_id,
    eligible.comparability,
    eligible.referent,
    offered.category_id,
    offered.missing_type,
    cast(coalesce(mention.n, 0) as bigint) as n,
    cast(base.base_n as bigint) as base_n,
    cast(base.base_substantive_n as bigint) as base_substantive_n,
    cast(case when weighted_base.sample_id is null then coalesce(mention.n, 0) else coalesce(weighted.weighted_n, 0) end as double)
        as weighted_n,
    cast(coalesce(weighted_base.base_weighted_n, base.base_n) as double) as base_weighted_n,
    cast(coalesce(weighted_base.base_substantive_weighted_n, base.base_substantive_n) as double) as base_substantive_weighted_n
from {{ ref('int_eligible_question') }} as eligible
inner join base on eligible.sample_id = base.sample_id and eligible.question_id = base.question_id
inner join {{ ref('int_offered_category') }} as offered
    on eligible.sample_id = offered.sample_id and eligible.question_id = offered.question_id
left join mention
    on offered.sample_id = mention.sample_id
    and offered.question_id = mention.question_id
    and offered.category_id = mention.category_id
left join {{ ref('int_weighted_base') }} as weighted_base
    on eligible.sample_id = weighted_base.sample_id and eligible.question_id = weighted_base.question_id
left join {{ ref('int_weighted_mention') }} as weighted
    on offered.sample_id = weighted.sample_id
    and offered.question_id = weighted.question_id
    and offered.category_id = weighted.category_id
where coalesce(offered.missing_type, '') <> 'skipped'
