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
    """One field. `referentiel` names the list of its values, `saisie` how the browser helps.

    `exemple` is something that may be typed as it is, without its full stop.
    """

    nom: str
    libelle: str
    sorte: Sorte = Sorte.LIGNE
    aide: str = ""
    exemple: str = ""
    referentiel: str = ""
    is_obligatoire: bool = False
    saisie: str = ""  # the value of `autocomplete`
    clavier: str = ""  # the value of `inputmode`

    @property
    def indication(self) -> str:
        """What stands under the label: the help, then the example."""
        return f"{self.aide} Exemple : {self.exemple}." if self.exemple else self.aide


@dataclass(frozen=True, slots=True, kw_only=True)
class Section:
    """Fields that belong together, under one heading."""

    slug: str
    titre: str
    champs: tuple[Champ, ...]
    aide: str = ""


LIEU = (
    Champ(
        nom="adresse",
        libelle="Adresse",
        aide="Le numéro et la rue, là où la personne doit se rendre.",
        exemple="12 rue de la République",
        saisie="off",
    ),
    Champ(
        nom="complement_adresse",
        libelle="Complément d’adresse",
        aide="Ce qui aide à trouver la porte : bâtiment, étage, entrée.",
        exemple="1er étage, porte B",
    ),
    Champ(
        nom="code_postal",
        libelle="Code postal",
        aide="Ses 5 chiffres.",
        exemple="84000",
        clavier="numeric",
    ),
    Champ(
        nom="commune",
        libelle="Commune",
        aide="Le nom de la commune suffit : son code est trouvé d’après le nom et le code postal.",
        exemple="Avignon",
    ),
    Champ(
        nom="latitude",
        libelle="Latitude du point sur la carte",
        aide="Laissez vide : le bouton « Situer l’adresse » la remplit.",
        exemple="43.9493",
        clavier="decimal",
    ),
    Champ(
        nom="longitude",
        libelle="Longitude du point sur la carte",
        aide="Elle va avec la latitude.",
        exemple="4.8055",
        clavier="decimal",
    ),
    Champ(
        nom="adresse_confidentielle",
        libelle="L’adresse est confidentielle",
        sorte=Sorte.OUI,
        aide="Pour un refuge, par exemple : seule la commune est montrée, sans point sur la carte.",
    ),
)
HORAIRES = Champ(
    nom="horaires_accueil",
    libelle="Horaires d’accueil",
    sorte=Sorte.HORAIRES,
    aide="Ces horaires ont une forme que la semaine à remplir ne montre pas : modifiez leur texte, "
    "où les jours sont en anglais abrégé, ou effacez-le pour remplir la semaine.",
    exemple="Mo-Fr 09:00-12:30",
)
CONTACT = (
    Champ(
        nom="telephone",
        libelle="Téléphone",
        aide="Le numéro où quelqu’un répond : 10 chiffres, ou un numéro court comme 3949.",
        exemple="04 90 00 00 00",
        clavier="tel",
    ),
    Champ(
        nom="courriel",
        libelle="Courriel",
        aide="Celui de la structure plutôt que celui d’une personne.",
        exemple="accueil@structure.fr",
        clavier="email",
    ),
)


def champs_of(sections: tuple[Section, ...]) -> tuple[Champ, ...]:
    """Returns the fields of a form, in order."""
    return tuple(champ for section in sections for champ in section.champs)
