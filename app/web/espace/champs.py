"""Every field of a listing as its keeper fills it in: label, help, example, in plain French.

Names are those of the schema v1 and of our extensions, so that the form, the API and the import
read one schema. A field that is not here is not typed: identifiers, dates, states.
"""

from dataclasses import dataclass
from enum import StrEnum


class Sorte(StrEnum):
    """How a field is filled in."""

    LIGNE = "ligne"
    TEXTE = "texte"  # several lines
    NOMBRE = "nombre"
    DATE = "date"
    CHOIX = "choix"  # one value of a list, or none
    CASES = "cases"  # several values of a list
    OUI = "oui"  # one box
    LISTE = "liste"  # one item a line
    LIEUX = "lieux"  # one place a line
    ARBRE = "arbre"
    APPORTE = "apporte"
    HORAIRES = "horaires"


@dataclass(frozen=True, slots=True, kw_only=True)
class Champ:
    """One field. `referentiel` names the list of its values, `saisie` how the browser helps."""

    nom: str
    libelle: str
    sorte: Sorte = Sorte.LIGNE
    aide: str = ""
    referentiel: str = ""
    is_obligatoire: bool = False
    saisie: str = ""  # the value of `autocomplete`
    clavier: str = ""  # the value of `inputmode`


@dataclass(frozen=True, slots=True, kw_only=True)
class Section:
    """Fields that belong together, under one heading."""

    slug: str
    titre: str
    champs: tuple[Champ, ...]
    aide: str = ""


_LIEU = (
    Champ(
        nom="adresse",
        libelle="Adresse",
        aide="Numéro et rue. Exemple : 12 rue de la République.",
        saisie="off",
    ),
    Champ(
        nom="complement_adresse",
        libelle="Complément d’adresse",
        aide="Bâtiment, étage, entrée. Exemple : 1er étage, porte B.",
    ),
    Champ(nom="code_postal", libelle="Code postal", clavier="numeric"),
    Champ(
        nom="commune",
        libelle="Commune",
        aide="Le nom de la commune suffit : son code est trouvé d’après le nom et le code postal.",
    ),
    Champ(
        nom="latitude",
        libelle="Latitude du point sur la carte",
        aide="Laissez vide : le bouton « Situer l’adresse » la remplit. Exemple : 43.9493.",
        clavier="decimal",
    ),
    Champ(
        nom="longitude",
        libelle="Longitude du point sur la carte",
        aide="Elle va avec la latitude. Exemple : 4.8055.",
        clavier="decimal",
    ),
    Champ(
        nom="adresse_confidentielle",
        libelle="L’adresse est confidentielle",
        sorte=Sorte.OUI,
        aide="Pour un refuge, par exemple : seule la commune est montrée, sans point sur la carte.",
    ),
)
_HORAIRES = Champ(
    nom="horaires_accueil",
    libelle="Horaires d’accueil",
    sorte=Sorte.HORAIRES,
    aide="Ces horaires ont une forme que la semaine à remplir ne montre pas : modifiez leur texte, "
    "au format OpenStreetMap, ou effacez-le pour remplir la semaine.",
)
_CONTACT = (
    Champ(
        nom="telephone",
        libelle="Téléphone",
        aide="Exemple : 04 90 00 00 00.",
        clavier="tel",
    ),
    Champ(
        nom="courriel",
        libelle="Courriel",
        aide="Celle de la structure plutôt que d’une personne. Exemple : accueil@structure.fr.",
        clavier="email",
    ),
)

