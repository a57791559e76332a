"""The coordinator's board of campaigns: who has answered, whom to call, figures through time."""

from collections import Counter
from collections.abc import Collection
from datetime import date, timedelta

from flask import redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from marshmallow import ValidationError
from werkzeug.datastructures import MultiDict
from werkzeug.exceptions import BadRequest

from app.domain.campagnes import (
    DUREE_PAR_DEFAUT,
    MAX_MESSAGE,
    MAX_NOM,
    MOIS_PAR_DEFAUT,
    RELANCES_PAR_DEFAUT,
    Campagne,
    CampagneInvalide,
    Etat,
    ModeContact,
    Resultat,
    is_old,
    part_confirmee,
    reponses,
)
from app.domain.edition import ModifieeEntretemps
from app.domain.francais import date_fr
from app.domain.noms import name_key
from app.domain.offre import StructureId
from app.services.campagnes import Suivi
from app.web.auth.session import current_acteur, current_espace
from app.web.espace.fiche_form import Faute
from app.web.espace.nombres import asked_page
from app.web.espace.reglages import Fautes
from app.web.public.search_form import SearchForm
from schemas.connexion import read_courriel

ETATS = {
    Etat.A_FAIRE: "À faire",
    Etat.FAIT: "Fait",
    Etat.JAMAIS_REPONDU: "N’a jamais répondu",
    Etat.SANS_COURRIEL: "Sans courriel",
    Etat.COURRIEL_EN_ECHEC: "Courriel en échec",
}
MODES = {
    ModeContact.COURRIEL: "Par courriel",
    ModeContact.TELEPHONE: "Par téléphone",
    ModeContact.AUCUNE: "Ne pas nous relancer",
}
RESULTATS = {
    Resultat.CONFIRME: "Tout est juste : confirmer toutes les fiches",
    Resultat.A_RAPPELER: "À rappeler",
    Resultat.INJOIGNABLE: "Injoignable",
}
NOTES = {
    "oui": "Le résultat de l’appel est noté.",
    "modifiee": (
        "Une fiche vient d’être modifiée : rien n’est noté. Relisez les fiches avec la structure, "
        "puis notez de nouveau l’appel."
    ),
}
FAUTES = {
    "nom": f"Écrivez un nom de {MAX_NOM} caractères au plus.",
    "perimetre": "Choisissez un territoire ou un bassin de la liste.",
    "debut": "Écrivez une date comme 2026-03-31.",
    "fin": "Écrivez une date comme 2026-03-31, après le début et moins d’un an plus tard.",
    "relances": "Écrivez cinq nombres de jours au plus, du plus petit au plus grand : 10, 20.",
    "mois": "Écrivez un nombre de mois, de 1 à 60, ou rien pour toutes les structures.",
    "message": f"Écrivez {MAX_MESSAGE} caractères au plus.",
}
LIBELLES = {
    "nom": "Nom",
    "perimetre": "Territoire ou bassin",
    "debut": "Début",
    "fin": "Fin",
    "relances": "Relances",
    "mois": "Fiches sans nouvelles depuis (mois)",
    "message": "Mot aux structures",
}
PER_PAGE = 50  # structures: a day of calls
WEEKS_SHOWN = timedelta(weeks=12)  # before a campaign: a quarter, to see where it started from


def campagnes() -> ResponseReturnValue:
    """The campaigns, and the form of a new one."""
    today = current_espace().clock.today()
    typed = {
        "debut": today.isoformat(),
        "fin": (today + DUREE_PAR_DEFAUT).isoformat(),
        "relances": ", ".join(map(str, RELANCES_PAR_DEFAUT)),
        "mois": str(MOIS_PAR_DEFAUT),
    }
    return _board(MultiDict(typed))


