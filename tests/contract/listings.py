"""Generated listings over the real geography, crowded so that everything interacts.

A fixed seed gives always the same. Places are few, dates and qualities too, so that many listings
have the same score and only the last keys of the order tell them apart.
"""

import random
from collections.abc import Sequence
from datetime import timedelta

from app.domain.arbre import Critere
from app.domain.geographie import Geographie
from app.domain.offre import Offre, OffreId, Structure, StructureId
from app.domain.territoire import Point
from app.domain.vocabulaire import TOUS_PUBLICS, Vocabulaire
from tests.builders import TODAY, make_eligibilite, make_offre, make_structure
from tests.contract.trees import TreeGenerator

SOURCE = "essai"
# Avignon, Villeneuve and Le Pontet share an EPCI over two départements; so do Aurel and
# Ferrassières, and Pertuis and Aix. Paris, Lyon and Marseille come whole and by arrondissement.
NEAR = ("84007", "84092", "30351", "84031", "84087", "84054", "84035", "84003", "84005", "26135")
FAR = ("84089", "13001", "30189", "26220", "55545", "55029", "13055", "13201")
SPLIT = ("75056", "75101", "75111", "69123", "69381", "69383")
COMMUNES = (*NEAR * 4, *FAR, *SPLIT)
# Degrees around a commune's centre: on the spot, in the street, 2 km, 12 km and 45 km away.
STEPS = ((0.0, 0.0), (0.0, 0.0), (0.0013, 0.0021), (-0.017, 0.009), (0.093, -0.071), (0.31, 0.27))
ZONES: Sequence[tuple[str, ...] | None] = (
    *[None] * 6,
    (),
    ("france",),
    ("departement:84",),
    ("departement:30",),
    ("departement:84", "departement:26"),
    ("region:93",),
    ("region:84",),
    ("epci:248400251",),
    ("epci:200035723",),
    ("84007",),
    ("84031", "84087"),
    ("75056",),
    ("75111",),
    ("69383", "departement:84"),
    ("69123",),
    ("etranger:99137",),
    ("etranger:99109", "84007"),
    ("departement:55", "epci:200054807", "30189"),
)
MODES = (
    *[None] * 4,
    (),
    *[("en-presentiel",)] * 8,
    *[("a-distance",)] * 3,
    *[("a-distance", "en-presentiel")] * 3,
)
HORAIRES = (  # as real listings write them: certain, doubtful, unreadable, silent
    *[None] * 3,
    "Mo-Fr 09:00-12:00,14:00-17:00",
    "Mo-Fr 09:00-12:00,14:00-17:00; PH off",
    "We 14:00-18:00; Sa 10:00-12:30",
    "Mo-Su 08:00-20:00; PH 10:00-12:00",
    "24/7",
    "Tu 22:00-02:00",
    'Mo-Fr 09:00-17:00 "sur rendez-vous"',
    "Mo-Fr 09:00+",
    "sur rendez-vous",
)
NOMS = (
    "Permis de conduire",
    "Aide au permis B",
    "Location de vélos et de scooters",
    "Crèche à vocation d’insertion professionnelle",
    "Garde d’enfants en horaires décalés",
    "Cœur d’Étoile : atelier d’écriture",
    "ÉCOLE de la 2ᵉ chance",
    "Épicerie sociale L’Œuvre",
    "Hébergement d’urgence",
    "Accompagnement à la recherche de logement",
    "Ateliers numériques",
    "مساعدة في السكن",
    "🚲 Réparation de vélo 🚲",
    "Cours de français (FLE)",
    "RSA : accompagnement global",
    "Mission locale",
)
MOTS = tuple(
    word
    for line in (
        "permis conduire code route voiture vélo scooter transport logement loyer hébergement",
        "crèche garde enfants enfant parents école numérique internet ordinateur démarches emploi",
        "travail cv formation français écriture lecture santé soin psychologue épicerie",
        "budget dettes justice droit handicap RQTH RSA CAF sport culture jeunes œuvre cœur Noël",
        "naïf aiguë alimentaire مرحبا 🙂",
    )
    for word in line.split()
)
STRUCTURES = (
    "Mission locale du Grand Avignon",
    "CCAS d’Orange",
    "Maison de l’emploi",
    "Les Restos du Cœur",
    "Crèche Les Petits Loups",
    "Garage solidaire « L’Étape »",
    "جمعية الأمل",
    "Pôle mobilité 84 🚗",
    "France services",
    "Auto-école sociale",
    "Œuvre de secours",
    "Association d’aide au logement",
)
THEMATIQUES = (
    "mobilite--preparer-un-permis",
    "mobilite--acceder-a-un-vehicule",
    "mobilite--mobilite-douce-partagee-collective",
    "famille--garde-denfants",
    "famille--soutien-a-la-parentalite-et-a-leducation",
    "numerique--maitriser-les-fondamentaux-du-numerique",
    "logement-hebergement--louer-un-logement",
    "logement-hebergement--rechercher-une-solution-dhebergement-temporaire",
    "lecture-ecriture-calcul--maitriser-le-francais",
    "sante--sante-mentale",
)
AGES = (-40, -1, 0, 0, 0, 30, 90, 91, 250, 410, 729, 730, 731, 2_000)


