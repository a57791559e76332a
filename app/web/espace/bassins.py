"""A territory's name, its places, whom the public may ask, and the communes of its basins."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace

from flask import render_template, request
from flask.typing import ResponseReturnValue
from marshmallow import ValidationError

from app.domain.errors import Probleme
from app.domain.reglages import (
    BASSINS,
    LIEUX,
    MAX_NOM,
    MAX_NOTE,
    Nature,
    ReglageInvalide,
    Valeurs,
    read_territoire,
)
from app.domain.territoire import Bassin, Contact, Territoire, Zone
from app.services.territoires import Attaches
from app.web.auth.session import current_acteur, current_espace
from app.web.espace.lecteur import current_lecteur
from app.web.espace.lieux_saisie import LieuxSaisis
from app.web.espace.reglages import (
    MODIFIED,
    Fautes,
    fautes_of,
    history_of,
    is_outdated,
    is_settled,
    notice,
    saved,
)
from app.web.espace.territoires import (
    LIBELLES_TERRITOIRE,
    MESSAGES_TERRITOIRE,
    attaches_in_words,
    attaches_of,
    lines,
    may_place,
)
from app.web.public.search_form import SearchForm
from schemas.contact import read_contact

NOUVEAU = "nouveau"  # begins the names of the fields of one more basin
CONTACT = ("nom", "telephone", "courriel", "lien")
LIBELLES_CONTACT = {
    "contact.nom": "Service à contacter",
    "contact.telephone": "Téléphone",
    "contact.courriel": "Courriel",
    "contact.lien": "Page web",
}
AIDES_CONTACT = {
    "contact.nom": (
        "Le nom d’un service, jamais celui d’une personne. Vide : aucun contact n’est montré."
    ),
    "contact.telephone": "Par exemple 04 90 00 00 00.",
    "contact.courriel": "Une adresse de service.",
    "contact.lien": "Une adresse qui commence par https://.",
}
MESSAGES = MESSAGES_TERRITOIRE | {
    "dehors": "« {lieu} » n’est pas dans le territoire : retirez cette ligne.",
    "bassins-dehors": (
        "{bassins} : une partie serait hors du territoire. Ajoutez ici ce qui manque, ou "
        "retirez-le de ces bassins."
    ),
    "doublon": "Un autre bassin s’appelle déjà « {nom} » : donnez-leur des noms différents.",
    "partage": (
        "{lieux}{autres} : déjà dans le bassin « {bassin} ». Une commune va dans un seul bassin."
    ),
    "contact": "{raison}",
}


@dataclass(frozen=True, slots=True, kw_only=True)
class BassinSaisi:
    """A basin as it is typed; `ancre` begins the names of its fields."""

    ancre: str
    slug: str = ""
    nom: str = ""
    lieux: str = ""
    communes: int = 0
    concernes: str = ""
    """Who loses something when the basin is removed, in words."""
    is_retire: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class Saisie:
    """What is typed. The places are an administrator's to type; others read them."""

    nom: str
    lieux: str
    note: str
    contact: Mapping[str, str]
    bassins: Sequence[BassinSaisi]
    nouveau: BassinSaisi = BassinSaisi(ancre=NOUVEAU)
    """One more, which nothing typed leaves out."""


def montrer(territoire: str) -> ResponseReturnValue:
    """The territory as it is set."""
    found = current_espace().reglages.read(current_acteur(), territoire)
    return _shown(found, _saisie_of(found), said=notice())


def regler(territoire: str) -> ResponseReturnValue:
    """Puts what is typed in force, or tells what is wrong with it."""
    service = current_espace().reglages
    found = service.read(current_acteur(), territoire)
    livre, saisie = service.livre(territoire), _typed(found)
    if is_outdated(territoire, Nature.TERRITOIRE):  # what is typed is of other basins
        return _shown(found, saisie, said=MODIFIED), 409
    slug = service.slug_of(territoire, saisie.nouveau.nom)
    valeurs, problemes = _valeurs(saisie, livre, slug)
    try:
        service.check(territoire, valeurs)
    except ReglageInvalide as invalid:
        is_placed = saisie.lieux != _saisie_of(found).lieux  # else the fault is a basin's alone
        told = [p for p in invalid.problemes if is_placed or p.chemin != LIEUX]
        problemes = [*_named(told, slug), *problemes]
    if problemes:
        fautes = fautes_of(problemes, _libelles(found), MESSAGES)
        return _shown(found, saisie, Fautes(fautes=fautes)), 400
    if (done := saved(territoire, Nature.TERRITOIRE, valeurs)) is not None:
        return done
    return _shown(service.read(current_acteur(), territoire), saisie, said=MODIFIED), 409