def creer_campagne() -> ResponseReturnValue:
    """Opens a campaign, or shows again what was typed with what to correct."""
    service = current_espace().campagnes
    perimetre = request.form.get("perimetre", "")
    try:
        campagne = _read(request.form)
    except CampagneInvalide as refused:
        champs = refused.champs
    else:
        if perimetre in service.zones(current_acteur()):
            numero = service.create(current_acteur(), campagne)
            return redirect(url_for("espace.campagne", numero=numero), 303)
        champs = ("perimetre",)
    return _board(request.form, champs), 422


def campagne(numero: int) -> ResponseReturnValue:
    """One campaign: its figures, and each structure with what is still to do."""
    espace = current_espace()
    found, suivis = espace.campagnes.read(current_acteur(), numero)
    today = espace.clock.today()
    chosen = {name: request.args.get(name, "") for name in ("nom", "etat", "reseau", "bassin")}
    kept = [suivi for suivi in suivis if _is_chosen(suivi, chosen)]
    asked = [suivi.participante for suivi in kept]
    last = max(1, -(-len(kept) // PER_PAGE))
    page = asked_page(last)
    end = min(today, found.fin)
    reseaux = sorted({name for suivi in suivis for name in suivi.participante.reseaux})
    return render_template(
        "espace/campagne.html",
        campagne=found,
        suivis=kept[(page - 1) * PER_PAGE : page * PER_PAGE],
        count=len(kept),
        page=page,
        last=last,
        comptes=Counter(suivi.etat for suivi in kept),
        etats=ETATS,
        resultats=RESULTATS,
        reseaux=[(name, _reseau(name)) for name in reseaux],
        bassins=_places(),
        chosen=chosen,
        fraiches=part_confirmee(asked, min(found.debut, end) - WEEKS_SHOWN, end),
        reponses=reponses(found, asked, today) if today >= found.debut else [],
        date_fr=date_fr,
        form=SearchForm(),
    )


def appel(numero: int, identifiant: str) -> ResponseReturnValue:
    """The sheet of a call: whom, about which listings, and what came of it."""
    espace = current_espace()
    found, suivi = espace.campagnes.suivi(current_acteur(), numero, StructureId(identifiant))
    one, today = suivi.participante, espace.clock.today()
    return render_template(
        "espace/appel.html",
        campagne=found,
        suivi=suivi,
        vieilles={f.ref.id for f in one.fiches if is_old(f.a_jour_le, today, MOIS_PAR_DEFAUT)},
        etats=ETATS,
        modes=MODES,
        resultats=RESULTATS,
        date_fr=date_fr,
        notice=NOTES.get(request.args.get("note", ""), ""),
        form=SearchForm(),
    )


def noter_appel(numero: int, identifiant: str) -> ResponseReturnValue:
    """Keeps what came of a call."""
    chosen = request.form.get("resultat", "")
    if chosen not in set(Resultat):
        raise BadRequest
    ident = StructureId(identifiant)
    try:
        current_espace().campagnes.note_call(
            current_acteur(), numero, ident, Resultat(chosen), request.form.get("vue", "")
        )
        said = "oui"
    except ModifieeEntretemps:
        said = "modifiee"
    address = url_for("espace.appel", numero=numero, identifiant=identifiant, note=said)
    return redirect(address, 303)


def rappels(identifiant: str) -> ResponseReturnValue:
    """How a structure wants to be asked."""
    contact = current_espace().campagnes.contact(current_acteur(), StructureId(identifiant))
    return _contact_page(identifiant, contact.mode, contact.courriel or "", "")


def regler_rappels(identifiant: str) -> ResponseReturnValue:
    """Changes how a structure wants to be asked, or says what to correct."""
    mode, typed = request.form.get("mode", ""), request.form.get("courriel", "").strip()
    if mode not in set(ModeContact):
        raise BadRequest
    try:
        courriel = read_courriel(typed) if typed else None
    except ValidationError as refused:
        fault = str(refused.messages[0])
        return _contact_page(identifiant, ModeContact(mode), typed, fault), 422
    current_espace().campagnes.set_contact(
        current_acteur(), StructureId(identifiant), ModeContact(mode), courriel
    )
    return redirect(url_for("espace.rappels", identifiant=identifiant, note="oui"), 303)


def _contact_page(identifiant: str, mode: ModeContact, courriel: str, fault: str) -> str:
    return render_template(
        "espace/rappels.html",
        identifiant=identifiant,
        mode=mode,
        modes=MODES,
        typed=courriel,
        fault=fault,
        is_noted="note" in request.args,
        form=SearchForm(),
    )


def _board(typed: MultiDict[str, str], champs: Collection[str] = ()) -> str:
    """Returns the campaigns and the form; `champs` are the fields to correct."""
    espace, acteur = current_espace(), current_acteur()
    mine = espace.campagnes.zones(acteur)
    return render_template(
        "espace/campagnes.html",
        campagnes=espace.campagnes.all(acteur),
        places=[(slug, nom) for slug, nom in _places(territories=True) if slug in mine],
        reseaux=_terms("reseaux-porteurs"),
        thematiques=_terms("thematiques"),
        typed=typed,
        libelles=LIBELLES,
        fautes=Fautes(
            fautes=[
                Faute(champ=name, libelle=LIBELLES[name], ancre=name, message=message)
                for name, message in FAUTES.items()
                if name in champs
            ]
        ),
        max_nom=MAX_NOM,
        max_message=MAX_MESSAGE,
        date_fr=date_fr,
        form=SearchForm(),
    )


def _read(form: MultiDict[str, str]) -> Campagne:
    """Returns the campaign of a form. Raises `CampagneInvalide`."""
    text = {name: form.get(name, "").strip() for name in FAUTES}
    faults = []
    dates = {}
    for name in ("debut", "fin"):
        try:
            dates[name] = date.fromisoformat(text[name])
        except ValueError:
            faults.append(name)
    numbers = {}
    for name in ("relances", "mois"):
        words = [word.strip() for word in text[name].split(",") if word.strip()]
        if not all(word.isdecimal() and len(word) <= 3 for word in words):
            faults.append(name)
        numbers[name] = tuple(int(word) for word in words if word.isdecimal())
    if len(numbers["mois"]) > 1:
        faults.append("mois")
    if faults:
        raise CampagneInvalide(faults)
    return Campagne(
        nom=text["nom"],
        perimetre=text["perimetre"],
        debut=dates["debut"],
        fin=dates["fin"],
        reseaux=tuple(form.getlist("reseaux")),
        thematiques=tuple(form.getlist("thematiques")),
        relances=numbers["relances"],
        message=text["message"],
        mois=next(iter(numbers["mois"]), None),
    )


def _is_chosen(suivi: Suivi, chosen: dict[str, str]) -> bool:
    one = suivi.participante
    return (
        chosen["etat"] in ("", suivi.etat)
        and name_key(chosen["nom"]) in name_key(one.nom)
        and (not chosen["reseau"] or chosen["reseau"] in one.reseaux)
        and (not chosen["bassin"] or current_espace().campagnes.stands_in(one, chosen["bassin"]))
    )


def _places(*, territories: bool = False) -> list[tuple[str, str]]:
    found = current_espace().catalogue.territoires
    basins = [(bassin.slug, bassin.nom) for place in found for bassin in place.bassins]
    return [*((place.slug, place.nom) for place in found if territories), *basins]


def _terms(referentiel: str) -> list[tuple[str, str]]:
    vocabulaire = current_espace().catalogue.vocabulaire
    names = vocabulaire.referentiels[referentiel]
    terms = [(name, vocabulaire.libelle(referentiel, name)) for name in names]
    return sorted(terms, key=lambda pair: pair[1])


def _reseau(name: str) -> str:
    return current_espace().catalogue.vocabulaire.libelle("reseaux-porteurs", name)
