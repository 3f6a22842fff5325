-- All or none: a question is asked of a whole sample, or of all in its universe, or of nobody; and a skip, recomputed from
-- the answers to its parents, agrees with what the file says. A question without a universe is asked of everyone; of one that
-- is as_delivered the file alone says who was asked, and somebody was.
with answer_column as (
    select sample_id, question_id, min(variable) as variable, count(*) as n_columns, min(universe) as universe
    from {{ ref('stg_column') }}
    where role = 'answer'
    group by sample_id, question_id
),

parents as (
    select
        sample_id,
        question_id,
        case when count(*) = 1 then 'the answer to ' else 'the answers to ' end
        || replace({{ joined_text('parent_question_id', 'parent_question_id') }}, ';', ' and ')
        || case when count(*) = 1 then ' lies ' else ' lie ' end as answers_lie
    from (
        select distinct sample_id, question_id, parent_question_id from {{ ref('int_filtered_question') }}
    ) as parent
    group by sample_id, question_id
),

unanswered as (
    select
        part.*,
        answer_column.universe,
        answer_column.variable,
        answer_column.n_columns,
        case when answer_column.n_columns = 1 then answer_column.variable end as single_variable
    from {{ samples_of(ref('int_unanswered_part')) }} as part
    inner join answer_column
        on part.sample_id = answer_column.sample_id and part.question_id = answer_column.question_id
),

-- A skip of a question that everyone is asked; and of a filtered one what the answers to its parents contradict.
status as (
    select skipped.sample_id, skipped.row, skipped.question_id, skipped.answer_status
    from {{ samples_of(ref('int_answer_status')) }} as skipped
    inner join answer_column on skipped.sample_id = answer_column.sample_id and skipped.question_id = answer_column.question_id
    where skipped.answer_status = 'skipped' and answer_column.universe is null

    union all

    select filtered.sample_id, filtered.row, filtered.question_id, filtered.answer_status
    from {{ samples_of(ref('int_answer_status')) }} as filtered
    inner join {{ samples_of(ref('int_universe')) }} as int_universe
        on filtered.sample_id = int_universe.sample_id
        and filtered.row = int_universe.row
        and filtered.question_id = int_universe.question_id
    where (filtered.answer_status = 'skipped') = int_universe.is_inside
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
            when answer_column.universe is null then 'skipped, although the question is asked of everyone'
            when status.answer_status = 'skipped' then 'skipped, although ' || parents.answers_lie || 'in the universe'
            else 'has an answer, although ' || parents.answers_lie || 'outside the universe'
        end as finding,
        'correct the file; or the universe in {{ seed_file("universes") }} or {{ seed_file("questions") }}; or, where only the '
        || 'file says who was asked, set universe to as_delivered in {{ seed_file("variables") }}' as resolve_with
    from status
    inner join {{ samples_of(ref('int_eligible_record')) }} as eligible on status.sample_id = eligible.sample_id and status.row = eligible.row
    inner join answer_column on status.sample_id = answer_column.sample_id and status.question_id = answer_column.question_id
    left join parents on status.sample_id = parents.sample_id and status.question_id = parents.question_id
    group by status.sample_id, status.question_id, status.answer_status, answer_column.universe, parents.answers_lie

    union all
    select
        'partly_asked', sample_id, question_id, single_variable, null, n_part, first_rows,
        'no answer from ' || part || ', ' || n_part || ' of the ' || n || ' who were asked',
        'correct the file; or give the question a universe (in {{ seed_file("questions") }}, or as_delivered in '
        || '{{ seed_file("variables") }} where only the file says who was asked) and the others a code for skipped'
    from unanswered
    where n_part is not null

    union all
    select
        'nobody_answered', sample_id, question_id, single_variable, null, n, null,
        'the crosswalk says that the question was asked, but '
        || case
            when n = 0 then 'the file calls every record skipped'
            else 'none of the ' || n || ' records has a substantive answer'
        end,
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
    -- Of a universe that is recomputed nobody may be inside.
    where n_answered = 0 and (n > 0 or universe = 'as_delivered')
)

{{ findings_from(
    'finding',
    ['rule', 'sample_id', 'question_id', 'variable', 'code', 'n', 'first_rows', 'finding', 'resolve_with']) }}
