-- A code for a missing answer that is counted as a number: the file labels it so, or it occurs more often than
-- the numbers beside it allow. The bound is Chernoff's for a Poisson count: n records where the mean is m have a
-- probability below exp(n - m - n ln(n / m)). m is twice the mean of the five numbers on either side (cohorts of
-- neighbouring years differ by less), with one record more than was seen, so that empty neighbours do not count as
-- impossible. 9.2 = ln(10000): with a hundred columns and codes, one false alarm in a hundred builds.
with number as (
    select
        int_code_frequency.sample_id,
        int_code_frequency.question_id,
        int_code_frequency.variable,
        int_code_frequency.code,
        cast(int_code_frequency.code as double) as number,
        int_code_frequency.n,
        int_code_frequency.first_rows,
        missing_codes.code is not null as is_conventional
    from {{ ref('int_code_frequency') }} as int_code_frequency
    inner join {{ ref('int_eligible_sample') }} as eligible on int_code_frequency.sample_id = eligible.sample_id
    left join {{ ref('missing_codes') }} as missing_codes
        on int_code_frequency.value is not null and cast(int_code_frequency.code as double) = missing_codes.code
    where int_code_frequency.value is not null
),

-- The numbers beside each conventional code that could stand in the column, and how many of them there are.
bounds as (
    select
        stg_column.sample_id,
        stg_column.variable,
        case when stg_column.layout = 'birth_year' then min(stg_column.year) - max(categories.value_max) else min(categories.value_min) end
            as smallest,
        case when stg_column.layout = 'birth_year' then min(stg_column.year) - min(categories.value_min) else max(categories.value_max) end
            as largest
    from {{ ref('stg_column') }} as stg_column
    inner join {{ ref('categories') }} as categories on stg_column.category_set = categories.category_set
    where stg_column.layout in ('number', 'birth_year') and categories.value_min is not null
    group by stg_column.sample_id, stg_column.variable, stg_column.layout

    union all
    -- Of a numeric question; no bound stands in the way of any number.
    select sample_id, variable, value_min, value_max
    from {{ ref('stg_column') }}
    where answer_type = 'numeric'
),

beside as (
    select
        number.sample_id,
        number.variable,
        number.code,
        least(bounds.largest, number.number + 5) - greatest(bounds.smallest, number.number - 5) - count(missing_codes.code)
            as n_numbers
    from number
    inner join bounds on number.sample_id = bounds.sample_id and number.variable = bounds.variable
    left join {{ ref('missing_codes') }} as missing_codes
        on number.number <> missing_codes.code
        and missing_codes.code between greatest(bounds.smallest, number.number - 5) and least(bounds.largest, number.number + 5)
    where number.is_conventional
    group by number.sample_id, number.variable, number.code, number.number, bounds.smallest, bounds.largest
),

expected as (
    select
        beside.sample_id,
        beside.variable,
        beside.code,
        2e0 * (1 + coalesce(sum(beside_it.n), 0)) / nullif(beside.n_numbers, 0) as n
    from beside
    inner join number on beside.sample_id = number.sample_id and beside.variable = number.variable and beside.code = number.code
    left join number as beside_it
        on number.sample_id = beside_it.sample_id
        and number.variable = beside_it.variable
        and not beside_it.is_conventional
        and beside_it.number between number.number - 5 and number.number + 5
    group by beside.sample_id, beside.variable, beside.code, beside.n_numbers
)

select
    number.sample_id,
    number.question_id,
    number.variable,
    number.code,
    number.n,
    number.first_rows,
    value_label.label,
    meaning.category_id as meant,
    expected.n as expected_n
from number
left join {{ ref('value_label') }} as value_label
    on number.sample_id = value_label.sample_id
    and number.variable = value_label.variable
    and number.code = value_label.code
left join {{ ref('label_text') }} as label_text on value_label.label = label_text.label
left join {{ ref('int_label_meaning') }} as meaning
    on meaning.category_set = 'reserved' and label_text.plain_label = meaning.label
left join expected
    on number.sample_id = expected.sample_id
    and number.variable = expected.variable
    and number.code = expected.code
where
    meaning.category_id is not null
    or (number.n > expected.n and number.n * ln(number.n / expected.n) - number.n + expected.n > 9.2e0)
