"""One solution as a card: how open it is and why, where, how fresh, who asks and how."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass

from app.domain.explanation import Explication
from app.domain.horizon import Horizon
from app.domain.offre import OffreId
from app.domain.portee import ModePortee, Portee
from app.domain.verdict import Valeur, Verdict
from app.domain.vocabulaire import Vocabulaire
from app.domain.wording import Voix
from app.services.catalogue import Catalogue
from app.services.matching import SolutionExpliquee
from app.web.match.answers import Answers
from app.web.match.flows import Flow
from app.web.match.reasons import Line, Reasons, line_of, reasons_of, verdict_in_words
from app.web.public.cards import Card, card_from
from app.web.public.contact import Contact, contact_of
from app.web.public.documents import Document, read_document, text_of, values_of
from app.web.public.fiche import brought_by
from app.web.public.typographie import apostrophes
from app.web.public.words import NO_PUBLIC, labels_of

EXCERPT = 170  # characters of a description on a card: two lines, enough to know what it is
DRAFT = "a-confirmer"
_WHO = {
    (Voix.VOUS, "professionnels"): "Demandez à votre conseiller ou à votre conseillère.",
    (Voix.VOUS, "usagers"): "Vous pouvez demander vous-même.",
    (Voix.LA_PERSONNE, "professionnels"): "La demande passe par un professionnel, comme vous.",
    (Voix.LA_PERSONNE, "usagers"): "La personne fait la demande elle-même.",
}
_WHO_BOTH = {
    Voix.VOUS: "Demandez vous-même, ou avec un professionnel.",
    Voix.LA_PERSONNE: "La personne demande elle-même, ou avec vous.",
}


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
    reasons: Reasons
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
    modes: str
    how_to: str | None
    who: str | None
    explained: Explained
    excerpt: str | None
    open_to: str
    brings: Sequence[str]
    needs: Sequence[str]
    is_exact: bool
    selected: bool
    is_opened: bool


class CardMaker:
    """Makes the cards of a page; names of offers that unlock others are read once."""

    def __init__(
        self,
        flow: Flow,
        catalogue: Catalogue,
        answers: Answers,
        solutions: Sequence[SolutionExpliquee],
        *,
        opened: str = "",
    ) -> None:
        """`opened` is the offer that was just read: its card is where one comes back."""
        self._flow = flow
        self._catalogue = catalogue
        self._selection = frozenset(answers.selection)
        self._is_placed = bool(answers.code_commune)
        self._opened = opened
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
        contact = contact_of(document, structure, catalogue.vocabulaire)
        card = card_from(document, portee, catalogue.vocabulaire, today)
        return MatchCard(
            id=document["id"],
            structure_id=document["structure_id"],
            card=card,
            distance=_distance(card, portee, self._flow.voix, is_placed=self._is_placed),
            contact=contact,
            modes=_other_modes(document, contact, catalogue.vocabulaire),
            # Without anything to call or open, the source's own words are the only way in.
            how_to=excerpt_of(" ".join(contact.precisions)) if contact.is_empty else None,
            who=who_asks(document, self._flow.voix),
            explained=self.explained(found, document),
            open_to="Pas de condition connue" if card.publics == NO_PUBLIC else card.publics,
            excerpt=excerpt_of(text_of(document, "description")),
            brings=brought_by(document, catalogue.vocabulaire, levels=False),
            needs=labels_of(catalogue.vocabulaire, "thematiques", found.solution.besoins),
            is_exact=bool(found.solution.besoins),
            selected=document["id"] in self._selection,
            is_opened=document["id"] == self._opened,
        )

    def explained(self, found: SolutionExpliquee, document: Document) -> Explained:
        """Returns the explanation of a solution."""
        explication, jugement = found.explication, found.solution.jugement
        verdict = jugement.verdict
        rules = document.get("regles")
        return Explained(
            verdict=verdict.mot.replace("_", "-"),
            label=verdict_in_words(jugement, self._flow.voix),
            reasons=reasons_of(explication.criteres, self._flow.voix),
            obstacles=[line_of(c) for c in explication.obstacles],
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


def _distance(card: Card, portee: Portee, voix: Voix, *, is_placed: bool) -> str | None:
    if portee.mode is ModePortee.INCONNUE:
        # Without commune every distance is unknown: the page says it once.
        return "distance inconnue" if is_placed else None
    if portee.in_own_commune and portee.mode is ModePortee.SUR_PLACE:
        return "dans votre commune" if voix is Voix.VOUS else "dans sa commune"
    return card.distance


def _other_modes(document: Document, contact: Contact, vocabulaire: Vocabulaire) -> str:
    """Returns the ways to ask that the card does not show already as a number or an address."""
    said = {
        "telephoner": contact.telephone,
        "envoyer-un-courriel": contact.courriel,
        "utiliser-lien-mobilisation": contact.lien,
    }
    modes = [mode for mode in values_of(document, "modes_mobilisation") if not said.get(mode)]
    labels = [vocabulaire.libelle("modes-mobilisation", mode) for mode in modes]
    return ", ".join(f"{label[:1].lower()}{label[1:]}" for label in labels)


def excerpt_of(text: str | None) -> str | None:
    """Returns the beginning of a description, cut between two words."""
    plain = " ".join(apostrophes(text or "").replace("*", "").replace("#", "").split())
    if len(plain) <= EXCERPT:
        return plain or None
    sentence, stop, _ = plain[:EXCERPT].rpartition(". ")
    if len(sentence) > EXCERPT // 2:
        return f"{sentence}{stop.strip()}"
    return f"{plain[:EXCERPT].rpartition(' ')[0].rstrip(' ,;:.(–-')}…"


def _names_of(catalogue: Catalogue, ids: Iterable[OffreId]) -> dict[str, str]:
    documents = catalogue.repository.get_many(sorted(ids))
    return {i: apostrophes(read_document(text)["nom"]) for i, text in documents.items()}
