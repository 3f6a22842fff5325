-- seeds.figures says what a figure shows. A net that a question lacks is not shown.
with series as (
    select
        wave, country, question_id, 'category' as grouping, category_id as series,
        coalesce(position, 100) as series_order, comparability, n, base_n, pct, ci_low, ci_high, basis, source_id
    from {{ ref('topline') }}
    union all
    select
        wave, country, question_id, 'net' as grouping, net as series,
        {{ net_order('net') }} as series_order, comparability, n, base_n, pct, ci_low, ci_high, basis, source_id
    from {{ ref('topline_net') }}
    union all
    select
        topline.wave, topline.country, topline.question_id, 'net' as grouping, topline.category_id as series,
        100 as series_order, topline.comparability, topline.n, topline.base_n, topline.pct, topline.ci_low, topline.ci_high,
        topline.basis, topline.source_id
    from {{ ref('topline') }} as topline
    inner join {{ ref('dim_category') }} as dim_category
        on topline.question_id = dim_category.question_id and topline.category_id = dim_category.category_id
    where dim_category.missing_type is not null
)

select
    figures.figure,
    series.country,
    series.wave,
    series.question_id,
    series.series,
    cast(series.series_order as smallint) as series_order,
    series.n,
    series.base_n,
    series.pct,
    series.ci_low,
    series.ci_high,
    series.comparability,
    series.basis,
    series.source_id,
    dim_sample.synthetic
from {{ ref('figures') }} as figures
inner join series
    on figures.question_id = series.question_id
    and figures.grouping = series.grouping
    and series.wave between figures.first_wave and figures.last_wave
inner join {{ ref('dim_sample') }} as dim_sample
    on series.wave = dim_sample.wave and series.country = dim_sample.country
order by figures.figure, series.country, series.wave, series.series_order, series.series