def _shown(found: Territoire, saisie: Saisie, fautes: Fautes | None = None, said: str = "") -> str:
    return render_template(
        "espace/bassins.html",
        territoire=found,
        saisie=saisie,
        may_place=may_place(),
        attaches=attaches_of(found),
        libelles_contact=LIBELLES_CONTACT,
        aides_contact=AIDES_CONTACT,
        max_nom=MAX_NOM,
        max_note=MAX_NOTE,
        fautes=fautes or Fautes(),
        notice=said,
        oubliees=_left_out(found),
        historique=history_of(
            found.slug,
            Nature.TERRITOIRE,
            lambda values: _said(current_espace().reglages.livre(found.slug), values),
            is_settled=is_settled(said),
        ),
        form=SearchForm(),
    )


def _typed(found: Territoire) -> Saisie:
    form = request.form
    known = _saisie_of(found)
    return Saisie(
        lieux=lines(form.get(LIEUX, known.lieux)) if may_place() else known.lieux,
        nom=" ".join(form.get("nom", "").split()),
        note=lines(form.get("note", "")),
        contact={name: form.get(f"contact.{name}", "").strip() for name in CONTACT},
        bassins=[_bassin_typed(bassin) for bassin in known.bassins],
        nouveau=_bassin_typed(BassinSaisi(ancre=NOUVEAU)),
    )


def _bassin_typed(known: BassinSaisi) -> BassinSaisi:
    """Returns what is typed of a basin; one that the form does not have stays as it is."""
    form, ancre = request.form, known.ancre
    return replace(
        known,
        nom=" ".join(form.get(f"{ancre}.nom", known.nom).split()),
        lieux=form.get(f"{ancre}.lieux", known.lieux),
        is_retire=f"{ancre}.retirer" in form,
    )


def _saisie_of(found: Territoire) -> Saisie:
    contact = found.contact or Contact(nom="")
    attaches = current_espace().territoires.attaches_by_slug()
    return Saisie(
        nom=found.nom,
        lieux=_noms().text(found.zone),
        note=found.note or "",
        contact={name: getattr(contact, name) or "" for name in CONTACT},
        bassins=[
            BassinSaisi(
                ancre=f"{BASSINS}.{bassin.slug}",
                slug=bassin.slug,
                nom=bassin.nom,
                lieux=_noms().text(_refs(bassin, found)),
                communes=_count(bassin.zone),
                concernes=attaches_in_words(attaches.get(bassin.slug, Attaches())),
            )
            for bassin in found.bassins
        ],
    )


def _valeurs(saisie: Saisie, livre: Territoire, slug: str) -> tuple[Valeurs, list[Probleme]]:
    """Returns what is typed; `slug` is that of one more basin."""
    problemes: list[Probleme] = []
    # What was removed stays so, until an older version comes back.
    bassins: dict[str, object] = {bassin.slug: None for bassin in livre.bassins}
    bassins |= {bassin.slug: _said_of(bassin) for bassin in saisie.bassins if not bassin.is_retire}
    if saisie.nouveau.nom or saisie.nouveau.lieux.strip():
        bassins[slug] = _said_of(saisie.nouveau)
    valeurs: dict[str, object] = {
        "nom": saisie.nom,
        "note": saisie.note,
        BASSINS: bassins,
    }
    lieux = _noms().refs(saisie.lieux)
    if set(lieux) != set(livre.zone):  # what is not set follows what is shipped
        valeurs[LIEUX] = lieux
    if any(saisie.contact.values()):
        try:
            valeurs["contact"] = read_contact(saisie.contact)
        except ValidationError as error:
            problemes += [
                Probleme(
                    chemin=f"contact.{name}", motif="contact", details={"raison": str(said[0])}
                )
                for name, said in error.messages_dict.items()
            ]
    return valeurs, problemes


