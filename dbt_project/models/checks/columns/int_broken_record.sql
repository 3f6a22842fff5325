-- A record that is wrong throughout: shifted by a column, of another file, empty, or the header once more. It has codes that
-- mean nothing in many questions, several different ones or in most questions (a record with a missing code that the code
-- list lacks has that code only), and no other record has these codes in these columns. Of the shipped records none has any;
-- shifted by a column, each has them in three questions and a tenth of all at least. Where more than a fifth of the records
-- look so, the columns are wrong, or their code lists.
with question as (
    select sample_id, count(*) as n_questions, greatest(30, count(*)) as ten_times_many
    from {{ ref('int_asked') }}
    group by sample_id
),

suspect as (
    select cell.sample_id, cell.row
    from {{ samples_of(ref('int_unknown_cell')) }} as cell
    inner join question on cell.sample_id = question.sample_id
    group by cell.sample_id, cell.row
    having 10 * count(distinct cell.question_id) >= max(question.ten_times_many)
),

cell as (
    select
        unknown_cell.*,
        count(*) over same_code = count(suspect.row) over same_code as is_of_suspects
    from {{ samples_of(ref('int_unknown_cell')) }} as unknown_cell
    left join suspect on unknown_cell.sample_id = suspect.sample_id and unknown_cell.row = suspect.row
    window same_code as (partition by unknown_cell.sample_id, unknown_cell.variable, unknown_cell.code)
),

broken as (
    select
        cell.sample_id,
        cell.row,
        count(distinct cell.question_id) as n_unknown,
        max(question.n_questions) as n_questions,
        min(cell.variable || ' ' || cell.code) as example,
        2 * count(distinct case when cell.code = cell.variable then cell.question_id end)
        >= count(distinct cell.question_id) as is_header
    from cell
    inner join question on cell.sample_id = question.sample_id
    where cell.is_of_suspects
    group by cell.sample_id, cell.row
    having
        10 * count(distinct cell.question_id) >= max(question.ten_times_many)
        and (count(distinct cell.code) >= 3 or 2 * count(distinct cell.question_id) >= max(question.n_questions))
),

counted as (
    select broken.*, count(*) over (partition by broken.sample_id) as n_broken
    from broken
)

select counted.sample_id, counted.row, counted.n_unknown, counted.n_questions, counted.example, counted.is_header
from counted
inner join {{ ref('wave_file') }} as wave_file on counted.sample_id = wave_file.sample_id
where 5 * counted.n_broken <= wave_file.n_rows
