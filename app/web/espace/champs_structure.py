"""The fields of a structure, as its keeper fills them in."""

from app.web.espace.champs import CONTACT, HORAIRES, LIEU, Champ, Section, Sorte

SECTIONS_STRUCTURE = (
    Section(
        slug="essentiel",
        titre="L’essentiel",
        champs=(
            Champ(
                nom="nom",
                libelle="Nom de la structure",
                is_obligatoire=True,
                aide="Celui que les gens connaissent, plutôt que celui des statuts, de 3 à 150 "
                "caractères.",
                exemple="Maison de quartier de la Rocade",
            ),
            Champ(
                nom="description",
                libelle="Description",
                sorte=Sorte.TEXTE,
                aide="Ce que fait la structure, pour qui, en quelques phrases simples.",
                exemple="Nous accueillons les habitants du quartier pour un café, une aide aux "
                "démarches ou un cours de français",
            ),
            Champ(
                nom="siret",
                libelle="SIRET",
                aide="Ses 14 chiffres. Il évite les doublons.",
                exemple="123 456 789 00012",
                clavier="numeric",
            ),
            Champ(
                nom="reseaux_porteurs",
                libelle="Réseaux",
                sorte=Sorte.CASES,
                referentiel="reseaux-porteurs",
                aide="Cochez ceux dont la structure fait partie. Laissez vide s’il n’y en a pas.",
            ),
        ),
    ),
    Section(
        slug="lieu",
        titre="Où et quand",
        champs=(
            *LIEU,
            Champ(
                nom="accessibilite_lieu",
                libelle="Accessibilité du lieu",
                aide="L’adresse de sa page sur le site Acceslibre, qui dit si l’on peut entrer en "
                "fauteuil, par exemple.",
                exemple="https://acceslibre.beta.gouv.fr/app/84-avignon/",
                clavier="url",
            ),
            HORAIRES,
        ),
    ),
    Section(
        slug="contact",
        titre="Contact",
        champs=(
            *CONTACT,
            Champ(
                nom="site_web",
                libelle="Site",
                aide="Son adresse entière, qui commence par https://.",
                exemple="https://structure.fr",
                clavier="url",
            ),
        ),
    ),
)
