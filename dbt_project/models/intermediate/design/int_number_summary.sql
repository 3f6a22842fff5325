-- A quantile is the smallest number up to which at least that share of the weight lies: the inverse of the weighted distribution
-- function. The standard deviation estimates that of the population: the weighted mean square, times n / (n - 1).
{% set quantiles = [('p10', '1e-1'), ('p25', '25e-2'), ('median', '5e-1'), ('p75', '75e-2'), ('p90', '9e-1')] %}
with extent as (
    select
        *,
        min(value) over (partition by sample_id, question_id) as minimum,
        max(value) over (partition by sample_id, question_id) as maximum
    from {{ samples_of(ref('int_number_distribution')) }}
),

-- From 0 to 1, so that the decimals of an exact sum suffice.
scaled as (
    select *, coalesce((value - minimum) / nullif(maximum - minimum, 0), 0) as scaled_value
    from extent
),

summed as (
    select
        sample_id,
        question_id,
        cast(sum(n) as bigint) as n,
        minimum,
        maximum,
        {{ exact_sum('weighted_n') }} as weighted_n,
        {% for name, share in quantiles -%}
        min(case when cumulative_share >= {{ share }} - 1e-12 then value end) as {{ name }},
        {% endfor -%}
        {{ exact_sum('weighted_n * scaled_value') }} / {{ exact_sum('weighted_n') }} as scaled_mean
    from scaled
    group by sample_id, question_id, minimum, maximum
),

spread as (
    select
        scaled.sample_id,
        scaled.question_id,
        {{ exact_sum('scaled.weighted_n * power(scaled.scaled_value - summed.scaled_mean, 2)') }} / max(summed.weighted_n) as mean_square
    from scaled
    inner join summed on scaled.sample_id = summed.sample_id and scaled.question_id = summed.question_id
    group by scaled.sample_id, scaled.question_id
)

select
    summed.sample_id,
    summed.question_id,
    summed.n,
    summed.minimum + (summed.maximum - summed.minimum) * summed.scaled_mean as mean,
    (summed.maximum - summed.minimum) * sqrt(spread.mean_square * summed.n / nullif(summed.n - 1, 0)) as sd,
    summed.minimum,
    {% for name, share in quantiles -%}
    summed.{{ name }},
    {% endfor -%}
    summed.maximum
from summed
inner join spread on summed.sample_id = spread.sample_id and summed.question_id = spread.question_id
