-- A multiple-answer question is answered, or not: what a record holds may not say both, nor nothing.
with exclusive_question as (
    select distinct sample_id, question_id
    from {{ ref('int_offered_category') }}
    where exclusive
),

excluded as (
    select cell.sample_id, cell.row, cell.question_id
    from {{ samples_of(ref('int_multiple_cell')) }} as cell
    inner join exclusive_question
        on cell.sample_id = exclusive_question.sample_id and cell.question_id = exclusive_question.question_id
    inner join {{ ref('int_offered_category') }} as offered
        on cell.sample_id = offered.sample_id
        and cell.question_id = offered.question_id
        and coalesce(cell.indicator_category_id, cell.category_id) = offered.category_id
    where {{ is_choice('cell') }}
    group by cell.sample_id, cell.row, cell.question_id
    having min(offered.category_id) <> max(offered.category_id) and bool_or(coalesce(offered.exclusive, false))
),

repeated as (
    select distinct sample_id, row, question_id
    from (
        select sample_id, row, question_id
        from {{ samples_of(ref('int_multiple_cell')) }} as cell
        where layout <> 'indicator' and {{ is_choice('cell') }}
        group by sample_id, row, question_id, category_id
        having count(*) > 1
    ) as named_twice
),

no_answer_offered as (
    select distinct sample_id, question_id
    from {{ ref('int_offered_category') }}
    where missing_type = 'no_answer'
),

fault as (
    select
        'contradictory_choice' as rule,
        sample_id,
        question_id,
        row,
        'a choice stands beside a don''t know, a refusal or a skip' as finding,
        'correct the file: keep one of the two' as resolve_with
    from {{ samples_of(ref('int_multiple_status')) }}
    where n_choices > 0 and has_missing

    union all
    select
        'exclusive_choice', excluded.sample_id, excluded.question_id, excluded.row,
        'a choice that excludes all others stands beside another',
        'correct the file: keep one of the two; or, where both may be chosen, empty the cell exclusive of the category in survey/categories.csv'
    from excluded
    inner join {{ samples_of(ref('int_multiple_status')) }} as status
        on excluded.sample_id = status.sample_id and excluded.row = status.row and excluded.question_id = status.question_id
    where not status.has_missing

    union all
    select
        'repeated_choice', sample_id, question_id, row,
        'the same choice stands more than once; it counts once',
        'correct the file: keep it once'
    from repeated

    union all
    select
        'nothing_chosen', status.sample_id, status.question_id, status.row,
        'asked, but nothing is chosen, and the questionnaire has no code for no answer',
        'correct the file, or give the question a code for no_answer in crosswalk/code_lists.csv'
    from {{ samples_of(ref('int_multiple_status')) }} as status
    left join no_answer_offered
        on status.sample_id = no_answer_offered.sample_id and status.question_id = no_answer_offered.question_id
    where status.n_choices = 0 and not status.has_missing and no_answer_offered.sample_id is null
),

finding as (
    select
        fault.rule,
        fault.sample_id,
        fault.question_id,
        count(*) as n,
        {{ first_values('fault.row', 5) }} as first_rows,
        fault.finding,
        fault.resolve_with
    from fault
    inner join {{ samples_of(ref('int_eligible_record')) }} as eligible on fault.sample_id = eligible.sample_id and fault.row = eligible.row
    group by fault.rule, fault.sample_id, fault.question_id, fault.finding, fault.resolve_with
)

{{ findings_from('finding', ['rule', 'sample_id', 'question_id', 'n', 'first_rows', 'finding', 'resolve_with']) }}
