"""The only table from an error to its status and its French text, for the API and for pages.

The API answers RFC 9457 `application/problem+json`, pages answer `errors/error.html`. Both keep the
headers of the original response: `Allow`, `Retry-After`, `WWW-Authenticate`.
"""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from types import MappingProxyType
from urllib.parse import unquote_to_bytes

import structlog
from flask import Flask, render_template, request
from flask_wtf.csrf import CSRFError
from jinja2 import TemplateNotFound
from marshmallow import ValidationError
from werkzeug.exceptions import (
    BadRequest,
    Forbidden,
    HTTPException,
    NotFound,
    RequestURITooLarge,
    ServiceUnavailable,
)
from werkzeug.wrappers import Response as WerkzeugResponse

from app.domain.adhesions import AdhesionInconnue
from app.domain.brouillons import BrouillonInconnu
from app.domain.campagnes import CampagneInconnue
from app.domain.cles import CleInconnue
from app.domain.droits import DroitRefuse
from app.domain.errors import (
    CatalogueUnavailable,
    EngineUnavailable,
    LieuInconnu,
    OffreIntrouvable,
    SignalementInconnu,
)
from app.domain.propositions import PropositionInconnue
from app.web.renvoi import renvoi_of_request
from app.web.same_origin import AutreSite
from schemas.problem import MEDIA_TYPE, Erreur, Problem, erreurs_of, problem_json
from schemas.suggestions import quoted, unknown_value

API_PREFIX = "/api/"
DOCS_PATH = "/api/docs"
MAX_URL_CHARACTERS = 32_768  # a query of 10,000 accented letters still gets its own message
KEY_WITHOUT_RIGHT = (
    "Le compte de cette clé ne tient pas cette fiche : demandez à rejoindre sa structure, ou "
    "vérifiez l’identifiant."
)
RETRY_AFTER_S = 30  # an index is rebuilt, or a search server restarted, in less

log: structlog.stdlib.BoundLogger = structlog.get_logger(__name__)


@dataclass(frozen=True, slots=True, kw_only=True)
class Kind:
    """A kind of error: its name in the documentation, its status, what it says."""

    slug: str
    status: int
    title: str
    detail: str

    def problem(self, *, detail: str = "", erreurs: tuple[Erreur, ...] = ()) -> Problem:
        """Returns the error to show, with its own detail when there is one."""
        return Problem(
            type=f"{DOCS_PATH}#probleme-{self.slug}",
            title=self.title,
            status=self.status,
            detail=detail or self.detail,
            erreurs=erreurs,
        )


