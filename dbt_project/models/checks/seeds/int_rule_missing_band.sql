-- Every missing share that is checked has a band.
with kinds as (
    select 'dont_know' as missing_type
    union all
    select 'no_answer' as missing_type
),

countries as (
    select distinct country from {{ ref('samples') }}
),

fault as (
    select
        cast(null as string) as question_id, 'the country has no band for questions that are new to the series' as finding,
        {{ new_seed_line('missing_bands', {
            'country': 'countries.country', 'missing_type': 'kinds.missing_type', 'min_pct': "'<min_pct>'",
            'max_pct': "'<max_pct>'"}) }} as resolve_with
    from countries
    cross join kinds
    left join {{ ref('missing_bands') }} as country_band
        on countries.country = country_band.country and kinds.missing_type = country_band.missing_type and country_band.question_id is null
    where country_band.country is null

    union all
    -- A question either has both bands of its own, or falls to the country's for both.
    select
        question_id, 'the question has a band for one kind of missing answer only',
        min({{ seed_line('missing_bands', 'bands', {
            'missing_type': "case bands.missing_type when 'dont_know' then 'no_answer' else 'dont_know' end",
            'min_pct': "'<min_pct>'", 'max_pct': "'<max_pct>'"}) }})
    from {{ ref('missing_bands') }} as bands
    where question_id is not null and missing_type in ('dont_know', 'no_answer')
    group by country, question_id
    having count(distinct missing_type) <> 2

    union all
    -- The next wave is compared with the series, so a question of two waves has bands of its own.
    select
        asked.question_id, 'the question was asked in several waves, but has no bands of its own',
        {{ new_seed_line('missing_bands', {
            'country': 'asked.country', 'question_id': 'asked.question_id', 'missing_type': "'dont_know'",
            'min_pct': "'<min_pct>'", 'max_pct': "'<max_pct>'"}) }}
    from (
        select samples.country, variables.question_id
        from {{ ref('variables') }} as variables
        inner join {{ ref('samples') }} as samples on variables.sample_id = samples.sample_id
        where variables.role = 'answer'
        group by samples.country, variables.question_id
        having count(distinct samples.wave) > 1
    ) as asked
    left join {{ ref('missing_bands') }} as question_band on asked.country = question_band.country and asked.question_id = question_band.question_id
    where question_band.country is null and asked.question_id in (select question_id from {{ ref('questions') }})
),

finding as (
    select 'incomplete_row' as rule, '{{ seed_file("missing_bands") }}' as file, question_id, finding, resolve_with
    from fault
)

{{ findings_from('finding', ['rule', 'file', 'question_id', 'finding', 'resolve_with']) }}
