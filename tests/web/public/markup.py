"""Reads a page as a visitor's browser would, without one: its text, links, ids and attributes."""

from dataclasses import dataclass, field
from html.parser import HTMLParser

from flask.testing import FlaskClient

VOID = frozenset(("meta", "link", "img", "input", "br", "hr", "use", "path"))
HEADINGS = frozenset(("h1", "h2", "h3", "h4"))
INLINE = frozenset(("a", "span", "strong", "small"))
Attributes = dict[str, str | None]


@dataclass(kw_only=True)
class Markup:
    """What a page holds; `text` is everything that a reader sees, spaces collapsed."""

    status: int
    title: str = ""
    text: str = ""
    links: list[tuple[str, str]] = field(default_factory=list)
    elements: list[tuple[str, Attributes]] = field(default_factory=list)
    titles: list[tuple[str, str]] = field(default_factory=list)

    def headings(self, level: int) -> list[str]:
        """Returns the text of the headings of a level."""
        return [text for tag, text in self.titles if tag == f"h{level}"]

    def hrefs(self) -> list[str]:
        """Returns the address of every link."""
        return [href for href, _ in self.links]

    def link(self, label: str) -> str:
        """Returns the address of the first link whose text holds a label."""
        return next(href for href, text in self.links if label in text)

    def all(self, tag: str, **attributes: str) -> list[Attributes]:
        """Returns the attributes of the elements of a name, with those values."""
        wanted = attributes.items()
        return [a for t, a in self.elements if t == tag and wanted <= dict(a).items()]

    def value_of(self, name: str) -> str | None:
        """Returns the value of a field of the form."""
        return self.all("input", name=name)[0].get("value")


class _Reader(HTMLParser):
    def __init__(self, markup: Markup) -> None:
        super().__init__(convert_charrefs=True)
        self.markup = markup
        self.stack: list[str] = []
        self.words: list[str] = []
        self.anchor: tuple[str, list[str]] | None = None
        self.heading: list[str] = []

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        attributes = dict(attrs)
        self.markup.elements.append((tag, attributes))
        if tag not in VOID:
            self.stack.append(tag)
        if tag in HEADINGS:
            self.heading = []
        if tag == "a":
            self.anchor = (attributes.get("href") or "", [])

    def handle_startendtag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.markup.elements.append((tag, dict(attrs)))

    def handle_endtag(self, tag: str) -> None:
        assert self.stack, f"</{tag}> closes nothing"
        opened = self.stack.pop()
        assert opened == tag, f"</{tag}> closes <{opened}>, line {self.getpos()[0]}"
        if tag not in INLINE:
            self.words.append(" ")
        if tag in HEADINGS:
            self.markup.titles.append((tag, " ".join("".join(self.heading).split())))
        if tag == "a" and self.anchor is not None:
            href, words = self.anchor
            self.markup.links.append((href, " ".join("".join(words).split())))
            self.anchor = None

    def handle_data(self, data: str) -> None:
        if self.stack[-1:] == ["title"]:
            self.markup.title += data
        elif self.stack[-1:] == ["script"]:
            return  # data for machines, not for a reader
        else:
            self.words.append(data)
            self.heading.append(data)
        if self.anchor is not None:
            self.anchor[1].append(data)


def read(html: str, status: int = 200) -> Markup:
    """Reads a page; badly nested elements are a fault."""
    markup = Markup(status=status)
    reader = _Reader(markup)
    reader.feed(html)
    reader.close()
    assert not reader.stack, f"never closed: {reader.stack}"
    markup.text = " ".join("".join(reader.words).split())
    markup.title = " ".join(markup.title.split())
    return markup


def visit(client: FlaskClient, address: str, **parameters: object) -> Markup:
    """Asks for a page and reads it."""
    response = client.get(address, query_string=parameters or None)
    assert response.mimetype == "text/html"
    return read(response.text, response.status_code)
