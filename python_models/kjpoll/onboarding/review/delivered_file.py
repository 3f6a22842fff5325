"""The file of a sample and its sidecar: put in their place, and replaced by a corrected delivery."""

from __future__ import annotations

import datetime
import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from kjpoll.common.file_hash import file_hash
from kjpoll.common.sidecar import SidecarError, labels_path, read_sidecar, sidecar_path
from kjpoll.landing.landing_sample import FACTS
from kjpoll.onboarding.kept_labels import CODEBOOK, kept_content
from kjpoll.onboarding.label_entry import ColumnLabels
from kjpoll.onboarding.profile import raw_dir
from kjpoll.onboarding.review.review_error import ReviewError
from kjpoll.onboarding.review.survey import Row, Survey
from kjpoll.onboarding.review.transaction import FileChange

# Of a sidecar: the file for which a person has accepted rows.
REVIEWED = "reviewed_sha256"
# Below the folder of the review: the files that others replaced.
REPLACED = "replaced"


@dataclass(frozen=True)
class EarlierFile:
    """The file that a delivery would replace; `path` is None where it is gone, and `why_unknown` says so."""

    path: Path | None
    why_unknown: str = ""


def earlier_file(root: Path, row: Row, delivered: Path) -> EarlierFile | None:
    """The file of the sample where the delivered one is another; None where it is the same one, or nothing was accepted yet for one
    that is gone. Raises ReviewError."""
    raw_file = raw_dir(root) / row["file"]
    sha256, stated = file_hash(delivered), _stated(raw_file)
    accepted = stated.get(REVIEWED)
    if raw_file.exists():
        if file_hash(raw_file) != sha256:
            return EarlierFile(raw_file)
        if accepted not in (None, sha256):
            return EarlierFile(
                None, f"the rows were accepted for a file with sha256 {accepted}, which is gone"
            )
        return None
    if stated and stated.get("sha256") == sha256 and accepted in (None, sha256):
        return None
    survey = Survey(root)
    if row["review"] == "reviewed" or survey.variables.find(sample_id=row["sample_id"], review="reviewed"):
        return EarlierFile(None, f"{raw_file}, for which rows were accepted, is gone")
    if stated:
        raise ReviewError(
            f"{sidecar_path(raw_file)} describes a file that is not there; put that file back, or remove the sidecar and run this again"
        )
    return None


def raw_files_of(
    root: Path,
    before: Row | None,
    row: Row,
    delivered: Path,
    today: datetime.date,
    folder: Path,
    survey: Survey,
) -> list[FileChange]:
    """The delivered file and its sidecar where the project has not got them; those that they replace are kept in `folder`.

    `before`: the row of the sample as it was. `survey`: the rows as they are now; where accepted ones are left among them, they are
    accepted for this file.
    """
    raw_file = raw_dir(root) / row["file"]
    sha256 = file_hash(delivered)
    first = raw_dir(root) / before["file"] if before else raw_file
    stated = _stated(first)
    is_same = first.exists() and file_hash(first) == sha256
    if is_same and stated.get(REVIEWED) in (None, sha256):
        return []
    if not first.exists() and stated.get("sha256") == sha256 and stated.get(REVIEWED) in (None, sha256):
        return [FileChange(raw_file, delivered, None)]
    content = sidecar(row, delivered, today, stated)
    if before and survey.variables.find(sample_id=row["sample_id"], review="reviewed"):
        content[REVIEWED] = sha256
    changes: dict[Path, FileChange] = {}
    for path, new in ((first, None), (sidecar_path(first), None)):
        old = path.read_bytes() if path.exists() else None
        if old is None:
            continue
        if not is_same and first.exists():
            kept = folder / REPLACED / f"{row['sample_id']}-{file_hash(first)[:8]}-{path.name}"
            if not kept.exists():
                changes[kept] = FileChange(kept, old, None)
        changes[path] = FileChange(path, new, old)
    for path, put in ((raw_file, delivered), (sidecar_path(raw_file), _json(content))):
        replaced = changes.get(path)
        changes[path] = FileChange(path, put, replaced.before if replaced else None)
    return list(changes.values())


def with_labels_file(
    changes: Sequence[FileChange], raw_file: Path, codebook: str, labels: Mapping[str, ColumnLabels]
) -> list[FileChange]:
    """The changes with those that keep the labels of a codebook beside the file, and its name in the sidecar."""
    beside, path = sidecar_path(raw_file), labels_path(raw_file)
    written = next((change.content for change in changes if change.path == beside), None)
    content = json.loads(written) if isinstance(written, bytes) else _stated(raw_file)
    changed = {change.path: change for change in changes}
    for of_file, new in ((path, kept_content(labels)), (beside, _json({**content, CODEBOOK: codebook}))):
        before = of_file.read_bytes() if of_file.exists() else None
        if new != before:
            changed[of_file] = FileChange(of_file, new, before)
    return list(changed.values())


def sidecar(row: Row, source: Path, today: datetime.date, earlier: Mapping[str, Any]) -> dict[str, Any]:
    """What the sidecar of a file says. `row`: of the samples seed; `source`: the file as delivered; `earlier`: the sidecar of the
    file that it replaces, of which stays what is not said of the file itself."""
    facts = {name: row[column] for name, column in FACTS.items() if name in earlier and row[column]}
    return {
        "licence": "not stated",
        "origin": "agency",
        **{name: value for name, value in earlier.items() if name != REVIEWED},
        **facts,
        "bytes": source.stat().st_size,
        "country": row["country"],
        "delivered_as": source.name,
        "file": Path(row["file"]).name,
        "n": int(row["n_expected"]),
        "received": today.isoformat(),
        "sample_id": row["sample_id"],
        "sha256": file_hash(source),
        "synthetic": row["synthetic"] == "true",
        "wave": int(row["wave"]),
    }


def accepted_for(raw_file: Path) -> list[FileChange]:
    """That the rows of the sample are accepted for this very file, in its sidecar where it has one that does not say so."""
    stated = _stated(raw_file)
    if not stated or stated.get(REVIEWED) == file_hash(raw_file):
        return []
    path = sidecar_path(raw_file)
    return [FileChange(path, _json({**stated, REVIEWED: file_hash(raw_file)}), path.read_bytes())]


def check_accepted_file(row: Row, raw_file: Path) -> None:
    """Raises ReviewError where accepted rows are not those of the file that is there."""
    accepted = _stated(raw_file).get(REVIEWED)
    if accepted not in (None, file_hash(raw_file)):
        raise ReviewError(
            f"{raw_file} is another file than the one for which rows of {row['sample_id']} were accepted (sha256 {accepted}); put that "
            "one back, or take this one in with kjpoll add-wave --replace, which opens the rows again"
        )


def _stated(raw_file: Path) -> dict[str, Any]:
    try:
        return read_sidecar(raw_file) or {}
    except SidecarError as error:
        raise ReviewError(f"{raw_file}: {error}; restore it from version control") from error


def _json(content: Mapping[str, Any]) -> bytes:
    return (json.dumps(dict(sorted(content.items())), ensure_ascii=False, indent=2) + "\n").encode("utf-8")
