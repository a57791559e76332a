"""The OpenAPI document of what is written by a key: true of real answers, good requests and bad."""

import jsonschema_rs
import pytest
import schemathesis
from hypothesis import HealthCheck, Phase, given, settings
from hypothesis import strategies as st
from schemathesis import GenerationMode
from schemathesis.checks import CHECKS, load_all_checks

from app.domain.edition import FicheRef
from tests.web.ecriture.conftest import OFFRE, STRUCTURE, Logiciel
from tests.web.espace.conftest import OFFRE_A, OFFRE_B, STRUCTURE_A, STRUCTURE_B, Site

DOCUMENT = "/api/openapi.json"
EXAMPLES = settings(
    max_examples=25,
    deadline=None,
    database=None,
    phases=(Phase.explicit, Phase.generate),
    suppress_health_check=list(HealthCheck),
)
KNOWN = {"/api/v1/offres": (OFFRE_A, OFFRE_B), "/api/v1/structures": (STRUCTURE_A, STRUCTURE_B)}
_OFFRE, _STRUCTURE = "/api/v1/offres/{offre_id}", "/api/v1/structures/{structure_id}"
OPERATIONS = (
    (_OFFRE, "PUT"),
    (_OFFRE, "DELETE"),
    (_OFFRE, "GET"),
    (f"{_OFFRE}/confirmation", "POST"),
    (_STRUCTURE, "PUT"),
    (_STRUCTURE, "DELETE"),
    (_STRUCTURE, "GET"),
    (f"{_STRUCTURE}/confirmation", "POST"),
)
load_all_checks()
# A well-formed code may be no commune's, half a position is a fault: no schema can say it, so valid
# data may be refused. A key that is wrong is refused in test_cles.py. What breaks the schema is
# told here from the body itself, since the tag and the id are put in after.
LEFT_OUT = [
    CHECKS.get_one(name)
    for name in ("positive_data_acceptance", "ignored_auth", "negative_data_rejection")
]
REFUSALS = {400, 409, 415, 422}


@pytest.fixture(scope="module")
def schema(shared_site: Site) -> schemathesis.BaseSchema:
    return schemathesis.openapi.from_wsgi(DOCUMENT, shared_site.app)


@pytest.fixture(scope="module")
def headers(shared_site: Site) -> dict[str, str]:
    """Those of an administrator, whom no listing is closed to."""
    return Logiciel(shared_site, "administrateur").headers


@pytest.mark.parametrize(("path", "method"), OPERATIONS)
def test_any_answer_is_as_documented(
    schema: schemathesis.BaseSchema,
    headers: dict[str, str],
    shared_site: Site,
    path: str,
    method: str,
) -> None:
    known = KNOWN[path.partition("/{")[0]]

    @EXAMPLES
    @given(
        case=schema[path][method].as_strategy(generation_mode=GenerationMode.POSITIVE),
        # Most random ids name nothing, and most random tags no revision.
        ident=st.sampled_from((*known, "eventail--essai", None)),
        is_read=st.booleans(),
    )
    def check(case: schemathesis.Case, ident: str | None, is_read: bool) -> None:
        if ident is not None:
            case.path_parameters = dict.fromkeys(case.path_parameters, ident)
        if ident in known and is_read and method != "GET":
            case.headers = {"If-Match": tag_of(shared_site, path, ident)}
        case.call_and_validate(headers=headers, excluded_checks=LEFT_OUT)

    check()


@pytest.mark.parametrize("path", [_OFFRE, _STRUCTURE])
def test_a_body_that_breaks_its_schema_is_refused(
    schema: schemathesis.BaseSchema, headers: dict[str, str], shared_site: Site, path: str
) -> None:
    ident = KNOWN[path.partition("/{")[0]][0]
    name = "EcritureOffre" if path is _OFFRE else "EcritureStructure"
    validator = jsonschema_rs.validator_for(schema.raw_schema["components"]["schemas"][name])

    @EXAMPLES
    @given(case=schema[path]["PUT"].as_strategy(generation_mode=GenerationMode.NEGATIVE))
    def check(case: schemathesis.Case) -> None:
        case.path_parameters = dict.fromkeys(case.path_parameters, ident)
        case.headers = {"If-Match": tag_of(shared_site, path, ident)}
        response = case.call_and_validate(headers=headers, excluded_checks=LEFT_OUT)
        if not isinstance(case.body, dict) or not validator.is_valid(case.body):
            assert response.status_code in REFUSALS, case.body

    check()


def tag_of(site: Site, path: str, ident: str) -> str:
    """Returns the entity tag of a listing as it is now."""
    objet = path.partition("/v1/")[2].partition("s/")[0]
    fiche = site.espace.edition.store.get(FicheRef(objet=objet, id=ident))
    assert fiche is not None
    return f'"{fiche.revision}"'


@pytest.mark.parametrize(
    ("path", "name", "address"),
    [(_OFFRE, "offre_id", OFFRE), (_STRUCTURE, "structure_id", STRUCTURE)],
)
def test_real_writes_are_as_documented(site: Site, path: str, name: str, address: str) -> None:
    schema = schemathesis.openapi.from_wsgi(DOCUMENT, site.app)
    logiciel = Logiciel(site)
    ident = {name: address.rpartition("/")[2]}
    record, etag = logiciel.read(address)
    for way, method, body in (
        (path, "GET", None),
        (path, "PUT", record | {"nom": "Autre nom"}),
        (f"{path}/confirmation", "POST", None),
        (path, "DELETE", None),
    ):
        asked = {**logiciel.headers, **({"If-Match": etag} if method != "GET" else {})}
        more = {"body": body, "media_type": "application/json"} if body else {}
        case = schema[way][method].Case(path_parameters=ident, headers=asked, **more)

        response = case.call_and_validate(excluded_checks=LEFT_OUT)

        assert response.status_code == 200
        etag = logiciel.read(address)[1]


def test_every_write_is_documented_with_its_key(site: Site) -> None:
    document = site.visitor().get(DOCUMENT).json

    assert document["components"]["securitySchemes"]["cle"]["scheme"] == "bearer"
    written = {
        (path, method.upper()): operation
        for path, item in document["paths"].items()
        for method, operation in item.items()
        if method != "parameters" and {"cle": []} in operation.get("security", ())
    }
    assert written.keys() == set(OPERATIONS)
    for (_, method), operation in written.items():
        needed = {"401", "403", "404"} | ({"412", "428"} if method != "GET" else set())
        needed |= {"201", "409", "413", "415", "422"} if method == "PUT" else set()
        assert needed <= operation["responses"].keys()
        asked = {p["name"] for p in operation.get("parameters", ())}
        assert ("If-Match" in asked) == (method != "GET")
        assert ("ETag" in operation["responses"]["200"].get("headers", ())) == (method != "GET")
