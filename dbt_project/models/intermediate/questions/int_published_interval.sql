-- A published percentage stands for every exact one that rounds to it.
select
    published.sample_id,
    published.question_id,
    published.option_id,
    published.source_id,
    int_option.category_id,
    coalesce(published.lower, published.pct - 0.05e0) as lower,
    coalesce(published.upper, published.pct + 0.05e0) as upper
from {{ ref('int_published_topline') }} as published
inner join {{ ref('int_option') }} as int_option
    on published.question_id = int_option.question_id and published.option_id = int_option.option_id
where published.legibility not in ('conflict', 'illegible')
