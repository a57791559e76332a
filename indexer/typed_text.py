"""A query as it was written, cut by the positions of its words."""

from dataclasses import dataclass

from app.domain.noms import fold
from indexer.analysis import spans

_EDGES = " ,;:.!?-–—'’"


@dataclass(frozen=True, slots=True)
class TypedText:
    """A text and where each of its words begins and ends."""

    text: str
    spans: tuple[tuple[int, int], ...]

    @classmethod
    def of(cls, q: str, typed: list[str], corrected: list[str]) -> "TypedText":
        """Returns the query with the corrected words in place, the rest as the person wrote it."""
        text = _as_typed(q, typed, corrected)
        found = spans(text)
        if len(found) != len(corrected):  # a ligature was spelled out: its letters have moved
            text = " ".join(corrected)
            found = spans(text)
        return cls(text, tuple(found))

    def part(self, at: range) -> str:
        """Returns the words at these positions, with what stands between them."""
        return self.text[self.spans[at[0]][0] : self.spans[at[-1]][1]] if at else ""

    def without(self, at: range) -> str:
        """Returns the text without the words at these positions."""
        if not at:
            return self.text
        before = self.text[: self.spans[at[0]][0]].rstrip(_EDGES)
        after = self.text[self.spans[at[-1]][1] :].lstrip(_EDGES)
        return f"{before} {after}".strip(_EDGES)


def _as_typed(q: str, typed: list[str], corrected: list[str]) -> str:
    text, position = q, 0
    for before, after in zip(typed, corrected, strict=True):
        folded = fold(text)
        at = folded.find(before, position)
        if at < 0 or len(folded) != len(text):
            return " ".join(corrected)
        if before != after:
            text = text[:at] + after + text[at + len(before) :]
        position = at + len(after)
    return text
