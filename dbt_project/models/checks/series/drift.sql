-- A share is compared with the one of the previous asking that is comparable: same comparability, same person or
-- government rated, same options. A column that another series rule found wrong is not compared, unless that is waived.
with series_fault as (
    select rule, sample_id, question_id, variable, cast(null as varchar) as code, n, other_question_id
    from {{ ref('series_finding') }}
),

series_error as (
    {% for column in ['question_id', 'other_question_id'] %}
    select fault.sample_id, fault.{{ column }}
    from series_fault as fault
    where fault.{{ column }} is not null and not {{ is_waived('fault') }}
    {% if not loop.last %}union{% endif %}
    {% endfor %}
),

options as (
    select sample_id, question_id, {{ joined_text('category_id', 'category_id') }} as options
    from {{ ref('int_offered_category') }}
    where missing_type is null
    group by sample_id, question_id
),

-- Of every question asked, so that a wave that is not eligible is no reason to compare its neighbours.
asking as (
    select
        asked.sample_id,
        asked.question_id,
        lag(asked.sample_id) over line as previous_sample_id,
        lag(asked.sample_id, 2) over line as sample_before_previous_id
    from {{ ref('int_asked') }} as asked
    inner join options on asked.sample_id = options.sample_id and asked.question_id = options.question_id
    window line as (
        partition by
            asked.country, asked.question_id, asked.comparability, coalesce(asked.about, ''), options.options
        order by asked.wave
    )
),

share as (
    select
        wave_share.sample_id,
        wave_share.wave,
        wave_share.country,
        wave_share.question_id,
        wave_share.category_id,
        wave_share.n,
        wave_share.base_substantive_n as base_n,
        100.0 * wave_share.n / wave_share.base_substantive_n as pct,
        design.design_effect
    from {{ ref('int_wave_share') }} as wave_share
    inner join {{ ref('int_design_effect') }} as design on wave_share.sample_id = design.sample_id
    left join series_error on wave_share.sample_id = series_error.sample_id and wave_share.question_id = series_error.question_id
    where wave_share.missing_type is null and wave_share.base_substantive_n > 0 and series_error.sample_id is null
),

change as (
    select
        share.*,
        previous.sample_id as previous_sample_id,
        previous.wave as previous_wave,
        previous.pct as previous_pct,
        earlier.pct as pct_before_previous,
        share.pct - previous.pct as change,
        {{ share_difference_error(
            'share.n', 'share.base_n', 'previous.n', 'previous.base_n', pooled=true,
            design_effect='share.design_effect', other_design_effect='previous.design_effect') }} as std_error
    from share
    inner join asking on share.sample_id = asking.sample_id and share.question_id = asking.question_id
    inner join share as previous
        on asking.previous_sample_id = previous.sample_id
        and share.question_id = previous.question_id
        and share.category_id = previous.category_id
    left join share as earlier
        on asking.sample_before_previous_id = earlier.sample_id
        and share.question_id = earlier.question_id
        and share.category_id = earlier.category_id
),

tested as (
    select *, change / nullif(std_error, 0) as z
    from change
),

ranked as (
    select
        *,
        {{ two_sided_p('z') }} as p_value,
        {{ holm_rank('z', 'abs(z) desc nulls last, sample_id, question_id, category_id') }}
    from tested
),

adjusted as (
    select
        *,
        {{ holm_adjusted('p_value') }} as p_adjusted
    from ranked
),

published as (
    select
        interval_of.sample_id,
        interval_of.question_id,
        interval_of.option_id,
        interval_of.source_id,
        100.0 * sum(wave_share.n) / max(wave_share.base_n) >= interval_of.lower - 1e-9
        and 100.0 * sum(wave_share.n) / max(wave_share.base_n) < interval_of.upper - 1e-9 as agrees,
        bool_or(wave_share.missing_type is null) as is_substantive
    from {{ ref('int_published_interval') }} as interval_of
    inner join {{ ref('int_wave_share') }} as wave_share
        on interval_of.sample_id = wave_share.sample_id
        and interval_of.question_id = wave_share.question_id
        and interval_of.category_id = wave_share.category_id
    group by
        interval_of.sample_id, interval_of.question_id, interval_of.option_id, interval_of.source_id,
        interval_of.lower, interval_of.upper
),

-- A published figure of a group counts for each of its categories. The shares of a single-answer question sum to one,
-- so that one of its figures counts for the other categories too.
published_category as (
    select
        published.sample_id,
        published.question_id,
        covered.category_id,
        min(published.source_id) filter (where published.agrees) as source_id,
        bool_or(not published.agrees) as is_contradicted
    from published
    inner join {{ deduplicated('questions', ['question_id']) }} as questions on published.question_id = questions.question_id
    inner join {{ ref('int_option') }} as covered
        on published.question_id = covered.question_id
        and (published.option_id = covered.option_id or (questions.answer_type <> 'multiple' and covered.option_id = covered.category_id))
    where published.is_substantive
    group by published.sample_id, published.question_id, covered.category_id
),

explained as (
    select
        adjusted.*,
        coalesce(adjusted.p_adjusted < {{ var('drift_alpha') }}, false) as is_jump,
        published_category.source_id is not null and not published_category.is_contradicted
        and not coalesce(previously_published.is_contradicted, false) as is_reported,
        case when not published_category.is_contradicted then published_category.source_id end as source_id,
        -- Of a known change only that size is known: the rest must be no jump itself.
        coalesce(
            {{ two_sided_p('(adjusted.change - known.change) / nullif(adjusted.std_error, 0)') }} * adjusted.n_tests
            >= {{ var('drift_alpha') }},
            false
        ) as is_known
    from adjusted
    left join {{ deduplicated('known_changes', ['sample_id', 'question_id', 'category_id']) }} as known
        on adjusted.sample_id = known.sample_id
        and adjusted.question_id = known.question_id
        and adjusted.category_id = known.category_id
    left join published_category
        on adjusted.sample_id = published_category.sample_id
        and adjusted.question_id = published_category.question_id
        and adjusted.category_id = published_category.category_id
    left join published_category as previously_published
        on adjusted.previous_sample_id = previously_published.sample_id
        and adjusted.question_id = previously_published.question_id
        and adjusted.category_id = previously_published.category_id
),

returned as (
    select
        explained.*,
        -- Back where the share was before the previous wave left the series.
        coalesce(
            explained.is_jump and previous.is_jump
            and explained.change * previous.change < 0
            and abs(explained.pct - explained.pct_before_previous) < abs(explained.change) / 2,
            false
        ) as is_return,
        coalesce(previous.is_reported or previous.is_known, true) as previous_is_explained
    from explained
    left join explained as previous
        on explained.previous_sample_id = previous.sample_id
        and explained.question_id = previous.question_id
        and explained.category_id = previous.category_id
)

select
    returned.sample_id,
    wave,
    country,
    returned.question_id,
    returned.category_id,
    previous_wave,
    n,
    base_n,
    pct,
    previous_pct,
    change,
    std_error,
    z,
    p_adjusted,
    is_jump,
    is_return,
    is_reported,
    source_id,
    case
        when not is_jump then null
        when is_reported then 'publication'
        when is_known then 'known_change'
        when is_return and not previous_is_explained then 'return'
    end as explained_by
from returned
order by returned.sample_id, returned.question_id, returned.category_id