class ListingGenerator:
    """Draws listings that the vocabulary and the geography allow."""

    def __init__(
        self,
        seed: int,
        geographie: Geographie,
        vocabulaire: Vocabulaire,
        *,
        with_conditions: bool = False,
    ) -> None:
        """Searches read no tree: `with_conditions` draws what only a match reads."""
        self._chance = random.Random(seed)
        self._trees = TreeGenerator(self._chance, vocabulaire) if with_conditions else None
        self._geographie = geographie
        self._publics = tuple(v for v in vocabulaire.referentiels["publics"] if v != TOUS_PUBLICS)
        self._types = tuple(vocabulaire.referentiels["types-services"])

    def structures(self) -> list[Structure]:
        return [
            make_structure(
                id=StructureId(f"s--{rank:02d}"),
                nom=nom,
                source=SOURCE,
                date_maj=TODAY,
                horaires_accueil=HORAIRES[-rank % len(HORAIRES)],
            )
            for rank, nom in enumerate(STRUCTURES)
        ]

    def offres(self, count: int) -> list[Offre]:
        return [self.offre(self._ident(rank)) for rank in range(count)]

    def offre(self, ident: str) -> Offre:
        chance = self._chance
        return make_offre(
            id=OffreId(ident),
            structure_id=StructureId(f"s--{chance.randrange(len(STRUCTURES)):02d}"),
            source=SOURCE,
            nom=self.nom(),
            description=self._description(),
            date_maj=TODAY - timedelta(days=chance.choice(AGES)),
            derniere_confirmation=self._confirmation(),
            type=chance.choice((None, *self._types)),
            thematiques=self.thematiques(),
            frais=chance.choice((None, "gratuit", "gratuit", "payant")),
            publics=self._some((TOUS_PUBLICS, *self._publics[:5])),
            publics_precisions=chance.choice((None, None, None, "Sur orientation")),
            modes_accueil=chance.choice(MODES),
            zone_eligibilite=self.zone(),
            eligibilite=self._trees.eligibilite() if self._trees else self._eligibilite(),
            apporte=self._trees.apporte() if self._trees else None,
            horaires_accueil=chance.choice(HORAIRES),
            **self.lieu(),
            **self._contact(),
        )

    def nom(self) -> str:
        return self._chance.choice(NOMS)

    def zone(self) -> tuple[str, ...] | None:
        return self._chance.choice(ZONES)

    def thematiques(self) -> tuple[str, ...] | None:
        return self._some(THEMATIQUES)

    def lieu(self) -> dict[str, object]:
        """A commune and a point, one of the two, or neither; sometimes a hidden address."""
        chance = self._chance
        code = chance.choice(COMMUNES)
        centre = self._geographie.centre(code)
        north, east = chance.choice(STEPS)
        point = Point(centre.lat + north, centre.lon + east)
        has_code, has_point = chance.choice(
            [(True, True)] * 6 + [(True, False)] * 2 + [(False, True), (False, False)]
        )
        return {
            "code_insee": code if has_code else None,
            "latitude": point.lat if has_point else None,
            "longitude": point.lon if has_point else None,
            "adresse_confidentielle": has_code and chance.random() < 0.05,
        }

    def _ident(self, rank: int) -> str:
        prefix = self._chance.choice(("a--", "B--", "é--", "œ--", "zz--", "🙂--", "٣--"))
        return f"{prefix}{rank:04d}"

    def _some(self, values: Sequence[str]) -> tuple[str, ...] | None:
        size = self._chance.choice((None, None, 0, 1, 1, 1, 2, 3))
        return None if size is None else tuple(self._chance.sample(values, size))

    def _description(self) -> str:
        size = self._chance.choice((1, 4, 12, 12, 45))
        return " ".join(self._chance.choice(MOTS) for _ in range(size))

    def _confirmation(self) -> object:
        days = self._chance.choice((None, None, None, 0, 10, 400))
        return None if days is None else TODAY - timedelta(days=days)

    def _eligibilite(self) -> object:
        tree = self._chance.choice((None, None, Critere(fait="age", min=18.0), "note"))
        if tree == "note":
            return make_eligibilite(Critere(fait="age", max=25.0), "Projet validé")
        return make_eligibilite(tree) if tree else None

    def _contact(self) -> dict[str, object]:
        return {
            "courriel": self._chance.choice((None, "contact@exemple.fr")),
            "modes_mobilisation": self._chance.choice((None, (), ("envoyer-un-courriel",))),
            "mobilisable_par": self._chance.choice((None, ("usagers",))),
        }
