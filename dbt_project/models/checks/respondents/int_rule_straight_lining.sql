-- Beyond the expected number by Chernoff's bound on a Poisson count at one in a thousand, with one record to spare for the
-- error of the expectation; and by one in a hundred records at least, since in a large sample the error of the model,
-- which leaves out what three columns have in common, shows before any habit does.
with battery as (
    select
        sample_id,
        codes,
        max(n_columns) as n_columns,
        {{ joined_text('variable', 'place') }} as variables
    from {{ ref('int_battery') }}
    group by sample_id, codes
)

select
    'straight_lining' as rule,
    cast(null as varchar) as file,
    battery.sample_id,
    cast(null as varchar) as question_id,
    battery.variables as variable,
    cast(null as varchar) as code,
    cast(null as varchar) as raw_label,
    straight.n,
    straight.first_rows,
    'records give one code to all ' || battery.n_columns || ' columns of the battery; about '
    || cast(ceil(straight.n_expected) as integer) || ' are expected' as finding,
    'ask the agency how these interviews were made' as resolve_with
from {{ ref('int_straight_line') }} as straight
inner join {{ ref('int_judged_sample') }} as judged on straight.sample_id = judged.sample_id
inner join battery on straight.sample_id = battery.sample_id and straight.codes = battery.codes
inner join {{ ref('wave_file') }} as wave_file on straight.sample_id = wave_file.sample_id
where
    straight.n * ln(straight.n / (straight.n_expected + 1)) - straight.n + straight.n_expected + 1 > ln(1000.0)
    and straight.n - straight.n_expected >= 0.01 * wave_file.n_rows
