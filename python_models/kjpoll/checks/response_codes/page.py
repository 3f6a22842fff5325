"""Great Expectations' Data Docs as pages that need no network.

Its own pages link styles and scripts of nine hosts, and are bare without them. Its renderers say what a page
holds; the page and the styles are templates of ours that link nothing.
"""

from __future__ import annotations

import html
from typing import Any

import jinja2
from great_expectations.core import ExpectationSuiteValidationResult
from great_expectations.render.renderer import ValidationResultsPageRenderer
from great_expectations.render.view import DefaultJinjaPageView
from jinja2.runtime import Context

from .data_docs import TEMPLATES


class OfflinePageView(DefaultJinjaPageView):
    """Renders a document with our page template, and everything in it with Great Expectations'."""

    def __init__(self) -> None:
        super().__init__()
        loaders = [jinja2.FileSystemLoader(TEMPLATES), self.env.loader]
        self.env.loader = jinja2.ChoiceLoader([loader for loader in loaders if loader])

    @jinja2.pass_context
    def render_content_block(
        self, jinja_context: Context, content_block: Any, *arguments: Any, **settings: Any
    ) -> Any:
        """As Great Expectations renders it, except that a bare text, which may be out of a wave file, is no markup."""
        if isinstance(content_block, str):
            return html.escape(content_block)
        return super().render_content_block(jinja_context, content_block, *arguments, **settings)


class PageWriter:
    """Writes the page of a sample."""

    def __init__(self) -> None:
        self._view = OfflinePageView()
        self._renderer = ValidationResultsPageRenderer(run_info_at_end=True)

    def page(
        self, sample_id: str, outcome: ExpectationSuiteValidationResult, rows: list[dict[str, Any]]
    ) -> str:
        """The page as HTML. rows: what the audit says of the sample; those that failed stand at the head."""
        document = self._renderer.render(outcome)
        overview = document.sections[0]
        # Its header links a page of the suite, which is not made; ours says what else it holds.
        overview.content_blocks = [
            block for block in overview.content_blocks if block.content_block_type != "header"
        ]
        sample = {
            "sample_id": sample_id,
            "success": outcome.success,
            "failed": [row for row in rows if not row["success"]],
        }
        page: str = self._view.render(document, sample=sample)  # type: ignore[no-untyped-call]
        return page
