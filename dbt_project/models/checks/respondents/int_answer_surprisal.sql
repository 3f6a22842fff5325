-- The surprisal of an answer that a share p of those who answered gave is -ln p; p of a missing one is the share of those
-- asked who left it out. A skip follows from the parent's answer: zero.
with answer as (
    select
        sample_id,
        question_id,
        answer_digest,
        count(*) as n,
        min(row) as first_row
    from {{ samples_of(ref('int_respondent_answer')) }}
    group by sample_id, question_id, answer_digest
),

answer_with_status as (
    select
        answer.sample_id,
        answer.question_id,
        answer.answer_digest,
        answer.n,
        answer.first_row,
        status.answer_status
    from answer
    inner join {{ samples_of(ref('int_answer_status')) }} as status
        on answer.sample_id = status.sample_id
        and answer.first_row = status.row
        and answer.question_id = status.question_id
),

answer_surprisal as (
    select
        sample_id,
        question_id,
        answer_digest,
        n,
        first_row,
        answer_status in ('dont_know', 'no_answer') as is_missing,
        case answer_status
            when 'skipped' then 0e0
            when 'answered' then -ln(1e0 * n / sum(n) over (partition by sample_id, question_id, answer_status))
            else
                -ln(
                    1e0 * sum(n) over (partition by sample_id, question_id, answer_status)
                    / sum(n) over (partition by sample_id, question_id, answer_status = 'skipped')
                )
        end as surprisal
    from answer_with_status
),

question as (
    select
        sample_id,
        question_id,
        count(*) over (partition by sample_id) as n_questions,
        row_number() over (partition by sample_id order by sum(n * surprisal) desc, question_id) as question_rank
    from answer_surprisal
    group by sample_id, question_id
)

select
    answer_surprisal.sample_id,
    answer_surprisal.question_id,
    answer_surprisal.answer_digest,
    answer_surprisal.is_missing,
    answer_surprisal.surprisal,
    answer_surprisal.first_row,
    -- Another answer has another letter, but for questions with more than 94 of them.
    chr(cast(33 + row_number() over (
        partition by answer_surprisal.sample_id, answer_surprisal.question_id order by answer_surprisal.answer_digest
    ) % 94 as integer)) as letter,
    question.n_questions,
    -- Two more groups than answers may differ; the most informative questions are spread over them.
    question.question_rank % ({{ most_different('question.n_questions') }} + 2) as question_group
from answer_surprisal
inner join question
    on answer_surprisal.sample_id = question.sample_id and answer_surprisal.question_id = question.question_id
