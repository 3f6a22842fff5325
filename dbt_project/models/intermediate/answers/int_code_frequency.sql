-- A delimited cell holds several codes, and a code stands in many cells; of all other columns a value is a code.
{% set columns = ['sample_id', 'question_id', 'variable', 'layout', 'code', 'category_id', 'missing_type', 'number', 'value'] %}
select
    {%- for column in columns %}
    meaning.{{ column }},
    {%- endfor %}
    int_value.n,
    int_value.first_row,
    int_value.last_row,
    int_value.first_rows
from {{ samples_of(ref('int_value')) }} as int_value
inner join {{ samples_of(ref('int_value_meaning')) }} as meaning
    on int_value.sample_id = meaning.sample_id
    and int_value.column_position = meaning.column_position
    and int_value.raw_code = meaning.raw_code
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
