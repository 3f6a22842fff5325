-- The substantive codes of those who gave one to every column of a battery.
with answer as (
    select
        battery.sample_id,
        battery.codes,
        battery.n_columns,
        battery.order_in_battery,
        answer.row,
        answer.value as code,
        count(*) over (partition by battery.sample_id, battery.codes, answer.row) as n_answered
    from {{ ref('int_battery') }} as battery
    inner join {{ samples_of(ref('answer')) }} as answer
        on battery.sample_id = answer.sample_id and battery.variable = answer.variable
    inner join {{ ref('stg_code') }} as stg_code
        on battery.sample_id = stg_code.sample_id
        and battery.variable = stg_code.variable
        and answer.value = stg_code.code
    where stg_code.is_own_category and stg_code.missing_type is null
)

select sample_id, codes, n_columns, order_in_battery, row, code
from answer
where n_answered = n_columns
