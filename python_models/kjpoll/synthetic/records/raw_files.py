"""Make the raw files of all synthetic samples from the seeds."""

from __future__ import annotations

import hashlib
import json
from pathlib import Path

from kjpoll.common.sidecar import SidecarError, read_sidecar, sidecar_path
from kjpoll.synthetic.catalog import Catalog, SyntheticError, SyntheticSample
from kjpoll.synthetic.records.draws import SEED
from kjpoll.synthetic.records.formats import file_bytes
from kjpoll.synthetic.records.people import generate
from kjpoll.synthetic.records.raw_codes import render
from kjpoll.synthetic.seeds import load

LICENCE = "CC0-1.0"


def sample_bytes(catalog: Catalog, sample_id: str) -> bytes:
    """The content of a sample's raw file."""
    columns = render(catalog, generate(catalog, sample_id))
    return file_bytes(catalog, catalog.samples[sample_id], columns)


def sidecar(sample: SyntheticSample, content: bytes) -> str:
    """The JSON text that stands beside a raw file and says what it is; keys sorted."""
    facts = {
        "agency": sample.agency,
        "bytes": len(content),
        "country": sample.country,
        "fieldwork_end": sample.fieldwork_end,
        "fieldwork_start": sample.fieldwork_start,
        "file": Path(sample.file).name,
        "licence": LICENCE,
        "mode": sample.mode,
        "n": sample.n_expected,
        "note": "Synthetic records that reproduce published results; no answer of a real person.",
        "origin": {"generator": "python_models/kjpoll/synthetic", "seed": SEED},
        "population": sample.population,
        "sample_id": sample.sample_id,
        "sha256": hashlib.sha256(content).hexdigest(),
        "source_id": sample.source_id,
        "synthetic": True,
        "wave": sample.wave,
    }
    return json.dumps(facts, ensure_ascii=False, indent=2, sort_keys=True) + "\n"


def synthesize(seeds: Path, raw: Path) -> list[Path]:
    """Write the raw file and the sidecar of every sample that survey/samples calls synthetic.

    All files are made before the first is written, so an error leaves ``raw`` as it was. A file whose
    sidecar says that it is not synthetic is never overwritten: SyntheticError.
    """
    catalog = load(seeds)
    made: dict[Path, tuple[SyntheticSample, bytes]] = {}
    for sample in catalog.samples.values():
        if sample.synthetic:
            path = raw / sample.file
            _refuse_real(sample, path)
            made[path] = sample, sample_bytes(catalog, sample.sample_id)
    for path, (sample, content) in made.items():
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes(content)
        sidecar_path(path).write_bytes(sidecar(sample, content).encode("utf-8"))
    return list(made)


def _refuse_real(sample: SyntheticSample, path: Path) -> None:
    try:
        stated = read_sidecar(path)
    except SidecarError as error:
        raise SyntheticError(f"{path}: {error}; correct or remove it") from error
    if stated is not None and stated.get("synthetic") is not True:
        raise SyntheticError(
            f"{path} is not synthetic, says {sidecar_path(path).name}; set synthetic to false for {sample.sample_id} in "
            "survey/samples, or move the file away"
        )
