"""Which public values changed between two releases, and the cause of each."""

from .catalogue import SEEDS, TABLES
from .compare import COLUMNS, TYPES, Made, compare
from .table import change_table, difference

__all__ = ["COLUMNS", "Made", "SEEDS", "TABLES", "TYPES", "change_table", "compare", "difference"]
