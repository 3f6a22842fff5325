-- One answer per respondent, question and category; the weights only matter where a file has them. The numbers of a numeric
-- question have no category: topline_number has them.
select sample_id, wave, country, question_id, category_id, count(*) as n, {{ exact_sum('weight') }} as weighted_n
from {{ samples_of(ref('fct_response')) }}
where answer_status <> 'skipped' and category_id is not null
group by sample_id, wave, country, question_id, category_id

union all

select sample_id, wave, country, question_id, category_id, count(*) as n, {{ exact_sum('weight') }} as weighted_n
from {{ samples_of(ref('fct_multiple_response')) }}
where chosen
group by sample_id, wave, country, question_id, category_id

union all

-- Who said don't know to a multiple-answer question, or nothing, has no row per category to be counted in.
select
    status.sample_id,
    asked.wave,
    asked.country,
    status.question_id,
    offered.category_id,
    count(*) as n,
    {{ exact_sum('int_weight.weight') }} as weighted_n
from {{ samples_of(ref('int_multiple_status')) }} as status
inner join {{ ref('int_asked') }} as asked
    on status.sample_id = asked.sample_id and status.question_id = asked.question_id
inner join {{ ref('int_offered_category') }} as offered
    on status.sample_id = offered.sample_id
    and status.question_id = offered.question_id
    and status.answer_status = offered.missing_type
inner join {{ samples_of(ref('int_weight')) }} as int_weight
    on status.sample_id = int_weight.sample_id and status.row = int_weight.row
group by status.sample_id, asked.wave, asked.country, status.question_id, offered.category_id
