-- What a seed says of a question in a sample, compared with the crosswalk: has the sample asked it?
with asked as (
    select distinct samples.sample_id, samples.wave, samples.country, samples.series, variables.question_id
    from {{ ref('variables') }} as variables
    inner join {{ ref('samples') }} as samples on variables.sample_id = samples.sample_id
    where variables.role = 'answer'
),

mentioned as (
    {% for seed in ['toplines', 'demographics', 'subgroups', 'margins'] %}
    select
        '{{ seed_file(seed) }}' as file, sample_id, sample_id as speaks_of, question_id, count(*) as n,
        min({{ seed_line(seed, 'seed') }}) as resolve_with
    from {{ ref(seed) }} as seed
    group by sample_id, question_id
    union all
    {% endfor %}
    select
        '{{ seed_file("subgroups") }}', sample_id, sample_id as speaks_of, subgroup, count(*), min({{ seed_line('subgroups', 'subgroups') }})
    from {{ ref('subgroups') }} as subgroups
    group by sample_id, subgroup
    {% for wave in ['wave', 'base_wave'] %}

    union all
    select
        '{{ seed_file("claims") }}', samples.sample_id, claims.series || ' in ' || claims.{{ wave }}, claims.question_id, count(*),
        min({{ seed_line('claims', 'claims') }})
    from {{ ref('claims') }} as claims
    left join {{ deduplicated('samples', ['series', 'wave']) }} as samples
        on claims.series = samples.series and claims.{{ wave }} = samples.wave
    where claims.{{ wave }} is not null
    group by samples.sample_id, claims.series, claims.{{ wave }}, claims.question_id
    {% endfor %}

    union all
    -- A country's share is asked by any of its samples of the wave.
    select
        '{{ seed_file("assumed_shares") }}', coalesce(min(asked.sample_id), min(samples.sample_id)),
        assumed.country || ' in ' || assumed.wave, assumed.question_id,
        count(distinct {{ seed_line('assumed_shares', 'assumed') }}), min({{ seed_line('assumed_shares', 'assumed') }})
    from {{ ref('assumed_shares') }} as assumed
    left join {{ ref('samples') }} as samples on assumed.wave = samples.wave and assumed.country = samples.country
    left join asked on samples.sample_id = asked.sample_id and assumed.question_id = asked.question_id
    group by assumed.country, assumed.wave, assumed.question_id

    union all
    select
        '{{ seed_file("regression_models") }}', samples.sample_id, samples.sample_id as speaks_of, models.outcome, count(*),
        min({{ seed_line('regression_models', 'models') }})
    from {{ ref('regression_models') }} as models
    inner join {{ ref('samples') }} as samples
        on {{ has_series('models.series', 'samples.series') }} and samples.wave between models.first_wave and models.last_wave
    group by samples.sample_id, models.outcome

    union all
    select
        '{{ seed_file("regression_terms") }}', samples.sample_id, samples.sample_id as speaks_of, terms.term, count(*),
        min({{ seed_line('regression_terms', 'terms') }})
    from {{ ref('regression_terms') }} as terms
    inner join {{ ref('regression_models') }} as models on terms.model_id = models.model_id
    inner join {{ ref('samples') }} as samples
        on {{ has_series('models.series', 'samples.series') }} and samples.wave between models.first_wave and models.last_wave
    where terms.term not in ('wave', 'country') and terms.coding <> 'interaction'
    group by samples.sample_id, terms.term
),

-- A figure shows every sample that was asked, so one is enough.
figure_wave as (
    select figures.*, first_wave as wave from {{ ref('figures') }} as figures
    union
    select figures.*, last_wave as wave from {{ ref('figures') }} as figures
),

finding as (
    select
        'contradicts_availability' as rule, mentioned.file, mentioned.sample_id, mentioned.question_id, mentioned.n,
        'the row speaks of ' || mentioned.speaks_of || ', where the question was not asked' as finding,
        mentioned.resolve_with
    from mentioned
    left join asked on mentioned.sample_id = asked.sample_id and mentioned.question_id = asked.question_id
    where asked.question_id is null and mentioned.question_id in (select question_id from {{ ref('questions') }})

    union all
    select
        'contradicts_availability', '{{ seed_file("figures") }}', null, question_id, null,
        'the figure begins or ends in ' || wave || ', when the question was asked nowhere',
        {{ seed_line('figures', 'figure_wave') }}
    from figure_wave
    where
        question_id in (select question_id from {{ ref('questions') }})
        and not exists (
            select 1 from asked where asked.question_id = figure_wave.question_id and asked.wave = figure_wave.wave
        )

    union all
    select
        'contradicts_availability', '{{ seed_file("missing_bands") }}', null, question_id, count(*),
        'the row speaks of ' || country || ', where the question was never asked',
        min({{ seed_line('missing_bands', 'bands') }})
    from {{ ref('missing_bands') }} as bands
    where
        question_id in (select question_id from {{ ref('questions') }})
        and not exists (
            select 1 from asked where asked.question_id = bands.question_id and asked.country = bands.country
        )
    group by country, question_id
)

{{ findings_from('finding', ['rule', 'file', 'sample_id', 'question_id', 'n', 'finding', 'resolve_with']) }}
