-- How many give one code to a whole battery, and how many would if each column depended on one earlier column alone: the
-- one that it agrees with most. Independent columns would be a poor yardstick, since the answers of a battery go together;
-- a tree of dependences keeps what pairs of columns show (Chow and Liu 1968) and knows nothing of a habit of all columns.
with pair as (
    select
        later.sample_id,
        later.codes,
        later.order_in_battery,
        earlier.order_in_battery as earlier_order,
        earlier.code,
        count(*) as n_earlier,
        count(*) filter (where later.code = earlier.code) as n_both
    from {{ samples_of(ref('int_battery_answer')) }} as later
    inner join {{ samples_of(ref('int_battery_answer')) }} as earlier
        on later.sample_id = earlier.sample_id
        and later.codes = earlier.codes
        and later.row = earlier.row
        and later.order_in_battery > earlier.order_in_battery
    group by later.sample_id, later.codes, later.order_in_battery, earlier.order_in_battery, earlier.code
),

nearest as (
    select
        sample_id,
        codes,
        order_in_battery,
        earlier_order,
        row_number() over (partition by sample_id, codes, order_in_battery order by sum(n_both) desc, earlier_order desc) as nearness
    from pair
    group by sample_id, codes, order_in_battery, earlier_order
),

root as (
    select sample_id, codes, code, count(*) as n, max(n_columns) as n_columns
    from {{ samples_of(ref('int_battery_answer')) }}
    where order_in_battery = 1
    group by sample_id, codes, code
),

expected_by_code as (
    select
        pair.sample_id,
        pair.codes,
        pair.code,
        -- No product, as no engine has one for groups; a code that some column never repeats gives nothing.
        case
            when min(pair.n_both) > 0 and count(*) = max(root.n_columns) - 1
                then max(root.n) * exp({{ exact_sum('ln(1e0 * greatest(pair.n_both, 1) / pair.n_earlier)') }})
            else 0e0
        end as n_expected
    from pair
    inner join nearest
        on pair.sample_id = nearest.sample_id
        and pair.codes = nearest.codes
        and pair.order_in_battery = nearest.order_in_battery
        and pair.earlier_order = nearest.earlier_order
        and nearest.nearness = 1
    inner join root on pair.sample_id = root.sample_id and pair.codes = root.codes and pair.code = root.code
    group by pair.sample_id, pair.codes, pair.code
),

expected as (
    select sample_id, codes, {{ exact_sum('n_expected') }} as n_expected
    from expected_by_code
    group by sample_id, codes
),

straight as (
    select sample_id, codes, row
    from {{ samples_of(ref('int_battery_answer')) }}
    group by sample_id, codes, row
    having min(code) = max(code)
)

select
    straight.sample_id,
    straight.codes,
    count(*) as n,
    {{ first_values('straight.row', 5) }} as first_rows,
    coalesce(max(expected.n_expected), 0e0) as n_expected
from straight
left join expected on straight.sample_id = expected.sample_id and straight.codes = expected.codes
group by straight.sample_id, straight.codes
