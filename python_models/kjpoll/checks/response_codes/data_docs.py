"""The pages of the audit: one for each sample, and a list of them."""

from __future__ import annotations

import shutil
from collections.abc import Iterable
from pathlib import Path

import jinja2

from .sample import SampleAudit

TEMPLATES = Path(__file__).with_name("templates")


def write_data_docs(samples: Iterable[SampleAudit], folder: Path) -> None:
    """A page for each sample, and index.html with what passed; the pages of an earlier audit go."""
    shutil.rmtree(folder, ignore_errors=True)
    folder.mkdir(parents=True)
    samples = list(samples)
    for sample in samples:
        (folder / f"{sample.sample_id}.html").write_text(sample.page, encoding="utf-8")
    templates = jinja2.Environment(loader=jinja2.FileSystemLoader(TEMPLATES), autoescape=True)
    (folder / "index.html").write_text(
        templates.get_template("index.j2").render(samples=samples), encoding="utf-8"
    )
