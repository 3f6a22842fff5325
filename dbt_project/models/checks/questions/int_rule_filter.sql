-- A skip is recomputed from the parent's answer and has to agree with what the file says.
-- A question without a universe is asked of everyone.
with status as (
    select sample_id, row, question_id, answer_status from {{ ref('int_single_answer') }}
    union all
    select sample_id, row, question_id, answer_status from {{ ref('int_multiple_status') }}
)

select
    case when status.answer_status = 'skipped' then 'skipped_though_asked' else 'answered_though_skipped' end as rule,
    cast(null as varchar) as file,
    status.sample_id,
    status.question_id,
    cast(null as varchar) as variable,
    status.answer_status as code,
    cast(null as varchar) as raw_label,
    count(*) as n,
    {{ first_values('status.row', 5) }} as first_rows,
    case
        when int_universe.universe_question_id is null then 'skipped, although the question is asked of everyone'
        when status.answer_status = 'skipped'
            then 'skipped, although the answer to ' || int_universe.universe_question_id || ' lies in the universe'
        else 'has an answer, although the answer to ' || int_universe.universe_question_id || ' lies outside the universe'
    end as finding,
    'correct the file, or the universe of the question in survey/questions.csv' as resolve_with
from status
inner join {{ ref('int_judged_sample') }} as judged on status.sample_id = judged.sample_id
left join {{ ref('int_universe') }} as int_universe
    on status.sample_id = int_universe.sample_id
    and status.row = int_universe.row
    and status.question_id = int_universe.question_id
where
    case when int_universe.universe_question_id is null then true else int_universe.is_inside end
    = (status.answer_status = 'skipped')
group by status.sample_id, status.question_id, status.answer_status, int_universe.universe_question_id
