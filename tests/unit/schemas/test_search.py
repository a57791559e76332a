"""The parameters of a search: what they mean, and what refuses them."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass

import pytest
from marshmallow import ValidationError
from werkzeug.datastructures import MultiDict

from app.domain.demande import Demande
from app.domain.geographie import Geographie
from app.domain.search import Tri
from app.domain.territoire import Bassin, Point, Territoire
from app.domain.vocabulaire import Vocabulaire
from schemas.search import (
    PAR_PAGE_SHOWN,
    DemandeStructures,
    Reference,
    read_demande,
    read_page_demande,
    read_structures,
    read_suggestion,
    read_widget,
)

Pairs = tuple[tuple[str, str], ...]


@dataclass(frozen=True, kw_only=True)
class Known:
    """What parameters are checked against."""

    vocabulaire: Vocabulaire
    geographie: Geographie
    bassins: Mapping[str, Bassin]
    territoires: tuple[Territoire, ...]


@pytest.fixture(scope="module")
def reference(vocabulaire: Vocabulaire, geographie: Geographie) -> Reference:
    bassin = Bassin(slug="grand-avignon", nom="Grand Avignon", zone=geographie.zone("84007"))
    vaucluse = Territoire(
        slug="vaucluse",
        nom="Vaucluse",
        zone=("departement:84",),
        centre=Point(43.9, 4.8),
        bassins=(bassin,),
    )
    return Known(
        vocabulaire=vocabulaire,
        geographie=geographie,
        bassins={bassin.slug: bassin},
        territoires=(vaucluse,),
    )


def refusals(
    read: Callable[[MultiDict[str, str], Reference], object], reference: Reference, *pairs: str
) -> dict[str, list[str]]:
    """Returns the messages by parameter, with plain spaces."""
    with pytest.raises(ValidationError) as caught:
        read(MultiDict(pair.split("=", 1) for pair in pairs), reference)
    assert isinstance(caught.value.messages, dict)
    return {
        name: [message.replace("\u00a0", " ").replace("\u202f", " ") for message in messages]
        for name, messages in caught.value.messages.items()
    }


def demande(reference: Reference, *pairs: str) -> Demande:
    return read_demande(MultiDict(pair.split("=", 1) for pair in pairs), reference)


def test_nothing_asked_is_the_default_search(reference: Reference) -> None:
    assert demande(reference) == Demande()


def test_every_parameter_reaches_the_domain(reference: Reference) -> None:
    read = demande(
        reference,
        "q= permis ", "code_commune=84007", "lat=43.95", "lon=4.8", "rayon_km=12,5",
        "thematiques=mobilite", "thematiques=famille--garde-denfants", "publics=jeunes",
        "types=atelier", "frais=gratuit", "modes_accueil=a-distance", "structure_id=dora--1 é/?",
        "bassin=grand-avignon", "inclure_non_precises=non", "tri=distance", "page=3", "par_page=7",
    )  # fmt: skip

    assert read == Demande(
        q="permis", code_commune="84007", lat=43.95, lon=4.8, rayon_km=12.5,
        thematiques=("mobilite", "famille--garde-denfants"), publics=("jeunes",),
        types=("atelier",), frais=("gratuit",), modes_accueil=("a-distance",),
        structure_id="dora--1 é/?", bassin="grand-avignon", inclure_non_precises=False,
        tri=Tri.DISTANCE, page=3, par_page=7,
    )  # fmt: skip


@pytest.mark.parametrize(
    ("given", "code"),
    [
        pytest.param("84007", "84007", id="commune"),
        pytest.param("75111", "75111", id="arrondissement"),
        pytest.param("2a004", "2A004", id="corsica"),
        pytest.param("55298", "55298", id="meuse"),
    ],
)
def test_code_commune_reads_as_todays(reference: Reference, given: str, code: str) -> None:
    assert demande(reference, f"code_commune={given}").code_commune == code


def test_a_former_code_reads_as_todays_commune(reference: Reference) -> None:
    assert demande(reference, "code_commune=55006").code_commune == "55040"  # Amblaincourt


@pytest.mark.parametrize(
    ("answer", "meaning"),
    [("true", True), ("1", True), ("OUI", True), ("false", False), ("0", False), ("non", False)],
)
def test_yes_and_no(reference: Reference, answer: str, meaning: bool) -> None:
    asked = demande(reference, f"inclure_non_precises={answer}")

    assert asked.inclure_non_precises is meaning


REFUSED = [
    ("code_commune=99999", "code_commune", "n’est le code d’aucune commune"),
    ("code_commune=84000", "code_commune", "ce n’est pas le code postal"),
    ("code_commune=" + "8" * 5000, "code_commune", "n’est le code d’aucune commune"),
    ("rayon_km=-3", "rayon_km", "écrivez un rayon de 1 à 100 km"),
    ("rayon_km=10000", "rayon_km", "écrivez un rayon de 1 à 100 km"),
    ("rayon_km=0.99", "rayon_km", "écrivez un rayon de 1 à 100 km"),
    ("rayon_km=loin", "rayon_km", "n’est pas un nombre"),
    ("thematiques=permi", "thematiques", "Vouliez-vous dire « mobilite--preparer-un-permis » ?"),
    ("thematiques=mobilité", "thematiques", "Vouliez-vous dire « mobilite » ?"),
    ("publics=jeune", "publics", "Vouliez-vous dire « jeunes » ?"),
    ("types=stage", "types", "Choisissez parmi :"),
    ("frais=gratuits", "frais", "Vouliez-vous dire « gratuit » ?"),
    ("modes_accueil=distance", "modes_accueil", "Vouliez-vous dire « a-distance » ?"),
    ("bassin=avignon", "bassin", "Vouliez-vous dire « grand-avignon » ?"),
    ("tri=proximite", "tri", "Choisissez parmi : pertinence, distance, date_maj."),
    ("inclure_non_precises=peut-être", "inclure_non_precises", "écrivez « oui » ou « non »"),
    ("structure_id=" + "x" * 513, "structure_id", "trop long"),
    ("structure_id=a\x00b", "structure_id", "caractère invisible"),
    ("q=" + "a" * 301, "q", "gardez 300 caractères au plus"),
    ("page=0", "page", "écrivez au moins 1"),
    ("page=1000000000", "page", "va jusqu’à 10 000"),
    ("page=" + "9" * 400, "page", "n’est pas un nombre entier"),
    ("page=1.5", "page", "n’est pas un nombre entier"),
    ("par_page=0", "par_page", "écrivez au moins 1"),
    ("par_page=101", "par_page", "écrivez 100 au plus"),
    ("thematiques=", "thematiques", "vide"),
    ("code_commune= ", "code_commune", "vide"),
    ("lat=43", "lon", "ajoutez « lon »"),
    ("lon=5", "lat", "ajoutez « lat »"),
]


@pytest.mark.parametrize(("pair", "name", "part"), REFUSED, ids=lambda text: text[:24])
def test_a_bad_value_says_what_to_do(reference: Reference, pair: str, name: str, part: str) -> None:
    refused = refusals(read_demande, reference, pair)

    assert refused.keys() == {name}
    assert part in refused[name][0]
    assert len(refused[name][0]) < 400


@pytest.mark.parametrize("number", ["nan", "inf", "-Infinity", "1e400", "91", "-90.01"])
def test_no_latitude_but_a_latitude(reference: Reference, number: str) -> None:
    assert refusals(read_demande, reference, f"lat={number}", "lon=5").keys() == {"lat"}


def test_too_deep_a_page_points_to_the_export(reference: Reference) -> None:
    refused = refusals(read_demande, reference, "page=101", "par_page=100")

    assert "« page » × « par_page » va jusqu’à 10 000" in refused["page"][0]
    assert "export" in refused["page"][0]


def test_the_last_page_of_the_window_is_read(reference: Reference) -> None:
    assert demande(reference, "page=100", "par_page=100").page == 100


def test_a_single_value_given_twice_is_refused(reference: Reference) -> None:
    refused = refusals(read_demande, reference, "tri=distance", "tri=date_maj")

    assert refused == {"tri": ["Ce paramètre est répété : gardez une seule valeur."]}


@pytest.mark.parametrize(
    ("name", "meant"),
    [("code_insee", "code_commune"), ("rayon", "rayon_km"), ("thematique", "thematiques")],
)
def test_an_unknown_parameter_names_the_nearest(
    reference: Reference, name: str, meant: str
) -> None:
    refused = refusals(read_demande, reference, f"{name}=84007")

    assert refused == {name: [f"Ce paramètre n’existe pas. Vouliez-vous dire « {meant} » ?"]}


def test_every_fault_is_told_at_once(reference: Reference) -> None:
    refused = refusals(
        read_demande, reference,
        "rayon_km=-3", "page=0", "publics=x", "publics=y", "bogus=1", "tri=a", "tri=b",
    )  # fmt: skip

    assert refused.keys() == {"rayon_km", "page", "publics", "bogus", "tri"}
    assert len(refused["publics"]) == 2


@pytest.mark.parametrize(
    "text", ['"', "' OR 1=1 --", "NEAR(a b)", "a* AND (b", "<script>alert(1)</script>", "é" * 300]
)
def test_operators_and_quotes_are_plain_text(reference: Reference, text: str) -> None:
    assert demande(reference, f"q={text}").q == text


def test_a_page_ignores_what_forms_and_links_add(reference: Reference) -> None:
    args = MultiDict(
        [("lat", ""), ("lon", " "), ("q", ""), ("utm_source", "lettre"), ("lieu", " Apt "),
         ("thematiques", ""), ("publics", "jeunes"), ("page", ""), ("par_page", "100")]
    )  # fmt: skip

    read = read_page_demande(args, reference)

    assert read == Demande(lieu="Apt", publics=("jeunes",), par_page=PAR_PAGE_SHOWN)


def test_a_page_says_moments_in_words_and_may_take_words_literally(reference: Reference) -> None:
    read = read_page_demande(MultiDict([("moment", "lundi-matin"), ("tel_quel", "oui")]), reference)

    assert read.moment == "lundi-matin"
    assert read.tel_quel
    assert refusals(read_page_demande, reference, "moment=hier").keys() == {"moment"}
    assert refusals(read_demande, reference, "moment=lundi-matin").keys() == {"moment"}


def test_a_page_refuses_bad_values_too(reference: Reference) -> None:
    refused = refusals(read_page_demande, reference, "rayon_km=10000", "lieu=" + "a" * 201)

    assert refused.keys() == {"rayon_km", "lieu"}


def test_the_api_has_no_typed_place(reference: Reference) -> None:
    assert refusals(read_demande, reference, "lieu=Apt").keys() == {"lieu"}


def widget(*pairs: str) -> MultiDict[str, str]:
    return MultiDict(pair.split("=", 1) for pair in pairs)


def test_a_frame_is_limited_to_a_territory_and_needs(reference: Reference) -> None:
    asked = widget(
        "territoire=vaucluse", "thematiques=numerique", "thematiques=mobilite", "limite=3",
        "q=permis", "lieu=Apt",
    )  # fmt: skip

    assert read_widget(asked, reference) == Demande(
        q="permis",
        lieu="Apt",
        thematiques=("numerique", "mobilite"),
        territoire="vaucluse",
        par_page=3,
    )


def test_a_frame_without_limits_shows_five_offers_of_all(reference: Reference) -> None:
    asked = widget("utm_source=lettre", "fbclid=x", "_ga=1", "lieu=", "limite=", "territoire= ")

    assert read_widget(asked, reference) == Demande(par_page=5)


@pytest.mark.parametrize(
    ("asked", "name", "words"),
    [
        pytest.param("territoire=vauclus", "territoire", "« vaucluse »", id="misspelt-territory"),
        pytest.param("territoire=75", "territoire", "Choisissez parmi : vaucluse", id="no-such"),
        pytest.param("thematiques=zzz", "thematiques", "« zzz » n’existe pas", id="need"),
        pytest.param("limite=11", "limite", "écrivez 10 au plus", id="too-many"),
        pytest.param("limite=0", "limite", "1", id="none"),
        pytest.param("limite=cinq", "limite", "cinq", id="limit-in-words"),
        pytest.param("limite=1e999", "limite", "1e999", id="limit-without-end"),
        pytest.param("territoires=vaucluse", "territoires", "« territoire »", id="misspelt-name"),
        pytest.param("q=" + "x" * 301, "q", "300", id="query-too-long"),
    ],
)
def test_a_frame_refuses_what_would_show_something_else(
    reference: Reference, asked: str, name: str, words: str
) -> None:
    refused = refusals(read_widget, reference, asked)

    assert refused.keys() == {name}
    assert words in refused[name][0]


def test_a_page_may_be_limited_to_a_territory(reference: Reference) -> None:
    args = MultiDict([("territoire", "vaucluse")])

    assert read_page_demande(args, reference).territoire == "vaucluse"
    assert refusals(read_demande, reference, "territoire=vaucluse").keys() == {"territoire"}


def test_structures_of_a_place(reference: Reference) -> None:
    args = MultiDict([("departement", "2a"), ("page", "2"), ("par_page", "50")])

    assert read_structures(args, reference) == DemandeStructures(
        departement="2A", page=2, par_page=50
    )


@pytest.mark.parametrize("departement", ["99", "8", "97", "840", "france", "etranger"])
def test_no_departement_but_a_departement(reference: Reference, departement: str) -> None:
    refused = refusals(read_structures, reference, f"departement={departement}")

    assert "n’est le code d’aucun département" in refused["departement"][0]


def test_a_suggestion_may_have_no_text_yet(reference: Reference) -> None:
    assert read_suggestion(MultiDict(), reference) == ""
    assert read_suggestion(MultiDict([("q", "")]), reference) == ""
