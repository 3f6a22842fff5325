-- One row per sample and question: how many were asked and answered, and the largest part of those asked in which nobody
-- answered, if chance does not explain it. A part is a run of records, in the order of the file, or all who gave one answer to
-- a question about the respondent. It has 20 records at least. Where a share p of the others did not answer, a run of r
-- begins somewhere among n records with a probability below n p^r; that has to be less than one in a million.
with question as (
    select
        status.sample_id,
        status.question_id,
        cast(sum(status.n) as bigint) as n_records,
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

-- The rank of a record among those who were asked. Of a question that nobody was to skip it is that in the file.
silent as (
    select status.sample_id, status.question_id, status.row, status.row as asked_rank
    from {{ samples_of(ref('int_answer_status')) }} as status
    inner join candidate on status.sample_id = candidate.sample_id and status.question_id = candidate.question_id
    where candidate.n = candidate.n_records and status.answer_status = 'no_answer'

    union all

    select sample_id, question_id, row, asked_rank
    from (
        select
            status.sample_id,
            status.question_id,
            status.row,
            status.answer_status,
            row_number() over (partition by status.sample_id, status.question_id order by status.row) as asked_rank
        from {{ samples_of(ref('int_answer_status')) }} as status
        inner join candidate on status.sample_id = candidate.sample_id and status.question_id = candidate.question_id
        where candidate.n < candidate.n_records and status.answer_status <> 'skipped'
    ) as asked
    where answer_status = 'no_answer'
),

in_runs as (
    select *, asked_rank - row_number() over (partition by sample_id, question_id order by asked_rank) as run_id
    from silent
),

background as (
    select answer.sample_id, answer.row, answer.question_id, answer.category_id
    from {{ samples_of(ref('int_single_answer')) }} as answer
    inner join {{ ref('int_asked') }} as asked on answer.sample_id = asked.sample_id and answer.question_id = asked.question_id
    where asked.is_about_respondent and answer.category_id is not null and answer.missing_type is null
),

silent_group as (
    select
        silent.sample_id,
        silent.question_id,
        background.question_id as background_id,
        background.category_id,
        count(*) as n_part,
        {{ first_values('silent.row', 5) }} as first_rows
    from silent
    inner join background
        on silent.sample_id = background.sample_id
        and silent.row = background.row
        and silent.question_id <> background.question_id
    group by silent.sample_id, silent.question_id, background.question_id, background.category_id
    having count(*) >= 20
),

background_size as (
    select sample_id, question_id, category_id, count(*) as n
    from background
    group by sample_id, question_id, category_id
),

-- How many of the group were asked.
asked_group as (
    select silent_group.*, size.n as n_asked
    from silent_group
    inner join candidate
        on silent_group.sample_id = candidate.sample_id
        and silent_group.question_id = candidate.question_id
        and candidate.n = candidate.n_records
    inner join background_size as size
        on silent_group.sample_id = size.sample_id
        and silent_group.background_id = size.question_id
        and silent_group.category_id = size.category_id

    union all

    select
        silent_group.sample_id,
        silent_group.question_id,
        silent_group.background_id,
        silent_group.category_id,
        silent_group.n_part,
        silent_group.first_rows,
        count(*) as n_asked
    from silent_group
    inner join candidate
        on silent_group.sample_id = candidate.sample_id
        and silent_group.question_id = candidate.question_id
        and candidate.n < candidate.n_records
    inner join background
        on silent_group.sample_id = background.sample_id
        and silent_group.background_id = background.question_id
        and silent_group.category_id = background.category_id
    inner join {{ samples_of(ref('int_answer_status')) }} as status
        on silent_group.sample_id = status.sample_id
        and silent_group.question_id = status.question_id
        and background.row = status.row
    where status.answer_status <> 'skipped'
    group by
        silent_group.sample_id, silent_group.question_id, silent_group.background_id, silent_group.category_id,
        silent_group.n_part, silent_group.first_rows
),

part as (
    select
        sample_id,
        question_id,
        count(*) as n_part,
        {{ first_values('row', 5) }} as first_rows,
        'the records ' || min(row) || ' to ' || max(row) as name
    from in_runs
    group by sample_id, question_id, run_id

    union all

    select sample_id, question_id, n_part, first_rows, 'all with ' || background_id || ' = ' || category_id as name
    from asked_group
    where n_part = n_asked
),

ranked as (
    select
        part.*,
        row_number() over (partition by part.sample_id, part.question_id order by part.n_part desc, part.name) as size_rank
    from part
    inner join candidate on part.sample_id = candidate.sample_id and part.question_id = candidate.question_id
    where
        part.n_part >= 20
        and part.n_part < candidate.n
        -- n p^r below one in a million, as logarithms; one is added so that p is never 0.
        and ln(candidate.n) + part.n_part * ln((candidate.n_no_answer - part.n_part + 1e0) / (candidate.n - part.n_part + 1)) < -13.8e0
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
