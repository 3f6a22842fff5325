-- A published row of a regression table holds an estimate (with its stars) and a t statistic; the last row holds N.
select printed_table, model, kind, term, category_id, 'estimate' as statistic, estimate as printed, stars, legibility, note
from {{ ref('regression_tables') }}
where kind <> 'n_obs'
union all
select printed_table, model, kind, term, category_id, 't' as statistic, t_stat as printed, null as stars, legibility, note
from {{ ref('regression_tables') }}
where kind <> 'n_obs'
union all
select printed_table, model, kind, term, category_id, 'n' as statistic, estimate as printed, null as stars, legibility, note
from {{ ref('regression_tables') }}
where kind = 'n_obs'
