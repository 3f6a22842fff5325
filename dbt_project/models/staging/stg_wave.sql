-- A wave without a row of its own is numbered by its year.
select
    samples.wave,
    cast(coalesce(waves.year, samples.wave) as smallint) as year
from (select distinct wave from {{ ref('samples') }}) as samples
left join {{ deduplicated('waves', ['wave']) }} as waves on samples.wave = waves.wave
