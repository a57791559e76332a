"""The shipped schemes: what the law gives, and which bodies give it, with their rules.

`data/dispositifs/` holds them as people write them; here they become records of the
data·inclusion schema v1 with our extensions, read by the same import as any other feed.
"""

import json
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from datetime import date
from pathlib import Path
from typing import Any

from app.domain.dispositifs import SOURCE
from app.domain.errors import ArbreInvalide, LieuInconnu
from app.domain.feeds import Progress, RawRecord
from app.domain.geographie import Geographie
from app.domain.lecture_arbre import read_eligibilite
from app.domain.regles import EtatRegles, Regles, regles_to_json
from app.domain.territoire import Commune
from app.domain.vocabulaire import Fait, Vocabulaire
from seed.reference import DATA, ReferenceInvalide, is_text, is_texts, read_toml

FOLDER = DATA / "dispositifs"
ORGANISMES = "organismes.toml"
Entry = Mapping[str, Any]
Record = dict[str, object]

_TREES = ("eligibilite", "suppose", "prioritaires")
_COPIED = (  # keys of an entry that are fields of an offer as they are
    "nom", "description", "type", "thematiques", "frais", "frais_precisions", "publics",
    "publics_precisions", "conditions_acces", "modes_accueil", "lien_mobilisation",
    "modes_mobilisation", "mobilisable_par", "mobilisation_precisions",
    "volume_horaire_hebdomadaire", "nombre_semaines", "a_apporter",
)  # fmt: skip
_PLACES = ("commune", "national", "plusieurs_guichets")
_REQUIRED = (
    "id", "nom", "organismes", "type", "thematiques", "modes_accueil", "description", "source",
    "source_nom", "date", "eligibilite",
)  # fmt: skip
_LISTS = {
    "type": "types-services",
    "thematiques": "thematiques",
    "frais": "frais",
    "publics": "publics",
    "modes_accueil": "modes-accueil",
    "modes_mobilisation": "modes-mobilisation",
    "mobilisable_par": "personnes-mobilisatrices",
}


@dataclass(frozen=True, slots=True, kw_only=True)
class Organisme:
    """A body that gives schemes.

    `commune` is None without a counter here, or with several. `modes_accueil`, when told, keeps
    those of the scheme's modes that the body gives: a branch only receives, its head office is
    also reached at a distance.
    """

    id: str
    nom: str
    commune: Commune | None
    zone: tuple[str, ...]
    site_web: str | None
    reseaux_porteurs: tuple[str, ...]
    modes_accueil: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class Dispositif:
    """A scheme: one offer is made for each of its bodies."""

    id: str
    organismes: tuple[Organisme, ...]
    zone: tuple[str, ...]
    regles: Regles
    fields: Mapping[str, object]


def load_dispositifs(
    vocabulaire: Vocabulaire, geographie: Geographie, folder: Path = FOLDER
) -> tuple[Dispositif, ...]:
    """Reads every scheme, in the order of ids. Raises `ReferenceInvalide` at the first fault."""
    reader = _Reader(vocabulaire, geographie)
    organismes: dict[str, Organisme] = {}
    for named, entry in _entries(folder / ORGANISMES, "organisme"):
        if entry["id"] in organismes:
            raise ReferenceInvalide(f"{named} est écrit deux fois.")
        organismes[entry["id"]] = reader.organisme(entry, named)
    dispositifs: dict[str, Dispositif] = {}
    for path in sorted(folder.glob("*.toml")):
        if path.name == ORGANISMES:
            continue
        for named, entry in _entries(path, "dispositif"):
            if entry["id"] in dispositifs:
                raise ReferenceInvalide(f"{named} est écrit deux fois.")
            dispositifs[entry["id"]] = reader.dispositif(entry, named, organismes)
    return tuple(dispositifs[ident] for ident in sorted(dispositifs))


class DispositifsFeed:
    """The schemes as a feed, made in memory."""

    name = "seed/data/dispositifs"

    def __init__(self, dispositifs: tuple[Dispositif, ...]) -> None:
        self._dispositifs = dispositifs

    def records(self, progress: Progress) -> Iterator[RawRecord]:
        """Yields structures, then services; nothing is read, so `progress` is told of nothing."""
        progress(0)
        records = (*structure_records(self._dispositifs), *service_records(self._dispositifs))
        for rank, record in enumerate(records, 1):
            yield RawRecord(fichier=self.name, ligne=rank, data=record)


def structure_records(dispositifs: tuple[Dispositif, ...]) -> list[Record]:
    """Returns the bodies, each as fresh as the last of its schemes that was read."""
    read_on: dict[str, date] = {}
    organismes: dict[str, Organisme] = {}
    for dispositif in dispositifs:
        for organisme in dispositif.organismes:
            organismes[organisme.id] = organisme
            read_on[organisme.id] = max(
                read_on.get(organisme.id, date.min), dispositif.regles.lue_le
            )
    return [_structure(organismes[i], read_on[i]) for i in sorted(organismes)]


