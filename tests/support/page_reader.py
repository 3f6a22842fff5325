"""A page of the report as a reader's program sees it: its texts, tables, links, charts."""

from __future__ import annotations

import json
from dataclasses import dataclass, field
from html.parser import HTMLParser
from pathlib import Path

VOID = {"area", "base", "br", "col", "embed", "hr", "img", "input", "link", "meta", "source", "track", "wbr"}


@dataclass
class Element:
    tag: str
    attributes: dict[str, str]
    children: list[Element | str] = field(default_factory=list)

    def __getitem__(self, name: str) -> str:
        return self.attributes[name]

    @property
    def text(self) -> str:
        if self.tag == "script":
            return ""
        return "".join(child if isinstance(child, str) else child.text for child in self.children)

    def all(self):
        yield self
        for child in self.children:
            if isinstance(child, Element):
                yield from child.all()

    @property
    def cells(self) -> list[Element]:
        return [child for child in self.children if isinstance(child, Element) and child.tag in ("td", "th")]


@dataclass(frozen=True)
class Address:
    tag: str
    value: str


class Page(HTMLParser):
    def __init__(self) -> None:
        super().__init__(convert_charrefs=True)
        self.root = Element("root", {})
        self.open = [self.root]

    def handle_starttag(self, tag, attrs):
        element = Element(tag, {name: value or "" for name, value in attrs})
        self.open[-1].children.append(element)
        if tag not in VOID:
            self.open.append(element)

    def handle_startendtag(self, tag, attrs):
        self.open[-1].children.append(Element(tag, {name: value or "" for name, value in attrs}))

    def handle_endtag(self, tag):
        assert self.open[-1].tag == tag, f"</{tag}> ends <{self.open[-1].tag}>"
        self.open.pop()

    def handle_data(self, data):
        self.open[-1].children.append(data)

    def by_id(self, name: str) -> Element:
        [found] = [element for element in self.root.all() if element.attributes.get("id") == name]
        return found

    def rows(self, table: str) -> list[Element]:
        """The rows of a table's body."""
        [body] = [element for element in self.by_id(table).all() if element.tag == "tbody"]
        return [element for element in body.all() if element.tag == "tr"]

    def text_of(self, name: str) -> str:
        return self.by_id(name).text

    @property
    def text(self) -> str:
        return self.root.text

    @property
    def ids(self) -> set[str]:
        return {element["id"] for element in self.root.all() if "id" in element.attributes}

    @property
    def addresses(self) -> list[Address]:
        """What the page loads or links; names inside drawings (their clip paths) are left out."""
        return [
            Address(element.tag, element[name])
            for element in self.root.all()
            for name in ("href", "src")
            if name in element.attributes
        ]

    @property
    def texts(self) -> list[tuple[str, str]]:
        """Each piece of text with its language."""
        found = []

        def walk(element: Element, language: str) -> None:
            language = element.attributes.get("lang", language)
            for child in element.children:
                if isinstance(child, Element):
                    walk(child, language)
                elif element.tag != "script":
                    found.append((language, child))

        walk(self.root, "")
        return found

    @property
    def specifications(self) -> dict[str, dict]:
        return {
            element["data-chart"]: json.loads("".join(element.children))
            for element in self.root.all()
            if "data-chart" in element.attributes
        }

    @property
    def svg_texts(self) -> dict[str, list[str]]:
        """The texts of each static drawing, by chart."""
        return {
            name: [element.text for element in self.by_id(name).all() if element.tag == "text"]
            for name in self.specifications
        }

    @property
    def scripts_of_the_page(self) -> set[str]:
        """What kinds of scripts there are: a type, or src for one from a file."""
        return {
            "src" if "src" in element.attributes else element.attributes.get("type", "inline")
            for element in self.root.all()
            if element.tag == "script"
        }

    @property
    def breaks(self) -> list[tuple[str, str]]:
        items = [
            element
            for element in self.root.all()
            if element.tag == "li" and "data-wave" in element.attributes
        ]
        return [(element["data-country"], element["data-wave"]) for element in items]

    @property
    def attributes(self) -> dict[str, str]:
        """The attributes of the first chart's box."""
        return self.by_id(next(iter(self.specifications))).attributes


def read_page(path: Path) -> Page:
    """Read a page; AssertionError if its elements are not properly nested."""
    page = Page()
    page.feed(path.read_text(encoding="utf-8"))
    page.close()
    assert page.open == [page.root], f"{path}: <{page.open[-1].tag}> is not closed"
    return page
