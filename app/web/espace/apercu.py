"""What readers will see of a listing that is being edited, before anything is published."""

from collections.abc import Sequence
from dataclasses import dataclass

from app.domain.arbre import eligibilite_to_json
from app.domain.edition import Listing
from app.domain.eligibility import Juge
from app.domain.offre import Offre, Structure
from app.domain.ranking import qualite_part
from app.domain.verdict import Verdict
from app.domain.wording import Voix, Wording
from app.web.auth.session import current_espace
from app.web.espace.qualite import advice_of
from app.web.public.conditions import Condition, conditions_of


@dataclass(frozen=True, slots=True, kw_only=True)
class Apercu:
    """The conditions as sentences, the quality in percent, and what would raise it."""

    nom: str
    structure: str
    conditions: Sequence[Condition] = ()
    a_verifier: Sequence[str] = ()
    essais: Sequence["Essai"] = ()
    """How many sample persons have each verdict, and who."""
    qualite: int | None = None
    conseils: Sequence[str] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class Essai:
    """The sample persons of one verdict."""

    verdict: Verdict
    libelle: str
    noms: Sequence[str]


LIBELLES = {
    Verdict.ACCESSIBLE: "y auraient droit",
    Verdict.A_VERIFIER: "auraient une condition à vérifier",
    Verdict.NON_ACCESSIBLE: "n’y auraient pas droit",
}


def essais_of(offre: Offre) -> Sequence[Essai]:
    """Judges an offer for every sample person."""
    espace = current_espace()
    catalogue = espace.catalogue
    by_verdict: dict[Verdict, list[str]] = {verdict: [] for verdict in LIBELLES}
    for exemple in espace.profils:
        juge = Juge(exemple.profil, catalogue.vocabulaire, catalogue.geographie)
        by_verdict[juge.offre(offre).verdict].append(exemple.nom)
    return [
        Essai(verdict=verdict, libelle=LIBELLES[verdict], noms=noms)
        for verdict, noms in by_verdict.items()
    ]


def apercu_of(value: Listing, structure: Structure) -> Apercu:
    """Returns what a listing will say; a structure has neither conditions nor quality."""
    if not isinstance(value, Offre):
        return Apercu(nom=value.nom, structure=value.nom)
    offre = value
    catalogue = current_espace().catalogue
    wording = Wording(catalogue.vocabulaire, catalogue.geographie, Voix.VOUS)
    tree = offre.eligibilite
    return Apercu(
        nom=offre.nom,
        structure=structure.nom,
        conditions=conditions_of(eligibilite_to_json(tree) if tree else None, wording),
        a_verifier=tree.a_verifier if tree else (),
        essais=essais_of(offre),
        qualite=round(100 * qualite_part(offre)),
        conseils=advice_of(offre),
    )
