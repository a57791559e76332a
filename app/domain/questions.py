"""Which question would settle an undecided offer: the criteria that stand unanswered in it.

Under a node already settled nothing is asked: its answer cannot change the verdict.
"""

from collections.abc import Callable, Iterator

from app.domain.arbre import Critere, Noeud, Sauf, Toutes, UneParmi
from app.domain.eligibility import Juge, evaluate
from app.domain.offre import Offre
from app.domain.profil import Ensemble, Profil
from app.domain.verdict import Cause, Valeur
from app.domain.vocabulaire import RESIDENCE, TOUS_PUBLICS, Nature, Vocabulaire

Asked = tuple[str, str | None]  # a fact, and one of its values for an `ensemble`


def unanswered(noeud: Noeud, value_of: Callable[[Critere], Valeur]) -> Iterator[Critere]:
    """Yields the undecided leaves of a tree that no settled node holds."""
    if evaluate(noeud, value_of) is not Valeur.INCONNU:
        return
    match noeud:
        case Critere():
            yield noeud
        case Toutes(noeuds) | UneParmi(noeuds):
            for child in noeuds:
                yield from unanswered(child, value_of)
        case Sauf(child):
            yield from unanswered(child, value_of)


def asked_by(critere: Critere, profil: Profil, vocabulaire: Vocabulaire) -> frozenset[Asked]:
    """Returns the questions of an undecided leaf: one, or one for each unknown value."""
    if vocabulaire.faits[critere.fait].nature is not Nature.ENSEMBLE:
        return frozenset(((critere.fait, None),))
    known = profil.get(critere.fait)
    said = known.vrais | known.faux if isinstance(known, Ensemble) else frozenset()
    return frozenset((critere.fait, valeur) for valeur in critere.parmi or () if valeur not in said)


class Questioner:
    """Lists the questions of trees, publics, zones and offers for one person."""

    def __init__(self, juge: Juge, profil: Profil, vocabulaire: Vocabulaire) -> None:
        self._juge = juge
        self._profil = profil
        self._vocabulaire = vocabulaire

    def arbre(self, noeud: Noeud | None) -> frozenset[Asked]:
        """Returns the questions of a tree."""
        if noeud is None:
            return frozenset()
        leaves = unanswered(noeud, self._juge.critere)
        return self._asked(leaves)

    def publics(self, publics: tuple[str, ...] | None) -> frozenset[Asked]:
        """Returns the questions of loose publics, when none of them settles the matter."""
        if not publics or self._juge.publics(publics).valeur is not Valeur.INCONNU:
            return frozenset()
        asked: frozenset[Asked] = frozenset()
        for valeur in publics:
            if valeur != TOUS_PUBLICS:
                asked |= self.public(valeur)
        return asked

    def public(self, valeur: str) -> frozenset[Asked]:
        """Returns the questions of one loose public, if the person can answer any."""
        public = self._vocabulaire.publics[valeur]
        if Cause.FAIT_INCONNU not in self._juge.public(public).causes:
            return frozenset()
        return self.arbre(public.certain) | self.arbre(public.possible)

    def zone(self, refs: tuple[str, ...] | None) -> frozenset[Asked]:
        """Returns the question of a zone: where the person lives."""
        if self._juge.zone(refs).valeur is not Valeur.INCONNU:
            return frozenset()
        return frozenset(((RESIDENCE, None),))

    def offre(self, offre: Offre) -> frozenset[Asked]:
        """Returns the questions of an offer that only the person keeps undecided, else nothing."""
        if self._juge.offre(offre).causes != Cause.FAIT_INCONNU:
            return frozenset()
        racine = offre.eligibilite.racine if offre.eligibilite else None
        return self.arbre(racine) | self.publics(offre.publics) | self.zone(offre.zone_eligibilite)

    def _asked(self, leaves: Iterator[Critere]) -> frozenset[Asked]:
        asked: frozenset[Asked] = frozenset()
        for leaf in leaves:
            asked |= asked_by(leaf, self._profil, self._vocabulaire)
        return asked
