-- A column that fits the series better with another meaning, or that goes with no other; and of the jumps that nothing explains one finding a question,
-- since its shares move together. Where one column has the category, it is named.
with jump as (
    select
        drift.*,
        row_number() over (partition by sample_id, question_id order by abs(z) desc, category_id) as jump_rank,
        count(*) over (partition by sample_id, question_id) as n_jumps
    from {{ ref('drift') }} as drift
    where is_jump and explained_by is null
),

single_column as (
    select sample_id, question_id, min(variable) as variable
    from {{ ref('stg_column') }}
    where role = 'answer'
    group by sample_id, question_id
    having count(*) = 1
),

finding as (
    select rule, sample_id, question_id, variable, n, finding, resolve_with
    from {{ ref('series_finding') }}
    where finding is not null

    union all
    select
        'drift' as rule,
        jump.sample_id,
        jump.question_id,
        coalesce(single_column.variable, indicator.variable) as variable,
        jump.n,
        jump.category_id || ' ' || printf('%.1f', jump.pct) || '% of the substantive answers, '
        || printf('%.1f', jump.previous_pct) || '% in ' || jump.previous_wave
        || ': ' || printf('%.1f', abs(jump.z)) || ' standard errors, and no publication reports it'
        || case when jump.n_jumps > 1 then ' (and ' || (jump.n_jumps - 1) || ' more categories)' else '' end as finding,
        'is it another question, or worded otherwise? Then correct its rows in crosswalk/variables.csv (question_id, comparability,'
        || ' about); or correct the file; where opinion did move, add the published number'
        || ' to published/toplines.csv, or ' || {{ new_seed_line('known_changes', {
            'sample_id': 'jump.sample_id', 'question_id': 'jump.question_id', 'category_id': 'jump.category_id',
            'change': "printf('%.1f', jump.change)", 'reason': "'<reason>'"}) }} as resolve_with
    from jump
    left join single_column
        on jump.sample_id = single_column.sample_id and jump.question_id = single_column.question_id
    left join {{ ref('stg_column') }} as indicator
        on jump.sample_id = indicator.sample_id
        and jump.question_id = indicator.question_id
        and indicator.layout = 'indicator'
        and jump.category_id = indicator.indicator_category_id
    where jump.jump_rank = 1
)

{{ findings_from('finding', ['rule', 'sample_id', 'question_id', 'variable', 'n', 'finding', 'resolve_with']) }}