PARAMETRES = Kind(
    slug="parametres",
    status=400,
    title="Paramètres à corriger",
    detail="Corrigez les paramètres signalés, puis recommencez.",
)
LIEU_INCONNU = Kind(
    slug="lieu-inconnu",
    status=400,
    title="Lieu inconnu",
    detail="Ce code n’est celui d’aucun lieu : écrivez le code INSEE d’une commune.",
)
FICHE_INTROUVABLE = Kind(
    slug="fiche-introuvable",
    status=404,
    title="Fiche introuvable",
    detail="Aucune fiche publiée ne porte cet identifiant : elle a pu être retirée, ou l’adresse "
    "est incomplète. Relancez une recherche pour la retrouver.",
)
MOTEUR_INDISPONIBLE = Kind(
    slug="recherche-indisponible",
    status=503,
    title="Recherche indisponible",
    detail="La recherche est momentanément indisponible : réessayez dans quelques instants.",
)
CATALOGUE_INDISPONIBLE = Kind(
    slug="catalogue-indisponible",
    status=503,
    title="Catalogue indisponible",
    detail="Le catalogue est momentanément indisponible : réessayez dans quelques instants.",
)
ERREUR_INTERNE = Kind(
    slug="erreur-interne",
    status=500,
    title="Erreur de notre côté",
    detail="Une erreur est survenue de notre côté ; elle est enregistrée. Réessayez dans quelques "
    "minutes.",
)
DEMANDE_INCORRECTE = Kind(
    slug="demande-incorrecte",
    status=400,
    title="Demande illisible",
    detail="Cette demande est mal écrite : vérifiez l’adresse, puis recommencez.",
)
DEJA_TRAITE = Kind(
    slug="deja-traite",
    status=404,
    title="Déjà traité",
    detail="Quelqu’un a déjà répondu, ou cette demande n’existe plus. Revenez à votre espace.",
)
ENVOI_REFUSE = Kind(
    slug="envoi-refuse",
    status=403,
    title="Envoi refusé",
    detail="Cet envoi vient d’un autre site : rien n’a été enregistré. Ouvrez la fiche ici, puis "
    "recommencez.",
)
PAGE_ANCIENNE = Kind(
    slug=DEMANDE_INCORRECTE.slug,
    status=400,
    title="Page à rouvrir",
    detail="Cette page a été ouverte avant votre dernière connexion : rien n’a été fait. "
    "Ouvrez-la de nouveau, puis recommencez.",
)
BY_STATUS = {
    kind.status: kind
    for kind in (
        DEMANDE_INCORRECTE,
        Kind(
            slug="cle-refusee",
            status=401,
            title="Clé refusée",
            detail="Cette demande a besoin d’une clé valable : envoyez l’en-tête "
            "« Authorization: Bearer » avec une clé faite à la page /espace/cles.",
        ),
        Kind(
            slug="acces-refuse",
            status=403,
            title="Accès refusé",
            detail="Vous n’avez pas accès à cette page : connectez-vous, ou demandez cet accès.",
        ),
        Kind(
            slug="page-introuvable",
            status=404,
            title="Page introuvable",
            detail="Rien n’existe à cette adresse : vérifiez-la, ou repartez de l’accueil.",
        ),
        Kind(
            slug="methode-refusee",
            status=405,
            title="Méthode refusée",
            detail="Cette adresse ne se lit pas ainsi : l’en-tête « Allow » donne les méthodes "
            "acceptées.",
        ),
        Kind(
            slug="champs-fixes",
            status=409,
            title="Champs qui ne s’écrivent pas",
            detail="Ce qui identifie une fiche, ses dates et l’origine de ses conditions ne "
            "s’écrivent pas : retirez ces champs, ou renvoyez-les comme ils ont été lus.",
        ),
        Kind(
            slug="fiche-changee",
            status=412,
            title="La fiche a changé",
            detail="Rien n’a été écrit : la fiche n’est plus celle que vous avez lue. Relisez-la, "
            "reportez votre changement, puis renvoyez-la avec son nouvel ETag.",
        ),
        Kind(
            slug="demande-trop-lourde",
            status=413,
            title="Demande trop lourde",
            detail="Ce que vous envoyez est trop lourd : envoyez-le en plusieurs fois.",
        ),
        Kind(
            slug="adresse-trop-longue",
            status=414,
            title="Adresse trop longue",
            detail="Cette adresse est trop longue : raccourcissez la recherche.",
        ),
        Kind(
            slug="format-refuse",
            status=415,
            title="Format refusé",
            detail="Ce format n’est pas lu ici : envoyez du JSON (application/json).",
        ),
        Kind(
            slug="fiche-a-corriger",
            status=422,
            title="Fiche à corriger",
            detail="Rien n’a été écrit : corrigez les champs signalés, puis recommencez.",
        ),
        Kind(
            slug="revision-attendue",
            status=428,
            title="Révision attendue",
            detail="Rien n’a été écrit : dites de quelle lecture part ce changement, avec "
            "« If-Match » et l’ETag lu, ou « If-None-Match: * » pour une fiche nouvelle.",
        ),
        Kind(
            slug="trop-de-demandes",
            status=429,
            title="Trop de demandes",
            detail="Vous avez fait beaucoup de demandes en peu de temps : attendez une minute, "
            "puis recommencez.",
        ),
        ERREUR_INTERNE,
        MOTEUR_INDISPONIBLE,
    )
}
KINDS = (PARAMETRES, LIEU_INCONNU, FICHE_INTROUVABLE, CATALOGUE_INDISPONIBLE, *BY_STATUS.values())


class NomInconnu(Exception):
    """An address that names one thing of a closed list, and names none of them."""

    def __init__(self, champ: str, valeur: str, connus: Iterable[str]) -> None:
        super().__init__(champ)
        self.champ, self.valeur, self.connus = champ, valeur, tuple(connus)


class Refusee(Exception):
    """A request of the API that is refused with faults, words or headers of its own."""

    def __init__(
        self,
        error: HTTPException,
        *,
        detail: str = "",
        erreurs: tuple[Erreur, ...] = (),
        headers: Mapping[str, str] = MappingProxyType({}),
    ) -> None:
        super().__init__(type(error).__name__)
        self.error, self.detail, self.erreurs, self.headers = error, detail, erreurs, headers


