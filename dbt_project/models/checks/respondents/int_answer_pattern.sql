-- Several records under one identifier are the duplicates of a rule of their own: one of them is enough here.
with record as (
    select
        answer.sample_id,
        answer.row,
        {{ joined_digest('answer.answer_digest') }} as pattern_digest,
        {{ joined_text('surprisal.letter', 'surprisal.question_id') }} as letters,
        min(surprisal.n_questions) as n_questions,
        {{ joint_surprisal('min(surprisal.n_questions)') }} as surprisal
    from {{ samples_of(ref('int_respondent_answer')) }} as answer
    inner join {{ samples_of(ref('int_answer_surprisal')) }} as surprisal
        on answer.sample_id = surprisal.sample_id
        and answer.question_id = surprisal.question_id
        and answer.answer_digest = surprisal.answer_digest
    group by answer.sample_id, answer.row
),

identified as (
    select
        record.*,
        coalesce(stg_respondent.agency_id, '<blank>') as agency_id,
        row_number() over (
            partition by record.sample_id, record.pattern_digest, stg_respondent.agency_id order by record.row
        ) as repetition
    from record
    inner join {{ samples_of(ref('stg_respondent')) }} as stg_respondent
        on record.sample_id = stg_respondent.sample_id and record.row = stg_respondent.row
)

select
    sample_id,
    row,
    agency_id,
    pattern_digest,
    letters,
    surprisal,
    n_questions,
    count(*) over (partition by sample_id) as n_records,
    count(*) over (partition by sample_id, pattern_digest) as n_same,
    row_number() over (partition by sample_id, pattern_digest order by row) as pattern_rank
from identified
where repetition = 1
