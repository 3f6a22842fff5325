{#
  Errors that are estimated from few clusters: Student's t in place of the normal distribution. degrees: the clusters less the
  strata; null where the error is not estimated from clusters, and then all of these give the normal value.
  Fractions are of whole numbers: DuckDB writes 5e-1 otherwise into the copy of a client's macro than it read it.
#}

{# True of a row of int_share_variance whose variance says something: not that nobody or everybody gave it, or the strata fix it. #}
{% macro is_estimated_variance(row) -%}
{%- set share, variance = row ~ '.share', row ~ '.variance' -%}
{{ row }}.degrees_of_freedom >= 1 and {{ share }} > 1e-9 and {{ share }} < 1 - 1e-9
        and {{ variance }} * {{ row }}.base_n > 1e-6 * {{ share }} * (1 - {{ share }})
{%- endmacro %}

{# The square of the critical value of a 95% interval: of t up to 30 degrees from a table, above by Fisher's expansion (Abramowitz
   and Stegun 1964, 26.7.5), whose error is below 1e-7. #}
{% macro critical_squared(degrees) -%}
  {%- set quantiles = [
    '12706204736174694', '4302652729749462', '3182446305283707', '2776445105197793', '2570581835636314', '2446911851144978',
    '2364624251592784', '2306004135204166', '2262157162798205', '2228138851986274', '2200985160091639', '2178812829667228',
    '2160368656462791', '2144786687917804', '2131449545559776', '2119905299221254', '2109815577833315', '2100922040241038',
    '2093024054408308', '2085963447265864', '2079613844727679', '2073873067904025', '2068657610419048', '2063898561628024',
    '2059538552753297', '2055529438642873', '2051830516480284', '2048407141795245', '2045229642132703', '2042272456301237'
  ] -%}
  {%- set nu, unit = degrees, 10 ** 15 -%}
  case
        when {{ degrees }} is null then {{ normal_critical_squared() }}
        {%- for quantile in quantiles %}
        when {{ degrees }} <= {{ loop.index }} then power({{ quantile }} / {{ unit }}, 2)
        {%- endfor %}
        else power(1959963984540054 / {{ unit }} + (2372271230298562 / {{ unit }} + (2822498615739611 / {{ unit }} + (2555849679507722 / {{ unit }}
            + 1589534053393822 / {{ unit }} / {{ nu }}) / {{ nu }}) / {{ nu }}) / {{ nu }}, 2)
    end
{%- endmacro %}

{# The normal deviate with the p value of t, for degrees that need not be whole (Hill 1970, Comm. ACM 13, algorithm 395): the p value
   is off by 4e-4 with 2 degrees, and by less than 1e-6 from 5 up. #}
{% macro deviate_of_t(t, degrees) -%}
  {%- set y = '((' ~ degrees ~ ' - 1 / 2) * ln(1 + ' ~ t ~ ' * ' ~ t ~ ' / ' ~ degrees ~ '))' -%}
  {%- set b = '(12 * (2 * ' ~ degrees ~ ' - 1) * (2 * ' ~ degrees ~ ' - 1))' -%}
  case
        when {{ degrees }} is null then {{ t }}
        else sqrt({{ y }}) * (1 + ({{ y }} + 3 + (((-4 * {{ y }} - 33) * {{ y }} - 240) * {{ y }} - 855)
            / (8 * {{ y }} * {{ y }} + 1000 + 10 * {{ b }})) / {{ b }})
    end
{%- endmacro %}

{# Satterthwaite's degrees of freedom of the difference of two independent shares that are one under the hypothesis, so that
   their variances are as 1 / n_effective. #}
{% macro joint_degrees(n_effective, degrees, other_n_effective, other_degrees) -%}
  power(1 / {{ n_effective }} + 1 / {{ other_n_effective }}, 2) / nullif(
            coalesce(1 / ({{ n_effective }} * {{ n_effective }} * {{ degrees }}), 0)
            + coalesce(1 / ({{ other_n_effective }} * {{ other_n_effective }} * {{ other_degrees }}), 0), 0)
{%- endmacro %}

{#
  P value of a chi-square of 1, 2 or 3 degrees that is estimated from clusters: chi_square / degrees as F with degrees and
  degrees * denominator (Thomas and Rao 1987, J. Am. Stat. Assoc. 82). deviate: that of the square root of the chi-square as t
  with the denominator, or three times that for a chi-square of 3. For 3 by the recursion of the incomplete beta function
  (Abramowitz and Stegun 1964, 26.5.16), the ratio of its gamma functions by Stirling's series.
#}
{% macro chi_square_p_of_clusters(chi_square, degrees, denominator, deviate) -%}
  {%- set m = '(3e0 * ' ~ denominator ~ ')' -%}
  case
        when {{ denominator }} is null then {{ chi_square_p(chi_square, degrees) }}
        when {{ degrees }} = 1 then {{ two_sided_p(deviate) }}
        when {{ degrees }} = 2 then power(1 + {{ chi_square }} / (2 * {{ denominator }}), -1 * {{ denominator }})
        when {{ degrees }} = 3
            then {{ two_sided_p(deviate) }}
            + sqrt(2 * {{ m }} / pi()) * (1 - 1 / (4 * {{ m }}) + 1 / (32 * {{ m }} * {{ m }}) + 5 / (128 * {{ m }} * {{ m }} * {{ m }}))
            * power(1 + {{ chi_square }} / {{ m }}, -1 * {{ m }} / 2) * sqrt({{ chi_square }} / ({{ m }} + {{ chi_square }}))
    end
{%- endmacro %}
