"""What a frame of another site shows: a small form, the first offers, a way to all of them."""

from collections.abc import Sequence
from dataclasses import dataclass

from flask import url_for
from marshmallow import ValidationError
from werkzeug.datastructures import MultiDict

from app.domain.demande import Demande
from app.services.catalogue import Catalogue
from app.services.search import Resultats, Trouve
from app.web.public.cards import Card, card_of
from app.web.public.links import search_url
from app.web.public.search_form import FIELDS, Fault, SearchForm
from app.web.public.typographie import NBSP, counted, number_fr
from app.web.public.understanding import Understanding, understanding_of
from app.web.public.words import labels_of
from schemas.problem import erreurs_of
from schemas.search import PAR_WIDGET


@dataclass(frozen=True, slots=True, kw_only=True)
class Frame:
    """The form of a frame: what its site chose is carried unseen.

    `settings` are faults of the frame's own address, that only the site's editor can mend; `full`
    is the same search on the full site.
    """

    title: str
    themes: Sequence[str]
    form: SearchForm
    full: str
    settings: Sequence[Fault] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class FramePage:
    """The first offers, and how many there are; `partial` answer some of the words only."""

    total: int
    count: str
    shown: str | None
    understanding: Understanding
    cards: Sequence[Card]
    partial: Sequence[Card]


def frame_of(demande: Demande, catalogue: Catalogue) -> Frame:
    """Returns the frame of a search that was understood."""
    return Frame(
        title=title_of(demande, catalogue),
        themes=labels_of(catalogue.vocabulaire, "thematiques", demande.thematiques),
        form=SearchForm(q=demande.q, lieu=demande.lieu, hidden=chosen(demande)),
        full=search_url(demande, par_page=Demande().par_page),
    )


def frame_with_faults(
    args: MultiDict[str, str], error: ValidationError, catalogue: Catalogue
) -> Frame:
    """Returns the frame as it was asked; a form is only given back when its limits were read."""
    typed: dict[str, list[Fault]] = {}
    settings = []
    for erreur in erreurs_of(error.messages):
        champ = erreur.champ.partition(".")[0]  # a rank in a list says nothing to the reader
        fault = Fault(champ=champ, nom=FIELDS.get(champ, champ), message=erreur.message)
        if champ in FIELDS:
            typed.setdefault(champ, []).append(fault)
        else:
            settings.append(fault)
    kept = [(name, v) for name, v in args.items(multi=True) if name in ("thematiques", "limite")]
    territoire = args.get("territoire") or None
    return Frame(
        title=title_of(Demande() if settings else Demande(territoire=territoire), catalogue),
        themes=(),
        form=SearchForm(
            q=args.get("q", ""),
            lieu=args.get("lieu", ""),
            hidden=[*([("territoire", territoire)] if territoire else []), *kept],
            faults=typed,
        ),
        full=url_for("public.results"),
        settings=settings,
    )


def frame_page(resultats: Resultats, catalogue: Catalogue) -> FramePage:
    """Returns the offers of a frame."""
    total, shown = resultats.page.total, len(resultats.trouves)
    left = resultats.demande.par_page - shown
    today = catalogue.clock.today()

    def cards_of(trouves: Sequence[Trouve]) -> Sequence[Card]:
        return [card_of(trouve, catalogue.vocabulaire, today) for trouve in trouves]

    return FramePage(
        total=total,
        count=counted(total, "offre"),
        shown=f"les {number_fr(shown)} premières sont ici" if 1 < shown < total else None,
        understanding=understanding_of(resultats, catalogue.vocabulaire),
        cards=cards_of(resultats.trouves),
        partial=cards_of(resultats.en_partie[:left]),
    )


def title_of(demande: Demande, catalogue: Catalogue) -> str:
    """Returns what a frame is called: its territory, if it has one."""
    nom = name_of_territory(demande, catalogue)
    return f"Trouver une aide{NBSP}: {nom}" if nom else "Trouver une aide"


def name_of_territory(demande: Demande, catalogue: Catalogue) -> str | None:
    """Returns the name of the territory that a search is limited to, if any."""
    return next((t.nom for t in catalogue.territoires if t.slug == demande.territoire), None)


def chosen(demande: Demande) -> Sequence[tuple[str, str]]:
    """Returns the parameters that a site sets: its limits, without what its visitor types."""
    territoire = [("territoire", demande.territoire)] if demande.territoire else []
    themes = [("thematiques", value) for value in demande.thematiques]
    own = demande.par_page != PAR_WIDGET
    limite = [("limite", str(demande.par_page))] if own else []
    return [*territoire, *themes, *limite]
