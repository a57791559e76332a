"""The page to print: the chosen offers, and nothing of the person they were chosen for."""

from collections.abc import Sequence
from dataclasses import dataclass

from app.domain.offre import OffreId
from app.domain.wording import Voix
from app.services.catalogue import Catalogue
from app.web.match.cards import excerpt_of, who_asks
from app.web.public.documents import read_document, text_of
from app.web.public.fiche import Fiche, Reference, fiche_of
from app.web.public.typographie import NBSP, THIN


@dataclass(frozen=True, slots=True, kw_only=True)
class PrintedOffre:
    """One offer on paper."""

    fiche: Fiche
    what: str | None
    where: str | None
    when: str | None
    bring: str | None
    how: str | None


@dataclass(frozen=True, slots=True, kw_only=True)
class Proposal:
    """What is printed, and the same as plain text to copy."""

    offres: Sequence[PrintedOffre]
    text: str


def proposal_of(catalogue: Catalogue, reference: Reference, ids: Sequence[str]) -> Proposal:
    """Returns the chosen offers still published, in the order of the page, said to the person."""
    wanted = [OffreId(ident) for ident in ids]
    documents = catalogue.repository.get_many(wanted)
    offres = []
    for ident in wanted:
        if ident in documents:
            document = read_document(documents[ident])
            fiche = fiche_of(document, reference)
            offres.append(
                PrintedOffre(
                    fiche=fiche,
                    what=excerpt_of(text_of(document, "description")),
                    where=_where(fiche),
                    when=_when(fiche),
                    bring=f"{THIN}; ".join(fiche.a_apporter) or None,
                    how=_how(fiche, who_asks(document, Voix.VOUS)),
                )
            )
    return Proposal(offres=offres, text="\n\n".join(_as_text(offre) for offre in offres))


def _where(fiche: Fiche) -> str | None:
    place = fiche.place
    if place.is_confidential:
        return f"Adresse protégée{NBSP}: demandez-la à la structure"
    lines, modes = ", ".join(place.lines), place.modes
    return f"{lines} ({modes.lower()})" if lines and modes else lines or modes


def _when(fiche: Fiche) -> str | None:
    days = [f"{day.days}{NBSP}: {day.hours}" for day in fiche.hours.days]
    return ". ".join(days) or None


def _how(fiche: Fiche, who: str | None) -> str | None:
    modes = ", ".join(fiche.contact.modes)
    sentences = [who, f"{modes}." if modes else None, *fiche.contact.precisions]
    return " ".join(filter(None, sentences)) or None


def _as_text(offre: PrintedOffre) -> str:
    fiche = offre.fiche
    named = (
        ("Où", offre.where),
        ("Quand", offre.when),
        ("Prix", fiche.frais),
        ("Téléphone", fiche.contact.telephone),
        ("Courriel", fiche.contact.courriel),
        ("En ligne", fiche.contact.lien or fiche.contact.site_web),
        ("Pour demander", offre.how),
        ("À apporter", offre.bring),
        *(("Condition", condition.as_text()) for condition in fiche.criteres),
        *(("À vérifier avec la structure", line) for line in fiche.conditions),
    )
    said = [f"{name}{NBSP}: {text}" for name, text in named if text]
    return "\n".join(filter(None, (fiche.nom, fiche.structure.label, offre.what, *said)))
