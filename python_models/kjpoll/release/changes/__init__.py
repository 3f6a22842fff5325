"""Which public values changed between two releases, and the cause of each."""

from .catalogue import SEEDS, TABLES
from .compare import COLUMNS, TYPES, Origin, compare
from .table import change_table, difference

__all__ = ["COLUMNS", "SEEDS", "TABLES", "TYPES", "Origin", "change_table", "compare", "difference"]
