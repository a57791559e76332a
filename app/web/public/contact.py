"""How to reach an offer: who may ask, by which means, with links that are safe to follow."""

from collections.abc import Sequence
from dataclasses import dataclass

from app.domain.vocabulaire import Vocabulaire
from app.web.public.documents import (
    Document,
    first_text,
    paragraphs_of,
    text_of,
    values_of,
)
from app.web.public.links import host_of, safe_link, telephone_link
from app.web.public.typographie import apostrophes, telephone_fr


@dataclass(frozen=True, slots=True, kw_only=True)
class Contact:
    """The means of contact; `telephone_url` is None when the number cannot be dialled as it is."""

    telephone: str | None
    telephone_url: str | None
    courriel: str | None
    lien: str | None
    lien_site: str | None
    site_web: str | None
    site_web_site: str | None
    modes: Sequence[str]
    mobilisable_par: str | None
    precisions: Sequence[str]

    @property
    def is_empty(self) -> bool:
        """True when nothing is known but perhaps an address."""
        return not (self.telephone or self.courriel or self.lien or self.site_web)


def contact_of(document: Document, structure: Document, vocabulaire: Vocabulaire) -> Contact:
    """Returns the contact of an offer, completed by its structure's."""
    telephone = first_text("telephone", document, structure)
    lien = safe_link(document.get("lien_mobilisation"))
    site = safe_link(document.get("site_web")) or safe_link(structure.get("site_web"))
    return Contact(
        telephone=telephone_fr(telephone) if telephone else None,
        telephone_url=telephone_link(telephone) if telephone else None,
        courriel=first_text("courriel", document, structure),
        lien=lien,
        lien_site=host_of(lien) if lien else None,
        site_web=site,
        site_web_site=host_of(site) if site else None,
        modes=[
            vocabulaire.libelle("modes-mobilisation", mode)
            for mode in values_of(document, "modes_mobilisation")
        ],
        mobilisable_par=_who(values_of(document, "mobilisable_par")),
        precisions=paragraphs_of(apostrophes(text_of(document, "mobilisation_precisions") or "")),
    )


def _who(values: tuple[str, ...]) -> str | None:
    match sorted(values):
        case ["professionnels", "usagers"]:
            return "Vous pouvez demander vous-même, ou avec l’aide d’un professionnel."
        case ["usagers"]:
            return "Vous pouvez demander vous-même."
        case ["professionnels"]:
            return "La demande passe par un professionnel qui vous accompagne."
        case _:
            return None
