"""The local words of a territory, and the shipped synonyms that it does without.

People there call a scheme, a structure or a town by words of their own; a word of all of France may
mean something else there.
"""

from collections.abc import Callable, Container, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from app.domain.errors import Probleme
from app.domain.geographie import Geographie
from app.domain.noms import name_key
from app.domain.reglages import MAX_NOM, ReglageInvalide, Valeurs
from app.domain.territoire import CodeInsee

# A third of the shipped list, for all of France, has that many lines: beyond, it belongs there.
MAX_LIGNES = 200
MAX_ETEINTS = 200  # as many: whoever wants fewer than half of the shipped list wants another one
CHEMIN, ETEINTS = "mots", "eteints"


@dataclass(frozen=True, slots=True, kw_only=True)
class MotLocal:
    """Names that all mean the same: `sens`, in words of the catalogue, or the commune `lieu`."""

    noms: tuple[str, ...]
    sens: str
    lieu: CodeInsee | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class SynonymeLivre:
    """A shipped line: terms that are read as each other, and the needs that they name.

    `urgences` are the numbers to call first.
    """

    termes: tuple[str, ...]
    besoins: tuple[str, ...] = ()
    urgences: tuple[str, ...] = ()

    @property
    def cle(self) -> str:
        """Its first term, which no other line has: a line to which terms are added keeps it."""
        return self.termes[0]

    @property
    def is_eteignable(self) -> bool:
        """False for a line that shows numbers to call: nobody goes without them."""
        return not self.urgences


@dataclass(frozen=True, slots=True, kw_only=True)
class MotsLocaux:
    """What a territory makes of words: those that it adds, the keys of the lines turned off.

    A key may be that of a line that is no longer shipped: it then changes nothing.
    """

    mots: tuple[MotLocal, ...] = ()
    eteints: frozenset[str] = frozenset()


def read_locaux(
    valeurs: Valeurs,
    geographie: Geographie,
    is_sought: Callable[[str], bool],
    eteignables: Container[str],
) -> MotsLocaux:
    """Returns all that a setting says. Raises `ReglageInvalide`, with every fault.

    `eteignables` are the keys of the lines that may be turned off.
    """
    eteints = read_eteints(valeurs)
    problemes = [
        Probleme(chemin=ETEINTS, motif="inconnu", details={"mot": cle})
        for cle in sorted(eteints)
        if cle not in eteignables
    ]
    if len(eteints) > MAX_ETEINTS:
        problemes.append(Probleme(chemin=ETEINTS, motif="nombre"))
    try:
        mots = read_mots(valeurs, geographie, is_sought)
    except ReglageInvalide as invalid:
        raise ReglageInvalide([*invalid.problemes, *problemes]) from invalid
    if problemes:
        raise ReglageInvalide(problemes)
    return MotsLocaux(mots=mots, eteints=eteints)


def read_eteints(valeurs: Valeurs) -> frozenset[str]:
    """Returns the keys of the lines that a setting turns off."""
    return frozenset(valeurs.get(ETEINTS, ()))


def read_mots(
    valeurs: Valeurs, geographie: Geographie, is_sought: Callable[[str], bool] = bool
) -> tuple[MotLocal, ...]:
    """Returns the words of a setting. Raises `ReglageInvalide`, each fault with its line.

    `is_sought` tells whether a search keeps anything of a name: one made of words that say nothing
    would never be understood.
    """
    lignes: Sequence[Mapping[str, Any]] = valeurs.get("lignes", ())
    problemes: list[Probleme] = []
    if len(lignes) > MAX_LIGNES:
        problemes.append(Probleme(chemin=CHEMIN, motif="trop"))
    seen: dict[str, int] = {}
    mots = []
    for rank, ligne in enumerate(lignes, 1):
        mot = MotLocal(noms=tuple(ligne["noms"]), sens=ligne["sens"], lieu=ligne.get("lieu"))
        problemes += _problems(mot, rank, seen, is_sought)
        if mot.lieu is not None and mot.lieu not in geographie.communes:
            problemes.append(_problem("lieu", rank, mot.sens))
        mots.append(mot)
    if problemes:
        raise ReglageInvalide(problemes)
    return tuple(mots)


def _problems(
    mot: MotLocal, rank: int, seen: dict[str, int], is_sought: Callable[[str], bool]
) -> list[Probleme]:
    if not mot.noms or not mot.sens:
        return [_problem("forme", rank, mot.sens)]
    found = []
    if not is_sought(mot.sens):
        found.append(_problem("vide", rank, mot.sens))
    for nom in mot.noms:
        key = name_key(nom)
        if len(nom) > MAX_NOM or len(mot.sens) > MAX_NOM:
            found.append(_problem("long", rank, nom))
        elif not is_sought(nom):
            found.append(_problem("vide", rank, nom))
        elif key == name_key(mot.sens):
            found.append(_problem("pareil", rank, nom))
        elif key in seen:
            found.append(_problem("doublon", rank, nom, autre=str(seen[key])))
        seen.setdefault(key, rank)
    return found


def _problem(motif: str, rank: int, mot: str, **details: str) -> Probleme:
    return Probleme(chemin=CHEMIN, motif=motif, details={"ligne": str(rank), "mot": mot, **details})
