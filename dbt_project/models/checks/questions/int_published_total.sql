-- Published shares that cover a question once make up 100. What was published as 31.3 may have been anything from 31.25 to 31.35.
with published_share as (
    select
        published.sample_id,
        published.published_in,
        published.question_id,
        published.option_id,
        published.level,
        max(coalesce(published.lower, published.pct - 0.05e0)) as low,
        min(coalesce(published.upper, published.pct + 0.05e0)) as high
    from {{ ref('int_published_topline') }} as published
    inner join {{ ref('questions') }} as questions on published.question_id = questions.question_id
    where published.legibility in ('reported', 'rounded') and questions.answer_type <> 'multiple'
    group by published.sample_id, published.published_in, published.question_id, published.option_id, published.level
),

-- The options alone, the groups alone, and both together can each cover a question once.
cover as (
    select *, level as family from published_share
    union all
    select *, 'all' as family from published_share
),

covered as (
    select
        cover.sample_id,
        cover.published_in,
        cover.question_id,
        cover.family,
        int_option.category_id,
        count(*) as n_times
    from cover
    inner join {{ ref('int_option') }} as int_option
        on cover.question_id = int_option.question_id and cover.option_id = int_option.option_id
    group by cover.sample_id, cover.published_in, cover.question_id, cover.family, int_option.category_id
),

family as (
    select
        offered.sample_id,
        covered.published_in,
        offered.question_id,
        covered.family,
        count(*) = max(offered.n_offered) as is_whole
    from (
        select *, count(*) over (partition by sample_id, question_id) as n_offered
        from {{ ref('int_offered_category') }}
    ) as offered
    inner join covered
        on offered.sample_id = covered.sample_id
        and offered.question_id = covered.question_id
        and offered.category_id = covered.category_id
    group by offered.sample_id, covered.published_in, offered.question_id, covered.family
    having max(covered.n_times) = 1
)

select
    family.sample_id,
    family.published_in,
    family.question_id,
    family.is_whole,
    sum(cover.low) as low,
    sum(cover.high) as high,
    count(*) as n_rows
from family
inner join cover
    on family.sample_id = cover.sample_id
    and family.published_in = cover.published_in
    and family.question_id = cover.question_id
    and family.family = cover.family
group by family.sample_id, family.published_in, family.question_id, family.family, family.is_whole
