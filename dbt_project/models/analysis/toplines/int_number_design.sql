-- How exact the mean and the median of each question with numbers are. In a sample with strata or clusters the variances are estimated;
-- where they cannot be, and in other samples, the design effect of the sample stands for them. The interval of the median is
-- Woodruff's (1952, J. Am. Stat. Assoc. 47): the numbers up to which one half of all lie, less and more the error of a share of one half,
-- with the design effect of the share up to the median. That share itself may be far from one half, where many give one number.
-- So few answers that the error is one half show no bound.
with estimated as (
    select
        summary.sample_id,
        summary.question_id,
        summary.n,
        summary.median,
        case
            when
                mean.degrees_of_freedom >= 1
                and mean.variance * power(summary.maximum - summary.minimum, 2) * summary.n > 1e-6 * summary.sd * summary.sd
                then mean.variance * power(summary.maximum - summary.minimum, 2) * summary.n / (summary.sd * summary.sd)
            else design.design_effect
        end as design_effect,
        design.design_effect as sample_design_effect,
        coalesce(case when mean.degrees_of_freedom >= 1 then mean.degrees_of_freedom end, design.degrees_of_freedom) as degrees_of_freedom,
        case when {{ is_estimated_variance('up_to_median') }} then up_to_median.variance end as share_variance
    from {{ ref('int_number_summary') }} as summary
    inner join {{ ref('int_design_effect') }} as design on summary.sample_id = design.sample_id
    left join {{ ref('int_number_variance') }} as mean
        on summary.sample_id = mean.sample_id and summary.question_id = mean.question_id and mean.option_id = 'mean'
    left join {{ ref('int_number_variance') }} as up_to_median
        on summary.sample_id = up_to_median.sample_id
        and summary.question_id = up_to_median.question_id
        and up_to_median.option_id = 'up_to_median'
),

with_half as (
    select
        estimated.sample_id,
        estimated.question_id,
        estimated.design_effect,
        estimated.degrees_of_freedom,
        {{ critical_squared('estimated.degrees_of_freedom') }} as critical_squared,
        sqrt(
            {{ critical_squared('estimated.degrees_of_freedom') }} / 4e0 / estimated.n
            * coalesce(
                case
                    when distribution.cumulative_share < 1 - 1e-12
                        then
                            estimated.share_variance * estimated.n
                            / (distribution.cumulative_share * (1 - distribution.cumulative_share))
                end,
                estimated.sample_design_effect
            )
        ) as half
    from estimated
    inner join {{ ref('int_number_distribution') }} as distribution
        on estimated.sample_id = distribution.sample_id
        and estimated.question_id = distribution.question_id
        and estimated.median = distribution.value
)

select
    with_half.sample_id,
    with_half.question_id,
    with_half.design_effect,
    with_half.degrees_of_freedom,
    with_half.critical_squared,
    min(
        case
            when with_half.half < 5e-1 and distribution.cumulative_share >= 5e-1 - with_half.half - 1e-12
                then distribution.value
        end
    ) as median_ci_low,
    min(
        case
            when with_half.half < 5e-1 and distribution.cumulative_share >= 5e-1 + with_half.half - 1e-12
                then distribution.value
        end
    ) as median_ci_high
from with_half
inner join {{ ref('int_number_distribution') }} as distribution
    on with_half.sample_id = distribution.sample_id and with_half.question_id = distribution.question_id
group by
    with_half.sample_id, with_half.question_id, with_half.design_effect, with_half.degrees_of_freedom, with_half.critical_squared
