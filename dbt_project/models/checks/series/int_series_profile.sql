-- A few thousand records show the sign of a correlation, so that a larger sample is thinned to every so many records.
{% set records = 2000 %}
with answer as (
    select
        int_single_answer.sample_id,
        int_single_answer.row,
        int_single_answer.question_id,
        int_single_answer.variable,
        int_single_answer.raw_code,
        int_single_answer.position
    from {{ samples_of(ref('int_single_answer')) }} as int_single_answer
    inner join {{ ref('int_eligible_question') }} as eligible
        on int_single_answer.sample_id = eligible.sample_id and int_single_answer.question_id = eligible.question_id
    inner join {{ ref('wave_file') }} as wave_file on int_single_answer.sample_id = wave_file.sample_id
    where
        int_single_answer.missing_type is null
        and int_single_answer.category_id is not null
        and int_single_answer.row % greatest(1, cast(floor(wave_file.n_rows / {{ records }}.0) as integer)) = 0
),

anchor as (
    select answer.sample_id, answer.row, answer.question_id, answer.position
    from answer
    inner join {{ ref('int_anchor_question') }} as anchor_question
        on answer.sample_id = anchor_question.sample_id and answer.question_id = anchor_question.question_id
    where answer.position is not null
)

select
    answer.sample_id,
    answer.variable,
    answer.raw_code as code,
    anchor.question_id as anchor,
    count(*) as n,
    sum(anchor.position) as total,
    sum(anchor.position * anchor.position) as total_of_squares
from answer
inner join anchor
    on answer.sample_id = anchor.sample_id and answer.row = anchor.row and answer.question_id <> anchor.question_id
group by answer.sample_id, answer.variable, answer.raw_code, anchor.question_id
