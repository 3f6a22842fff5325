-- One row per sample and question: how many were asked and answered, and the largest part of those asked in which nobody
-- answered, if chance does not explain it. A part is a run of records, in the order of the file, or all who gave one answer to
-- a question about the respondent. It has 20 records at least. Where a share p of the others did not answer, a run of r
-- begins somewhere among n records with a probability below n p^r; that has to be less than one in a million.
with question as (
    select
        status.sample_id,
        status.question_id,
        cast(coalesce(sum(status.n) filter (where status.answer_status <> 'skipped'), 0) as bigint) as n,
        cast(coalesce(sum(status.n) filter (where status.answer_status = 'answered'), 0) as bigint) as n_answered,
        cast(coalesce(sum(status.n) filter (where status.answer_status = 'no_answer'), 0) as bigint) as n_no_answer
    from {{ samples_of(ref('int_status_count')) }} as status
    inner join {{ ref('int_eligible_sample') }} as eligible on status.sample_id = eligible.sample_id
    group by status.sample_id, status.question_id
),

-- Only these questions can have such a part, and they are few: what follows reads the records of no other.
candidate as (
    select *
    from question
    where n_no_answer >= 20 and n_answered > 0
),

asked as (
    select
        status.sample_id,
        status.question_id,
        status.row,
        status.answer_status,
        candidate.n,
        candidate.n_no_answer,
        row_number() over (partition by status.sample_id, status.question_id order by status.row)
        - row_number() over (partition by status.sample_id, status.question_id, status.answer_status order by status.row)
            as run_id
    from {{ samples_of(ref('int_answer_status')) }} as status
    inner join candidate on status.sample_id = candidate.sample_id and status.question_id = candidate.question_id
    where status.answer_status <> 'skipped'
),

part as (
    select
        sample_id,
        question_id,
        n,
        n_no_answer,
        count(*) as n_part,
        {{ first_values('row', 5) }} as first_rows,
        'the records ' || min(row) || ' to ' || max(row) as name
    from asked
    where answer_status = 'no_answer'
    group by sample_id, question_id, n, n_no_answer, run_id

    union all
    select
        asked.sample_id,
        asked.question_id,
        asked.n,
        asked.n_no_answer,
        count(*) as n_part,
        {{ first_values('asked.row', 5) }} as first_rows,
        'all with ' || background.question_id || ' = ' || background.category_id as name
    from asked
    inner join {{ samples_of(ref('int_single_answer')) }} as background
        on asked.sample_id = background.sample_id
        and asked.row = background.row
        and asked.question_id <> background.question_id
    inner join {{ ref('int_asked') }} as question_asked
        on background.sample_id = question_asked.sample_id
        and background.question_id = question_asked.question_id
    where question_asked.is_about_respondent and background.category_id is not null and background.missing_type is null
    group by asked.sample_id, asked.question_id, asked.n, asked.n_no_answer, background.question_id, background.category_id
    having bool_and(asked.answer_status = 'no_answer')
),

ranked as (
    select
        *,
        row_number() over (partition by sample_id, question_id order by n_part desc, name) as size_rank
    from part
    where
        n_part >= 20
        and n_part < n
        -- n p^r below one in a million, as logarithms; one is added so that p is never 0.
        and ln(n) + n_part * ln((n_no_answer - n_part + 1.0) / (n - n_part + 1)) < -13.8
)

select
    question.sample_id,
    question.question_id,
    question.n,
    question.n_answered,
    ranked.n_part,
    ranked.first_rows,
    ranked.name as part
from question
left join ranked
    on question.sample_id = ranked.sample_id
    and question.question_id = ranked.question_id
    and ranked.size_rank = 1
