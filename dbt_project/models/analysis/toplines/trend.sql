with compared as (
    select
        *,
        case when not comparability_break then pct - previous_pct end as change,
        case
            when previous_wave is null then 'first wave'
            when comparability_break then 'comparability'
            when basis = 'assumed' or previous_basis = 'assumed' then 'assumed'
        end as not_tested,
        case
            when not comparability_break and basis <> 'assumed' and previous_basis <> 'assumed'
                then {{ share_difference_error('(pct / 100)', 'n_effective', '(previous_pct / 100)', 'previous_n_effective') }}
        end as std_error,
        {{ joint_degrees('n_effective', 'degrees_of_freedom', 'previous_n_effective', 'previous_degrees_of_freedom') }} as joint_degrees
    from {{ ref('int_trend_step') }}
),

standardised as (
    select *, change / nullif(std_error, 0) as z
    from compared
),

tested as (
    select *, {{ two_sided_p('deviate') }} as p_value
    from (
        select *, {{ deviate_of_t('z', 'joint_degrees') }} as deviate
        from standardised
    ) as converted
)

select
    tested.sample_id,
    tested.series,
    tested.country,
    tested.question_id,
    tested.net,
    tested.wave,
    tested.pct,
    tested.n,
    tested.base_n,
    tested.previous_wave,
    tested.change,
    tested.std_error,
    tested.z,
    tested.p_value,
    case when tested.p_value is not null then question.p_question end as p_question,
    case when tested.p_value is not null then greatest(tested.p_value, question.p_question_adjusted) end as p_adjusted,
    tested.comparability,
    tested.referent,
    tested.comparability_break,
    tested.basis,
    tested.previous_basis,
    tested.not_tested
from tested
left join {{ ref('int_question_change') }} as question
    on tested.sample_id = question.sample_id and tested.question_id = question.question_id
order by tested.series, tested.question_id, {{ net_order('tested.net') }}, tested.wave
