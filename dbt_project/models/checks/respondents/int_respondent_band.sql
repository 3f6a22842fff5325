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
    from {{ samples_of(ref('int_respondent_answer')) }} as answer
    inner join {{ samples_of(ref('int_answer_pattern')) }} as record
        on answer.sample_id = record.sample_id and answer.row = record.row
    inner join {{ samples_of(ref('int_answer_surprisal')) }} as surprisal
        on answer.sample_id = surprisal.sample_id
        and answer.question_id = surprisal.question_id
        and answer.answer_digest = surprisal.answer_digest
    -- One of several identical records stands for all; a record of common answers is nobody's copy.
    where
        record.pattern_rank = 1
        and record.surprisal >= {{ beyond_chance(log_of_pairs('record.n_records')) }}
    group by answer.sample_id, answer.row, surprisal.question_group
)

select
    first_group.sample_id,
    first_group.row,
    first_group.letters,
    first_group.n_questions,
    {{ text_digest("cast(first_group.group_digest as string) || ' ' || cast(second_group.group_digest as string)") }} as band_digest
from record_group as first_group
inner join record_group as second_group
    on first_group.sample_id = second_group.sample_id and first_group.row = second_group.row and first_group.question_group < second_group.question_group
