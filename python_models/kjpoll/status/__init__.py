"""Where a wave stands between its file and the report, and what to do next. It only reads, and takes no lock."""

from .checklist import project_status
from .items import Item, State, Status

__all__ = ["Item", "State", "Status", "project_status"]
