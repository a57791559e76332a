"""What decides at a glance, under the title of a sheet."""

from dataclasses import dataclass
from datetime import date

from app.web.public.cards import place_of
from app.web.public.documents import Document
from app.web.public.fiche import Fiche
from app.web.public.typographie import parse_date


@dataclass(frozen=True, slots=True, kw_only=True)
class Fait:
    """One fact and its drawing."""

    icone: str
    texte: str


def essentiel_of(document: Document, fiche: Fiche, today: date) -> tuple[Fait, ...]:
    """Returns price, place, next session, places left and languages: those that are known."""
    session = parse_date(document.get("prochaine_session"))
    is_to_come = session is not None and session >= today
    known = (
        ("frais", fiche.frais),
        ("lieu", place_of(document) if fiche.place.lines or fiche.place.modes else None),
        ("horloge", fiche.session if is_to_come else None),
        ("public", fiche.places),
        ("info", f"Langues\u00a0: {', '.join(fiche.langues)}" if fiche.langues else None),
    )
    return tuple(Fait(icone=icone, texte=texte) for icone, texte in known if texte)
