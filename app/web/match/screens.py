"""One screen of a questionnaire as a template shows it."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from app.domain.questionnaire import Demandee, Ecran, Questionnaire
from app.domain.vocabulaire import AGE, RESIDENCE, Fait, Nature
from app.domain.wording import Voix, Wording
from app.services.catalogue import Catalogue
from app.web.match.answers import BESOIN, FAIT, PRIORITES, Answers, Fault, is_question
from app.web.match.flows import Flow
from app.web.match.places import with_departement
from app.web.match.reading import Reading
from app.web.public.words import label_of

UNKNOWN = "Je ne sais pas"
MODES = {
    "a-pied": "À pied",
    "velo": "À vélo",
    "transports": "En bus, en car ou en train",
    "vehicule": "En voiture, en scooter ou à moto",
}
MODE_QUESTION = {
    Voix.VOUS: "Comment vous déplacez-vous\u202f?",
    Voix.LA_PERSONNE: "Comment la personne se déplace-t-elle\u202f?",
}
WHY_SENSITIVE = {
    Voix.VOUS: "Certaines aides sont réservées à ces situations. Vous pouvez ne rien répondre. "
    "Vos réponses servent à cette page et ne sont gardées nulle part.",
    Voix.LA_PERSONNE: "Certaines aides dépendent de ces réponses. Ne les demandez que si la "
    "personne veut en parler\u00a0: elles ne sont gardées nulle part.",
}


@dataclass(frozen=True, slots=True, kw_only=True)
class Choice:
    """One answer to choose."""

    valeur: str
    libelle: str
    checked: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class Field:
    """One question: `kind` is `radios`, `inline`, `select`, `text` or `places`."""

    name: str
    question: str
    kind: str
    value: str = ""
    choices: Sequence[Choice] = ()
    places: Sequence[Choice] = ()
    hint: str | None = None
    faults: Sequence[Fault] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class Step:
    """A screen to go to, and how many of its questions were answered."""

    cle: str
    titre: str
    answered: int
    is_current: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class Taken:
    """A commune taken among homonyms, and the screen where another one is chosen."""

    libelle: str
    cle: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Screen:
    """Everything that the template of a screen shows."""

    ecran: Ecran
    rank: int
    steps: Sequence[Step]
    fields: Sequence[Field]
    sensitive: Sequence[Field]
    needs: Sequence[Field]
    why_sensitive: str
    faults: Sequence[tuple[Fault, bool]]
    hidden: Sequence[tuple[str, str]]
    taken: Taken | None
    previous: str | None
    next: str | None

    @property
    def sensitive_open(self) -> bool:
        """True when an optional question was answered or refused: it is then not folded away."""
        return any(f.faults or f.value for f in self.sensitive)


def screen_of(flow: Flow, catalogue: Catalogue, reading: Reading, cle: str) -> Screen:
    """Returns a screen, with every other answer carried unseen."""
    questionnaire = flow.screens(catalogue)
    rank = questionnaire.rank_of(cle) or 0
    ecran = questionnaire.ecrans[rank]
    maker = FieldMaker(flow, catalogue, reading)
    vocabulaire = catalogue.vocabulaire
    asked = [*ecran.questions, *_refused_elsewhere(reading, ecran, catalogue)]
    sensitive = [maker.field(q) for q in asked if q.is_sensitive(vocabulaire)]
    fields = [maker.field(q) for q in asked if not q.is_sensitive(vocabulaire)]
    if ecran.deplacement:
        fields.insert(0, maker.mode())
    needs = [maker.need(besoin) for besoin in ecran.besoins]
    shown = {f.name for f in (*fields, *sensitive, *needs)}
    extra = [("etape", ecran.cle)]
    if any(f.places for f in fields):
        shown.add("code_commune")
        extra.append(("commune_montree", reading.answers.code_commune))
    return Screen(
        ecran=ecran,
        rank=rank + 1,
        steps=steps_of(questionnaire, reading.answers, cle=ecran.cle),
        fields=fields,
        sensitive=sensitive,
        needs=needs,
        why_sensitive=WHY_SENSITIVE[flow.voix],
        faults=[(fault, fault.champ in shown) for fault in reading.faults],
        hidden=[*reading.answers.hidden(shown), *extra],
        taken=taken_of(flow, catalogue, reading, ecran.cle),
        previous=questionnaire.ecrans[rank - 1].cle if rank else None,
        next=questionnaire.ecrans[rank + 1].cle if rank + 1 < len(questionnaire.ecrans) else None,
    )


def place_screen(questionnaire: Questionnaire) -> str | None:
    """Returns the screen that asks where the person lives, None when no screen does."""
    return next(
        (e.cle for e in questionnaire.ecrans if any(q.fait == RESIDENCE for q in e.questions)), None
    )


def taken_of(flow: Flow, catalogue: Catalogue, reading: Reading, cle: str = "") -> Taken | None:
    """Returns the commune just taken among homonyms; the screen that lists them all says enough."""
    there, answers = place_screen(flow.screens(catalogue)), reading.answers
    if not reading.place_taken or there is None or there == cle:
        return None
    libelle = with_departement(answers.code_commune, answers.faits[RESIDENCE], catalogue)
    return Taken(libelle=libelle, cle=there)


def _refused_elsewhere(reading: Reading, ecran: Ecran, catalogue: Catalogue) -> list[Demandee]:
    """Returns the refused answers that this screen does not ask: they must be mended all the same.

    A question asked beside the solutions may be on no screen at all.
    """
    asked = {question.cle for question in ecran.questions}
    refused = []
    for fault in reading.faults:
        cle = fault.champ.removeprefix(FAIT)
        is_fact = fault.champ.startswith(FAIT) and is_question(cle, catalogue.vocabulaire)
        if is_fact and cle not in asked:
            asked.add(cle)
            nom, _, valeur = cle.partition(".")
            refused.append(Demandee(nom, valeur or None))
    return refused


def screen_with(questionnaire: Questionnaire, faults: Iterable[Fault], default: str) -> str:
    """Returns the screen where the first fault can be mended."""
    for fault in faults:
        for ecran in questionnaire.ecrans:
            if fault.champ in _names_of(ecran):
                return ecran.cle
    return default


def steps_of(questionnaire: Questionnaire, answers: Answers, *, cle: str = "") -> list[Step]:
    """Returns every screen with its count of answers."""
    answered = {name for name, _ in answers.fields()}
    return [
        Step(
            cle=ecran.cle,
            titre=ecran.titre,
            answered=len(answered & _names_of(ecran)),
            is_current=ecran.cle == cle,
        )
        for ecran in questionnaire.ecrans
    ]


def _names_of(ecran: Ecran) -> set[str]:
    names = {f"{FAIT}{question.cle}" for question in ecran.questions}
    names |= {f"{BESOIN}{besoin}" for besoin in ecran.besoins}
    return names | ({"mode"} if ecran.deplacement else set())


class FieldMaker:
    """Makes the fields of a page from what was answered."""

    def __init__(self, flow: Flow, catalogue: Catalogue, reading: Reading) -> None:
        self._flow = flow
        self._catalogue = catalogue
        self._vocabulaire = catalogue.vocabulaire
        self._reading = reading
        self._wording = Wording(catalogue.vocabulaire, catalogue.geographie, flow.voix)

    def field(self, demandee: Demandee) -> Field:
        """Returns the field of a question, skipped unless answered."""
        fait = self._vocabulaire.faits[demandee.fait]
        name = f"{FAIT}{demandee.cle}"
        value = self._reading.answers.faits.get(demandee.cle, "")
        return Field(
            name=name,
            question=self._wording.question(demandee.fait, demandee.valeur),
            kind=self._kind(fait),
            value=value,
            choices=_choices(fait, value),
            places=self._places(fait),
            hint=_hint(fait),
            faults=self._faults(name),
        )

    def mode(self) -> Field:
        """Returns how the person gets about."""
        value = self._reading.answers.mode
        return Field(
            name="mode",
            question=MODE_QUESTION[self._flow.voix],
            kind="radios",
            value=value,
            choices=_with_unknown(MODES.items(), value),
            faults=self._faults("mode"),
        )

    def need(self, besoin: str) -> Field:
        """Returns a need: a box to tick when alone, else how pressing it is."""
        value = self._reading.answers.besoins.get(besoin, "0")
        words = [
            ("0", "Non"),
            *((key, word.capitalize()) for key, word in PRIORITES.items()),
        ]
        return Field(
            name=f"{BESOIN}{besoin}",
            question=label_of(self._vocabulaire, "thematiques", besoin),
            kind="need",
            value="" if value == "0" else value,
            choices=[Choice(valeur=k, libelle=w, checked=k == value) for k, w in words],
            faults=self._faults(f"{BESOIN}{besoin}"),
        )

    def _kind(self, fait: Fait) -> str:
        match fait.nature:
            case Nature.NOMBRE | Nature.LIEU:
                return "text"
            case Nature.ENSEMBLE:
                return "inline"
            case _:
                return "radios" if self._flow.is_public or len(fait.valeurs) < 5 else "select"

    def _places(self, fait: Fait) -> list[Choice]:
        if fait.nature is not Nature.LIEU:
            return []
        return [
            Choice(
                valeur=place.code,
                libelle=with_departement(place.code, place.libelle, self._catalogue),
                checked=place.code == self._reading.answers.code_commune,
            )
            for place in self._reading.places
        ]

    def _faults(self, name: str) -> list[Fault]:
        return [fault for fault in self._reading.faults if fault.champ == name]


def _choices(fait: Fait, value: str) -> list[Choice]:
    if fait.nature is Nature.ENSEMBLE:
        return _with_unknown((("oui", "Oui"), ("non", "Non")), value)
    return _with_unknown(((v, fait.libelles.get(v, v)) for v in fait.valeurs), value)


def _with_unknown(known: Iterable[tuple[str, str]], value: str) -> list[Choice]:
    choices = [Choice(valeur=v, libelle=label, checked=v == value) for v, label in known]
    is_unknown = not any(choice.checked for choice in choices)
    return [*choices, Choice(valeur="", libelle=UNKNOWN, checked=is_unknown)]


def _hint(fait: Fait) -> str | None:
    if fait.cle == AGE:
        return "Un âge, ou une année, un mois ou un jour de naissance\u00a0: 24, 2002, 05/2002."
    if fait.nature is Nature.LIEU:
        return "Nom ou code postal. Laissez vide si vous ne savez pas."
    if fait.nature is Nature.NOMBRE and fait.evolue and fait.unite == "mois":
        return "En mois, ou depuis quelle date\u00a0: 14, 09/2025. Vide\u00a0: je ne sais pas."
    if fait.nature is Nature.NOMBRE:
        return f"En {fait.unite or 'chiffres'}. Vide\u00a0: je ne sais pas."
    return None
