"""Listing structures, and reading one with its offers and its likely duplicates."""

from flask import Response, request

from app.domain.edition import FicheRef
from app.domain.offre import StructureId
from app.domain.publication import STRUCTURE
from app.web.api.ecriture import kept_fiche
from app.web.api.operations import ApiBlueprint, Cle, Operation
from app.web.api.parameters import STRUCTURE_ID, STRUCTURES_PARAMETERS
from app.web.api.redirections import to_kept
from app.web.api.rendering import json_response, with_documents, with_fields
from app.web.auth.cle import has_cle
from app.web.current import current_catalogue
from schemas.search import read_structures

structures = ApiBlueprint("api-structures", "Lire les structures.")


@structures.get(
    "/structures",
    Operation(
        summary="Lister les structures",
        description="Les structures publiées, par identifiant, de toute la France ou d’un lieu.",
        answer="Structures",
        answer_description="Une page de structures.",
        parameters=STRUCTURES_PARAMETERS,
    ),
)
def list_structures() -> Response:
    """Answers one page of structures."""
    catalogue = current_catalogue()
    asked = read_structures(request.args, catalogue)
    code = asked.code_commune
    total, documents = catalogue.repository.list_structures(
        (asked.page - 1) * asked.par_page,
        asked.par_page,
        catalogue.geographie.codes_inside(code) if code else None,
        asked.departement,
    )
    fields = {"total": total, "page": asked.page, "par_page": asked.par_page}
    return json_response(with_documents(fields, documents))


@structures.get(
    "/structures/<identifiant:structure_id>",
    Operation(
        summary="Lire une structure",
        description="La fiche publiée d’une structure, les identifiants de ses offres, et ceux des "
        "fiches d’autres sources qui semblent décrire la même structure. Avec une clé : la fiche "
        "entière comme on l’écrit, avec son ETag, pour qui la tient.",
        answer="StructureLue",
        answer_description="La fiche de la structure.",
        parameters=(STRUCTURE_ID,),
        errors=(401, 403, 404),
        moves=True,
        cle=Cle.FACULTATIVE,
    ),
)
def read_structure(structure_id: str) -> Response:
    """Answers the document of a structure, or all that its keepers write.

    Raises `OffreIntrouvable`.
    """
    if has_cle():
        return kept_fiche(FicheRef(objet=STRUCTURE, id=structure_id))
    repository = current_catalogue().repository
    ident = StructureId(structure_id)
    document = repository.get_structure(ident)
    if document is None:
        return to_kept(STRUCTURE, structure_id)
    links = {
        "offres": repository.offre_ids_of(ident),
        "doublons": repository.likely_duplicates(ident),
    }
    return json_response(with_fields(document, links))
