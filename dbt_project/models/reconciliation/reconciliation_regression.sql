with fitted as (
    select printed_table, model, kind, term, category_id, 'estimate' as statistic, estimate as value, stars
    from {{ ref('regression_term') }}
    where variant = 'published'
    union all
    select printed_table, model, kind, term, category_id, 't' as statistic, statistic as value, null as stars
    from {{ ref('regression_term') }}
    where variant = 'published'
    union all
    select printed_table, model, 'n_obs' as kind, 'N' as term, null as category_id, 'n' as statistic, n_obs as value, null as stars
    from {{ ref('regression_model') }}
    where variant = 'published'
),

cell as (
    select
        published.printed_table,
        published.model,
        published.kind,
        published.term,
        published.category_id,
        published.statistic,
        published.printed,
        cast(published.printed as double) as published_value,
        case when published.printed like '%.%' then length(split_part(published.printed, '.', 2)) else 0 end as decimals,
        published.stars as published_stars,
        fitted.value as warehouse_value,
        fitted.stars as warehouse_stars,
        published.printed is not null as eligible,
        published.statistic <> 'estimate'
        or coalesce(published.stars, '') = coalesce(fitted.stars, '') as stars_agree,
        published.note
    from {{ ref('int_published_cell') }} as published
    left join fitted
        on published.printed_table = fitted.printed_table
        and published.model = fitted.model
        and published.kind = fitted.kind
        and published.term = fitted.term
        and coalesce(published.category_id, '') = coalesce(fitted.category_id, '')
        and published.statistic = fitted.statistic
)

select
    cast(printed_table as smallint) as printed_table,
    cast(model as smallint) as model,
    kind,
    term,
    category_id,
    statistic,
    printed,
    published_value,
    warehouse_value,
    warehouse_value - published_value as difference,
    published_stars,
    warehouse_stars,
    eligible,
    case
        when eligible
            then coalesce(stars_agree and abs(warehouse_value - published_value) * power(10, decimals) <= 0.5e0, false)
    end as agrees,
    case
        when eligible
            then coalesce(
                    stars_agree
                    and abs(warehouse_value - published_value)
                    <= case statistic when 'estimate' then 0.001e0 when 't' then 0.015e0 else 0 end,
                    false
                )
    end as close,
    note
from cell
order by printed_table, model, kind, term, category_id, statistic
