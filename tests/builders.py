"""Plain builders for domain values: each argument has a default that no test may rely upon.

The geography is a true extract of France, small enough to be enumerated: two intercommunalités that
straddle départements (and regions), two arrondissements of Paris, a commune without EPCI.
"""

from datetime import date

from app.domain.arbre import Critere, Eligibilite, Noeud
from app.domain.brute_force import Fiche
from app.domain.geographie import Geographie
from app.domain.offre import Offre, OffreId, Structure, StructureId
from app.domain.profil import Choix, Connaissance, Ensemble, Nombre
from app.domain.territoire import CodeInsee, Commune, Point
from app.domain.texte import Champ, Groupe, Jetons, RequeteTexte
from app.domain.vocabulaire import Fait, Nature, Public, Terme, Vocabulaire

TODAY = date(2026, 11, 22)

GRAND_AVIGNON = "epci:248400251"  # Vaucluse and Gard
VENTOUX_SUD = "epci:200035723"  # Vaucluse and Drôme
AVIGNON, LE_PONTET, VILLENEUVE = "84007", "84092", "30351"
AUREL, FERRASSIERES = "84005", "26135"
CARPENTRAS, ORANGE = "84031", "84087"
VERDUN, VIGNEULLES, OUESSANT = "55545", "55551", "29155"
PARIS, PARIS_1, PARIS_11 = "75056", "75101", "75111"
CREUE = "55136"  # a former commune, today in Vigneulles-lès-Hattonchâtel

# Code, name, latitude, longitude, EPCI, département, region, whole commune.
COMMUNES = (
    (AVIGNON, "Avignon", 43.93544, 4.8411, "248400251", "84", "93", None),
    (LE_PONTET, "Le Pontet", 43.96855, 4.86524, "248400251", "84", "93", None),
    (VILLENEUVE, "Villeneuve-lès-Avignon", 43.97683, 4.79442, "248400251", "30", "76", None),
    (AUREL, "Aurel", 44.1382, 5.39676, "200035723", "84", "93", None),
    (FERRASSIERES, "Ferrassières", 44.13943, 5.49052, "200035723", "26", "84", None),
    (CARPENTRAS, "Carpentras", 44.0594, 5.06144, "248400053", "84", "93", None),
    (ORANGE, "Orange", 44.12899, 4.81028, "248400236", "84", "93", None),
    (VERDUN, "Verdun", 49.14565, 5.36285, "200049187", "55", "44", None),
    (VIGNEULLES, "Vigneulles-lès-Hattonchâtel", 48.98564, 5.7241, "200034874", "55", "44", None),
    (OUESSANT, "Ouessant", 48.46071, -5.08599, None, "29", "53", None),
    (PARIS, "Paris", 48.85661, 2.34292, "200054781", "75", "11", None),
    (PARIS_1, "Paris 1er Arrondissement", 48.85661, 2.34292, "200054781", "75", "11", PARIS),
    (PARIS_11, "Paris 11e Arrondissement", 48.85661, 2.34292, "200054781", "75", "11", PARIS),
)
PLACES = tuple(row[0] for row in COMMUNES if row[0] != PARIS)
THEMATIQUES = {
    "mobilite--accompagnement-a-la-mobilite": "Être accompagné dans sa mobilité",
    "mobilite--permis": "Passer le permis",
    "famille--garde-denfants": "Faire garder son enfant",
    "sante--prevention": "Prendre soin de sa santé",
}
# The tree that the documentation of the eligibility of an offer gives as its example.
WORKED_EXAMPLE = {
    "toutes": [
        {"fait": "age", "min": 16, "max": 25},
        {"fait": "residence", "parmi": ["departement:84"]},
        {
            "une_parmi": [
                {"fait": "activite", "parmi": ["demandeur-emploi"]},
                {"fait": "allocations", "parmi": ["rsa"]},
                {"toutes": [{"fait": "situations", "parmi": ["rqth"]}, {"fait": "age", "max": 29}]},
            ]
        },
        {"sauf": {"fait": "residence", "parmi": ["epci:200035723"]}},
    ],
    "a_verifier": ["Projet validé par un conseiller"],
}


def make_commune(code: str, nom: str, **fields: object) -> Commune:
    """A commune of the Vaucluse, unless said otherwise."""
    defaults: dict[str, object] = {
        "codes_postaux": (),
        "point": Point(44.0, 5.0),
        "population": 1_000,
        "epci": None,
        "departement": "84",
        "region": "93",
    }
    return Commune(code=CodeInsee(code), nom=nom, **(defaults | fields))


def make_geographie() -> Geographie:
    """Twelve smallest places, Paris being split, and one former commune."""
    communes = [
        make_commune(
            code,
            nom,
            point=Point(lat, lon),
            epci=epci,
            departement=departement,
            region=region,
            parent=parent,
        )
        for code, nom, lat, lon, epci, departement, region, parent in COMMUNES
    ]
    return Geographie(communes, {CREUE: VIGNEULLES})


