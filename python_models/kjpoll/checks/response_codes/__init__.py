"""The response-code audit: Great Expectations over the columns, codes, labels and missing shares of each wave file.

An expectation costs some 10 ms whatever it looks at, so each sample has one suite of few expectations, each
of which covers all its variables; they look at frequencies, so the cost does not grow with the respondents.
"""

from .data_docs import write_data_docs
from .run import Audit, audit
from .tables import AuditTables

__all__ = ["Audit", "AuditTables", "audit", "write_data_docs"]
