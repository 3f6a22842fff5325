{# A percentage as publications give it: one decimal, halves up, in whole-number arithmetic so that 31.25 is 31.3. #}
{% macro printed_pct(n, base_n) -%}
  floor((2000.0 * {{ n }} + {{ base_n }}) / (2.0 * {{ base_n }})) / 10.0
{%- endmacro %}

{# Bounds of Wilson's 95% interval of a percentage, in percent (Wilson 1927, J. Am. Stat. Assoc. 22). #}
{% macro wilson_bound(n, base_n, sign) -%}
  {%- set z2 = '(1.959963984540054 * 1.959963984540054)' -%}
  {%- set p = '(1.0 * ' ~ n ~ ' / ' ~ base_n ~ ')' -%}
  greatest(0.0, least(100.0, 100.0 * (
    {{ p }} + {{ z2 }} / (2.0 * {{ base_n }})
    {{ sign }} sqrt({{ z2 }} * ({{ p }} * (1.0 - {{ p }}) / {{ base_n }} + {{ z2 }} / (4.0 * {{ base_n }} * {{ base_n }})))
  ) / (1.0 + {{ z2 }} / {{ base_n }})))
{%- endmacro %}

{# Two-sided normal p value of z: erfc(|z| / sqrt(2)), relative error below 1.2e-7 (Press et al., Numerical Recipes, erfcc). #}
{% macro two_sided_p(z) -%}
  {%- set x = '(abs(' ~ z ~ ') / 1.4142135623730951)' -%}
  {%- set t = '(1.0 / (1.0 + 0.5 * ' ~ x ~ '))' -%}
  {{ t }} * exp(-{{ x }} * {{ x }} - 1.26551223 + {{ t }} * (1.00002368 + {{ t }} * (0.37409196 + {{ t }} * (0.09678418
  + {{ t }} * (-0.18628806 + {{ t }} * (0.27886807 + {{ t }} * (-1.13520398 + {{ t }} * (1.48851587
  + {{ t }} * (-0.82215223 + {{ t }} * 0.17087277)))))))))
{%- endmacro %}

{# Standard error of a percentage under simple random sampling, in percentage points. #}
{% macro standard_error(n, base_n) -%}
  100.0 * sqrt(1.0 * {{ n }} / {{ base_n }} * (1.0 - 1.0 * {{ n }} / {{ base_n }}) / {{ base_n }})
{%- endmacro %}

{#
  Standard error of the difference of two percentages of independent samples, in percentage points. pooled: under the hypothesis
  that both estimate one percentage; else each with its own variance. A design effect multiplies the variance of its sample.
#}
{% macro share_difference_error(n, base_n, other_n, other_base_n, pooled, design_effect='1', other_design_effect='1') -%}
  {%- if pooled -%}
  {%- set share = '(1.0 * (' ~ n ~ ' + ' ~ other_n ~ ') / (' ~ base_n ~ ' + ' ~ other_base_n ~ '))' -%}
  100.0 * sqrt({{ share }} * (1.0 - {{ share }}) * ({{ design_effect }} / {{ base_n }} + {{ other_design_effect }} / {{ other_base_n }}))
  {%- else -%}
  {%- set error, other_error = standard_error(n, base_n), standard_error(other_n, other_base_n) -%}
  sqrt({{ design_effect }} * ({{ error }}) * ({{ error }}) + {{ other_design_effect }} * ({{ other_error }}) * ({{ other_error }}))
  {%- endif -%}
{%- endmacro %}
