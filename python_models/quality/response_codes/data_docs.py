"""Great Expectations' Data Docs as pages that need no network.

Its own pages link styles and scripts of nine hosts, and are bare without them. Its renderers say what a page
holds; the page, the list of pages and the styles are templates of ours that link nothing.
"""

from __future__ import annotations

import html
import shutil
from pathlib import Path

import jinja2
from great_expectations.render.renderer import ValidationResultsPageRenderer
from great_expectations.render.view import DefaultJinjaPageView

from .run import Audit

TEMPLATES = Path(__file__).with_name("templates")


class OfflinePageView(DefaultJinjaPageView):
    """Renders a document with our page template, and everything in it with Great Expectations'."""

    def __init__(self) -> None:
        super().__init__()
        own = jinja2.FileSystemLoader(TEMPLATES)
        self.env.loader = jinja2.ChoiceLoader([own, self.env.loader])

    @jinja2.pass_context
    def render_content_block(self, jinja_context, content_block, *arguments, **settings):
        """As Great Expectations renders it, except that a bare text, which may be out of a wave file, is no markup."""
        if isinstance(content_block, str):
            return html.escape(content_block)
        return super().render_content_block(jinja_context, content_block, *arguments, **settings)


def write_data_docs(audit: Audit, folder: Path) -> None:
    """A page for each sample, and index.html with what passed; the pages of an earlier audit go."""
    shutil.rmtree(folder, ignore_errors=True)
    folder.mkdir(parents=True)
    failed = audit.rows[~audit.rows["success"]]
    view, renderer = OfflinePageView(), ValidationResultsPageRenderer(run_info_at_end=True)
    samples = []
    for sample_id, result in audit.results.items():
        document = renderer.render(result)
        overview = document.sections[0]
        # Its header links a page of the suite, which is not made; ours says what else it holds.
        overview.content_blocks = [block for block in overview.content_blocks if block.content_block_type != "header"]
        sample = {"sample_id": sample_id, "success": result.success, "statistics": result.statistics,
                  "failed": failed[failed["sample_id"] == sample_id].to_dict("records")}
        samples.append(sample)
        (folder / f"{sample_id}.html").write_text(view.render(document, sample=sample), encoding="utf-8")
    index = view.env.get_template("index.j2").render(samples=samples)
    (folder / "index.html").write_text(index, encoding="utf-8")