def install_errors(app: Flask) -> None:
    """Words every error of the application, and refuses addresses that nothing can read."""
    app.register_error_handler(HTTPException, _http_error)
    app.register_error_handler(ValidationError, _invalid)
    app.register_error_handler(NomInconnu, _unknown_name)
    app.register_error_handler(OffreIntrouvable, lambda _: _answer(FICHE_INTROUVABLE, NotFound()))
    app.register_error_handler(DroitRefuse, _no_right)
    app.register_error_handler(Refusee, _refused)
    for gone in (
        AdhesionInconnue,
        BrouillonInconnu,
        CampagneInconnue,
        CleInconnue,
        PropositionInconnue,
        SignalementInconnu,
    ):
        app.register_error_handler(gone, lambda _: _answer(DEJA_TRAITE, NotFound()))
    app.register_error_handler(CSRFError, lambda error: _answer(PAGE_ANCIENNE, error))
    app.register_error_handler(AutreSite, lambda _: _answer(ENVOI_REFUSE, Forbidden()))
    app.register_error_handler(LieuInconnu, lambda _: _answer(LIEU_INCONNU, BadRequest()))
    app.register_error_handler(EngineUnavailable, _engine_down)
    app.register_error_handler(CatalogueUnavailable, _record_down)
    app.before_request(_refuse_unreadable_address)


def _refuse_unreadable_address() -> None:
    """Raises when the address is too long, holds a null byte, or is not percent-encoded UTF-8."""
    query, path = request.query_string, request.environ.get("PATH_INFO", "")
    if len(query) + len(path) > MAX_URL_CHARACTERS:
        raise RequestURITooLarge
    if b"%" not in query and path.isascii() and path.isprintable():
        return
    if b"\x00" in (raw := unquote_to_bytes(query)) or "\x00" in path:
        raise BadRequest
    try:
        raw.decode()
        path.encode("latin-1").decode()
    except UnicodeDecodeError:
        raise BadRequest from None


def _http_error(error: HTTPException) -> WerkzeugResponse | HTTPException:
    if error.code is None or error.code < 400 or error.response is not None:
        return error  # a redirection, or a response made on purpose
    kind = BY_STATUS.get(error.code)
    if kind is None:
        near = DEMANDE_INCORRECTE if error.code < 500 else ERREUR_INTERNE
        kind = Kind(slug=near.slug, status=error.code, title=near.title, detail=near.detail)
    return _answer(kind, error)


def _invalid(error: ValidationError) -> WerkzeugResponse:
    return _answer(PARAMETRES, BadRequest(), erreurs=erreurs_of(error.messages))


def _no_right(_error: DroitRefuse) -> WerkzeugResponse:
    is_by_key = request.path.startswith(API_PREFIX)
    return _answer(BY_STATUS[403], Forbidden(), detail=KEY_WITHOUT_RIGHT if is_by_key else "")


def _refused(refused: Refusee) -> WerkzeugResponse:
    kind = BY_STATUS[refused.error.code or 400]
    response = _answer(kind, refused.error, detail=refused.detail, erreurs=refused.erreurs)
    response.headers.update(refused.headers)
    return response


def _unknown_name(error: NomInconnu) -> WerkzeugResponse:
    return _answer(
        BY_STATUS[404],
        NotFound(),
        detail=f"{quoted(error.valeur)} n’existe pas. Noms connus : {', '.join(error.connus)}.",
        erreurs=(Erreur(champ=error.champ, message=unknown_value(error.valeur, error.connus)),),
    )


def _engine_down(_error: EngineUnavailable) -> WerkzeugResponse:
    log.warning("search_engine_unavailable")
    return _answer(MOTEUR_INDISPONIBLE, ServiceUnavailable(retry_after=RETRY_AFTER_S))


def _record_down(error: CatalogueUnavailable) -> WerkzeugResponse:
    # The kind of fault only: the driver's words may quote what was asked.
    log.error("catalogue_unavailable", cause=type(error.__cause__).__name__)
    return _answer(CATALOGUE_INDISPONIBLE, ServiceUnavailable(retry_after=RETRY_AFTER_S))


def _answer(
    kind: Kind, error: HTTPException, *, detail: str = "", erreurs: tuple[Erreur, ...] = ()
) -> WerkzeugResponse:
    """Returns the response of an error, in the form that its address calls for."""
    problem = kind.problem(detail=detail, erreurs=erreurs)
    response = error.get_response(request.environ)
    if request.path.startswith(API_PREFIX):
        response.set_data(problem_json(problem))
        response.content_type = MEDIA_TYPE
    else:
        response.set_data(_page(problem))
        response.content_type = "text/html; charset=utf-8"
    return response


def _page(problem: Problem) -> str:
    try:
        return render_template(
            "errors/error.html",
            status=problem.status,
            title=problem.title,
            detail=problem.detail,
            erreurs=problem.erreurs,
            renvoi=renvoi_of_request(),
        )
    except TemplateNotFound:
        return f"<!doctype html><html lang=fr><title>{problem.title}</title><p>{problem.detail}"
