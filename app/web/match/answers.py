"""The answers of one person as they travel: fields of a form in, hidden fields out, nothing kept.

Whatever is not an answer that this site could have asked for is a fault, and is not carried on.
"""

from collections.abc import Collection, Iterator, Mapping
from dataclasses import dataclass, field

from werkzeug.datastructures import MultiDict

from app.domain.portee import RADIUS_BY_MOBILITY_KM
from app.domain.vocabulaire import Nature, Vocabulaire

MAX_FIELDS = 300  # every fact that is asked, every need and a page of offers are about half
MAX_CHARACTERS = 512  # an id of an offer is the longest
MAX_SELECTION = 60  # offers on paper: beyond, nobody reads
MAX_PASSED = 60
MAX_PAGE = 500  # 10,000 offers, the window of the engine
FAIT, BESOIN = "f.", "b."
PRIORITES = {"1": "utile", "2": "important", "3": "urgent"}
VUES = ("besoins", "liste")
ONE_NEED = "besoin:"  # before a need: the view of this one alone
MAX_FAULTS = 20  # told at once: enough to mend a form, not enough to echo a hostile one
_LAST_WINS = ("vue", "ecartees", "page")  # a button of the page changes what it carries unseen
_ACTIONS = ("aller", "etape", "offre", "passer", "question", "rayon_montre", "commune_montree")


@dataclass(frozen=True, slots=True, kw_only=True)
class Fault:
    """One refused value: its field, the name of this field, and how to mend it."""

    champ: str
    nom: str
    message: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Answers:
    """What was answered, as text: `faits` by question, `besoins` by thématique or category.

    `commune_changee` tells that another commune than the one shown was just chosen.
    """

    faits: Mapping[str, str] = field(default_factory=dict)
    code_commune: str = ""
    commune_changee: bool = False
    besoins: Mapping[str, str] = field(default_factory=dict)
    mode: str = ""
    rayon_km: str = ""
    selection: tuple[str, ...] = ()
    passees: tuple[str, ...] = ()
    vue: str = ""
    ecartees: bool = False
    page: int = 1

    def fields(self) -> Iterator[tuple[str, str]]:
        """Yields every answer as a field of the form; the page of results is not carried."""
        yield from ((f"{FAIT}{cle}", text) for cle, text in self.faits.items())
        yield from ((f"{BESOIN}{besoin}", text) for besoin, text in self.besoins.items())
        for name in ("code_commune", "mode", "rayon_km", "vue"):
            if text := getattr(self, name):
                yield name, text
        if self.ecartees:
            yield "ecartees", "oui"
        yield from (("selection", ident) for ident in self.selection)
        yield from (("passee", cle) for cle in self.passees)

    def hidden(self, shown: Collection[str], offres: Collection[str] = ()) -> list[tuple[str, str]]:
        """Returns the fields to carry unseen, all but those that the page shows."""
        return [
            (name, text)
            for name, text in self.fields()
            if name not in shown and not (name == "selection" and text in offres)
        ]


@dataclass(frozen=True, slots=True, kw_only=True)
class Received:
    """A form as it was understood, with the faults of its shape."""

    answers: Answers
    faults: list[Fault]


def receive(form: MultiDict[str, str], vocabulaire: Vocabulaire) -> Received:
    """Reads a form: known fields within bounds, one value each; the rest is told."""
    faults: list[Fault] = []
    pairs = [(name, clean(text)) for name, text in form.items(multi=True)]
    if len(pairs) > MAX_FIELDS:
        faults.append(_general("Trop de réponses sont arrivées à la fois : vérifiez-les."))
    values: dict[str, str] = {}
    several: dict[str, list[str]] = {"selection": [], "passee": []}
    for name, text in pairs[: MAX_FIELDS * 2]:
        if len(text) > MAX_CHARACTERS:
            text = text[:MAX_CHARACTERS]
            faults.append(_fault(name, "Cette réponse est trop longue : raccourcissez-la."))
        if name in several:
            several[name].append(text)
        elif name not in _LAST_WINS and values.get(name, text) != text:
            faults.append(_fault(name, "Deux réponses se contredisent : gardez la bonne."))
        else:
            values[name] = text
    answers = _answers(values, several, vocabulaire, faults)
    return Received(answers=answers, faults=faults[:MAX_FAULTS])


