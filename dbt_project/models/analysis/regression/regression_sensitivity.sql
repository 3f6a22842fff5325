-- Only like is compared with like: a coefficient with the same coding and reference; cut points, which move with
-- every coding, only between forms that share all codings.
with fitted as (
    select
        model_id,
        coalesce(alternative_id, 'published') as alternative_id,
        kind,
        term,
        category_id,
        reference_category,
        cut_point,
        estimate,
        std_error,
        p_value,
        stars,
        n_obs,
        problem
    from {{ ref('regression_result') }}
    where
        part = 'sensitivity'
        or (
            part = 'term'
            and model_id in (select model_id from {{ ref('regression_models') }} where variant = 'published')
        )
),

comparable as (
    select
        fitted.*,
        case
            when fitted.kind = 'cut_point' and alternatives.setting = 'coding' then fitted.alternative_id
            else 'published'
        end as origin
    from fitted
    left join {{ ref('regression_alternatives') }} as alternatives
        on fitted.alternative_id = alternatives.alternative_id
)

select
    comparable.model_id,
    comparable.alternative_id,
    comparable.kind,
    comparable.term,
    comparable.category_id,
    comparable.reference_category,
    comparable.cut_point,
    comparable.estimate,
    comparable.std_error,
    comparable.p_value,
    comparable.stars,
    comparable.n_obs,
    comparable.estimate - published.estimate as difference,
    min(comparable.estimate) over coefficient as lowest,
    max(comparable.estimate) over coefficient as highest,
    comparable.problem
from comparable
left join fitted as published
    on published.alternative_id = 'published'
    and comparable.origin = 'published'
    and comparable.model_id = published.model_id
    and comparable.kind = published.kind
    and comparable.term = published.term
    and coalesce(comparable.category_id, '') = coalesce(published.category_id, '')
    and coalesce(comparable.reference_category, '') = coalesce(published.reference_category, '')
    and coalesce(comparable.cut_point, 0) = coalesce(published.cut_point, 0)
window
    coefficient as (
        partition by
            comparable.model_id,
            comparable.kind,
            comparable.term,
            comparable.category_id,
            comparable.reference_category,
            comparable.cut_point,
            comparable.origin
    )
order by
    comparable.model_id,
    comparable.alternative_id <> 'published',
    comparable.alternative_id,
    comparable.kind,
    comparable.term,
    comparable.category_id,
    comparable.cut_point
