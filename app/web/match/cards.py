"""One solution as a card: how open it is and why, where, how fresh, who asks and how."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass

from app.domain.explanation import CritereExplique, Explication
from app.domain.horizon import Horizon
from app.domain.offre import OffreId
from app.domain.portee import ModePortee, Portee
from app.domain.verdict import Valeur, Verdict
from app.domain.wording import Voix
from app.services.catalogue import Catalogue
from app.services.matching import SolutionExpliquee
from app.web.match.flows import Flow
from app.web.public.cards import Card, card_from
from app.web.public.contact import Contact, contact_of
from app.web.public.documents import Document, read_document, values_of
from app.web.public.typographie import apostrophes

LINES_SHOWN = 2  # criteria in sight; the others unfold
DRAFT = "a-confirmer"
VERDICTS = {
    Voix.LA_PERSONNE: {
        Verdict.ACCESSIBLE: "Semble ouvert à la personne",
        Verdict.A_VERIFIER: "À vérifier",
        Verdict.NON_ACCESSIBLE: "Pas pour l’instant",
    },
    Voix.VOUS: {
        Verdict.ACCESSIBLE: "Semble ouvert à vous",
        Verdict.A_VERIFIER: "À vérifier",
        Verdict.NON_ACCESSIBLE: "Pas pour l’instant",
    },
}
_ORDER = {Valeur.NON: 0, Valeur.INCONNU: 1, Valeur.OUI: 2}
_WHO = {
    (Voix.VOUS, "professionnels"): "Demandez à votre conseiller ou à votre conseillère.",
    (Voix.VOUS, "usagers"): "Vous pouvez demander vous-même.",
    (Voix.LA_PERSONNE, "professionnels"): "La demande passe par un professionnel, comme vous.",
    (Voix.LA_PERSONNE, "usagers"): "La personne fait la demande elle-même.",
}
_WHO_BOTH = {
    Voix.VOUS: "Vous pouvez demander vous-même, ou avec l’aide d’un professionnel.",
    Voix.LA_PERSONNE: "La personne peut demander elle-même, ou vous pouvez le faire avec elle.",
}


@dataclass(frozen=True, slots=True, kw_only=True)
class Line:
    """A criterion in a sentence; `mark` is `oui`, `non` or `inconnu`."""

    mark: str
    phrase: str
    choix: Sequence["Line"] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class Unlock:
    """What is missing, and the offers that give it."""

    libelle: str
    offres: Sequence[tuple[str, str]]


@dataclass(frozen=True, slots=True, kw_only=True)
class Explained:
    """Why an offer is open or not, in sentences; `horizon` says when this changes by itself."""

    verdict: str
    label: str
    first: Sequence[Line]
    others: Sequence[Line]
    obstacles: Sequence[Line]
    has_priority: bool
    horizon: str | None
    unlocks: Sequence[Unlock]
    is_draft: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class MatchCard:
    """Everything that a card of a solution shows."""

    id: str
    structure_id: str
    card: Card
    distance: str | None
    contact: Contact
    who: str | None
    explained: Explained
    is_exact: bool
    selected: bool


class CardMaker:
    """Makes the cards of a page; names of offers that unlock others are read once."""

    def __init__(
        self,
        flow: Flow,
        catalogue: Catalogue,
        selection: Iterable[str],
        solutions: Sequence[SolutionExpliquee],
    ) -> None:
        self._flow = flow
        self._catalogue = catalogue
        self._selection = frozenset(selection)
        ids = {
            ident
            for found in solutions
            for unlock in found.explication.deblocage
            for ident in unlock.offres
        }
        self._names = _names_of(catalogue, ids)

    def card(self, found: SolutionExpliquee) -> MatchCard:
        """Returns the card of a solution."""
        document = read_document(found.listed.document)
        structure: Document = document.get("structure") or {}
        catalogue, portee = self._catalogue, found.solution.portee
        today = catalogue.clock.today()
        card = card_from(document, portee, catalogue.vocabulaire, today)
        return MatchCard(
            id=document["id"],
            structure_id=document["structure_id"],
            card=card,
            distance=_distance(card, portee, self._flow.voix),
            contact=contact_of(document, structure, catalogue.vocabulaire),
            who=who_asks(document, self._flow.voix),
            explained=self.explained(found, document),
            is_exact=bool(found.solution.besoins),
            selected=document["id"] in self._selection,
        )

    def explained(self, found: SolutionExpliquee, document: Document) -> Explained:
        """Returns the explanation of a solution."""
        explication, verdict = found.explication, found.solution.jugement.verdict
        lines = sorted(explication.criteres, key=lambda c: _ORDER[c.jugement.valeur])
        rules = document.get("regles")
        return Explained(
            verdict=verdict.mot.replace("_", "-"),
            label=VERDICTS[self._flow.voix][verdict],
            first=[_line(c) for c in lines[:LINES_SHOWN]],
            others=[_line(c) for c in lines[LINES_SHOWN:]],
            obstacles=[_line(c) for c in explication.obstacles],
            has_priority=explication.prioritaire is Valeur.OUI,
            horizon=horizon_in_words(explication.horizon, verdict),
            unlocks=self._unlocks(explication),
            is_draft=isinstance(rules, Mapping) and rules.get("etat") == DRAFT,
        )

    def _unlocks(self, explication: Explication) -> list[Unlock]:
        unlocks = []
        for found in explication.deblocage:
            offres = [(i, self._names[i]) for i in found.offres if i in self._names]
            if offres:
                unlocks.append(Unlock(libelle=apostrophes(found.libelle), offres=offres))
        return unlocks


def who_asks(document: Document, voix: Voix) -> str | None:
    """Returns who may ask for an offer; None when the source does not tell."""
    who = sorted(values_of(document, "mobilisable_par"))
    if who == ["professionnels", "usagers"]:
        return _WHO_BOTH[voix]
    return _WHO.get((voix, who[0])) if len(who) == 1 else None


def horizon_in_words(horizon: Horizon | None, verdict: Verdict) -> str | None:
    """Returns when a verdict changes by itself, None when it does not soon."""
    if horizon is None:
        return None
    if verdict is Verdict.NON_ACCESSIBLE or horizon.valeur > int(verdict):
        start = "Ouvert" if horizon.valeur is Valeur.OUI else "À revoir"
        words = horizon.en_francais
        since = f"du {words[3:]}" if words.startswith("le ") else f"de {words[3:]}"
        return f"{start} à partir {since}"
    return f"À demander {horizon.jusque}"


def _distance(card: Card, portee: Portee, voix: Voix) -> str | None:
    if portee.mode is ModePortee.INCONNUE:
        return "distance inconnue"
    if portee.in_own_commune and portee.mode is ModePortee.SUR_PLACE:
        return "dans votre commune" if voix is Voix.VOUS else "dans sa commune"
    return card.distance


def _line(critere: CritereExplique) -> Line:
    return Line(
        mark=critere.jugement.valeur.mot,
        phrase=critere.phrase,
        choix=[_line(choix) for choix in critere.choix],
    )


def _names_of(catalogue: Catalogue, ids: Iterable[OffreId]) -> dict[str, str]:
    documents = catalogue.repository.get_many(sorted(ids))
    return {i: apostrophes(read_document(text)["nom"]) for i, text in documents.items()}
