"""The lists of reference: values that parameters accept, facts, territories and basins."""

from collections.abc import Callable, Iterable, Mapping

from flask import Response

from app.domain.territoire import Territoire
from app.domain.vocabulaire import Fait, Terme
from app.services.catalogue import Catalogue
from app.web.api.operations import ApiBlueprint, Operation, Parameter
from app.web.api.rendering import dumped, json_response
from app.web.current import current_catalogue
from app.web.errors import NomInconnu
from app.web.security_headers import PUBLIC_HOUR

referentiels = ApiBlueprint("api-referentiels", "Lire les listes de référence.")

Valeur = dict[str, object]
NOM: Parameter = {
    "in": "path",
    "name": "nom",
    "description": "Nom de la liste, par exemple `thematiques`, `publics`, `faits` ou `bassins`.",
    "schema": {"type": "string", "minLength": 1},
    "example": "thematiques",
}


@referentiels.get(
    "/referentiels/<nom>",
    Operation(
        summary="Lire une liste de référence",
        description="Les valeurs d’une liste et leurs libellés : listes data·inclusion v1, faits "
        "sur une personne, territoires, bassins. Un nom inconnu répond 404 et donne les noms "
        "connus.",
        answer="Referentiel",
        answer_description="La liste.",
        parameters=(NOM,),
        errors=(404,),
    ),
)
def read_referentiel(nom: str) -> Response:
    """Answers a list. Raises `NomInconnu`."""
    catalogue = current_catalogue()
    lists = catalogue.vocabulaire.referentiels
    makers: Mapping[str, Callable[[Catalogue], Iterable[Valeur]]] = {
        **dict.fromkeys(lists, lambda _: map(_terme, lists[nom].values())),
        "faits": lambda c: map(_fait, c.vocabulaire.faits.values()),
        "territoires": lambda c: map(_territoire, c.territoires),
        "bassins": _bassins,
    }
    if nom not in makers:
        raise NomInconnu("nom", nom, sorted(makers))
    response = json_response(dumped({"nom": nom, "valeurs": list(makers[nom](catalogue))}))
    response.headers["Cache-Control"] = PUBLIC_HOUR
    return response


def _terme(terme: Terme) -> Valeur:
    return {"valeur": terme.valeur, "libelle": terme.libelle, "description": terme.description}


def _fait(fait: Fait) -> Valeur:
    return {
        "valeur": fait.cle,
        "libelle": fait.libelle,
        "question": fait.question,
        "nature": fait.nature,
        "valeurs": [
            {
                "valeur": valeur,
                "libelle": fait.libelles.get(valeur, valeur),
                "question": fait.questions.get(valeur),
                "sensible": fait.sensibles.get(valeur),
            }
            for valeur in fait.valeurs
        ],
        "entier": fait.entier,
        "unite": fait.unite,
        "minimum": fait.minimum,
        "maximum": fait.maximum,
        "evolue": fait.evolue,
        "sensible": fait.sensible,
    }


def _territoire(territoire: Territoire) -> Valeur:
    return {
        "valeur": territoire.slug,
        "libelle": territoire.nom,
        "zone": territoire.zone,
        "centre": {"latitude": territoire.centre.lat, "longitude": territoire.centre.lon},
        "bassins": [bassin.slug for bassin in territoire.bassins],
        "description": territoire.note,
    }


def _bassins(catalogue: Catalogue) -> Iterable[Valeur]:
    for territoire in catalogue.territoires:
        for bassin in territoire.bassins:
            yield {
                "valeur": bassin.slug,
                "libelle": bassin.nom,
                "territoire": territoire.slug,
                "communes": [c.code for c in catalogue.geographie.places_of(bassin.zone)],
            }
