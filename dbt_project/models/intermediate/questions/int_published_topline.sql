select *, 'toplines' as published_in from {{ ref('toplines') }}
union all
select *, 'demographics' as published_in from {{ ref('demographics') }}
