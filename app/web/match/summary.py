"""What was answered, said back topic by topic, so that each can be changed."""

from collections.abc import Sequence
from dataclasses import dataclass

from app.domain.francais import NBSP
from app.domain.vocabulaire import Nature, Vocabulaire
from app.services.catalogue import Catalogue
from app.web.match.answers import PRIORITES, Answers
from app.web.match.flows import Flow
from app.web.match.screens import MODES
from app.web.public.words import label_of


@dataclass(frozen=True, slots=True, kw_only=True)
class Topic:
    """A screen of the questionnaire with its answers, perhaps none."""

    cle: str
    titre: str
    lines: Sequence[str]


def topics_of(flow: Flow, catalogue: Catalogue, answers: Answers) -> list[Topic]:
    """Returns every topic; an answer that no screen asks stands with the first."""
    vocabulaire = catalogue.vocabulaire
    ecrans = flow.screens(catalogue).ecrans
    asked = {question.cle for ecran in ecrans for question in ecran.questions}
    needed = {besoin for ecran in ecrans for besoin in ecran.besoins}
    topics = []
    for rank, ecran in enumerate(ecrans):
        keys = [question.cle for question in ecran.questions]
        besoins = list(ecran.besoins)
        if rank == 0:
            keys += [cle for cle in answers.faits if cle not in asked]
            besoins += [besoin for besoin in answers.besoins if besoin not in needed]
        lines = [fact_line(cle, answers.faits[cle], vocabulaire) for cle in keys
                 if cle in answers.faits]  # fmt: skip
        if ecran.deplacement and answers.mode:
            lines.append(f"Déplacements{NBSP}: {MODES[answers.mode].lower()}")
        lines += [
            f"{label_of(vocabulaire, 'thematiques', besoin)} ({PRIORITES[answers.besoins[besoin]]})"
            for besoin in besoins
            if besoin in answers.besoins
        ]
        topics.append(Topic(cle=ecran.cle, titre=ecran.titre, lines=lines))
    return topics


def fact_line(cle: str, text: str, vocabulaire: Vocabulaire) -> str:
    """Returns one answer with its label."""
    nom, _, valeur = cle.partition(".")
    fait = vocabulaire.faits[nom]
    if fait.nature is Nature.ENSEMBLE:
        return f"{fait.libelles.get(valeur, valeur)}{NBSP}: {text}"
    return f"{fait.libelle}{NBSP}: {fait.libelles.get(text, text)}"
