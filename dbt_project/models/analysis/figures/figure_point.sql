-- seeds.figures says what a figure shows. A net that a question lacks is not shown.
with share as (
    select
        sample_id, wave, country, question_id, 'category' as grouping, category_id as option_id,
        coalesce(position, 100) as option_order, comparability, n, base_n, pct, ci_low, ci_high, basis, source_id
    from {{ ref('topline') }}
    union all
    select
        sample_id, wave, country, question_id, 'net' as grouping, net as option_id,
        {{ net_order('net') }} as option_order, comparability, n, base_n, pct, ci_low, ci_high, basis, source_id
    from {{ ref('topline_net') }}
    union all
    select
        topline.sample_id, topline.wave, topline.country, topline.question_id, 'net' as grouping, topline.category_id as option_id,
        100 as option_order, topline.comparability, topline.n, topline.base_n, topline.pct, topline.ci_low, topline.ci_high,
        topline.basis, topline.source_id
    from {{ ref('topline') }} as topline
    inner join {{ ref('dim_category') }} as dim_category
        on topline.question_id = dim_category.question_id and topline.category_id = dim_category.category_id
    where dim_category.missing_type is not null
)

select
    figures.figure,
    share.sample_id,
    share.country,
    share.wave,
    share.question_id,
    share.option_id,
    cast(share.option_order as smallint) as option_order,
    share.n,
    share.base_n,
    share.pct,
    share.ci_low,
    share.ci_high,
    share.comparability,
    share.basis,
    share.source_id,
    dim_sample.synthetic
from {{ ref('figures') }} as figures
inner join share
    on figures.question_id = share.question_id
    and figures.grouping = share.grouping
    and share.wave between figures.first_wave and figures.last_wave
inner join {{ ref('dim_sample') }} as dim_sample on share.sample_id = dim_sample.sample_id
order by figures.figure, share.country, share.wave, share.sample_id, share.option_order, share.option_id
