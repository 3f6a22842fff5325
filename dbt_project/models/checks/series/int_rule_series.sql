-- A column that fits the series better with another meaning, or that goes with no other; and of the jumps that nothing explains one finding a question,
-- since its shares move together. Where one column has the category, it is named.
with single_column as (
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
        accused.sample_id,
        accused.question_id,
        coalesce(single_column.variable, indicator.variable) as variable,
        accused.n,
        accused.category_id || ' ' || printf('%.1f', accused.pct) || '% of '
        || case
            when accused.share_of = 'unpublished' then 'the categories without a published number'
            when accused.share_of <> 'all' then 'those in the published group ' || replace(accused.share_of, ';', ' and ')
            when not accused.is_alike then 'the options that both waves offer'
            else 'the substantive answers'
        end
        || ', ' || printf('%.1f', accused.other_pct) || '% in ' || accused.other_wave
        || ': ' || printf('%.1f', accused.t) || ' times what sampling and the usual movement let expect, and no publication reports it'
        || case when accused.n_jumps > 1 then ' (and ' || (accused.n_jumps - 1) || ' more shares)' else '' end
        || '; ' || accused.evidence as finding,
        'is it another question, or worded otherwise? Then correct its rows in crosswalk/variables.csv (question_id, comparability,'
        || ' referent); or correct the file; where opinion did move, add the published number'
        || ' to published/toplines.csv, or ' || {{ new_seed_line('known_changes', {
            'sample_id': 'accused.later_sample_id', 'question_id': 'accused.question_id', 'category_id': 'accused.category_id',
            'share_of': 'accused.share_of', 'change': "printf('%.1f', accused.change)", 'reason': "'<reason>'"}) }} as resolve_with
    from {{ ref('int_accused_wave') }} as accused
    left join single_column
        on accused.sample_id = single_column.sample_id and accused.question_id = single_column.question_id
    left join {{ ref('stg_column') }} as indicator
        on accused.sample_id = indicator.sample_id
        and accused.question_id = indicator.question_id
        and indicator.layout = 'indicator'
        and accused.category_id = indicator.indicator_category_id

    union all
    select
        'uncompared_question', asking.sample_id, asking.question_id, single_column.variable, null,
        'the crosswalk calls the question identical, but fewer than two of its options are those of ' || asking.wave_before
        || ': no rule compares the two',
        'correct the code list of the column; or, where the options did change, set comparability in crosswalk/variables.csv to options'
    from {{ ref('int_comparable_asking') }} as asking
    left join single_column
        on asking.sample_id = single_column.sample_id and asking.question_id = single_column.question_id
    where asking.uncompared_because = 'options' and asking.comparability = 'identical'
)

{{ findings_from('finding', ['rule', 'sample_id', 'question_id', 'variable', 'n', 'finding', 'resolve_with']) }}
