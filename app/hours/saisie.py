"""What a form says of hours, field by field, and the faults to show beside each of them."""

from collections.abc import Mapping
from dataclasses import dataclass, field

from app.hours.plages import MIDNIGHT, HoraireInvalide, Plage
from app.hours.typed import minutes_of, plain, quoted
from app.hours.week import MAX_COMMENTAIRE


@dataclass(frozen=True, slots=True)
class Faute:
    """A field that cannot be kept as it is, and in French what to do."""

    champ: str
    message: str


@dataclass(frozen=True, slots=True)
class Saisie:
    """The fields of a form; each reading notes the faults it finds."""

    fields: Mapping[str, str]
    fautes: list[Faute] = field(default_factory=list)

    def text(self, champ: str) -> str:
        """Returns what a field says on one line, empty when it is blank or absent."""
        return plain(self.fields.get(champ, ""))

    def refuse(self, champ: str, message: str) -> None:
        """Notes a fault."""
        self.fautes.append(Faute(champ, message))

    def commentaire(self, champ: str) -> str | None:
        """Returns a comment that an expression can hold: straight quotes would end it."""
        text = self.text(champ).replace('"', "”")
        if len(text) > MAX_COMMENTAIRE:
            self.refuse(champ, f"C’est trop long : gardez {MAX_COMMENTAIRE} caractères au plus.")
            return None
        return text or None

    def plage(self, prefix: str) -> Plage | None:
        """Returns the span of `<prefix>.debut` and `<prefix>.fin`; None for two blanks or a fault.

        An end at 00:00 is midnight, the end of the day, unless the start is 00:00 too: real
        listings have `00:00-00:00` for days that are closed.
        """
        champs = {half: f"{prefix}.{half}" for half in ("debut", "fin")}
        if not any(map(self.text, champs.values())):
            return None
        debut = self._minutes(champs["debut"], "Indiquez aussi l’heure de début", "9h00")
        fin = self._minutes(champs["fin"], "Indiquez aussi l’heure de fin", "12h30")
        if debut is None or fin is None:
            return None
        if debut == MIDNIGHT:
            self.refuse(champs["debut"], "Un début à minuit s’écrit 00:00.")
            return None
        if debut == fin == 0:
            self.refuse(
                champs["fin"],
                "Si c’est ouvert toute la journée, écrivez 24:00 ; si c’est fermé, effacez les "
                "deux heures.",
            )
            return None
        try:
            return Plage(debut, fin or MIDNIGHT)
        except HoraireInvalide as refusal:
            self.refuse(champs["fin"], str(refusal))
            return None

    def _minutes(self, champ: str, missing: str, example: str) -> int | None:
        text = self.text(champ)
        minutes = minutes_of(text)
        if not text:
            self.refuse(champ, f"{missing}, par exemple {example}.")
        elif minutes is None:
            self.refuse(champ, f"{quoted(text)} n’est pas une heure : écrivez par exemple 9h30.")
        return minutes
