-- A delimited cell holds several codes, and a code stands in many cells; of all other columns a value is a code.
{% set columns = ['sample_id', 'question_id', 'variable', 'layout', 'code', 'category_id', 'missing_type', 'number', 'value'] %}
select
    {%- for column in columns %}
    meaning.{{ column }},
    {%- endfor %}
    found.n,
    found.first_row,
    found.last_row,
    found.first_rows
from {{ samples_of(ref('int_value')) }} as found
inner join {{ samples_of(ref('int_value_meaning')) }} as meaning
    on found.sample_id = meaning.sample_id
    and found.column_position = meaning.column_position
    and found.raw_code = meaning.raw_code
where meaning.layout <> 'delimited'

union all

select
    {{ columns | join(',\n    ') }},
    count(*) as n,
    min(row) as first_row,
    max(row) as last_row,
    {{ first_values('row', 5) }} as first_rows
from {{ samples_of(ref('int_answer')) }}
where layout = 'delimited'
group by {{ columns | join(', ') }}
