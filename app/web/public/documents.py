"""Typed reading of the public documents, which come from the repository as JSON text."""

import json
from collections.abc import Mapping
from typing import Any, cast

Document = Mapping[str, Any]


def read_document(text: str) -> Document:
    """Returns the document of an offer or a structure."""
    return cast("Document", json.loads(text))


def text_of(document: Document, name: str) -> str | None:
    """Returns a text that says something, else None."""
    value = document.get(name)
    return value.strip() or None if isinstance(value, str) else None


def values_of(document: Document, name: str) -> tuple[str, ...]:
    """Returns a list of codes; empty when the source says nothing."""
    value = document.get(name)
    return tuple(value) if isinstance(value, list) else ()


def first_text(name: str, *documents: Document) -> str | None:
    """Returns the first text that says something: an offer's own, else its structure's."""
    return next((text for doc in documents if (text := text_of(doc, name))), None)


def paragraphs_of(text: str | None) -> tuple[str, ...]:
    """Splits a source's free text into paragraphs; blank lines vanish."""
    return tuple(line.strip() for line in (text or "").splitlines() if line.strip())
