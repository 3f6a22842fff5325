select sample_id, expectation, rule, audited_column, success, n_elements, n_unexpected, unexpected
from {{ ref('audit_result') }}
order by sample_id, expectation
