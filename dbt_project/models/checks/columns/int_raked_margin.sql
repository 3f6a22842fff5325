-- The population's shares, of 100 together, beside those of the raked weights. A category that respondents have and the seed
-- lacks has no share; one that the seed has and nobody gave, no respondents.
with margin as (
    select sample_id, question_id, category_id, share
    from {{ deduplicated('population_margins', ['sample_id', 'question_id', 'category_id']) }} as margins
    where category_id is not null
),

held as (
    select
        answer.sample_id,
        answer.question_id,
        answer.category_id,
        count(*) as n,
        {{ exact_sum('raked.weight') }} as weighted_n
    from {{ ref('int_margin_answer') }} as answer
    left join {{ ref('int_raked_weight') }} as raked on answer.sample_id = raked.sample_id and answer.row = raked.row
    where answer.category_id is not null
    group by answer.sample_id, answer.question_id, answer.category_id
),

paired as (
    select
        coalesce(margin.sample_id, held.sample_id) as sample_id,
        coalesce(margin.question_id, held.question_id) as question_id,
        coalesce(margin.category_id, held.category_id) as category_id,
        margin.share,
        coalesce(held.n, 0) as n,
        held.weighted_n
    from margin
    full join held
        on margin.sample_id = held.sample_id
        and margin.question_id = held.question_id
        and margin.category_id = held.category_id
)

select
    *,
    sum(share) over (partition by sample_id, question_id) as total_share,
    1e2 * share / nullif(sum(share) over (partition by sample_id, question_id), 0) as population_pct,
    1e2 * weighted_n / nullif(sum(weighted_n) over (partition by sample_id, question_id), 0) as raked_pct
from paired
