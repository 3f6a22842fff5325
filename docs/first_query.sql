-- How favourably does each public see the other, and did that change?
select wave, country, round(pct, 1) as favourable, round(change, 1) as change, round(p_adjusted, 3) as p
from trend_of('impression_of_counterpart')
where net = 'positive' and wave >= 2021
order by country, wave;
