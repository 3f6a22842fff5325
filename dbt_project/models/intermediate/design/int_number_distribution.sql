-- The numbers that respondents gave, from the smallest. Weights are taken relative to the largest of the sample, on which no mean
-- and no quantile depends, so that none is too large for an exact sum.
with weighting as (
    select sample_id, row, weight / max(weight) over (partition by sample_id) as relative_weight
    from {{ samples_of(ref('int_weight')) }}
    where weight > 0 and weight < cast('infinity' as double)
),

given as (
    select answer.sample_id, answer.question_id, answer.value, count(*) as n, {{ exact_sum('weighting.relative_weight') }} as weighted_n
    from {{ samples_of(ref('int_single_answer')) }} as answer
    inner join weighting on answer.sample_id = weighting.sample_id and answer.row = weighting.row
    where answer.value is not null
    group by answer.sample_id, answer.question_id, answer.value
)

select
    sample_id,
    question_id,
    value,
    n,
    weighted_n,
    cast(sum(cast(weighted_n as decimal(18, 9))) over (partition by sample_id, question_id order by value) as double)
    / cast(sum(cast(weighted_n as decimal(18, 9))) over (partition by sample_id, question_id) as double) as cumulative_share
from given
