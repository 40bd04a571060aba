"""The source of a page as a browser would read it: its elements in order, each with what stands in it."""

from __future__ import annotations

from dataclasses import dataclass
from html.parser import HTMLParser

_EMPTY = {"meta", "link", "input", "br", "path", "rect", "circle", "wbr"}


@dataclass
class Element:
    name: str
    attributes: dict[str, str]
    text: str = ""


class Source(HTMLParser):
    def __init__(self, text: str) -> None:
        super().__init__()
        self.elements: list[Element] = []
        self._open: list[Element] = []
        self.feed(text)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        element = Element(tag, {name: value or "" for name, value in attrs})
        self.elements.append(element)
        if tag not in _EMPTY:
            self._open.append(element)

    def handle_endtag(self, tag: str) -> None:
        # `<path/>` ends as it begins, and was never open.
        while tag not in _EMPTY and self._open and self._open.pop().name != tag:
            pass

    def handle_data(self, data: str) -> None:
        for element in self._open:
            element.text += data

    def all(self, name: str) -> list[Element]:
        return [element for element in self.elements if element.name == name]

    @property
    def focusable(self) -> list[Element]:
        return [e for e in self.elements if e.name in {"a", "button", "input", "select", "iframe", "summary"}]
