"""Why an offer is open, to be checked or closed for one person, in sentences to say aloud."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from enum import StrEnum

from app.domain.arbre import Critere, Noeud, Sauf, Toutes, UneParmi, criteres
from app.domain.eligibility import Juge, evaluate
from app.domain.francais import NBSP, quoted
from app.domain.geographie import Geographie
from app.domain.horizon import Horizon, leaves_of, next_change
from app.domain.offre import Offre, OffreId
from app.domain.profil import Profil
from app.domain.questions import asked_by
from app.domain.verdict import Cause, Jugement, Valeur
from app.domain.vocabulaire import RESIDENCE, TOUS_PUBLICS, Nature, Vocabulaire
from app.domain.wording import Voix, Wording, must

TO_CHECK = f"À vérifier{NBSP}: "
WITH_STRUCTURE = f"À vérifier avec la structure{NBSP}: "
PUBLICS = "publics"  # stands for a fact where a criterion is the listing's loose public


class Groupe(StrEnum):
    """How the parts of a condition hold together."""

    UNE_PARMI = "une-parmi"
    TOUTES = "toutes"
    SAUF = "sauf"


@dataclass(frozen=True, slots=True, kw_only=True)
class CritereExplique:
    """One condition of an offer: what it asks, what is known, what follows, said in a sentence.

    `fait` is None for a condition on several facts and for free text. `choix` holds the parts of a
    condition that may be met in several ways, and `groupe` how they hold together.
    """

    fait: str | None
    attendu: str
    connu: str | None
    jugement: Jugement
    phrase: str
    choix: tuple["CritereExplique", ...] = ()
    groupe: Groupe | None = None

    @property
    def suite(self) -> str:
        """The phrase without “À vérifier”, for a page that says it once above several."""
        said = self.phrase.removeprefix(WITH_STRUCTURE).removeprefix(TO_CHECK)
        return f"{said[:1].upper()}{said[1:]}"


@dataclass(frozen=True, slots=True, kw_only=True)
class Deblocage:
    """Something missing that the person could get, and the offers in reach that give it."""

    fait: str
    valeur: str
    libelle: str
    offres: Sequence[OffreId]


@dataclass(frozen=True, slots=True, kw_only=True)
class Explication:
    """Everything that is said of one offer for one person."""

    criteres: Sequence[CritereExplique]
    obstacles: Sequence[CritereExplique]
    prioritaire: Valeur | None
    horizon: Horizon | None
    deblocage: Sequence[Deblocage]


class Explainer:
    """Explains offers to, or about, one person."""

    def __init__(
        self,
        profil: Profil,
        vocabulaire: Vocabulaire,
        geographie: Geographie,
        voix: Voix,
        today: date,
    ) -> None:
        self._profil = profil
        self._vocabulaire = vocabulaire
        self._geographie = geographie
        self._today = today
        self._juge = Juge(profil, vocabulaire, geographie)
        self.wording = Wording(vocabulaire, geographie, voix)

    def explain(
        self, offre: Offre, apports: Mapping[tuple[str, str], Sequence[OffreId]]
    ) -> Explication:
        """Returns the explanation of an offer; `apports` names who gives what is missing."""
        racine = offre.eligibilite.racine if offre.eligibilite else None
        obstacles = [self._explained(n) for n in _conjuncts(offre.suppose)]
        return Explication(
            criteres=[*self._conditions(offre, racine), *self._free_text(offre)],
            obstacles=[c for c in obstacles if c.jugement.valeur is not Valeur.OUI],
            prioritaire=self._value(offre.prioritaires) if offre.prioritaires else None,
            horizon=self.horizon(offre),
            deblocage=list(self._unlocked(offre, racine, apports)),
        )

    def horizon(self, offre: Offre) -> Horizon | None:
        """Returns when the verdict of an offer changes by itself."""
        if not self._profil.dates:
            return None

        def judge(profil: Profil) -> Valeur:
            return Juge(profil, self._vocabulaire, self._geographie).offre(offre).valeur

        leaves = leaves_of(offre, self._vocabulaire)
        return next_change(leaves, self._profil, self._today, judge)

    def _conditions(self, offre: Offre, racine: Noeud | None) -> Iterator[CritereExplique]:
        for noeud in _conjuncts(racine):
            yield self._explained(noeud)
        if offre.publics and TOUS_PUBLICS not in offre.publics:
            yield self._explained_publics(offre.publics)
        if offre.zone_eligibilite:
            zone = Critere(fait=RESIDENCE, parmi=offre.zone_eligibilite)
            yield self._explained_leaf(zone, zone)

    def _explained(self, noeud: Noeud) -> CritereExplique:
        inner = noeud
        while isinstance(inner, Sauf) and isinstance(inner.noeud, Sauf):
            inner = inner.noeud.noeud
        leaf = inner.noeud if isinstance(inner, Sauf) else inner
        if isinstance(leaf, Critere):
            return self._explained_leaf(inner, leaf)
        return self._explained_group(inner)

    def _explained_leaf(self, noeud: Noeud, leaf: Critere) -> CritereExplique:
        valeur = self._value(noeud)
        attendu = self.wording.attendu(noeud)
        connu = self.wording.connu(leaf, self._profil.get(leaf.fait))
        if valeur is Valeur.INCONNU:
            phrase = self._to_check(leaf, attendu)
        else:
            phrase = f"{must(attendu)}{self._known_clause(connu, valeur)}"
            phrase += self._until(leaf, noeud, valeur)
        return CritereExplique(
            fait=leaf.fait,
            attendu=attendu,
            connu=connu,
            jugement=_from_facts(valeur),
            phrase=_sentence(phrase),
        )

    def _explained_group(self, noeud: Noeud) -> CritereExplique:
        valeur = self._value(noeud)
        inner = noeud.noeud if isinstance(noeud, Sauf) else noeud
        parts = inner.noeuds if isinstance(inner, Toutes | UneParmi) else ()
        choix = tuple(self._explained(part) for part in parts)
        faits = {leaf.fait for leaf in criteres(noeud)}
        attendu = self.wording.attendu(noeud)
        met = next((c for c in choix if c.jugement.valeur is Valeur.OUI and c.connu), None)
        if valeur is Valeur.INCONNU:
            phrase = f"{TO_CHECK}il faut {attendu}"
        elif valeur is Valeur.OUI and met is not None and not isinstance(noeud, Sauf):
            phrase = f"{must(attendu)}{NBSP}: {met.connu}"
        else:
            phrase = f"{must(attendu)}{self._known_clause(None, valeur)}"
        return CritereExplique(
            fait=next(iter(faits)) if len(faits) == 1 else None,
            attendu=attendu,
            connu=met.connu if met else None,
            jugement=_from_facts(valeur),
            phrase=_sentence(phrase),
            choix=choix,
            groupe=_groupe(noeud),
        )

    def _explained_publics(self, publics: tuple[str, ...]) -> CritereExplique:
        jugement = self._juge.publics(publics)
        attendu = publics_in_words(publics, self._vocabulaire)
        if jugement.valeur is Valeur.OUI:
            phrase = f"C’est ouvert à ce public{NBSP}: {attendu}"
        elif jugement.valeur is Valeur.NON:
            phrase = kept_for(attendu)
        elif Cause.OFFRE_NON_PRECISEE in jugement.causes:
            phrase = f"La structure s’adresse à {attendu} sans dire jusqu’où{NBSP}: demandez-lui"
        else:
            phrase = f"{TO_CHECK}la structure s’adresse à {attendu}"
        return CritereExplique(
            fait=PUBLICS, attendu=attendu, connu=None, jugement=jugement, phrase=_sentence(phrase)
        )

    def _free_text(self, offre: Offre) -> Iterator[CritereExplique]:
        """Yields what only the structure can settle; free text never makes anything false."""
        unsure = Jugement(Valeur.INCONNU, Cause.OFFRE_NON_PRECISEE)
        notes = [
            *(offre.eligibilite.a_verifier if offre.eligibilite else ()),
            *filter(None, (offre.conditions_acces, offre.publics_precisions)),
        ]
        for note in notes:
            text = note.replace("'", "’").rstrip(". ")
            phrase = f"{WITH_STRUCTURE}{text}"
            yield CritereExplique(
                fait=None, attendu=text, connu=None, jugement=unsure, phrase=_sentence(phrase)
            )
        if offre.eligibilite is None and not offre.publics:
            phrase = f"La structure ne précise pas son public{NBSP}: demandez-lui"
            yield CritereExplique(
                fait=None, attendu="un public que la structure ne précise pas", connu=None,
                jugement=unsure, phrase=_sentence(phrase),
            )  # fmt: skip

    def _to_check(self, leaf: Critere, attendu: str) -> str:
        asked = sorted(
            asked_by(leaf, self._profil, self._vocabulaire), key=lambda q: (q[0], q[1] or "")
        )
        if len(asked) == 1:
            return f"{TO_CHECK}{_lowered(self.wording.question(*asked[0]))}"
        return f"{TO_CHECK}il faut {attendu}"

    def _known_clause(self, connu: str | None, valeur: Valeur) -> str:
        if connu is not None:
            return f"{NBSP}: {connu}"
        return f"{NBSP}: {'c’est le cas' if valeur is Valeur.OUI else 'ce n’est pas le cas'}"

    def _until(self, leaf: Critere, noeud: Noeud, valeur: Valeur) -> str:
        if leaf.fait not in self._profil.dates:
            return ""

        def judge(profil: Profil) -> Valeur:
            juge = Juge(profil, self._vocabulaire, self._geographie)
            return evaluate(noeud, juge.critere)

        horizon = next_change(iter((leaf,)), self._profil, self._today, judge)
        if horizon is None:
            return ""
        if valeur is Valeur.OUI:
            return f", {horizon.jusque}"
        return f", ce sera possible {horizon.en_francais}"

    def _unlocked(
        self,
        offre: Offre,
        racine: Noeud | None,
        apports: Mapping[tuple[str, str], Sequence[OffreId]],
    ) -> Iterator[Deblocage]:
        seen = set()
        for noeud in (racine, offre.suppose):
            for leaf in self._failing(noeud):
                for fait, valeur in self._acquirable(leaf):
                    offres = [i for i in apports.get((fait, valeur), ()) if i != offre.id]
                    if offres and (fait, valeur) not in seen:
                        seen.add((fait, valeur))
                        libelle = self._vocabulaire.faits[fait].libelles.get(valeur, valeur)
                        yield Deblocage(fait=fait, valeur=valeur, libelle=libelle, offres=offres)

    def _failing(self, noeud: Noeud | None) -> Iterator[Critere]:
        """Yields the false criteria that keep a node from holding."""
        if noeud is None or self._value(noeud) is Valeur.OUI:
            return
        match noeud:
            case Critere():
                if self._value(noeud) is Valeur.NON:
                    yield noeud
            case UneParmi() if self._value(noeud) is Valeur.INCONNU:
                return  # another way is still open: nothing is missing yet
            case Toutes(noeuds) | UneParmi(noeuds):
                for child in noeuds:
                    yield from self._failing(child)
            case Sauf():  # nobody is helped to lose something
                return

    def _acquirable(self, leaf: Critere) -> Iterator[tuple[str, str]]:
        fait = self._vocabulaire.faits[leaf.fait]
        if fait.nature not in (Nature.ENSEMBLE, Nature.CHOIX):
            return
        for valeur in leaf.parmi or ():
            if fait.is_acquerable(valeur):
                yield fait.cle, valeur

    def _value(self, noeud: Noeud | None) -> Valeur:
        return self._juge.noeud(noeud).valeur


def publics_in_words(publics: Sequence[str], vocabulaire: Vocabulaire) -> str:
    """Returns loose publics, any of which is enough."""
    return " ou ".join(quoted(vocabulaire.libelle("publics", valeur)) for valeur in publics)


def kept_for(publics: str) -> str:
    """Returns what is said to who belongs to none of some publics, without its full stop."""
    return f"C’est réservé à ce public{NBSP}: {publics}"


def _groupe(noeud: Noeud) -> Groupe:
    match noeud:
        case UneParmi():
            return Groupe.UNE_PARMI
        case Sauf():
            return Groupe.SAUF
        case _:
            return Groupe.TOUTES


def _conjuncts(noeud: Noeud | None) -> Iterator[Noeud]:
    """Yields the conditions that must all hold, however deep they are nested."""
    if isinstance(noeud, Toutes):
        for child in noeud.noeuds:
            yield from _conjuncts(child)
    elif noeud is not None:
        yield noeud


def _from_facts(valeur: Valeur) -> Jugement:
    return Jugement(valeur, Cause.FAIT_INCONNU if valeur is Valeur.INCONNU else Cause.AUCUNE)


def _lowered(question: str) -> str:
    """Returns a question to put after a colon; acronyms keep their capitals."""
    return question if question[1:2].isupper() else question[:1].lower() + question[1:]


def _sentence(text: str) -> str:
    return text if text.endswith(("?", "!", "…")) else f"{text}."
