-- What holds for the rows of every seed: keys, references, cells and labels as its description says.
{{ findings_from(none, []) }}
{% for seed in described_seeds() %}
{{ duplicate_keys(seed) }}
{{ dangling_references(seed) }}
{{ invalid_cells(seed) }}
{{ missing_labels(seed) }}
{{ unread_labels(seed) }}
{% endfor %}
