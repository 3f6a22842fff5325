{# A percentage as publications give it: one decimal, halves up, in whole-number arithmetic so that 31.25 is 31.3. #}
{% macro printed_pct(n, base_n) -%}
  floor((2000 * {{ n }} + {{ base_n }}) / (2 * {{ base_n }})) / 10
{%- endmacro %}

{#
  The errors of a share. n_effective: the respondents whom a simple random sample would need to be as exact, their number over
  the design effect of the share (model int_share_design). All that is said of how sure a share is comes from these macros.
#}

{% macro normal_critical_squared() %}(1.959963984540054 * 1.959963984540054){% endmacro %}

{#
  Bounds of Wilson's 95% interval of a share, in percent (Wilson 1927, J. Am. Stat. Assoc. 22), on the effective base. z2: the square
  of the critical value, of Student's t where the effective base is estimated from clusters.
#}
{% macro wilson_bound(share, n_effective, sign, z2=normal_critical_squared()) -%}
  greatest(0, least(100, 100 * (
    {{ share }} + {{ z2 }} / (2 * {{ n_effective }})
    {{ sign }} sqrt({{ z2 }} * ({{ share }} * (1 - {{ share }}) / {{ n_effective }} + {{ z2 }} / (4 * {{ n_effective }} * {{ n_effective }})))
  ) / (1 + {{ z2 }} / {{ n_effective }})))
{%- endmacro %}

{# Standard error of a share, in percentage points. #}
{% macro standard_error(share, n_effective) -%}
  100 * sqrt({{ share }} * (1 - {{ share }}) / {{ n_effective }})
{%- endmacro %}

{# The share of two samples together. #}
{% macro pooled_share(share, n_effective, other_share, other_n_effective) -%}
  (({{ share }} * {{ n_effective }} + {{ other_share }} * {{ other_n_effective }}) / ({{ n_effective }} + {{ other_n_effective }}))
{%- endmacro %}

{#
  The columns std_error, ci_low and ci_high of a query that has the columns share, n_effective, critical_squared and basis: a share that is assumed
  has none of them.
#}
{% macro errors_of_known_share() -%}
case when basis <> 'assumed' then {{ standard_error('share', 'n_effective') }} end as std_error,
    case when basis <> 'assumed' then {{ wilson_bound('share', 'n_effective', '-', 'critical_squared') }} end as ci_low,
    case when basis <> 'assumed' then {{ wilson_bound('share', 'n_effective', '+', 'critical_squared') }} end as ci_high
{%- endmacro %}

{#
  Standard error of the difference of the shares of two independent samples under the hypothesis that both estimate one share,
  in percentage points.
#}
{% macro share_difference_error(share, n_effective, other_share, other_n_effective) -%}
  {%- set both = pooled_share(share, n_effective, other_share, other_n_effective) -%}
  100 * sqrt({{ both }} * (1 - {{ both }}) * (1 / {{ n_effective }} + 1 / {{ other_n_effective }}))
{%- endmacro %}

{# Two-sided normal p value of z: erfc(|z| / sqrt(2)), relative error below 1.2e-7 (Press et al., Numerical Recipes, erfcc). #}
{% macro two_sided_p(z) -%}
  {%- set x = '(abs(' ~ z ~ ') / 1.4142135623730951)' -%}
  {%- set t = '(1 / (1 + 0.5 * ' ~ x ~ '))' -%}
  {{ t }} * exp(-{{ x }} * {{ x }} - 1.26551223 + {{ t }} * (1.00002368 + {{ t }} * (0.37409196 + {{ t }} * (0.09678418
  + {{ t }} * (-0.18628806 + {{ t }} * (0.27886807 + {{ t }} * (-1.13520398 + {{ t }} * (1.48851587
  + {{ t }} * (-0.82215223 + {{ t }} * 0.17087277)))))))))
{%- endmacro %}

{#
  Percentage points by which a share of opinion usually moves between waves, beyond sampling error: the project's
  `usual_movement` at 50%, less towards 0 and 100, where the arcsine square root moves as much. The shares are pooled as in
  share_difference_error.
#}
{% macro share_movement(share, n_effective, other_share, other_n_effective) -%}
  {%- set both = pooled_share(share, n_effective, other_share, other_n_effective) -%}
  cast({{ var('usual_movement') }} as double) * 2 * sqrt({{ both }} * (1 - {{ both }}))
{%- endmacro %}

{# Two-sided p value of Student's t with an even number of degrees of freedom (Abramowitz and Stegun 1964, 26.7.4). #}
{% macro two_sided_t_p(t, degrees) -%}
  {%- if degrees % 2 or degrees < 2 -%}
    {{ exceptions.raise_compiler_error('movement_degrees is ' ~ degrees ~ '; give an even number from 2 up') }}
  {%- endif -%}
  {%- set cos2 = '(' ~ degrees ~ ' / (' ~ degrees ~ ' + ' ~ t ~ ' * ' ~ t ~ '))' -%}
  {%- set series = namespace(sum='1') -%}
  {%- for k in range(degrees - 3, 0, -2) -%}
    {%- set series.sum = '(1 + ' ~ k ~ ' * ' ~ cos2 ~ ' / ' ~ (k + 1) ~ ' * ' ~ series.sum ~ ')' -%}
  {%- endfor -%}
  case when {{ t }} is not null then greatest(0, 1 - abs({{ t }}) / sqrt({{ degrees }} + {{ t }} * {{ t }}) * {{ series.sum }}) end
{%- endmacro %}

{#
  How far a share of two samples is from one share, as a term of Pearson's chi-square of homogeneity; 0 where nobody gave the
  answer. On effective bases the sum over the answers is the chi-square with Rao and Scott's correction of the first order
  (1981, J. Am. Stat. Assoc. 76).
#}
{% macro homogeneity_term(share, n_effective, other_share, other_n_effective) -%}
  {%- set both = pooled_share(share, n_effective, other_share, other_n_effective) -%}
  case
                when {{ both }} > 5e-9
                    then power({{ share }} - {{ other_share }}, 2) / ({{ both }} * (1 / {{ n_effective }} + 1 / {{ other_n_effective }}))
                else 0
            end
{%- endmacro %}

{#
  The one effective base of a group's shares that Rao and Scott's correction takes: by the mean of their design effects, each times
  1 - share. Where all shares have one effective base, exactly that.
#}
{% macro question_n_effective(share, n_effective) -%}
case
            when min({{ n_effective }}) = max({{ n_effective }}) then max({{ n_effective }})
            else 1e3 * {{ exact_sum('1 - ' ~ share) }} / {{ exact_sum('1e3 * (1 - ' ~ share ~ ') / ' ~ n_effective) }}
        end
{%- endmacro %}

{# P value of a chi-square of 1, 2 or 3 degrees of freedom (Abramowitz and Stegun 1964, 26.4.4 and 26.4.5). #}
{% macro chi_square_p(chi_square, degrees) -%}
  case {{ degrees }}
            when 1 then {{ two_sided_p('sqrt(' ~ chi_square ~ ')') }}
            when 2 then exp(-{{ chi_square }} / 2)
            when 3 then {{ two_sided_p('sqrt(' ~ chi_square ~ ')') }} + sqrt(2 * {{ chi_square }} / pi()) * exp(-{{ chi_square }} / 2)
        end
{%- endmacro %}
