-- Records that differ in at most d questions agree in two whole groups at least when the questions are split into d + 2
-- groups (the pigeonhole principle). So pairs need to be sought only among the records that share two groups, and none
-- is missed: the work grows with the records, not with their pairs.
with record_group as (
    select
        answer.sample_id,
        answer.row,
        surprisal.question_group,
        min(record.letters) as letters,
        min(record.n_questions) as n_questions,
        {{ joined_digest('answer.answer_digest') }} as group_digest
    from {{ ref('int_respondent_answer') }} as answer
    inner join {{ ref('int_answer_pattern') }} as record
        on answer.sample_id = record.sample_id and answer.row = record.row
    inner join {{ ref('int_answer_surprisal') }} as surprisal
        on answer.sample_id = surprisal.sample_id
        and answer.question_id = surprisal.question_id
        and answer.answer_digest = surprisal.answer_digest
    -- One of several identical records stands for all; a record of common answers is nobody's copy.
    where
        record.place = 1
        and record.surprisal >= {{ beyond_chance(log_of_pairs('record.n_records')) }}
    group by answer.sample_id, answer.row, surprisal.question_group
)

select
    one.sample_id,
    one.row,
    one.letters,
    one.n_questions,
    {{ text_digest("cast(one.group_digest as varchar) || ' ' || cast(other.group_digest as varchar)") }} as band_digest
from record_group as one
inner join record_group as other
    on one.sample_id = other.sample_id and one.row = other.row and one.question_group < other.question_group
