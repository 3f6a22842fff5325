select
    published.published_in,
    published.sample_id,
    samples.wave,
    samples.country,
    published.question_id,
    published.option_id,
    published.source_id,
    published.legibility,
    published.pct as published_pct,
    published.lower as published_lower,
    published.upper as published_upper,
    warehouse.n as warehouse_n,
    warehouse.base_n as warehouse_base_n,
    warehouse.pct as warehouse_pct,
    warehouse.pct - published.pct as difference,
    published.legibility not in ('conflict', 'illegible') as eligible,
    case
        when published.legibility in ('conflict', 'illegible') then null
        when warehouse.pct is null then false
        when published.legibility = 'rounded'
            then warehouse.pct >= published.lower and warehouse.pct < published.upper
        else abs(warehouse.pct_printed - published.pct) < 0.001e0
    end as agrees,
    published.note
from {{ ref('int_published_topline') }} as published
left join {{ ref('dim_sample') }} as samples on published.sample_id = samples.sample_id
left join {{ ref('int_option_pct') }} as warehouse
    on published.sample_id = warehouse.sample_id
    and published.question_id = warehouse.question_id
    and published.option_id = warehouse.option_id
order by published.published_in desc, published.question_id, published.sample_id, published.option_id, published.source_id
