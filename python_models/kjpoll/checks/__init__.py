"""The checks that stand between the raw answers and the marts."""

from .gate import GateClosed, close_gate
from .response_codes import Audit, AuditTables, audit, write_data_docs

__all__ = ["Audit", "AuditTables", "GateClosed", "audit", "close_gate", "write_data_docs"]
