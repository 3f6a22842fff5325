-- All or none: a question is asked of a whole sample (or of all in its universe) or of nobody. partly_asked finds the part
-- that was not asked: records that follow one another in the file, or a group of the respondents by another question,
-- of whom none has an answer. It takes 20 of them, and a share of no answer among the others that makes such a run
-- of blanks a matter of less than one in a million: with a share p of blanks, a run of r begins somewhere among n
-- records with a probability below n p^r.
with status as (
    select sample_id, row, question_id, answer_status from {{ ref('int_single_answer') }}
    union all
    select sample_id, row, question_id, answer_status from {{ ref('int_multiple_status') }}
),

-- Codes that mean nothing, and blanks that the questionnaire does not provide for, are told by their own rules.
unsound as (
    select distinct sample_id, question_id from {{ ref('int_code_frequency') }} where category_id is null
    union
    select sample_id, question_id from {{ ref('int_rule_choice') }} where rule = 'nothing_chosen'
),

question as (
    select
        status.sample_id,
        status.question_id,
        count(*) as n,
        count(*) filter (where status.answer_status = 'answered') as n_answered,
        count(*) filter (where status.answer_status = 'no_answer') as n_no_answer
    from status
    inner join {{ ref('int_judged_sample') }} as judged on status.sample_id = judged.sample_id
    left join unsound on status.sample_id = unsound.sample_id and status.question_id = unsound.question_id
    where status.answer_status <> 'skipped' and unsound.sample_id is null
    group by status.sample_id, status.question_id
),

-- Only these can have a part without answers, and they are few: what follows looks at no other record.
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
            as run
    from status
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
    group by sample_id, question_id, n, n_no_answer, run

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
    inner join {{ ref('int_single_answer') }} as background
        on asked.sample_id = background.sample_id
        and asked.row = background.row
        and asked.question_id <> background.question_id
    inner join {{ ref('int_asked') }} as background_question
        on background.sample_id = background_question.sample_id
        and background.question_id = background_question.question_id
    where background_question.topic = 'respondent' and background.missing_type is null
    group by asked.sample_id, asked.question_id, asked.n, asked.n_no_answer, background.question_id, background.category_id
    having bool_and(asked.answer_status = 'no_answer')
),

ranked as (
    select
        *,
        row_number() over (partition by sample_id, question_id order by n_part desc, name) as place
    from part
    where
        n_part >= 20
        and n_part < n
        and ln(n) + n_part * ln((n_no_answer - n_part + 1.0) / (n - n_part + 1)) < -13.8
),

finding as (
    select
        'partly_asked' as rule,
        sample_id,
        question_id,
        n_part as n,
        first_rows,
        'no answer from ' || name || ', ' || n_part || ' of the ' || n || ' who were asked' as finding
    from ranked
    where place = 1

    union all
    select
        'nobody_answered', sample_id, question_id, n, null,
        'the crosswalk says that the question was asked, but none of the ' || n || ' records has a substantive answer'
    from question
    where n_answered = 0
)

select
    finding.rule,
    cast(null as varchar) as file,
    finding.sample_id,
    finding.question_id,
    case when column_of.n_columns = 1 then column_of.variable end as variable,
    cast(null as varchar) as code,
    cast(null as varchar) as raw_label,
    finding.n,
    finding.first_rows,
    finding.finding,
    case
        when finding.rule = 'nobody_answered'
            then 'ask for the file again; only where the questionnaire lacks the question: '
        else ''
    end
    || case
        when finding.rule = 'nobody_answered' and column_of.n_columns = 1
            then 'crosswalk/variables.csv: ' || finding.sample_id || ',' || {{ csv_cell('column_of.variable') }}
                || ',ignored,,,,,,,,,reviewed,the question was not asked'
        when finding.rule = 'nobody_answered'
            then 'crosswalk/variables.csv: give the ' || column_of.n_columns || ' columns of the question, '
                || column_of.variable || ' and so on, the role ignored, with a note'
        else 'correct the file; or give the question a universe in survey/questions.csv and the others a code for skipped'
    end as resolve_with
from finding
inner join (
    select sample_id, question_id, min(variable) as variable, count(*) as n_columns
    from {{ ref('stg_column') }}
    where role = 'answer'
    group by sample_id, question_id
) as column_of
    on finding.sample_id = column_of.sample_id and finding.question_id = column_of.question_id
