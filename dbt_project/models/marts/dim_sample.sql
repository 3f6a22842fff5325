-- depends_on: {{ ref('gate') }}
select
    samples.sample_id,
    samples.wave,
    samples.country,
    samples.series,
    samples.synthetic,
    wave_file.n_rows as n_respondents,
    design.design_effect,
    samples.fieldwork_start,
    samples.fieldwork_end,
    samples.mode,
    samples.agency,
    samples.population,
    samples.file,
    samples.format,
    samples.encoding,
    wave_file.sha256,
    wave_file.bytes,
    samples.source_id,
    samples.note
from {{ ref('samples') }} as samples
inner join {{ ref('wave_file') }} as wave_file on samples.sample_id = wave_file.sample_id
inner join {{ ref('int_design_effect') }} as design on samples.sample_id = design.sample_id
order by samples.sample_id