def _said_of(bassin: BassinSaisi) -> Mapping[str, object]:
    return {"nom": bassin.nom, "lieux": _noms().refs(bassin.lieux)}


def _named(problemes: Sequence[Probleme], slug: str) -> Sequence[Probleme]:
    """Returns faults whose places are said by their names; those of `slug` are the new one's."""
    return [
        Probleme(
            chemin=_anchor(p.chemin, slug),
            motif=p.motif,
            details={name: _detail(name, said) for name, said in p.details.items()},
        )
        for p in problemes
    ]


def _anchor(chemin: str, slug: str) -> str:
    nouveau = f"{BASSINS}.{slug}."
    return f"{NOUVEAU}.{chemin.removeprefix(nouveau)}" if chemin.startswith(nouveau) else chemin


def _detail(name: str, said: str) -> str:
    if name == "lieu":
        return _noms().label(said)
    if name == "autres":
        return f" et {said} autre{'s' if int(said) > 1 else ''}" if int(said) else ""
    return said


def _libelles(found: Territoire) -> Mapping[str, str]:
    said = LIBELLES_TERRITOIRE | {"note": "Avertissement", **LIBELLES_CONTACT}
    said |= {f"{NOUVEAU}.nom": "Nom du nouveau bassin", f"{NOUVEAU}.lieux": "Ses communes"}
    for bassin in found.bassins:
        said[f"{BASSINS}.{bassin.slug}.nom"] = f"Nom du bassin {bassin.nom}"
        said[f"{BASSINS}.{bassin.slug}.lieux"] = f"Communes du bassin {bassin.nom}"
    return said


def _said(livre: Territoire, valeurs: Valeurs) -> Mapping[str, str]:
    """Says a version in words; one that is no longer understood says what was shipped."""
    try:
        territoire = read_territoire(valeurs, livre, current_espace().catalogue.geographie)
    except ReglageInvalide:
        territoire = livre
    saisie = _saisie_of(territoire)
    lieux = saisie.lieux.replace("\n", " ; ")
    words = {"Nom": saisie.nom, LIBELLES_TERRITOIRE[LIEUX]: lieux, "Avertissement": saisie.note}
    words |= {LIBELLES_CONTACT[f"contact.{name}"]: said for name, said in saisie.contact.items()}
    known = {bassin.slug: bassin.nom for bassin in (*territoire.bassins, *livre.bassins)}
    for bassin in saisie.bassins:
        words[f"Nom du bassin {known[bassin.slug]}"] = bassin.nom
        words[f"Communes du bassin {known[bassin.slug]}"] = bassin.lieux.replace("\n", " ; ")
    return words


def _refs(bassin: Bassin, territoire: Territoire) -> Sequence[str]:
    """Returns the places of a basin: whole intercommunalités first, then single communes."""
    geographie = current_espace().catalogue.geographie
    inside = geographie.union(territoire.zone)
    places = geographie.places_of(bassin.zone)
    whole: dict[str, str] = {}
    for epci in sorted({place.epci for place in places if place.epci}):
        ref = f"epci:{epci}"
        members = geographie.zone(ref) & inside
        if members & bassin.zone == members and _count(members) > 1:
            whole[epci] = ref
    alone = [place for place in places if place.epci not in whole]
    return [*whole.values(), *(p.code for p in sorted(alone, key=lambda p: p.nom))]


def _left_out(found: Territoire) -> Sequence[str]:
    """Returns the communes of a territory that no basin has."""
    geographie = current_espace().catalogue.geographie
    taken = Zone(0)
    for bassin in found.bassins:
        taken |= bassin.zone
    places = geographie.places_of(geographie.union(found.zone))
    return [p.nom for p in places if (geographie.zone(p.code) & taken).is_empty]


def _count(zone: Zone) -> int:
    return zone.masque.bit_count()


def _noms() -> LieuxSaisis:
    return current_lecteur().noms
