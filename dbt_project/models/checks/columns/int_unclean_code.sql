-- What a column holds that is not what it seems (a no-break space follows it, its digits are full-width), and a code that
-- means nothing while the code list has it in another form ('01' for '1'). A number of a numeric question may be written in any form
-- that says the same number, but not with a comma, or with signs between thousands.
with spelling as (
    select
        stg_code.sample_id,
        stg_code.variable,
        stg_code.code,
        coalesce(code_text.plain_code, stg_code.code) as plain_code
    from {{ ref('stg_code') }} as stg_code
    left join {{ ref('int_code_text') }} as code_text on stg_code.code = code_text.code
),

listed_form as (
    select sample_id, variable, plain_code, min(code) as code
    from spelling
    group by sample_id, variable, plain_code
),

-- The labels of a file speak of its codes too.
delivered as (
    select sample_id, question_id, variable, layout, code, n, first_rows
    from {{ ref('int_code_frequency') }}
    union all
    select value_label.sample_id, stg_column.question_id, value_label.variable, stg_column.layout, value_label.code, 0, null
    from {{ ref('value_label') }} as value_label
    inner join {{ ref('stg_column') }} as stg_column
        on value_label.sample_id = stg_column.sample_id and value_label.variable = stg_column.variable
    left join {{ ref('int_code_frequency') }} as frequency
        on value_label.sample_id = frequency.sample_id
        and value_label.variable = frequency.variable
        and value_label.code = frequency.code
    where frequency.code is null and value_label.code is not null and stg_column.role = 'answer'
    union all
    select sample_id, null, id_variable, 'id', agency_id, count(*), {{ first_values('row', 5) }}
    from {{ ref('stg_respondent') }}
    where agency_id in (select flawed.code from {{ ref('int_code_text') }} as flawed)
    group by sample_id, id_variable, agency_id
    union all
    select sample_id, null, weight_variable, 'weight', raw_weight, count(*), {{ first_values('row', 5) }}
    from {{ ref('int_file_weight') }}
    where raw_weight in (select flawed.code from {{ ref('int_code_text') }} as flawed)
    group by sample_id, weight_variable, raw_weight
    {% for role in ['stratum', 'cluster'] %}
    union all
    select sample_id, null, {{ role }}_variable, '{{ role }}', raw_{{ role }}, count(*), {{ first_values('row', 5) }}
    from {{ ref('int_sampling_unit') }}
    where raw_{{ role }} in (select flawed.code from {{ ref('int_code_text') }} as flawed)
    group by sample_id, {{ role }}_variable, raw_{{ role }}
    {% endfor %}
),

compared as (
    select
        delivered.*,
        case
            when numeric_column.variable is not null and code_text.number_flaw is not null then code_text.plain_number
            else coalesce(code_text.plain_code, delivered.code)
        end as plain_code,
        case
            when listed.code is not null then code_text.flaw
            when numeric_column.variable is not null then coalesce(code_text.flaw, code_text.number_flaw)
            else code_text.flaw
        end as flaw,
        case
            when code_text.flaw is not null or listed.code is not null or delivered.layout in ('id', 'weight', 'stratum', 'cluster') then null
            when numeric_column.variable is null and delivered.layout in ('number', 'birth_year') and {{ is_whole_number('code_text.plain_code') }}
                then case when not {{ is_whole_number('delivered.code') }} then code_text.plain_code end
            else listed_form.code
        end as listed_code
    from delivered
    inner join {{ ref('int_eligible_sample') }} as eligible on delivered.sample_id = eligible.sample_id
    left join {{ ref('int_code_text') }} as code_text on delivered.code = code_text.code
    left join (
        select sample_id, variable
        from {{ ref('stg_column') }}
        where answer_type = 'numeric' and layout = 'number'
    ) as numeric_column
        on delivered.sample_id = numeric_column.sample_id and delivered.variable = numeric_column.variable
    left join spelling as listed
        on delivered.sample_id = listed.sample_id
        and delivered.variable = listed.variable
        and delivered.code = listed.code
    left join listed_form
        on delivered.sample_id = listed_form.sample_id
        and delivered.variable = listed_form.variable
        and coalesce(code_text.plain_code, delivered.code) = listed_form.plain_code
)

select sample_id, question_id, variable, layout, code, plain_code, flaw, listed_code, n, first_rows
from compared
where flaw is not null or listed_code is not null
