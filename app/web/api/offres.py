"""Searching offers, and reading one."""

from flask import Response, request

from app.domain.edition import FicheRef
from app.domain.offre import OffreId
from app.domain.publication import OFFRE
from app.web.api.ecriture import kept_fiche
from app.web.api.operations import ApiBlueprint, Cle, Operation
from app.web.api.parameters import OFFRE_ID, SEARCH_PARAMETERS
from app.web.api.redirections import to_kept
from app.web.api.rendering import json_response, rendered_results
from app.web.auth.cle import has_cle
from app.web.current import current_catalogue
from schemas.search import read_demande

offres = ApiBlueprint("api-offres", "Chercher et lire les offres.")


@offres.get(
    "/offres",
    Operation(
        summary="Chercher des offres",
        description="Filtre, classe et compte tout le catalogue publié. Les paramètres se "
        "cumulent. Un paramètre inconnu, vide ou répété à tort est refusé. Les pages suivent un "
        "ordre total. "
        "`hors_zone` compte les offres réservées à d’autres habitants, `hors_portee` celles qui "
        "sont trop loin, `elargir` ce que donnerait chaque assouplissement.",
        answer="Resultats",
        answer_description="Une page de résultats, avec les totaux et facettes exacts.",
        parameters=SEARCH_PARAMETERS,
        errors=(503,),
    ),
)
def search_offres() -> Response:
    """Answers a search."""
    catalogue = current_catalogue()
    demande = read_demande(request.args, catalogue)
    return json_response(rendered_results(catalogue.search.search(demande)))


@offres.get(
    "/offres/<identifiant:offre_id>",
    Operation(
        summary="Lire une offre",
        description="La fiche publiée d’une offre : les champs data·inclusion v1, nos extensions, "
        "sa structure et sa position. Avec une clé : la fiche entière comme on l’écrit, avec son "
        "ETag, pour qui tient la structure.",
        answer="OffreLue",
        answer_description="La fiche de l’offre.",
        parameters=(OFFRE_ID,),
        errors=(401, 403, 404),
        moves=True,
        cle=Cle.FACULTATIVE,
    ),
)
def read_offre(offre_id: str) -> Response:
    """Answers the document of an offer, or all that its keepers write.

    Raises `OffreIntrouvable`.
    """
    if has_cle():
        return kept_fiche(FicheRef(objet=OFFRE, id=offre_id))
    ident = OffreId(offre_id)
    document = current_catalogue().repository.get_many([ident]).get(ident)
    if document is None:
        return to_kept(OFFRE, offre_id)
    return json_response(document)
