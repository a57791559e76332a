"""The fields of an offer, as its keeper fills them in."""

from app.web.espace.champs import CONTACT, HORAIRES, LIEU, Champ, Section, Sorte

SECTIONS_OFFRE = (
    Section(
        slug="essentiel",
        titre="L’essentiel",
        champs=(
            Champ(
                nom="nom",
                libelle="Nom de l’offre",
                is_obligatoire=True,
                aide="Ce que la personne obtient, de 3 à 150 caractères.",
                exemple="Passer le permis B à tarif réduit",
            ),
            Champ(
                nom="description",
                libelle="Description",
                sorte=Sorte.TEXTE,
                is_obligatoire=True,
                aide="Ce qui se passe concrètement, pour qui, combien de temps. Au moins 200 "
                "caractères : une description trop courte fait perdre de la qualité à la fiche.",
                exemple="Chaque mardi matin, une animatrice aide six personnes qui débutent à se "
                "servir d’un ordinateur : allumer, écrire un message, prendre un rendez-vous. "
                "Le cycle dure six semaines",
            ),
            Champ(
                nom="type",
                libelle="Type d’offre",
                sorte=Sorte.CHOIX,
                referentiel="types-services",
                aide="Ce que l’offre est avant tout. Si vous hésitez, laissez « Non précisé ».",
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
                aide="Cochez les personnes pour qui l’offre est faite. « Tous publics » s’emploie "
                "seul.",
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
                "« à vérifier » pour tout le monde.",
                exemple="Avoir un projet validé",
            ),
            Champ(
                nom="conditions_acces",
                libelle="Conditions d’accès, en texte libre",
                sorte=Sorte.TEXTE,
                aide="Ce texte est montré tel quel, et rend la fiche « à vérifier ». Préférez les "
                "conditions ci-dessus.",
                exemple="Être disponible trois jours par semaine",
            ),
            Champ(
                nom="publics_precisions",
                libelle="Précisions sur les publics",
                sorte=Sorte.TEXTE,
                aide="Ce que les cases ne disent pas. Ce texte est montré tel quel, et rend la "
                "fiche « à vérifier ».",
                exemple="Jeunes suivis par la mission locale, même sans logement stable",
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
                aide="Ce qu’il faut pour en profiter, sans que ce soit une condition.",
                exemple="avoir un ordinateur",
            ),
            Champ(
                nom="zone_eligibilite",
                libelle="Où il faut habiter",
                sorte=Sorte.LIEUX,
                aide="Un lieu par ligne : commune, intercommunalité, département, France entière. "
                "Laissez vide si le lieu de résidence ne compte pas.",
                exemple="Avignon",
            ),
        ),
    ),
    Section(
        slug="frais",
        titre="Ce que cela coûte",
        champs=(
            Champ(
                nom="frais",
                libelle="Frais",
                sorte=Sorte.CHOIX,
                referentiel="frais",
                aide="Ce que la personne paie, et non ce que l’offre coûte à votre structure.",
            ),
            Champ(
                nom="frais_precisions",
                libelle="Montant et précisions",
                sorte=Sorte.TEXTE,
                aide="Combien, et qui paie moins ou ne paie pas.",
                exemple="10 € par an, gratuit pour les bénéficiaires du RSA",
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
                aide="En présentiel : la personne vient. À distance : par téléphone ou internet. "
                "Cochez les deux si elle a le choix.",
            ),
            *LIEU,
            HORAIRES,
        ),
    ),
    Section(
        slug="contact",
        titre="Contact",
        champs=(
            *CONTACT,
            Champ(
                nom="contact_nom_prenom",
                libelle="Personne à contacter",
                aide="Vue des professionnels connectés seulement.",
                exemple="Camille Durand",
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
                aide="Usagers : la personne la demande elle-même. Professionnels : son conseiller "
                "la demande pour elle.",
            ),
            Champ(
                nom="modes_mobilisation",
                libelle="De quelle manière",
                sorte=Sorte.CASES,
                referentiel="modes-mobilisation",
                aide="Cochez tout ce que vous acceptez, et donnez le téléphone, le courriel ou la "
                "page qui va avec.",
            ),
            Champ(
                nom="lien_mobilisation",
                libelle="Page ou formulaire de demande",
                aide="Son adresse entière, qui commence par https://.",
                exemple="https://structure.fr/demande",
                clavier="url",
            ),
            Champ(
                nom="mobilisation_precisions",
                libelle="Précisions sur la demande",
                sorte=Sorte.TEXTE,
                aide="Ce qu’il faut savoir avant de demander : un délai, un jour, un papier à "
                "remplir.",
                exemple="Réponse sous deux semaines. Les demandes se font le jeudi matin",
            ),
            Champ(
                nom="a_apporter",
                libelle="Ce qu’il faut apporter",
                sorte=Sorte.LISTE,
                aide="Une pièce par ligne.",
                exemple="Une pièce d’identité en cours de validité",
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
                exemple="6",
                clavier="numeric",
            ),
            Champ(
                nom="prochaine_session",
                libelle="Prochaine session",
                sorte=Sorte.DATE,
                aide="Le jour où elle commence : année, mois, jour. Laissez vide si aucune n’est "
                "prévue.",
                exemple="2030-01-14",
            ),
            Champ(
                nom="volume_horaire_hebdomadaire",
                libelle="Heures par semaine",
                sorte=Sorte.NOMBRE,
                aide="Le temps que la personne y passe chaque semaine.",
                exemple="3,5",
                clavier="decimal",
            ),
            Champ(
                nom="nombre_semaines",
                libelle="Nombre de semaines",
                sorte=Sorte.NOMBRE,
                aide="Du premier au dernier jour. Laissez vide si aucune fin n’est prévue.",
                exemple="12",
                clavier="numeric",
            ),
            Champ(
                nom="langues",
                libelle="Langues parlées",
                sorte=Sorte.CASES,
                referentiel="langues",
                aide="Cochez celles dans lesquelles on peut recevoir la personne, langue des "
                "signes comprise.",
            ),
            Champ(
                nom="apporte",
                libelle="Ce que l’offre apporte",
                sorte=Sorte.APPORTE,
                aide="Ce que la personne aura à la fin, et qui peut ouvrir d’autres offres.",
                exemple="le permis B",
            ),
        ),
    ),
)
