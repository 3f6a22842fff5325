"""The last step of add-wave or review, kept so that it can be undone: what its files were before."""

from __future__ import annotations

import io
import json
import os
import zipfile
from collections.abc import Sequence
from pathlib import Path

from kjpoll.common.file_hash import file_hash
from kjpoll.onboarding.review.review_error import ReviewError
from kjpoll.onboarding.review.transaction import FileChange, content_hash, review_lock, write_all

KEPT = "last_step.zip"
INDEX = "step.json"


def write_step(
    root: Path, changes: Sequence[FileChange], folder: Path, what: str, undone: bool = False
) -> None:
    """Write every change, or none, and keep what was there before in the same transaction. `what`: the step in words; `undone`:
    whether it is the undoing of that step. Raises ReviewError as `write_all` does. Nothing to write is no step."""
    if not changes:
        return
    entries = [
        {
            "path": os.path.relpath(change.path, root),
            "after": content_hash(change.content),
            "existed": change.before is not None,
        }
        for change in changes
    ]
    stream = io.BytesIO()
    with zipfile.ZipFile(stream, "w", zipfile.ZIP_DEFLATED) as kept:
        # Of a fixed date, so that the same step has the same bytes.
        kept.writestr(zipfile.ZipInfo(INDEX), json.dumps({"what": what, "undone": undone, "files": entries}))
        for number, change in enumerate(changes):
            if change.before is not None:
                kept.writestr(zipfile.ZipInfo(str(number)), change.before, zipfile.ZIP_DEFLATED)
    path = folder / KEPT
    write_all([*changes, FileChange(path, stream.getvalue(), _bytes(path))], folder)


def undo(root: Path) -> list[str]:
    """Put every file back as it was before the last step; the step undone is then the last one, so that a second undo does it
    again. Says what was done. Raises ReviewError where no step is kept, or where a file is not as the step left it."""
    with review_lock(root) as folder:
        try:
            with zipfile.ZipFile(folder / KEPT) as kept:
                step = json.loads(kept.read(INDEX))
                contents = [
                    kept.read(str(number)) if entry["existed"] else None
                    for number, entry in enumerate(step["files"])
                ]
        except (OSError, ValueError, KeyError, zipfile.BadZipFile) as error:
            raise ReviewError(
                "there is no step of add-wave or review to undo; what is older is in version control"
            ) from error
        paths = [root / entry["path"] for entry in step["files"]]
        changed = [
            path
            for path, entry in zip(paths, step["files"], strict=True)
            if (file_hash(path) if path.exists() else None) != entry["after"]
        ]
        if changed:
            raise ReviewError(
                f"{', '.join(map(str, changed))} was changed after {step['what']}, so that this cannot be undone; nothing was "
                "written: correct the rows with kjpoll review, or take the files from version control"
            )
        changes = [
            FileChange(path, content, _bytes(path)) for path, content in zip(paths, contents, strict=True)
        ]
        # The last that was written is the first that goes.
        write_step(root, changes[::-1], folder, step["what"], undone=not step["undone"])
    verb = "did again" if step["undone"] else "undid"
    return [
        f"{verb}: {step['what']} ({', '.join(entry['path'] for entry in step['files'])}); kjpoll review --undo takes that back"
    ]


def _bytes(path: Path) -> bytes | None:
    return path.read_bytes() if path.exists() else None
