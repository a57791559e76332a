"""Reads queries with the local words in force, before any engine: nothing is indexed again."""

from collections.abc import Callable, Mapping
from itertools import chain

from app.domain.lecture import LectureRequete
from app.domain.mots import MotsLocaux
from app.domain.territoire import CodeInsee
from indexer.query_text import LexiconQueryReader

Mots = Mapping[str, MotsLocaux]


class LocalQueryReader:
    """Understands the words of the territory in which one searches, else those of all of them."""

    def __init__(
        self,
        shipped: LexiconQueryReader,
        mots: Callable[[], Mots],
        territoire_of: Callable[[CodeInsee], str | None] = lambda _: None,
    ) -> None:
        """`mots` returns the words of now by territory, the same object until they change.

        `territoire_of` tells in which territory a commune lies.
        """
        self._shipped = shipped
        self._mots = mots
        self._territoire_of = territoire_of
        self._made: tuple[Mots, dict[str | None, LexiconQueryReader]] = ({}, {})

    def read(self, q: str, *, with_place: bool, territoire: str | None = None) -> LectureRequete:
        """Returns the reading; a place is looked for only when asked.

        A place that is found says the territory, when nothing else did.
        """
        reader = self._of(territoire)
        read = reader.read(q, with_place=with_place)
        if territoire is None and read.lieu is not None:
            here = self._of(self._territoire_of(read.lieu))
            if here is not reader:
                own = here.read(q, with_place=with_place)
                return own if own.lieu == read.lieu else read
        return read

    def read_literally(self, q: str) -> LectureRequete:
        """Returns the words alone: no local word either."""
        return self._shipped.read_literally(q)

    def trying(self, locaux: MotsLocaux) -> LexiconQueryReader:
        """Returns a reader of words that are not in force yet."""
        return self._shipped.with_local(locaux)

    def _of(self, territoire: str | None) -> LexiconQueryReader:
        mots = self._mots()
        if self._made[0] is not mots:
            self._made = (mots, {})
        made = self._made[1]
        if territoire not in made:
            nothing = MotsLocaux()
            locaux = _of_all(mots) if territoire is None else mots.get(territoire, nothing)
            is_shipped = locaux == nothing
            made[territoire] = self._shipped if is_shipped else self._shipped.with_local(locaux)
        return made[territoire]


def _of_all(mots: Mots) -> MotsLocaux:
    """Returns what is understood where no territory is said: whatever one of them understands.

    A shipped line is thus turned off where all of them do without it.
    """
    eteints = [own.eteints for own in mots.values()]
    return MotsLocaux(
        mots=tuple(chain.from_iterable(own.mots for own in mots.values())),
        eteints=frozenset.intersection(*eteints) if eteints else frozenset(),
    )