def service_records(dispositifs: tuple[Dispositif, ...]) -> list[Record]:
    """Returns one offer for each scheme of each body."""
    return [_service(d, organisme) for d in dispositifs for organisme in d.organismes]


def _structure(organisme: Organisme, read_on: date) -> Record:
    record: Record = {
        "source": SOURCE,
        "id": f"{SOURCE}--{organisme.id}",
        "nom": organisme.nom,
        "date_maj": read_on.isoformat(),
        **_place(organisme.commune),
    }
    if organisme.site_web:
        record["site_web"] = organisme.site_web
    if organisme.reseaux_porteurs:
        record["reseaux_porteurs"] = list(organisme.reseaux_porteurs)
    return record


def _service(dispositif: Dispositif, organisme: Organisme) -> Record:
    regles = dispositif.regles
    record: Record = {
        "source": SOURCE,
        "structure_id": f"{SOURCE}--{organisme.id}",
        "id": f"{SOURCE}--{dispositif.id}--{organisme.id}",
        "lien_source": regles.lien,
        "date_maj": regles.lue_le.isoformat(),
        **_place(organisme.commune),
        **dispositif.fields,
        "regles": regles_to_json(regles),
    }
    if organisme.modes_accueil:
        record["modes_accueil"] = _modes(dispositif.fields, organisme)
    if zone := dispositif.zone or organisme.zone:
        # The schema v1 knows bare codes only: `departement:84` is 84.
        record["zone_eligibilite"] = [ref.rpartition(":")[2] for ref in zone]
    return record


def _modes(fields: Mapping[str, Any], organisme: Organisme) -> list[str]:
    return [mode for mode in fields["modes_accueil"] if mode in organisme.modes_accueil]


def _place(commune: Commune | None) -> Record:
    """Returns the town, without an address; a town with several postal codes says none."""
    if commune is None:
        return {}
    place: Record = {"commune": commune.nom, "code_insee": commune.code}
    if len(commune.codes_postaux) == 1:
        place["code_postal"] = commune.codes_postaux[0]
    return place


def _entries(path: Path, kind: str) -> Iterator[tuple[str, Entry]]:
    """Yields the entries of a file, each with what to call it in a message."""
    content = read_toml(path)
    if set(content) != {kind} or not isinstance(content[kind], list):
        raise ReferenceInvalide(f"{path.name} : écrivez seulement des titres « [[{kind}]] ».")
    for entry in content[kind]:
        ident = entry.get("id") if isinstance(entry, dict) else None
        named = f"{path.name}, {kind} « {ident or '?'} »"
        if not is_text(ident) or not ident:
            raise ReferenceInvalide(f"{named} : il manque « id ».")
        yield named, entry