def clean(text: str) -> str:
    """Returns a text without what no keyboard types."""
    return "".join(char for char in text if char.isprintable()).strip()


def _answers(
    values: Mapping[str, str],
    several: Mapping[str, list[str]],
    vocabulaire: Vocabulaire,
    faults: list[Fault],
) -> Answers:
    faits, besoins = {}, {}
    unknown = False
    for name, text in values.items():
        if name.startswith(FAIT) and is_question(name.removeprefix(FAIT), vocabulaire):
            if text:
                faits[name.removeprefix(FAIT)] = text
        elif name.startswith(BESOIN) and vocabulaire.thematiques_of(name.removeprefix(BESOIN)):
            if text in PRIORITES:
                besoins[name.removeprefix(BESOIN)] = text
            elif text not in ("", "0"):
                faults.append(_fault(name, "Choisissez une des réponses proposées."))
        else:
            unknown |= name not in (*_SINGLE, *_ACTIONS)
    if unknown:
        faults.append(_general("Un champ que cette page ne connaît pas a été ignoré."))
    mode = values.get("mode", "")
    if mode and mode not in RADIUS_BY_MOBILITY_KM:
        faults.append(_fault("mode", "Choisissez une des réponses proposées."))
        mode = ""
    rayon = values.get("rayon_km", "")
    code_commune = values.get("code_commune", "")
    return Answers(
        faits=faits,
        code_commune=code_commune,
        commune_changee=code_commune != values.get("commune_montree", code_commune),
        besoins=besoins,
        mode=mode,
        rayon_km="" if rayon == values.get("rayon_montre") else rayon,
        selection=tuple(dict.fromkeys(several["selection"]))[:MAX_SELECTION],
        passees=_passed(values, several, vocabulaire),
        vue=_view(values.get("vue", ""), besoins),
        ecartees=values.get("ecartees") == "oui",
        page=_page(values.get("page", "1"), faults),
    )


_SINGLE = ("code_commune", "mode", "rayon_km", "vue", "ecartees", "page")


def is_question(cle: str, vocabulaire: Vocabulaire) -> bool:
    """True when a key names a fact, or one value of an `ensemble`."""
    nom, _, valeur = cle.partition(".")
    fait = vocabulaire.faits.get(nom)
    if fait is None:
        return False
    return valeur in fait.valeurs if fait.nature is Nature.ENSEMBLE else not valeur


def _view(text: str, besoins: Mapping[str, str]) -> str:
    is_one_need = text.startswith(ONE_NEED) and text.removeprefix(ONE_NEED) in besoins
    return text if text in VUES or is_one_need else ""


def _passed(
    values: Mapping[str, str], several: Mapping[str, list[str]], vocabulaire: Vocabulaire
) -> tuple[str, ...]:
    passed = dict.fromkeys([*several["passee"], values.get("passer", "")])
    return tuple(cle for cle in passed if is_question(cle, vocabulaire))[:MAX_PASSED]


def _page(text: str, faults: list[Fault]) -> int:
    if text.isascii() and text.isdigit() and 1 <= int(text[:6]) <= MAX_PAGE:
        return int(text)
    faults.append(_general(f"Cette page de résultats n’existe pas : il y en a {MAX_PAGE} au plus."))
    return 1


def _fault(champ: str, message: str) -> Fault:
    return Fault(champ=champ, nom="", message=message)


def _general(message: str) -> Fault:
    return Fault(champ="", nom="", message=message)
