-- The published shares of synthetic samples, each with the categories that it sums. Of several numbers for the same categories
-- the weakest counts; one that a better source contradicts is published, and its note says by what.
with published as (
    select
        published.sample_id,
        published.question_id,
        published.option_id,
        published.source_id,
        published.legibility,
        case when published.legibility = 'conflict' then published.note end as conflict,
        case published.legibility when 'rounded' then 3 when 'derived' then 2 else 1 end as weakness
    from {{ ref('int_published_topline') }} as published
    inner join {{ ref('samples') }} as samples on published.sample_id = samples.sample_id
    where samples.synthetic and published.legibility <> 'illegible'
),

summed as (
    select
        published.sample_id,
        published.question_id,
        published.option_id,
        published.source_id,
        published.legibility,
        published.conflict,
        published.weakness,
        {{ joined_text('offered.category_id', 'offered.category_id') }} as categories
    from published
    inner join {{ ref('int_option') }} as part
        on published.question_id = part.question_id and published.option_id = part.option_id
    inner join {{ ref('int_offered_category') }} as offered
        on published.sample_id = offered.sample_id
        and published.question_id = offered.question_id
        and part.category_id = offered.category_id
    group by
        published.sample_id, published.question_id, published.option_id, published.source_id,
        published.legibility, published.conflict, published.weakness
)

select
    sample_id,
    question_id,
    categories,
    case max(weakness) when 3 then 'rounded' when 2 then 'derived' else 'published' end as basis,
    coalesce(min(source_id) filter (where legibility <> 'conflict'), min(source_id)) as source_id,
    {{ joined_text('conflict', 'source_id') }} as note
from summed
group by sample_id, question_id, categories
