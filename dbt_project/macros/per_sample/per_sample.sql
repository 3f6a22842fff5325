{#
  A table that is built sample by sample: a build makes anew the rows of those samples of which anything that decides them
  has changed, and leaves the others. For models that say of each sample only what its own rows of their parents say; a
  test measures that they do. What decides the rows of a sample is its fingerprint (see sample_fingerprints). Rows and
  fingerprints change in one transaction, so that a killed build leaves them in agreement.

  The table is made whole at first, where no sample stays, where its columns change, and with --full-refresh.
#}
{% materialization per_sample, adapter='duckdb' %}
  {%- set target = this.incorporate(type='table') -%}
  {%- set existing = load_cached_relation(this) -%}
  {%- set whole = make_intermediate_relation(target) -%}
  {%- do drop_relation_if_exists(load_cached_relation(whole)) -%}
  {{ run_hooks(pre_hooks, inside_transaction=False) }}
  {{ run_hooks(pre_hooks, inside_transaction=True) }}

  {%- set inputs = sample_inputs(model) -%}
  {%- set samples = run_query(compared_fingerprints(inputs)).rows -%}
  {%- set stale, gone, standing = [], [], [] -%}
  {%- for sample in samples -%}
    {%- do (gone if sample.wanted is none else standing if sample.wanted == sample.built else stale).append(sample) -%}
  {%- endfor -%}
  {%- set to_replace = existing is not none -%}
  {%- set keeps = to_replace and existing.is_table and standing | length > 0 and not should_full_refresh() -%}
  {%- if keeps and stale -%}
    {%- set columns = adapter.get_columns_in_relation(existing) -%}
    {%- set keeps = same_columns(columns, adapter.get_column_schema_from_query(get_empty_subquery_sql(compiled_code))) -%}
  {%- endif -%}

  {%- if not keeps -%}
    {% call statement('main') -%}{{ create_table_as(False, whole, compiled_code) }}{%- endcall %}
    {%- if to_replace -%}{%- do adapter.drop_relation(existing) -%}{%- endif -%}
    {%- do adapter.rename_relation(whole, target) -%}
  {%- else -%}
    {% call statement('main') -%}
      {%- if stale or gone -%}
      delete from {{ target }} where sample_id in ({{ sample_list(stale + gone) }})
      {%- else -%}select 0{%- endif -%}
    {%- endcall %}
    {%- if stale -%}
      {% call statement('rows_of_stale_samples') -%}
        insert into {{ target }} by name
        select * from (
          {{ of_samples(compiled_code, inputs.sample_wise, stale) }}
        ) as stale
        where sample_id in ({{ sample_list(stale) }})
      {%- endcall %}
    {%- endif -%}
  {%- endif -%}
  {%- if not keeps or stale or gone -%}
    {% call statement('fingerprints') -%}
      delete from {{ fingerprint_table() }}
      where model = '{{ model.name }}' {% if keeps %}and sample_id in ({{ sample_list(stale + gone) }}){% endif %}
    {%- endcall %}
  {%- endif -%}
  {%- if stale or not keeps -%}
    {% call statement('new_fingerprints') -%}
      insert into {{ fingerprint_table() }}
      select * from (values
      {%- for sample in (stale if keeps else stale + standing) %}
        ('{{ model.name }}', '{{ escape_single_quotes(sample.sample_id) }}', '{{ sample.wanted }}'){{ ',' if not loop.last }}
      {%- else %}
        (null, null, null)
      {%- endfor %}
      ) as built (model, sample_id, fingerprint)
      where model is not null
    {%- endcall %}
  {%- endif -%}

  {{ run_hooks(post_hooks, inside_transaction=True) }}
  {%- do persist_docs(target, model) -%}
  {{ adapter.commit() }}
  {{ run_hooks(post_hooks, inside_transaction=False) }}
  {{ return({'relations': [target]}) }}
{% endmaterialization %}

{% macro same_columns(built, wanted) -%}
  {{ return(built | map(attribute='name') | list == wanted | map(attribute='name') | list
      and built | map(attribute='dtype') | list == wanted | map(attribute='dtype') | list) }}
{%- endmacro %}

{% macro sample_list(samples) -%}
  {%- for sample in samples -%}'{{ escape_single_quotes(sample.sample_id) }}'{{ ', ' if not loop.last }}{%- endfor -%}
{%- endmacro %}

{#
  The code with only these samples' rows of the tables that are built sample by sample. An engine pushes such a filter
  down through some joins and window functions and not through others; so it stands at every table.
#}
{% macro of_samples(code, sample_wise, samples) -%}
  {%- set found = namespace(code=code) -%}
  {%- for relation in sample_wise -%}
    {%- set found.code = found.code.replace(relation, '(select * from ' ~ relation ~ ' where sample_id in (' ~ sample_list(samples) ~ '))') -%}
  {%- endfor -%}
  {{ return(found.code) }}
{%- endmacro %}
