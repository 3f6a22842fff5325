-- Population margins that no weights can give, and weights that do not give them.
{% set file = seed_file('population_margins') %}
-- Shares are published with a decimal or none, each off by half a unit of it.
{% set rounding = 5e-1 %}
-- In percentage points: raking that converges leaves less than a millionth.
{% set met = 1e-3 %}
with asked as (
    select distinct sample_id, question_id, answer_type
    from {{ ref('stg_column') }}
    where role = 'answer' and layout in ('single', 'number', 'birth_year')
),

margin as (
    select
        margin.*,
        asked.sample_id is not null as is_asked,
        coalesce(asked.answer_type = 'numeric', false) as is_numeric,
        category.category_id is not null as is_known,
        category.missing_type
    from {{ ref('int_raked_margin') }} as margin
    inner join {{ ref('int_eligible_sample') }} as eligible on margin.sample_id = eligible.sample_id
    left join asked on margin.sample_id = asked.sample_id and margin.question_id = asked.question_id
    -- What no seed knows is a dangling reference.
    inner join {{ deduplicated('questions', ['question_id']) }} as questions on margin.question_id = questions.question_id
    left join {{ deduplicated('categories', ['category_set', 'category_id']) }} as category
        on questions.category_set = category.category_set and margin.category_id = category.category_id
),

unusable as (
    select
        sample_id,
        question_id,
        cast(null as bigint) as n,
        'the sample asks no such question with a single answer' as finding,
        'remove the rows of the question from {{ file }}' as resolve_with
    from margin
    where not is_asked
    group by sample_id, question_id

    union all
    select
        sample_id, question_id, null,
        'the question has numbers, and no categories whose shares could be set',
        'remove the rows of the question from {{ file }}'
    from margin
    where is_numeric
    group by sample_id, question_id

    union all
    select
        sample_id, question_id, n,
        case
            when missing_type is not null
                then 'the category ' || category_id || ' is no substantive answer, and the population has no such people'
            when share > 0
                then 'nobody has the category ' || category_id || ', which is ' || printf('%.2f', share) || '% of the population'
            when share = 0
                then 'the category ' || category_id || ' has 0% of the population, so that its respondents would weigh nothing'
            else 'respondents have the category ' || category_id || ', which has no share of the population'
        end,
        case
            when missing_type is not null then 'remove the row from {{ file }}'
            when share > 0 then 'in {{ file }}, add its share to that of the category beside it, and say so in the note'
            when share = 0 then 'correct the share in {{ file }}, or the file'
            else {{ new_seed_line('population_margins', {
                'sample_id': 'margin.sample_id', 'question_id': 'margin.question_id', 'category_id': 'margin.category_id',
                'share': "'<share>'", 'source_id': "'<source_id>'"}) }}
        end
    from margin
    where is_asked and not is_numeric and is_known and (missing_type is not null or share is null or (share > 0) = (n = 0))

    union all
    select
        sample_id, question_id, null,
        'the shares of the population sum to ' || printf('%.2f', min(total_share)) || ', not 100',
        'correct the shares of the sample and question in {{ file }}'
    from margin
    where is_asked and not is_numeric and abs(total_share - 1e2) > {{ rounding }}
    group by sample_id, question_id
),

-- Of the weights of a sample whose margins are sound.
raked as (
    select raked.*
    from {{ ref('int_raked_sample') }} as raked
    where raked.sample_id not in (select unusable.sample_id from unusable)
),

finding as (
    select 'unusable_margin' as rule, '{{ file }}' as file, sample_id, question_id, n, finding, resolve_with
    from unusable

    union all
    select
        'unmet_margin', '{{ file }}', margin.sample_id, margin.question_id, margin.n,
        'raking gives the category ' || margin.category_id || ' ' || printf('%.3f', margin.raked_pct) || '%, not '
        || printf('%.3f', margin.population_pct) || '%: no weights of these respondents give all margins of the sample',
        'leave the question or another out of {{ file }}, or correct the shares'
    from margin
    inner join raked on margin.sample_id = raked.sample_id
    where abs(margin.raked_pct - margin.population_pct) > {{ met }}

    union all
    select
        'unmet_margin', '{{ seed_file("weight_bounds") }}', raked.sample_id, null, raked.n_trimmed,
        'the weights run from ' || printf('%.3f', raked.lowest_weight) || ' to ' || printf('%.3f', raked.highest_weight)
        || ': none between ' || coalesce(cast(bounds.lower as string), '0') || ' and '
        || coalesce(cast(bounds.upper as string), 'any number') || ' give the margins of the sample',
        'widen the bounds, or leave a question out of {{ file }}'
    from raked
    inner join {{ deduplicated('weight_bounds', ['sample_id']) }} as bounds on raked.sample_id = bounds.sample_id
    where raked.lowest_weight < bounds.lower - 1e-6 or raked.highest_weight > bounds.upper + 1e-6

    union all
    select
        'unanswered_margin', null, answer.sample_id, answer.question_id, count(*) filter (where answer.category_id is null),
        printf('%.1f', 1e2 * count(*) filter (where answer.category_id is null) / count(*))
        || '% of the respondents gave no substantive answer: together they keep the share that they had before raking',
        'nothing, if that is right; else leave the question out of {{ file }}'
    from {{ ref('int_margin_answer') }} as answer
    inner join asked on answer.sample_id = asked.sample_id and answer.question_id = asked.question_id
    inner join {{ ref('int_eligible_sample') }} as eligible on answer.sample_id = eligible.sample_id
    where asked.answer_type <> 'numeric'
    group by answer.sample_id, answer.question_id
    having count(*) > count(answer.category_id)
)

{{ findings_from('finding', ['rule', 'file', 'sample_id', 'question_id', 'n', 'finding', 'resolve_with']) }}
