-- The share of a category is compared with the one of the asking that int_comparable_asking names, among the options that
-- both offer. Where only the total of a group is published, the shares within the group are compared too.
with
-- What the respondents are does not move as opinion does; it is published apart.
fact as (
    select distinct question_id from {{ ref('demographics') }}
),

pair as (
    select
        share.*,
        -- Decimals, whose sum does not depend on the order of the rows.
        cast(share.weighted_n as decimal(18, 9)) as exact_n,
        cast(share.multiple_base_weighted_n as decimal(18, 9)) as exact_multiple_base_n,
        asking.wave,
        asking.country,
        asking.previous_sample_id,
        asking.previous_wave,
        previous.n as previous_n,
        previous.multiple_base_n as previous_multiple_base_n,
        cast(previous.weighted_n as decimal(18, 9)) as previous_exact_n,
        cast(previous.multiple_base_weighted_n as decimal(18, 9)) as previous_exact_multiple_base_n,
        previous.design_effect as previous_design_effect,
        published.published_group,
        published.source_id is not null and not published.is_contradicted
        and not coalesce(previously_published.is_contradicted, false) as is_reported,
        case when not published.is_contradicted then published.source_id end as source_id
    from {{ ref('int_sound_share') }} as share
    inner join {{ ref('int_comparable_asking') }} as asking
        on share.sample_id = asking.sample_id and share.question_id = asking.question_id
    inner join {{ ref('int_sound_share') }} as previous
        on asking.previous_sample_id = previous.sample_id
        and share.question_id = previous.question_id
        and share.category_id = previous.category_id
    left join {{ ref('int_published_share') }} as published
        on share.sample_id = published.sample_id
        and share.question_id = published.question_id
        and share.category_id = published.category_id
    left join {{ ref('int_published_share') }} as previously_published
        on previous.sample_id = previously_published.sample_id
        and share.question_id = previously_published.question_id
        and share.category_id = previously_published.category_id
),

based as (
    select
        *,
        'all' as share_of,
        coalesce(multiple_base_n, sum(n) over (partition by sample_id, question_id)) as base_n,
        coalesce(previous_multiple_base_n, sum(previous_n) over (partition by sample_id, question_id)) as previous_base_n,
        coalesce(exact_multiple_base_n, sum(exact_n) over (partition by sample_id, question_id)) as exact_base_n,
        coalesce(previous_exact_multiple_base_n, sum(previous_exact_n) over (partition by sample_id, question_id)) as previous_exact_base_n,
        2 as n_categories
    from pair

    union all
    select
        *,
        published_group as share_of,
        sum(n) over (partition by sample_id, question_id, published_group) as base_n,
        sum(previous_n) over (partition by sample_id, question_id, published_group) as previous_base_n,
        sum(exact_n) over (partition by sample_id, question_id, published_group) as exact_base_n,
        sum(previous_exact_n) over (partition by sample_id, question_id, published_group) as previous_exact_base_n,
        count(*) over (partition by sample_id, question_id, published_group) as n_categories
    from pair
    where is_reported
),

-- Shares are weighted, as those that are published; how exact they are goes by the number of respondents and the design effect.
shared as (
    select
        *,
        cast(exact_n as double) / cast(exact_base_n as double) as share,
        cast(previous_exact_n as double) / cast(previous_exact_base_n as double) as previous_share,
        1e2 * cast(exact_n as double) / cast(exact_base_n as double) as pct,
        1e2 * cast(previous_exact_n as double) / cast(previous_exact_base_n as double) as previous_pct,
        base_n / design_effect as n_effective,
        previous_base_n / previous_design_effect as previous_n_effective
    from based
    where base_n > 0 and previous_base_n > 0 and n_categories > 1
),

change as (
    select
        sample_id,
        wave,
        country,
        question_id,
        category_id,
        share_of,
        previous_sample_id,
        previous_wave,
        n,
        cast(base_n as bigint) as base_n,
        share_of = 'all' and is_reported as is_reported,
        case when share_of = 'all' then source_id end as source_id,
        pct,
        previous_pct,
        pct - previous_pct as change,
        {{ share_difference_error('share', 'n_effective', 'previous_share', 'previous_n_effective') }} as std_error,
        case
            when question_id in (select question_id from fact) then 0
            else {{ share_movement('share', 'n_effective', 'previous_share', 'previous_n_effective') }}
        end as movement
    from shared
),

tested as (
    select
        *,
        change / nullif(std_error, 0) as z,
        change / nullif(sqrt(std_error * std_error + movement * movement), 0) as t
    from change
),

-- The shares of a question move together: it is one test. The family is the wave that arrives, so that the next one changes
-- nothing here.
family as (
    select sample_id, count(distinct question_id) as n_questions
    from tested
    where t is not null
    group by sample_id
),

adjusted as (
    select
        tested.*,
        family.n_questions,
        case
            when tested.t is not null
                then least(1, {{ two_sided_t_p('tested.t', var('movement_degrees')) }} * family.n_questions)
        end as p_adjusted
    from tested
    left join family on tested.sample_id = family.sample_id
),

explained as (
    select
        adjusted.*,
        coalesce(adjusted.p_adjusted < {{ var('drift_alpha') }}, false) as is_jump,
        -- Of a known change the size is known, so that nothing but sampling error is left.
        coalesce(
            {{ two_sided_p('(adjusted.change - known.change) / nullif(adjusted.std_error, 0)') }} * adjusted.n_questions
            >= {{ var('drift_alpha') }},
            false
        ) as is_known
    from adjusted
    left join {{ deduplicated('known_changes', ['sample_id', 'question_id', 'category_id', 'share_of']) }} as known
        on adjusted.sample_id = known.sample_id
        and adjusted.question_id = known.question_id
        and adjusted.category_id = known.category_id
        and adjusted.share_of = known.share_of
),

returned as (
    select
        explained.*,
        -- Back where the share was before the previous wave left the series.
        coalesce(
            explained.is_jump and previous.is_jump
            and explained.change * previous.change < 0
            and abs(explained.pct - previous.previous_pct) < abs(explained.change) / 2,
            false
        ) as is_return,
        coalesce(previous.is_reported or previous.is_known, true) as previous_is_explained
    from explained
    left join explained as previous
        on explained.previous_sample_id = previous.sample_id
        and explained.question_id = previous.question_id
        and explained.category_id = previous.category_id
        and explained.share_of = previous.share_of
)

select
    sample_id,
    wave,
    country,
    question_id,
    category_id,
    share_of,
    previous_wave,
    n,
    base_n,
    pct,
    previous_pct,
    change,
    std_error,
    z,
    movement,
    t,
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
order by sample_id, question_id, category_id, share_of
