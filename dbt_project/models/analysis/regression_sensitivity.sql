-- The range is over the published form and every alternative that can be fitted.
with fitted as (
    select model_id, 'published' as alternative_id, kind, term, category_id, estimate, std_error, p_value, stars, n_obs, problem
    from {{ ref('regression_result') }}
    where part = 'term' and model_id in (select model_id from {{ ref('regression_models') }} where variant = 'published')
    union all
    select model_id, alternative_id, kind, term, category_id, estimate, std_error, p_value, stars, n_obs, problem
    from {{ ref('regression_result') }}
    where part = 'sensitivity'
)

select
    fitted.model_id,
    fitted.alternative_id,
    fitted.kind,
    fitted.term,
    fitted.category_id,
    fitted.estimate,
    fitted.std_error,
    fitted.p_value,
    fitted.stars,
    fitted.n_obs,
    fitted.estimate - published.estimate as difference,
    min(fitted.estimate) over coefficient as lowest,
    max(fitted.estimate) over coefficient as highest,
    fitted.problem
from fitted
left join fitted as published
    on published.alternative_id = 'published'
    and fitted.model_id = published.model_id
    and fitted.term = published.term
    and coalesce(fitted.category_id, '') = coalesce(published.category_id, '')
window coefficient as (partition by fitted.model_id, fitted.kind, fitted.term, fitted.category_id)
order by fitted.model_id, fitted.alternative_id <> 'published', fitted.alternative_id, fitted.kind, fitted.term, fitted.category_id
