"""The form that reports an error on a sheet, as a template shows it."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from flask import url_for
from marshmallow import ValidationError

from app.domain.signalements import MAX_PRECISION, Motif
from schemas.problem import erreurs_of
from schemas.signalements import MOTIFS

NAMES = {"precision": "Précision", "motif": "Ce qui ne va pas"}


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
    """The report of one offer; `precision` is as it was typed."""

    identifiant: str
    precision: str = ""
    faults: Sequence[ReportFault] = ()

    @property
    def action(self) -> str:
        """Where the form is sent."""
        return url_for("public.signaler", identifiant=self.identifiant)

    @property
    def motifs(self) -> Mapping[Motif, str]:
        """The buttons."""
        return MOTIFS

    @property
    def max_precision(self) -> int:
        """How many characters may be typed."""
        return MAX_PRECISION

    def faults_of(self, champ: str) -> Sequence[ReportFault]:
        """Returns the faults of a field."""
        return [fault for fault in self.faults if fault.champ == champ]


def report_with_faults(identifiant: str, precision: str, error: ValidationError) -> ReportForm:
    """Returns the form as it was sent, with its faults."""
    faults = [ReportFault(champ=e.champ, message=e.message) for e in erreurs_of(error.messages)]
    return ReportForm(identifiant=identifiant, precision=precision, faults=faults)
