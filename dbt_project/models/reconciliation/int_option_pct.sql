select
    topline.wave,
    topline.country,
    topline.question_id,
    int_option.option_id,
    cast(sum(topline.n) as bigint) as n,
    max(topline.base_n) as base_n,
    100.0 * sum(topline.n) / max(topline.base_n) as pct,
    {{ printed_pct('sum(topline.n)', 'max(topline.base_n)') }} as pct_printed
from {{ ref('topline') }} as topline
inner join {{ ref('int_option') }} as int_option
    on topline.question_id = int_option.question_id and topline.category_id = int_option.category_id
where topline.base_n > 0
group by topline.wave, topline.country, topline.question_id, int_option.option_id