def places_in(ref: str) -> frozenset[str]:
    """The smallest places of a canonical reference, read from the table and not from the domain."""
    return frozenset(
        code
        for code, _, _, _, epci, departement, region, parent in COMMUNES
        if code != PARIS
        and ref
        in {
            "france",
            code,
            parent,
            f"epci:{epci}",
            f"departement:{departement}",
            f"region:{region}",
        }
    )


def make_fait(cle: str = "age", nature: Nature = Nature.NOMBRE, **fields: object) -> Fait:
    words: dict[str, object] = {"libelle": cle.capitalize(), "question": f"{cle} ?"}
    return Fait(cle=cle, nature=nature, **(words | fields))


def make_vocabulaire() -> Vocabulaire:
    """One fact of each nature at least, three publics of which only `jeunes` is loose."""
    faits = (
        make_fait("age", Nature.NOMBRE, entier=True, evolue=True),
        make_fait("ressources_mensuelles", Nature.NOMBRE),
        make_fait(
            "activite", Nature.CHOIX, valeurs=("demandeur-emploi", "salarie", "etudiant", "aucune")
        ),
        make_fait("allocations", Nature.ENSEMBLE, valeurs=("rsa", "ass", "aah")),
        make_fait("situations", Nature.ENSEMBLE, valeurs=("rqth", "permis-b"), acquerable=True),
        make_fait("niveau_francais", Nature.ECHELON, valeurs=("aucun", "a1", "a2", "b1", "b2")),
        make_fait("residence", Nature.LIEU),
    )
    handicap = Critere(fait="situations", parmi=("rqth",))
    sans_emploi = Critere(fait="activite", parmi=("demandeur-emploi",))
    publics = (
        make_public(
            "jeunes",
            certain=Critere(fait="age", min=16.0, max=25.0),
            possible=Critere(fait="age", min=11.0, max=30.0),
        ),
        make_public("personnes-en-situation-de-handicap", certain=handicap, possible=handicap),
        make_public("demandeurs-emploi", certain=sans_emploi, possible=sans_emploi),
    )
    thematiques = {
        valeur: Terme(valeur=valeur, libelle=libelle) for valeur, libelle in THEMATIQUES.items()
    }
    return Vocabulaire(
        faits={fait.cle: fait for fait in faits},
        publics={public.valeur: public for public in publics},
        referentiels={"thematiques": thematiques},
    )


def make_public(valeur: str, *, certain: Noeud, possible: Noeud) -> Public:
    return Public(valeur=valeur, certain=certain, possible=possible, raison="…")


def make_offre(**fields: object) -> Offre:
    """An on-site offer of Avignon, fresh, without any condition but whatever silence may hide."""
    defaults: dict[str, object] = {
        "source": "eventail",
        "structure_id": StructureId("structure-1"),
        "id": OffreId("offre-1"),
        "nom": "Atelier mobilité",
        "description": "Un atelier pour préparer ses trajets.",
        "date_maj": TODAY,
        "code_insee": AVIGNON,
    }
    return Offre(**(defaults | fields))


def make_offre_ouverte(**fields: object) -> Offre:
    """An offer of which nothing is left to be checked."""
    return make_offre(**({"publics": ("tous-publics",)} | fields))


def make_structure(**fields: object) -> Structure:
    defaults: dict[str, object] = {
        "source": "eventail",
        "id": StructureId("structure-1"),
        "nom": "Maison de l’emploi",
        "date_maj": TODAY,
    }
    return Structure(**(defaults | fields))


def make_eligibilite(racine: Noeud, *a_verifier: str) -> Eligibilite:
    return Eligibilite(racine=racine, a_verifier=a_verifier)


def make_jetons(**champs: str) -> Jetons:
    """Tokens by field, written as one text: `make_jetons(nom="permis conduire")`."""
    return {champ: frozenset(champs.get(champ.value, "").split()) for champ in Champ}


def make_fiche(jetons: Jetons | None = None, **fields: object) -> Fiche:
    return Fiche(offre=make_offre(**fields), jetons=jetons or make_jetons())


def make_groupe(
    *phrases: str,
    poids: float = 1.0,
    thematiques: frozenset[str] = frozenset(),
    facultatif: bool = False,
) -> Groupe:
    """A group from its ways of being said: `make_groupe("permis", "auto ecole")`."""
    said = frozenset(tuple(phrase.split()) for phrase in phrases)
    return Groupe(poids=poids, phrases=said, thematiques=thematiques, facultatif=facultatif)


def make_requete(*mots: str) -> RequeteTexte:
    """A query whose groups are single words of equal weight."""
    return RequeteTexte(tuple(make_groupe(mot) for mot in mots))


def exactly(value: float) -> Nombre:
    return Nombre(min=value, max=value)


def one_of(*valeurs: str) -> Choix:
    return Choix(frozenset(valeurs))


def ensemble(*vrais: str, faux: tuple[str, ...] = ()) -> Ensemble:
    return Ensemble(frozenset(vrais), frozenset(faux))


def job_seeker_of_24(residence: Connaissance) -> dict[str, Connaissance]:
    """The person of the worked example of a match."""
    return {
        "age": exactly(24),
        "residence": residence,
        "activite": one_of("demandeur-emploi"),
        "allocations": ensemble("rsa", faux=("aah",)),
    }
