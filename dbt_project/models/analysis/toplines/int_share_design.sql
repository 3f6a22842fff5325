-- How exact each share is. In a sample with strata or clusters its variance is estimated; where it cannot be (nobody or everybody
-- gave the answer, or the strata fix the share), it has the design effect of the question's other shares.
with effect as (
    select
        option.sample_id,
        option.question_id,
        option.grouping,
        option.option_id,
        case
            when {{ is_estimated_variance('estimate') }} then estimate.variance * estimate.base_n / (estimate.share * (1 - estimate.share))
            else coalesce(question.design_effect, design.design_effect)
        end as design_effect,
        coalesce(question.degrees_of_freedom, design.degrees_of_freedom) as degrees_of_freedom
    from {{ ref('int_share_option') }} as option
    inner join {{ ref('int_design_effect') }} as design on option.sample_id = design.sample_id
    left join {{ ref('int_question_design') }} as question
        on option.sample_id = question.sample_id and option.question_id = question.question_id
    left join {{ ref('int_share_variance') }} as estimate
        on option.sample_id = estimate.sample_id
        and option.question_id = estimate.question_id
        and option.grouping = estimate.grouping
        and option.option_id = estimate.option_id
)

select
    sample_id,
    question_id,
    grouping,
    option_id,
    design_effect,
    degrees_of_freedom,
    {{ critical_squared('degrees_of_freedom') }} as critical_squared
from effect