SECTIONS_OFFRE = (
    Section(
        slug="essentiel",
        titre="L’essentiel",
        champs=(
            Champ(
                nom="nom",
                libelle="Nom de l’offre",
                is_obligatoire=True,
                aide="Ce que la personne obtient, de 3 à 150 caractères. Exemple : Passer le "
                "permis B à tarif réduit.",
            ),
            Champ(
                nom="description",
                libelle="Description",
                sorte=Sorte.TEXTE,
                is_obligatoire=True,
                aide="Ce qui se passe concrètement, pour qui, combien de temps. Au moins 200 "
                "caractères : une description trop courte fait perdre de la qualité à la fiche.",
            ),
            Champ(
                nom="type",
                libelle="Type d’offre",
                sorte=Sorte.CHOIX,
                referentiel="types-services",
            ),
            Champ(
                nom="thematiques",
                libelle="Besoins auxquels l’offre répond",
                sorte=Sorte.CASES,
                referentiel="thematiques",
                aide="Cochez ce qui est l’objet de l’offre, et non tout ce qui s’en approche.",
            ),
        ),
    ),
    Section(
        slug="pour-qui",
        titre="Pour qui",
        aide="Des conditions précises évitent les demandes refusées : chaque personne voit ce "
        "qu’elle remplit, et ce qu’il reste à vérifier.",
        champs=(
            Champ(
                nom="publics",
                libelle="Publics",
                sorte=Sorte.CASES,
                referentiel="publics",
                aide="« Tous publics » s’emploie seul.",
            ),
            Champ(
                nom="eligibilite",
                libelle="Conditions à remplir",
                sorte=Sorte.ARBRE,
                aide="Ajoutez une condition, choisissez sur quoi elle porte, puis les réponses "
                "acceptées.",
            ),
            Champ(
                nom="eligibilite_a_verifier",
                libelle="Ce qu’il faut vérifier de vive voix",
                sorte=Sorte.LISTE,
                aide="Une condition par ligne, quand aucune case ne la dit. La fiche reste alors "
                "« à vérifier » pour tout le monde. Exemple : Avoir un projet validé.",
            ),
            Champ(
                nom="conditions_acces",
                libelle="Conditions d’accès, en texte libre",
                sorte=Sorte.TEXTE,
                aide="Ce texte est montré tel quel, et rend la fiche « à vérifier ». Préférez les "
                "conditions ci-dessus.",
            ),
            Champ(
                nom="publics_precisions",
                libelle="Précisions sur les publics",
                sorte=Sorte.TEXTE,
            ),
            Champ(
                nom="prioritaires",
                libelle="Personnes prioritaires",
                sorte=Sorte.ARBRE,
                aide="Elles passent d’abord, sans que les autres soient refusées.",
            ),
            Champ(
                nom="suppose",
                libelle="Ce que l’offre suppose",
                sorte=Sorte.ARBRE,
                aide="Ce qu’il faut pour en profiter, sans que ce soit une condition. Exemple : "
                "avoir un ordinateur.",
            ),
            Champ(
                nom="zone_eligibilite",
                libelle="Où il faut habiter",
                sorte=Sorte.LIEUX,
                aide="Un lieu par ligne : commune, intercommunalité, département, France entière. "
                "Laissez vide si le lieu de résidence ne compte pas.",
            ),
        ),
    ),
    Section(
        slug="frais",
        titre="Ce que cela coûte",
        champs=(
            Champ(nom="frais", libelle="Frais", sorte=Sorte.CHOIX, referentiel="frais"),
            Champ(
                nom="frais_precisions",
                libelle="Montant et précisions",
                sorte=Sorte.TEXTE,
                aide="Exemple : 10 € par an, gratuit pour les bénéficiaires du RSA.",
            ),
        ),
    ),
    Section(
        slug="lieu",
        titre="Où et quand",
        champs=(
            Champ(
                nom="modes_accueil",
                libelle="Comment l’offre se passe",
                sorte=Sorte.CASES,
                referentiel="modes-accueil",
            ),
            *_LIEU,
            _HORAIRES,
        ),
    ),
    Section(
        slug="contact",
        titre="Contact",
        champs=(
            *_CONTACT,
            Champ(
                nom="contact_nom_prenom",
                libelle="Personne à contacter",
                aide="Vue des professionnels connectés seulement.",
                saisie="off",
            ),
        ),
    ),
    Section(
        slug="demande",
        titre="Comment la demander",
        champs=(
            Champ(
                nom="mobilisable_par",
                libelle="Qui peut la demander",
                sorte=Sorte.CASES,
                referentiel="personnes-mobilisatrices",
            ),
            Champ(
                nom="modes_mobilisation",
                libelle="De quelle manière",
                sorte=Sorte.CASES,
                referentiel="modes-mobilisation",
            ),
            Champ(
                nom="lien_mobilisation",
                libelle="Page ou formulaire de demande",
                aide="Exemple : https://structure.fr/demande.",
                clavier="url",
            ),
            Champ(
                nom="mobilisation_precisions",
                libelle="Précisions sur la demande",
                sorte=Sorte.TEXTE,
            ),
            Champ(
                nom="a_apporter",
                libelle="Ce qu’il faut apporter",
                sorte=Sorte.LISTE,
                aide="Une pièce par ligne. Exemple : Une pièce d’identité en cours de validité.",
            ),
        ),
    ),
    Section(
        slug="places",
        titre="Places, rythme et suites",
        champs=(
            Champ(
                nom="places_disponibles",
                libelle="Places disponibles",
                sorte=Sorte.NOMBRE,
                aide="0 signale que l’offre est complète ; laissez vide si elle n’est pas comptée.",
                clavier="numeric",
            ),
            Champ(
                nom="prochaine_session",
                libelle="Prochaine session",
                sorte=Sorte.DATE,
                aide="La date de début. Exemple : 2027-01-11.",
            ),
            Champ(
                nom="volume_horaire_hebdomadaire",
                libelle="Heures par semaine",
                sorte=Sorte.NOMBRE,
                aide="Exemple : 3,5.",
                clavier="decimal",
            ),
            Champ(
                nom="nombre_semaines",
                libelle="Nombre de semaines",
                sorte=Sorte.NOMBRE,
                clavier="numeric",
            ),
            Champ(
                nom="langues",
                libelle="Langues parlées",
                sorte=Sorte.CASES,
                referentiel="langues",
            ),
            Champ(
                nom="apporte",
                libelle="Ce que l’offre apporte",
                sorte=Sorte.APPORTE,
                aide="Ce que la personne aura à la fin, et qui peut ouvrir d’autres offres. "
                "Exemple : le permis B.",
            ),
        ),
    ),
)
SECTIONS_STRUCTURE = (
    Section(
        slug="essentiel",
        titre="L’essentiel",
        champs=(
            Champ(nom="nom", libelle="Nom de la structure", is_obligatoire=True),
            Champ(
                nom="description",
                libelle="Description",
                sorte=Sorte.TEXTE,
                aide="Ce que fait la structure, pour qui, en quelques phrases simples.",
            ),
            Champ(
                nom="siret",
                libelle="SIRET",
                aide="Ses 14 chiffres. Il évite les doublons.",
                clavier="numeric",
            ),
            Champ(
                nom="reseaux_porteurs",
                libelle="Réseaux",
                sorte=Sorte.CASES,
                referentiel="reseaux-porteurs",
            ),
        ),
    ),
    Section(
        slug="lieu",
        titre="Où et quand",
        champs=(
            *_LIEU,
            Champ(
                nom="accessibilite_lieu",
                libelle="Accessibilité du lieu",
                aide="L’adresse de sa page sur acceslibre.beta.gouv.fr.",
                clavier="url",
            ),
            _HORAIRES,
        ),
    ),
    Section(
        slug="contact",
        titre="Contact",
        champs=(
            *_CONTACT,
            Champ(
                nom="site_web",
                libelle="Site",
                aide="Exemple : https://structure.fr.",
                clavier="url",
            ),
        ),
    ),
)


def champs_of(sections: tuple[Section, ...]) -> tuple[Champ, ...]:
    """Returns the fields of a form, in order."""
    return tuple(champ for section in sections for champ in section.champs)
