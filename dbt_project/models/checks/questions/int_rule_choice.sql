-- A multiple-answer question is answered, or not: what a record holds may not say both, nor nothing.
with record as (
    select
        cell.sample_id,
        cell.row,
        cell.question_id,
        bool_or({{ is_choice('cell') }}) as has_choice,
        bool_or(
            coalesce(cell.missing_type, case when cell.category_id = 'chosen' then cell.indicator_missing_type end)
            is not null
        ) as has_missing,
        count(*) filter (where {{ is_choice('cell') }} and cell.layout <> 'indicator')
        <> count(distinct case when {{ is_choice('cell') }} and cell.layout <> 'indicator' then cell.category_id end)
            as has_repeated,
        count(distinct case when {{ is_choice('cell') }} then coalesce(cell.indicator_category_id, cell.category_id) end) > 1
        and bool_or(coalesce(offered.exclusive, false) and {{ is_choice('cell') }}) as has_excluded
    from {{ samples_of(ref('int_multiple_cell')) }} as cell
    inner join {{ samples_of(ref('int_eligible_record')) }} as eligible on cell.sample_id = eligible.sample_id and cell.row = eligible.row
    left join {{ ref('int_offered_category') }} as offered
        on cell.sample_id = offered.sample_id
        and cell.question_id = offered.question_id
        and coalesce(cell.indicator_category_id, cell.category_id) = offered.category_id
    group by cell.sample_id, cell.row, cell.question_id
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
    from record
    where has_choice and has_missing

    union all
    select
        'exclusive_choice', sample_id, question_id, row,
        'a choice that excludes all others stands beside another',
        'correct the file: keep one of the two; or, where both may be chosen, empty the cell exclusive of the category in survey/categories.csv'
    from record
    where has_excluded and not has_missing

    union all
    select
        'repeated_choice', sample_id, question_id, row,
        'the same choice stands more than once; it counts once',
        'correct the file: keep it once'
    from record
    where has_repeated

    union all
    select
        'nothing_chosen', record.sample_id, record.question_id, record.row,
        'asked, but nothing is chosen, and the questionnaire has no code for no answer',
        'correct the file, or give the question a code for no_answer in crosswalk/code_lists.csv'
    from record
    left join no_answer_offered
        on record.sample_id = no_answer_offered.sample_id and record.question_id = no_answer_offered.question_id
    where not record.has_choice and not record.has_missing and no_answer_offered.sample_id is null
),

finding as (
    select
        rule,
        sample_id,
        question_id,
        count(*) as n,
        {{ first_values('row', 5) }} as first_rows,
        finding,
        resolve_with
    from fault
    group by rule, sample_id, question_id, finding, resolve_with
)

{{ findings_from('finding', ['rule', 'sample_id', 'question_id', 'n', 'first_rows', 'finding', 'resolve_with']) }}
