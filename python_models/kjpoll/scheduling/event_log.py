"""The log for machines: one JSON object a line."""

from __future__ import annotations

import json
from datetime import UTC, datetime
from typing import Any, TextIO


class EventLog:
    """Writes events to `stream`; to nowhere where it is None.

    Each line has time (UTC, ISO 8601), level (info, warning, error), event and the fields of the event.
    """

    def __init__(self, stream: TextIO | None) -> None:
        self._stream = stream

    def write(self, event: str, level: str = "info", **fields: Any) -> None:
        """Add one line. Raises OSError where it cannot be written."""
        if self._stream is None:
            return
        time = datetime.now(UTC).isoformat(timespec="milliseconds")
        line = {"time": time, "level": level, "event": event}
        self._stream.write(json.dumps(line | fields, ensure_ascii=False, default=str) + "\n")
        self._stream.flush()
