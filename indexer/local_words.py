"""Reads queries with the local words in force, before any engine: nothing is indexed again."""

from collections.abc import Callable, Mapping, Sequence

from app.domain.lecture import LectureRequete
from app.domain.mots import MotLocal
from indexer.query_text import LexiconQueryReader

Mots = Mapping[str, Sequence[MotLocal]]


class LocalQueryReader:
    """Understands the words of the territory in which one searches, else those of all of them."""

    def __init__(self, shipped: LexiconQueryReader, mots: Callable[[], Mots]) -> None:
        """`mots` returns the words of now by territory, the same object until they change."""
        self._shipped = shipped
        self._mots = mots
        self._made: tuple[Mots, dict[str | None, LexiconQueryReader]] = ({}, {})

    def read(self, q: str, *, with_place: bool, territoire: str | None = None) -> LectureRequete:
        """Returns the reading; a place is looked for only when asked."""
        return self._of(territoire).read(q, with_place=with_place)

    def read_literally(self, q: str) -> LectureRequete:
        """Returns the words alone: no local word either."""
        return self._shipped.read_literally(q)

    def trying(self, mots: Sequence[MotLocal]) -> LexiconQueryReader:
        """Returns a reader of words that are not in force yet."""
        return self._shipped.with_local(mots)

    def _of(self, territoire: str | None) -> LexiconQueryReader:
        mots = self._mots()
        if self._made[0] is not mots:
            self._made = (mots, {})
        made = self._made[1]
        if territoire not in made:
            asked = mots.values() if territoire is None else [mots.get(territoire, ())]
            words = [mot for own in asked for mot in own]
            made[territoire] = self._shipped.with_local(words) if words else self._shipped
        return made[territoire]
