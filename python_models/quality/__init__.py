"""The checks that stand between the raw answers and the marts."""

from .gate import GateClosed, close_gate
from .response_codes import audit

__all__ = ["GateClosed", "audit", "close_gate"]
