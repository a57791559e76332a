"""The page of solutions: by need, or one list; what is left out, what is too far, what to ask."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace

from app.domain.demande import DemandeMatch
from app.domain.matching import MatchPage
from app.domain.offre import OffreId
from app.domain.questionnaire import Demandee
from app.domain.search import HorsPortee
from app.domain.verdict import Verdict
from app.domain.vocabulaire import RESIDENCE
from app.services.catalogue import Catalogue
from app.services.matching import Propositions
from app.web.match.answers import ONE_NEED, PRIORITES, Fault
from app.web.match.cards import CardMaker, MatchCard
from app.web.match.flows import Flow
from app.web.match.reading import Reading
from app.web.match.screens import WHY_SENSITIVE, Field, FieldMaker, Taken, place_screen, taken_of
from app.web.match.summary import Topic, topics_of
from app.web.public.folding import FOLD_AFTER, fold
from app.web.public.typographie import NBSP, counted, distance_fr, number_fr
from app.web.public.words import label_of

PAR_PAGE = 20
MAX_LEFT_OUT = 30  # left-out offers shown: enough to see why, not a second catalogue
MAX_EMPTY_NEEDS = 12  # needs without offers that get a search of their own
EVERYONE = tuple(Verdict)
NO_PLACE = "Sans elle, les distances ne sont pas connues."


@dataclass(frozen=True, slots=True, kw_only=True)
class NeedBlock:
    """A need with its first offers; without any, the nearest thing that exists."""

    anchor: str
    view: str
    label: str
    priority: str
    total: int
    count: str
    cards: Sequence[MatchCard]
    repeated: Sequence[tuple[str, str]]
    alternative: str | None


@dataclass(frozen=True, slots=True, kw_only=True)
class Item:
    """A card of the list, with those of the same structure that fold under it."""

    card: MatchCard
    folded: Sequence[MatchCard]


@dataclass(frozen=True, slots=True, kw_only=True)
class Asked:
    """The question that settles most offers."""

    field: Field
    key: str
    effect: str
    why: str | None


@dataclass(frozen=True, slots=True, kw_only=True)
class SolutionsPage:
    """Everything that the template of solutions shows."""

    title: str
    heading: str
    count: str
    verdicts: Sequence[tuple[str, str]]
    asked: Asked | None
    topics: Sequence[Topic]
    rayon: str
    rayon_montre: str
    rayon_faults: Sequence[Fault]
    beyond: str | None
    taken: Taken | None
    place_screen: str | None
    has_needs: bool
    one_need: str | None
    shows_needs: bool
    selected: str | None
    is_empty: bool
    vue: str
    needs: Sequence[NeedBlock]
    exact: Sequence[Item]
    near: Sequence[Item]
    left_out: int
    left_out_label: str
    left_out_cards: Sequence[MatchCard] | None
    page: int
    pages: int
    faults: Sequence[tuple[Fault, bool]]
    hidden: Sequence[tuple[str, str]]


class SolutionsMaker:
    """Asks the matches that a page of solutions needs, and words them."""

    def __init__(
        self, flow: Flow, catalogue: Catalogue, reading: Reading, opened: str = ""
    ) -> None:
        """`opened` is the offer that was just read, if any."""
        self._flow, self._catalogue, self._reading = flow, catalogue, reading
        self._answers, self._opened = reading.answers, opened
        self._everything = demande_of(flow, reading)
        self._one_need = self._answers.vue.removeprefix(ONE_NEED)
        self._demande = self._everything
        if self._one_need in self._demande.besoins:
            alone = {self._one_need: self._demande.besoins[self._one_need]}
            self._demande = replace(self._everything, besoins=alone)

    def page(self) -> SolutionsPage:
        """Returns the page. Raises `EngineUnavailable`."""
        found = self._match(replace(self._demande, page=self._answers.page, par_page=PAR_PAGE))
        pages = max(1, -(-found.page.total // PAR_PAGE))
        if self._answers.page > pages:
            self._answers = replace(self._answers, page=pages)
            found = self._match(replace(self._demande, page=pages, par_page=PAR_PAGE))
        vue = self._answers.vue or ("besoins" if self._demande.besoins else "liste")
        if not self._demande.besoins or vue.startswith(ONE_NEED):
            vue = "liste"
        needs = self._needs(found) if vue == "besoins" else []
        items = [] if vue == "besoins" else items_of(self._cards(found))
        left_out = self._left_out() if self._answers.ecartees else None
        asked = self._asked(found.page)
        shown = _ids_of(needs, items, left_out or ())
        names = {"rayon_km", *([asked.field.name] if asked else [])}
        count = counted(found.page.total, "solution")
        heading = self._flow.solutions
        where = f", page {self._answers.page} sur {pages}" if vue == "liste" and pages > 1 else ""
        return SolutionsPage(
            title=f"{heading}{NBSP}: {count}{where}",
            heading=heading,
            count=count if found.page.total else "Aucune solution",
            verdicts=tally(found.page.par_verdict),
            asked=asked,
            topics=topics_of(self._flow, self._catalogue, self._answers),
            rayon=self._rayon(found),
            rayon_montre=number_fr(found.rayon_km),
            rayon_faults=[f for f in self._reading.faults if f.champ == "rayon_km"],
            beyond=beyond_in_words(found.page.hors_portee, found.rayon_km),
            taken=taken_of(self._flow, self._catalogue, self._reading),
            place_screen=self._place_screen(),
            one_need=self._one_need_label(),
            shows_needs=len(self._demande.besoins) > 1,
            selected=_selected(len(self._answers.selection)),
            has_needs=bool(self._demande.besoins),
            is_empty=_is_empty(found.page, self._demande),
            vue=vue,
            needs=needs,
            exact=[i for i in items if i.card.is_exact or not self._demande.besoins],
            near=[i for i in items if not i.card.is_exact and self._demande.besoins],
            left_out=found.page.par_verdict[Verdict.NON_ACCESSIBLE],
            left_out_label=_left_out_label(found.page),
            left_out_cards=left_out,
            page=self._answers.page,
            pages=pages,
            faults=[(f, f.champ == "rayon_km") for f in self._reading.faults],
            hidden=self._answers.hidden(names, shown),
        )

    def _match(self, demande: DemandeMatch) -> Propositions:
        return self._catalogue.matching.match(demande)

    def _cards(self, found: Propositions) -> list[MatchCard]:
        maker = CardMaker(
            self._flow, self._catalogue, self._answers, found.solutions, opened=self._opened
        )
        return [maker.card(solution) for solution in found.solutions]

    def _one_need_label(self) -> str | None:
        if self._one_need not in self._demande.besoins:
            return None
        return label_of(self._catalogue.vocabulaire, "thematiques", self._one_need)

    def _place_screen(self) -> str | None:
        """Returns where to give the commune when it is missing: distances then are too."""
        if self._answers.code_commune:
            return None
        return place_screen(self._flow.screens(self._catalogue))

    def _rayon(self, found: Propositions) -> str:
        is_wrong = any(f.champ == "rayon_km" for f in self._reading.faults)
        return self._answers.rayon_km if is_wrong else number_fr(found.rayon_km)

    def _needs(self, found: Propositions) -> list[NeedBlock]:
        firsts = dict.fromkeys(i for b in found.page.par_besoin for i in b.premiers)
        cards: dict[str, MatchCard] = {}
        if firsts:
            asked = replace(self._demande, offres=list(firsts), page=1, par_page=len(firsts))
            cards = {card.id: card for card in self._cards(self._match(asked))}
        blocks: list[NeedBlock] = []
        seen: set[str] = set()
        empty = 0
        for rank, need in enumerate(found.page.par_besoin, 1):
            mine = [cards[i] for i in need.premiers if i in cards]
            fresh = [card for card in mine if card.id not in seen]
            repeated = [(card.id, card.card.nom) for card in mine if card.id in seen]
            alternative = None
            if not need.total and empty < MAX_EMPTY_NEEDS:
                empty += 1
                fresh, alternative = self._alternative(need.besoin, seen)
            seen |= {card.id for card in fresh}
            blocks.append(
                NeedBlock(
                    anchor=f"besoin-{rank}",
                    view=f"{ONE_NEED}{need.besoin}",
                    label=label_of(self._catalogue.vocabulaire, "thematiques", need.besoin),
                    priority=PRIORITES[str(self._demande.besoins[need.besoin])],
                    total=need.total,
                    count=counted(need.total, "offre").capitalize(),
                    cards=fresh,
                    repeated=repeated,
                    alternative=alternative,
                )
            )
        return blocks

    def _alternative(self, besoin: str, seen: set[str]) -> tuple[list[MatchCard], str]:
        """Returns the offers of the same domain and what to say of them."""
        asked = replace(self._demande, besoins={besoin: 2}, page=1, par_page=FOLD_AFTER)
        found = self._match(asked)
        cards = [card for card in self._cards(found) if card.id not in seen]
        said = ["Aucune offre ne répond exactement à ce besoin dans ce rayon."]
        if found.page.total:
            said.append(f"Dans le même domaine{NBSP}: {counted(found.page.total, 'offre')}.")
        beyond = found.page.hors_portee
        if beyond.total:
            far = f"{counted(beyond.total, 'offre')}{_nearest(beyond, found.rayon_km)}"
            said.append(f"Plus loin, pour ce besoin ou ce domaine{NBSP}: {far}.")
        if len(said) == 1:
            said.append("Le catalogue n’en contient aucune, même plus loin.")
        return cards, " ".join(said)

    def _left_out(self) -> list[MatchCard]:
        asked = replace(
            self._demande, verdicts=(Verdict.NON_ACCESSIBLE,), page=1, par_page=MAX_LEFT_OUT
        )
        return self._cards(self._match(asked))

    def _asked(self, page: MatchPage) -> Asked | None:
        """Returns what to ask next: the commune first, since distances depend on it."""
        vocabulaire = self._catalogue.vocabulaire
        known = (*self._answers.passees, *self._answers.faits)
        if not self._answers.code_commune and RESIDENCE not in known:
            return self._asked_with(Demandee(RESIDENCE, None), NO_PLACE)
        for question in page.questions:
            demandee = Demandee(question.fait, question.valeur)
            if not question.offres_tranchees or demandee.cle in known:
                continue
            if not (demandee.is_sensitive(vocabulaire) and self._flow.is_public):
                offres = counted(question.offres_tranchees, "offre")
                return self._asked_with(demandee, f"La réponse suffit à trancher pour {offres}.")
        return None

    def _asked_with(self, demandee: Demandee, effect: str) -> Asked:
        maker = FieldMaker(self._flow, self._catalogue, self._reading)
        is_sensitive = demandee.is_sensitive(self._catalogue.vocabulaire)
        return Asked(
            field=maker.field(demandee),
            key=demandee.cle,
            effect=effect,
            why=WHY_SENSITIVE[self._flow.voix] if is_sensitive else None,
        )


def demande_of(flow: Flow, reading: Reading) -> DemandeMatch:
    """Returns the match that the answers ask."""
    return DemandeMatch(
        profil=reading.profil,
        besoins={besoin: int(text) for besoin, text in reading.answers.besoins.items()},
        mode=reading.answers.mode or None,
        rayon_km=reading.rayon_km,
        voix=flow.voix,
    )


def one_offre(flow: Flow, catalogue: Catalogue, reading: Reading, ident: str) -> Propositions:
    """Returns one offer judged for the person, whatever its verdict."""
    demande = replace(demande_of(flow, reading), offres=[OffreId(ident)], verdicts=EVERYONE)
    return catalogue.matching.match(demande)


def items_of(cards: Sequence[MatchCard]) -> list[Item]:
    """Returns the list with the 4th and later offers of a structure under its 3rd, in place."""
    folded = fold(cards, lambda card: (card.structure_id, card.is_exact))
    return [Item(card=card, folded=under) for card, under in folded]


def beyond_in_words(beyond: HorsPortee, rayon_km: float) -> str | None:
    """Returns how many offers are too far and how far the nearest is, None when there are none."""
    if not beyond.total:
        return None
    verb = "est" if beyond.total == 1 else "sont"
    radius = f"{number_fr(rayon_km)}{NBSP}km"
    far = counted(beyond.total, "autre offre")
    return f"{far.capitalize()} {verb} à plus de {radius}{_nearest(beyond, rayon_km)}."


def _nearest(beyond: HorsPortee, rayon_km: float | None = None) -> str:
    if beyond.plus_proche_km is None:
        return ""
    if rayon_km is not None and round(beyond.plus_proche_km) <= rayon_km:
        return ", juste au-delà" if beyond.total == 1 else ", la plus proche juste au-delà"
    distance = distance_fr(beyond.plus_proche_km)
    return f", à {distance}" if beyond.total == 1 else f", la plus proche à {distance}"


def _is_empty(page: MatchPage, demande: DemandeMatch) -> bool:
    """True when the catalogue itself holds nothing."""
    return not (demande.besoins or sum(page.par_verdict.values()) or page.hors_portee.total)


def tally(par_verdict: Mapping[Verdict, int]) -> list[tuple[str, str]]:
    """Returns how many offers are open and how many are to be checked, in words."""
    opened = par_verdict[Verdict.ACCESSIBLE]
    verb = "semblent ouvertes" if opened > 1 else "semble ouverte"
    return [
        ("accessible", f"{number_fr(opened)} {verb}" if opened else "Aucune ne semble ouverte"),
        ("a-verifier", f"{number_fr(par_verdict[Verdict.A_VERIFIER])} à vérifier"),
    ]


def _selected(count: int) -> str | None:
    if not count:
        return None
    return "Une offre est cochée." if count == 1 else f"{counted(count, 'offre')} sont cochées."


def _left_out_label(page: MatchPage) -> str:
    total = page.par_verdict[Verdict.NON_ACCESSIBLE]
    if total == 1:
        return "Une offre n’est pas proposée pour l’instant."
    return f"{counted(total, 'offre').capitalize()} ne sont pas proposées pour l’instant."


def _ids_of(
    needs: Sequence[NeedBlock], items: Sequence[Item], left_out: Sequence[MatchCard]
) -> set[str]:
    return {card.id for card in _all_cards(needs, items, left_out)}


def _all_cards(
    needs: Sequence[NeedBlock], items: Sequence[Item], left_out: Sequence[MatchCard]
) -> Iterator[MatchCard]:
    for block in needs:
        yield from block.cards
    for item in items:
        yield item.card
        yield from item.folded
    yield from left_out
