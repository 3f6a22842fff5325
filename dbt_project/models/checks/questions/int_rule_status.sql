-- All or none: a question is asked of a whole sample, or of all in its universe, or of nobody; and a skip, recomputed from
-- the parent's answer, agrees with what the file says. A question without a universe is asked of everyone.
with answer_column as (
    select sample_id, question_id, min(variable) as variable, count(*) as n_columns
    from {{ ref('stg_column') }}
    where role = 'answer'
    group by sample_id, question_id
),

unanswered as (
    select
        part.*,
        answer_column.variable,
        answer_column.n_columns,
        case when answer_column.n_columns = 1 then answer_column.variable end as single_variable
    from {{ ref('int_unanswered_part') }} as part
    inner join answer_column
        on part.sample_id = answer_column.sample_id and part.question_id = answer_column.question_id
),

finding as (
    select
        case when status.answer_status = 'skipped' then 'skipped_though_asked' else 'answered_though_skipped' end as rule,
        status.sample_id,
        status.question_id,
        cast(null as string) as variable,
        status.answer_status as code,
        count(*) as n,
        {{ first_values('status.row', 5) }} as first_rows,
        case
            when int_universe.universe_question_id is null then 'skipped, although the question is asked of everyone'
            when status.answer_status = 'skipped'
                then 'skipped, although the answer to ' || int_universe.universe_question_id || ' lies in the universe'
            else 'has an answer, although the answer to ' || int_universe.universe_question_id || ' lies outside the universe'
        end as finding,
        'correct the file, or the universe of the question in survey/questions.csv' as resolve_with
    from {{ ref('int_answer_status') }} as status
    inner join {{ ref('int_eligible_record') }} as eligible on status.sample_id = eligible.sample_id and status.row = eligible.row
    left join {{ ref('int_universe') }} as int_universe
        on status.sample_id = int_universe.sample_id
        and status.row = int_universe.row
        and status.question_id = int_universe.question_id
    where
        case when int_universe.universe_question_id is null then true else int_universe.is_inside end
        = (status.answer_status = 'skipped')
    group by status.sample_id, status.question_id, status.answer_status, int_universe.universe_question_id

    union all
    select
        'partly_asked', sample_id, question_id, single_variable, null, n_part, first_rows,
        'no answer from ' || part || ', ' || n_part || ' of the ' || n || ' who were asked',
        'correct the file; or give the question a universe in survey/questions.csv and the others a code for skipped'
    from unanswered
    where n_part is not null

    union all
    select
        'nobody_answered', sample_id, question_id, single_variable, null, n, null,
        'the crosswalk says that the question was asked, but none of the ' || n || ' records has a substantive answer',
        'ask for the file again; only where the questionnaire lacks the question: '
        || case
            when n_columns = 1
                then {{ new_seed_line('variables', {
                    'sample_id': 'sample_id', 'variable': csv_cell('variable'), 'role': "'ignored'",
                    'review': "'reviewed'", 'note': "'the question was not asked'"}) }}
            else
                '{{ seed_file("variables") }}: give the ' || n_columns || ' columns of the question, '
                || variable || ' and so on, the role ignored, with a note'
        end
    from unanswered
    where n_answered = 0
)

{{ findings_from(
    'finding',
    ['rule', 'sample_id', 'question_id', 'variable', 'code', 'n', 'first_rows', 'finding', 'resolve_with']) }}
