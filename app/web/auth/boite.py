"""The link of a structure's mailbox, sent again: its reader has no account to ask for another.

A browser that came by such a link keeps its digest, which opens nothing. The new link only leaves
for the address that the old one was sent to.
"""

from dataclasses import dataclass

from app.domain.comptes import Acteur, Qualite, courriel_key
from app.domain.connexion import Lien
from app.domain.droits import DroitRefuse
from app.domain.edition import FicheRef
from app.domain.errors import OffreIntrouvable
from app.domain.offre import StructureId
from app.domain.publication import STRUCTURE
from app.web.auth.session import current_espace, kept_liens


@dataclass(frozen=True, slots=True, kw_only=True)
class Boite:
    """A mailbox whose link may be sent again."""

    structure_id: StructureId
    nom: str
    """The structure whose listings it opens."""
    courriel: str

    @property
    def indice(self) -> str:
        """Returns enough of the address for its reader to know it: a link may be passed on."""
        local, _, domain = self.courriel.rpartition("@")
        return f"{local[:1]}…@{domain}"


def known_boite() -> Boite | None:
    """Returns the mailbox whose link brought the reader here, whatever became of the link."""
    for empreinte in kept_liens():
        lien = current_espace().connexion.boite(empreinte)
        if lien is not None and (boite := _boite(lien)) is not None:
            return boite
    return None


def _boite(lien: Lien) -> Boite | None:
    """Returns the mailbox of a link, None when nobody would send it such a link today.

    An address that its structure has left is not written to: it would open its listings for ever.
    """
    if lien.structure_id is None:
        return None
    acteur = Acteur(qualite=Qualite.BOITE, structures=frozenset((lien.structure_id,)))
    ref = FicheRef(objet=STRUCTURE, id=lien.structure_id)
    try:
        fiche = current_espace().edition.read(acteur, ref)
    except (OffreIntrouvable, DroitRefuse):
        return None
    contact = current_espace().campagnes.store.contact(lien.structure_id)
    if lien.courriel not in map(
        courriel_key, filter(None, (fiche.value.courriel, contact.courriel))
    ):
        return None
    return Boite(structure_id=lien.structure_id, nom=fiche.value.nom, courriel=lien.courriel)
