{#
  A table that is incremental by sample_id: a build replaces the rows of those samples of which anything that decides
  them has changed, and leaves the others. For models that say of each sample only what its own rows of their parents say; a
  test measures that they do. What decides the rows of a sample is its fingerprint (see compared_fingerprints). Rows and
  fingerprints change in one transaction, so that a killed build leaves them in agreement.

  The table is rebuilt whole at first, where no sample stays, where its columns change, and with --full-refresh. Many records
  are written a batch of samples at a time, which bounds the memory that a build needs.
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
  {%- set stale, gone, unchanged = [], [], [] -%}
  {%- for sample in samples -%}
    {%- do (gone if sample.wanted is none else unchanged if sample.wanted == sample.built else stale).append(sample) -%}
  {%- endfor -%}
  {%- set to_replace = existing is not none -%}
  {%- set in_place = to_replace and existing.is_table and unchanged | length > 0 and not should_full_refresh() -%}
  {%- if in_place and stale -%}
    {%- set columns = adapter.get_columns_in_relation(existing) -%}
    {%- set in_place = same_columns(columns, adapter.get_column_schema_from_query(get_empty_subquery_sql(compiled_code))) -%}
  {%- endif -%}

  {%- if not in_place -%}
    {%- set batches = sample_batches(stale + unchanged) -%}
    {% call statement('main') -%}
      {{ create_table_as(False, whole, compiled_code if batches | length == 1 else of_batch(inputs, batches[0])) }}
    {%- endcall %}
    {%- for batch in batches[1:] -%}
      {% call statement('batch') -%}insert into {{ whole }} by name {{ of_batch(inputs, batch) }}{%- endcall %}
    {%- endfor -%}
    {%- if to_replace -%}{%- do adapter.drop_relation(existing) -%}{%- endif -%}
    {%- do adapter.rename_relation(whole, target) -%}
  {%- else -%}
    {% call statement('main') -%}
      {%- if stale or gone -%}
      delete from {{ target }} where sample_id in ({{ sample_list(stale + gone) }})
      {%- else -%}select 0{%- endif -%}
    {%- endcall %}
    {%- for batch in sample_batches(stale) if batch -%}
      {% call statement('batch') -%}insert into {{ target }} by name {{ of_batch(inputs, batch) }}{%- endcall %}
    {%- endfor -%}
  {%- endif -%}
  {%- if not in_place or stale or gone -%}
    {% call statement('fingerprints') -%}
      delete from {{ fingerprint_table() }}
      where model = '{{ model.name }}' {% if in_place %}and sample_id in ({{ sample_list(stale + gone) }}){% endif %}
    {%- endcall %}
  {%- endif -%}
  {%- if stale or not in_place -%}
    {% call statement('new_fingerprints') -%}
      insert into {{ fingerprint_table() }}
      select * from (values
      {%- for sample in (stale if in_place else stale + unchanged) %}
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

{# The samples in groups of so many records that a group fits into memory; at least one group, and one sample in each. #}
{% macro sample_batches(samples) -%}
  {%- set batches = [[]] -%}
  {%- set records = namespace(n=0) -%}
  {%- for sample in samples -%}
    {%- if records.n > 0 and records.n + sample.n_rows > var('batch_records') -%}
      {%- do batches.append([]) -%}
      {%- set records.n = 0 -%}
    {%- endif -%}
    {%- do batches[-1].append(sample) -%}
    {%- set records.n = records.n + sample.n_rows -%}
  {%- endfor -%}
  {{ return(batches) }}
{%- endmacro %}

{# The rows of some samples, as the model says. #}
{% macro of_batch(inputs, samples) -%}
  select * from (
    {{ of_samples(compiled_code, inputs.sample_wise, samples) }}
  ) as batch
  where sample_id in ({{ sample_list(samples) }})
{%- endmacro %}

{#
  The code with only these samples' rows of the tables that are incremental by sample_id. An engine pushes such a filter
  down through some joins and window functions and not through others; so every table has it.
#}
{% macro of_samples(code, sample_wise, samples) -%}
  {%- set filtered = namespace(code=code) -%}
  {%- for relation in sample_wise -%}
    {%- set filtered.code = filtered.code.replace(relation, '(select * from ' ~ relation ~ ' where sample_id in (' ~ sample_list(samples) ~ '))') -%}
  {%- endfor -%}
  {{ return(filtered.code) }}
{%- endmacro %}
