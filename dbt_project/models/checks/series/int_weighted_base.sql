-- The bases of int_wave_share, weighted.
select
    weight.sample_id,
    answer.question_id,
    {{ exact_sum('weight.relative_weight') }} as base_weighted_n,
    {{ exact_sum("case when answer.answer_status = 'answered' then weight.relative_weight else 0 end") }} as base_substantive_weighted_n
from {{ ref('int_relative_weight') }} as weight
inner join {{ ref('int_answer_status') }} as answer on weight.sample_id = answer.sample_id and weight.row = answer.row
where answer.answer_status <> 'skipped'
group by weight.sample_id, answer.question_id
