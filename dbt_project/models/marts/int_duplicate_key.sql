-- Each branch of the loop is a part of one query.
-- noqa: disable=LT02
-- That a respondent's name begins with that of the sample and ends with a number makes what is unique in each sample unique.
-- Each question asked (and category offered) has every respondent of the sample once: where the digests of its respondents add up
-- to those of dim_respondent, which has each once, it has. What does not add up is looked at row by row.
with respondents as (
    select
        sample_id,
        count(*) as n,
        {{ content_digest('respondent_id') }} as digest,
        count(*) = count(distinct respondent_id) and bool_and(coalesce(
            left(respondent_id, length(sample_id) + 1) = sample_id || '-'
            and {{ is_running_number("substr(respondent_id, length(sample_id) + 2)") }}, false
        )) as are_sound
    from {{ samples_of(ref('dim_respondent')) }}
    group by sample_id
){% for table in var('public_tables_by_sample') %}
{% set columns = keys_of(table) | first | default(['respondent_id'], true) %}
{% set rest = columns | reject('equalto', 'respondent_id') | list %},

part_{{ loop.index }} as (
    select {{ (['sample_id'] + rest) | join(', ') }}, count(*) as n, {{ content_digest('respondent_id') }} as digest
    from {{ samples_of(ref(table)) }}
    group by {{ (['sample_id'] + rest) | join(', ') }}
),

doubtful_{{ loop.index }} as (
    select part.*
    from part_{{ loop.index }} as part
    left join respondents on part.sample_id = respondents.sample_id
    where
        not coalesce(part.n = respondents.n and part.digest = respondents.digest and respondents.are_sound, false)
        {%- for column in rest %}
        or part.{{ column }} is null
        {%- endfor %}
)
{%- endfor %}

{% for table in var('public_tables_by_sample') %}
{% set columns = keys_of(table) | first | default(['respondent_id'], true) %}
{% set rest = columns | reject('equalto', 'respondent_id') | list %}
select
    '{{ table }}' as table_name,
    record.sample_id,
    {% for column in columns -%}
    coalesce(cast(record.{{ column }} as string), '<empty>') {{ "|| ' ' || " if not loop.last }}
    {%- endfor %} as key,
    count(*) as n
from {{ samples_of(ref(table)) }} as record
inner join doubtful_{{ loop.index }} as doubtful
    on record.sample_id = doubtful.sample_id
    {%- for column in rest %}
    and record.{{ column }} is not distinct from doubtful.{{ column }}
    {%- endfor %}
group by record.sample_id{% for column in columns %}, record.{{ column }}{% endfor %}

having
    count(*) > 1
    {%- for column in columns %}
    or record.{{ column }} is null
    {%- if column == 'respondent_id' %}
    or left(record.{{ column }}, length(record.sample_id) + 1) <> record.sample_id || '-'
    or not {{ is_running_number('substr(record.' ~ column ~ ', length(record.sample_id) + 2)') }}
    {%- endif -%}
    {% endfor %}
{% if not loop.last %}union all{% endif %}
{% endfor %}