class _Reader:
    """Checks entries against the lists, the facts and the places."""

    def __init__(self, vocabulaire: Vocabulaire, geographie: Geographie) -> None:
        self._vocabulaire = vocabulaire
        self._geographie = geographie

    def organisme(self, entry: Entry, named: str) -> Organisme:
        """Returns a body: it sits in a commune, or is national, or has several counters."""
        _check_keys(entry, named, _ORGANISME_TYPES, required=("id", "nom"))
        if sum(key in entry for key in _PLACES) != 1:
            raise ReferenceInvalide(
                f"{named} : écrivez « commune », « national = true » ou "
                "« plusieurs_guichets = true », un seul des trois."
            )
        if "plusieurs_guichets" in entry and "zone" not in entry:
            raise ReferenceInvalide(f"{named} : « plusieurs_guichets » demande une « zone ».")
        self._check_values(
            entry,
            named,
            {"reseaux_porteurs": "reseaux-porteurs", "modes_accueil": "modes-accueil"},
        )
        return Organisme(
            id=entry["id"],
            nom=entry["nom"],
            commune=self._commune(entry["commune"], named) if "commune" in entry else None,
            zone=self._zone(entry, named),
            site_web=entry.get("site_web"),
            reseaux_porteurs=tuple(entry.get("reseaux_porteurs", ())),
            modes_accueil=tuple(entry.get("modes_accueil", ())),
        )

    def dispositif(
        self, entry: Entry, named: str, organismes: Mapping[str, Organisme]
    ) -> Dispositif:
        """Returns a scheme with its trees as JSON values."""
        _check_keys(entry, named, _DISPOSITIF_TYPES, required=_REQUIRED)
        self._check_values(entry, named, _LISTS)
        if unknown := [ident for ident in entry["organismes"] if ident not in organismes]:
            raise ReferenceInvalide(
                f"{named} : l’organisme « {unknown[0]} » n’est pas dans {ORGANISMES}."
            )
        for ident in entry["organismes"]:
            if organismes[ident].modes_accueil and not _modes(entry, organismes[ident]):
                raise ReferenceInvalide(f"{named} : « {ident} » n’a aucun de ses modes d’accueil.")
        fields: dict[str, object] = {name: entry[name] for name in _COPIED if name in entry}
        for name in _TREES:
            if name in entry:
                fields[name] = self._tree(entry[name], name, named)
        if "apporte" in entry:
            fields["apporte"] = [self._apport(item, named) for item in entry["apporte"]]
        return Dispositif(
            id=entry["id"],
            organismes=tuple(organismes[ident] for ident in entry["organismes"]),
            zone=self._zone(entry, named),
            regles=Regles(
                source=entry["source_nom"],
                lien=entry["source"],
                lue_le=entry["date"],
                etat=EtatRegles.A_CONFIRMER,
            ),
            fields=fields,
        )

    def _check_values(self, entry: Entry, named: str, lists: Mapping[str, str]) -> None:
        for key, referentiel in lists.items():
            said = entry.get(key, ())
            for value in (said,) if isinstance(said, str) else said:
                if value not in self._vocabulaire.referentiels[referentiel]:
                    raise ReferenceInvalide(
                        f"{named} : « {value} » n’est pas une valeur de « {key} »."
                    )

    def _commune(self, code: str, named: str) -> Commune:
        try:
            today = self._geographie.resolve_commune(code)
        except LieuInconnu as exc:
            raise ReferenceInvalide(f"{named} : la commune « {code} » est inconnue.") from exc
        (commune,) = self._geographie.places_of(self._geographie.zone(today))
        return commune

    def _zone(self, entry: Entry, named: str) -> tuple[str, ...]:
        refs: tuple[str, ...] = tuple(entry.get("zone", ()))
        for ref in refs:
            try:
                canonical = self._geographie.canonical_ref(ref)
            except LieuInconnu as exc:
                raise ReferenceInvalide(f"{named} : la zone « {ref} » est inconnue.") from exc
            if canonical.startswith("region:"):
                raise ReferenceInvalide(f"{named} : écrivez les départements de « {ref} ».")
        return refs

    def _tree(self, text: str, name: str, named: str) -> object:
        try:
            form: object = json.loads(text)
            read_eligibilite(form, self._vocabulaire.faits, self._geographie, chemin=name)
        except ValueError as exc:
            raise ReferenceInvalide(f"{named} : « {name} » n’est pas du JSON ({exc}).") from exc
        except ArbreInvalide as exc:
            raise ReferenceInvalide(f"{named} : {exc}") from exc
        return form

    def _apport(self, item: object, named: str) -> object:
        if not isinstance(item, dict) or item.keys() != {"fait", "valeur"}:
            raise ReferenceInvalide(f"{named} : « apporte » va par « fait » et « valeur ».")
        fait: Fait | None = self._vocabulaire.faits.get(item["fait"])
        if fait is None or item["valeur"] not in fait.valeurs:
            raise ReferenceInvalide(f"{named} : « apporte » cite un fait ou une valeur inconnus.")
        return item


def _check_keys(
    entry: Entry,
    named: str,
    types: Mapping[str, Callable[[object], bool]],
    *,
    required: tuple[str, ...],
) -> None:
    if missing := [key for key in required if not entry.get(key)]:
        raise ReferenceInvalide(f"{named} : il manque « {missing[0]} ».")
    if unknown := sorted(entry.keys() - types.keys()):
        raise ReferenceInvalide(f"{named} : la clé « {unknown[0]} » n’existe pas ; retirez-la.")
    for key, value in entry.items():
        if not types[key](value):
            raise ReferenceInvalide(f"{named} : « {key} » est mal écrit. Voir data/README.md.")


def _is_link(value: object) -> bool:
    return isinstance(value, str) and value.startswith(("https://", "http://"))


def _is_safe_link(value: object) -> bool:
    return isinstance(value, str) and value.startswith("https://")


def _is_day(value: object) -> bool:
    return type(value) is date  # TOML also has date-times


def _is_positive(value: object) -> bool:
    return isinstance(value, int | float) and not isinstance(value, bool) and value > 0


_ORGANISME_TYPES: Mapping[str, Callable[[object], bool]] = {
    **dict.fromkeys(("id", "nom", "commune"), is_text),
    **dict.fromkeys(("zone", "reseaux_porteurs", "modes_accueil"), is_texts),
    "site_web": _is_link,
    **dict.fromkeys(("national", "plusieurs_guichets"), lambda value: value is True),
}
_DISPOSITIF_TYPES: Mapping[str, Callable[[object], bool]] = {
    **dict.fromkeys(("id", "source_nom", *_TREES, *_COPIED), is_text),
    **dict.fromkeys(("organismes", "thematiques", "publics", "modes_accueil"), is_texts),
    **dict.fromkeys(("modes_mobilisation", "mobilisable_par", "zone", "a_apporter"), is_texts),
    **dict.fromkeys(("volume_horaire_hebdomadaire", "nombre_semaines"), _is_positive),
    **dict.fromkeys(("source_lue", "lien_mobilisation"), _is_link),
    "source": _is_safe_link,
    "date": _is_day,
    "apporte": lambda value: isinstance(value, list),
}
