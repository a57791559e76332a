"""The form that reports an error on a sheet, as a template shows it."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from flask import url_for
from marshmallow import ValidationError
from werkzeug.datastructures import MultiDict

from app.domain.edition import FicheRef
from app.domain.signalements import GARDE_COURRIEL, MAX_PRECISION, Motif
from schemas.problem import erreurs_of
from schemas.signalements import MOTIFS

NAMES = {"precision": "Précision", "motif": "Ce qui ne va pas", "courriel": "Votre courriel"}
PIEGE = "site_web"  # a field that nobody sees, named as robots like them


@dataclass(frozen=True, slots=True, kw_only=True)
class ReportFault:
    """One fault of the form: the field where it is mended, and how."""

    champ: str
    message: str

    @property
    def nom(self) -> str:
        """The name of the field, as the page writes it."""
        return NAMES[self.champ]


@dataclass(frozen=True, slots=True, kw_only=True)
class ReportForm:
    """The report of one listing; `precision` and `courriel` are as they were typed."""

    fiche: FicheRef
    precision: str = ""
    courriel: str = ""
    faults: Sequence[ReportFault] = ()

    @property
    def action(self) -> str:
        """Where the form is sent."""
        return url_for(f"public.signaler_{self.fiche.objet}", identifiant=self.fiche.id)

    @property
    def motifs(self) -> Mapping[Motif, str]:
        """The buttons."""
        return MOTIFS[self.fiche.objet]

    @property
    def piege(self) -> str:
        """The name of the field that only robots fill."""
        return PIEGE

    @property
    def garde_jours(self) -> int:
        """For how many days an address is kept, at most."""
        return GARDE_COURRIEL.days

    @property
    def max_precision(self) -> int:
        """How many characters may be typed."""
        return MAX_PRECISION

    def faults_of(self, champ: str) -> Sequence[ReportFault]:
        """Returns the faults of a field."""
        return [fault for fault in self.faults if fault.champ == champ]


def report_with_faults(
    fiche: FicheRef, form: MultiDict[str, str], error: ValidationError
) -> ReportForm:
    """Returns the form as it was sent, with its faults."""
    faults = [ReportFault(champ=e.champ, message=e.message) for e in erreurs_of(error.messages)]
    return ReportForm(
        fiche=fiche,
        precision=form.get("precision", ""),
        courriel=form.get("courriel", ""),
        faults=faults,
    )
