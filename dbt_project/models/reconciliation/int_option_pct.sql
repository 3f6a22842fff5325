select
    cell.sample_id,
    cell.wave,
    cell.series,
    cell.question_id,
    int_option.option_id,
    cast(sum(cell.n) as bigint) as n,
    max(cell.base_n) as base_n,
    100e0 * {{ exact_sum('cell.weighted_n') }} / max(cell.base_weighted_n) as pct,
    {{ printed_pct(exact_sum('cell.weighted_n'), 'max(cell.base_weighted_n)') }} as pct_printed
from {{ ref('int_topline_cell') }} as cell
inner join {{ ref('int_option') }} as int_option
    on cell.question_id = int_option.question_id and cell.category_id = int_option.category_id
where cell.base_n > 0
group by cell.sample_id, cell.wave, cell.series, cell.question_id, int_option.option_id
