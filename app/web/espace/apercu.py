"""What readers will see of a listing that is being edited, before anything is published."""

from collections import Counter
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, replace
from functools import partial

from app.domain.arbre import Critere, eligibilite_to_json, node_to_json
from app.domain.edition import Listing
from app.domain.eligibility import Juge
from app.domain.explanation import kept_for, publics_in_words
from app.domain.offre import Offre, Structure
from app.domain.ranking import qualite_part
from app.domain.verdict import Jugement, Valeur, Verdict
from app.domain.vocabulaire import RESIDENCE
from app.domain.wording import Voix, Wording
from app.web.auth.session import current_espace
from app.web.espace.qualite import advice_of
from app.web.public.conditions import Condition, conditions_of, conjuncts
from app.web.public.documents import Document, read_document
from app.web.public.fiche import Fiche, fiche_of
from app.web.public.sheets import reference_of
from app.web.public.typographie import counted
from schemas.document import render_offre, render_structure

MAX_CAUSES = 3  # the main ones: under them, a sentence would be read for one or two persons


@dataclass(frozen=True, slots=True, kw_only=True)
class Apercu:
    """What the sheet of a listing will say, the quality in percent, and what would raise it."""

    nom: str
    structure: str
    fiche: Fiche | None = None
    """The public sheet of an offer."""
    conditions: Sequence[Condition] = ()
    a_verifier: Sequence[str] = ()
    essais: Sequence["Essai"] = ()
    """How many sample persons have each verdict, and who."""
    qualite: int | None = None
    conseils: Sequence[str] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class Essai:
    """The sample persons of one verdict, and what refuses the most of them."""

    verdict: Verdict
    libelle: str
    noms: Sequence[str]
    causes: Sequence["Cause"] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class Cause:
    """A condition that refuses sample persons, and how many, in words."""

    condition: Condition
    personnes: str


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
    demandes = list(_asked(offre))
    causes: Counter[Condition] = Counter()
    causes.update(dict.fromkeys((said for said, _ in demandes), 0))  # ties in the offer's order
    for exemple in espace.profils:
        juge = Juge(exemple.profil, catalogue.vocabulaire, catalogue.geographie)
        verdict = juge.offre(offre).verdict
        by_verdict[verdict].append(exemple.nom)
        if verdict is Verdict.NON_ACCESSIBLE:
            closed = [said for said, judge in demandes if judge(juge).valeur is Valeur.NON]
            causes.update(dict.fromkeys(closed, 1))  # two facts may be said alike
    main = [
        Cause(condition=condition, personnes=counted(count, "personne"))
        for condition, count in causes.most_common(MAX_CAUSES)
        if count
    ]
    return [
        Essai(
            verdict=verdict,
            libelle=LIBELLES[verdict],
            noms=noms,
            causes=main if verdict is Verdict.NON_ACCESSIBLE else (),
        )
        for verdict, noms in by_verdict.items()
    ]


def _asked(offre: Offre) -> Iterator[tuple[Condition, Callable[[Juge], Jugement]]]:
    """Yields what an offer asks, in words, and how a person is judged on it alone."""
    catalogue = current_espace().catalogue
    wording = Wording(catalogue.vocabulaire, catalogue.geographie, Voix.VOUS)
    noeuds = list(conjuncts(offre.eligibilite.racine)) if offre.eligibilite else []
    if offre.zone_eligibilite:
        noeuds.append(Critere(fait=RESIDENCE, parmi=offre.zone_eligibilite))
    for noeud in noeuds:
        for condition in conditions_of(node_to_json(noeud), wording):
            yield condition, partial(Juge.noeud, noeud=noeud)
    if offre.publics:
        said = kept_for(publics_in_words(offre.publics, catalogue.vocabulaire))
        yield Condition(f"{said}."), partial(Juge.publics, publics=offre.publics)


def document_of(value: Listing, structure: Structure) -> Document:
    """Returns the public document of a listing that is not published, as written today."""
    espace = current_espace()
    dated = replace(value, date_maj=espace.clock.today())
    if not isinstance(dated, Offre):
        return read_document(render_structure(dated))
    shown = dated.hidden_with(structure.adresse_confidentielle)
    return read_document(render_offre(espace.catalogue.geographie)(shown, structure))


def apercu_of(value: Listing, structure: Structure) -> Apercu:
    """Returns what a listing will say; a structure has neither conditions nor quality."""
    if not isinstance(value, Offre):
        return Apercu(nom=value.nom, structure=value.nom)
    offre = value
    catalogue = current_espace().catalogue
    fiche = fiche_of(document_of(offre, structure), reference_of(catalogue))
    wording = Wording(catalogue.vocabulaire, catalogue.geographie, Voix.VOUS)
    tree = offre.eligibilite
    return Apercu(
        nom=fiche.nom,
        structure=structure.nom,
        fiche=fiche,
        conditions=conditions_of(eligibilite_to_json(tree) if tree else None, wording),
        a_verifier=tree.a_verifier if tree else (),
        essais=essais_of(offre),
        qualite=round(100 * qualite_part(offre)),
        conseils=advice_of(offre),
    )
