select
    respondent.sample_id,
    asked.wave,
    asked.country,
    respondent.question_id,
    count(*) as base_n,
    count(*) filter (where respondent.answer_status = 'answered') as base_substantive_n,
    {{ exact_sum('int_weight.weight') }} as base_weighted_n,
    {{ exact_sum("case when respondent.answer_status = 'answered' then int_weight.weight else 0 end") }} as base_substantive_weighted_n
from {{ samples_of(ref('int_answer_status')) }} as respondent
inner join {{ ref('int_asked') }} as asked
    on respondent.sample_id = asked.sample_id and respondent.question_id = asked.question_id
inner join {{ samples_of(ref('int_weight')) }} as int_weight
    on respondent.sample_id = int_weight.sample_id and respondent.row = int_weight.row
where respondent.answer_status <> 'skipped'
group by respondent.sample_id, asked.wave, asked.country, respondent.question_id
