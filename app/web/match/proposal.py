"""The page to print: the chosen offers, and nothing of the person they were chosen for."""

from collections.abc import Sequence
from dataclasses import dataclass

from app.domain.offre import OffreId
from app.domain.wording import Voix
from app.services.catalogue import Catalogue
from app.web.match.cards import who_asks
from app.web.public.documents import read_document
from app.web.public.fiche import Fiche, Reference, fiche_of
from app.web.public.typographie import NBSP


@dataclass(frozen=True, slots=True, kw_only=True)
class PrintedOffre:
    """One offer on paper."""

    fiche: Fiche
    who: str | None


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
            offres.append(PrintedOffre(fiche=fiche, who=who_asks(document, Voix.VOUS)))
    return Proposal(offres=offres, text="\n\n".join(_as_text(offre) for offre in offres))


def _as_text(offre: PrintedOffre) -> str:
    fiche = offre.fiche
    lines = [
        fiche.nom,
        fiche.structure.label,
        *fiche.place.lines,
        f"Téléphone{NBSP}: {fiche.contact.telephone}" if fiche.contact.telephone else "",
        f"Courriel{NBSP}: {fiche.contact.courriel}" if fiche.contact.courriel else "",
        fiche.contact.lien or "",
        offre.who or "",
        *(f"À vérifier{NBSP}: {line}" for line in fiche.conditions),
    ]
    return "\n".join(line for line in lines if line)
