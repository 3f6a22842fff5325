with candidate as (
    select distinct first_record.sample_id, first_record.row, second_record.row as other_row
    from {{ samples_of(ref('int_respondent_band')) }} as first_record
    inner join {{ samples_of(ref('int_respondent_band')) }} as second_record
        on first_record.band_digest = second_record.band_digest and first_record.sample_id = second_record.sample_id and first_record.row < second_record.row
    where {{ differing_letters('first_record.letters', 'second_record.letters') }} <= {{ most_different('first_record.n_questions') }}
),

-- The two records of a pair stand in two rows, so that each answer is met once: records joined with records, whatever
-- the order in which an engine joins, would grow with the square of their number.
member as (
    select sample_id, row, other_row, row as member_row from candidate
    union all
    select sample_id, row, other_row, other_row as member_row from candidate
),

shared_answer as (
    select
        member.sample_id,
        member.row,
        member.other_row,
        answer.question_id,
        min(answer.answer_digest) as answer_digest
    from member
    inner join {{ samples_of(ref('int_respondent_answer')) }} as answer
        on member.sample_id = answer.sample_id and member.member_row = answer.row
    group by member.sample_id, member.row, member.other_row, answer.question_id
    having min(answer.answer_digest) = max(answer.answer_digest)
),

likeness as (
    select
        shared_answer.sample_id,
        shared_answer.row,
        shared_answer.other_row,
        count(*) as n_same,
        {{ joint_surprisal('min(surprisal.n_questions)') }} as surprisal
    from shared_answer
    inner join {{ samples_of(ref('int_answer_surprisal')) }} as surprisal
        on shared_answer.sample_id = surprisal.sample_id
        and shared_answer.question_id = surprisal.question_id
        and shared_answer.answer_digest = surprisal.answer_digest
    group by shared_answer.sample_id, shared_answer.row, shared_answer.other_row
),

identity as (
    select
        member.sample_id,
        member.row,
        member.other_row,
        max(record.agency_id) filter (where member.member_row = member.row) as agency_id,
        max(record.agency_id) filter (where member.member_row = member.other_row) as other_agency_id,
        max(record.n_questions) as n_questions,
        max(record.n_records) as n_records
    from member
    inner join {{ samples_of(ref('int_answer_pattern')) }} as record
        on member.sample_id = record.sample_id and member.member_row = record.row
    group by member.sample_id, member.row, member.other_row
)

select
    likeness.sample_id,
    likeness.row,
    identity.agency_id,
    likeness.other_row,
    identity.other_agency_id,
    likeness.n_same,
    identity.n_questions
from likeness
inner join identity
    on likeness.sample_id = identity.sample_id
    and likeness.row = identity.row
    and likeness.other_row = identity.other_row
where
    identity.n_questions - likeness.n_same <= {{ most_different('identity.n_questions') }}
    and identity.agency_id <> identity.other_agency_id
    -- Any pair of the sample, and any of the questions in which the two differ.
    and likeness.surprisal >= {{ beyond_chance(
        log_of_pairs('identity.n_records')
        ~ ' + (identity.n_questions - likeness.n_same) * ln(identity.n_questions)') }}
