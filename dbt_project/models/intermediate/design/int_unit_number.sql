-- The two totals that the mean of a question and the share up to its median are computed from; numbers are scaled to run from 0 to 1.
with given as (
    select
        unit.sample_id,
        answer.question_id,
        unit.stratum,
        unit.cluster,
        unit.relative_weight,
        coalesce((answer.value - summary.minimum) / nullif(summary.maximum - summary.minimum, 0), 0) as scaled_value,
        case when answer.value <= summary.median then 1 else 0 end as is_up_to_median
    from {{ ref('int_sampling_unit') }} as unit
    inner join {{ ref('int_single_answer') }} as answer on unit.sample_id = answer.sample_id and unit.row = answer.row
    inner join {{ ref('int_sampling_design') }} as design on answer.sample_id = design.sample_id
    inner join {{ ref('int_number_summary') }} as summary
        on answer.sample_id = summary.sample_id and answer.question_id = summary.question_id
    where answer.value is not null and unit.relative_weight is not null
)

{% for option_id, amount in [('mean', 'scaled_value'), ('up_to_median', 'is_up_to_median')] %}
select
    sample_id,
    question_id,
    'number' as grouping,
    '{{ option_id }}' as option_id,
    stratum,
    cluster,
    {{ exact_sum('relative_weight * ' ~ amount) }} as weighted_n
from given
group by sample_id, question_id, stratum, cluster
{% if not loop.last %}union all{% endif %}
{% endfor %}
