"""The coordinator's board of campaigns: who has answered, whom to call, figures through time."""

from collections import Counter
from collections.abc import Sequence
from datetime import timedelta

from flask import redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from werkzeug.datastructures import MultiDict

from app.domain.campagnes import Etat, Resultat, part_confirmee, reponses
from app.domain.campagnes_regles import MAX_MESSAGE, MAX_NOM, CampagneInvalide
from app.domain.errors import Probleme
from app.domain.francais import date_fr
from app.domain.noms import name_key
from app.services.campagnes import Suivi
from app.web.auth.session import current_acteur, current_espace
from app.web.espace.campagne_form import LIBELLES, in_words, read_campagne, suggested
from app.web.espace.nombres import asked_page
from app.web.public.search_form import SearchForm

ETATS = {
    Etat.A_FAIRE: "À faire",
    Etat.FAIT: "Fait",
    Etat.INCOMPLET: "Réponse incomplète à la fin",
    Etat.JAMAIS_REPONDU: "Sans réponse à la fin",
    Etat.SANS_COURRIEL: "Sans courriel",
    Etat.COURRIEL_EN_ECHEC: "Courriel en échec",
}
RESULTATS = {
    Resultat.CONFIRME: "Tout est juste : confirmer toutes les fiches",
    Resultat.A_RAPPELER: "À rappeler",
    Resultat.INJOIGNABLE: "Injoignable",
}
ARRETEE = (
    "La campagne est arrêtée : plus aucun message ne part. Les réponses et les appels déjà notés "
    "restent ici."
)
PER_PAGE = 50  # structures: a day of calls
WEEKS_SHOWN = timedelta(weeks=12)  # before a campaign: a quarter, to see where it started from


def campagnes() -> ResponseReturnValue:
    """The campaigns, and the form of a new one."""
    return _board(suggested(current_espace().clock.today()))


def creer_campagne() -> ResponseReturnValue:
    """Opens a campaign, or shows again what was typed with what to correct."""
    espace, acteur = current_espace(), current_acteur()
    service, vocabulaire = espace.campagnes, espace.catalogue.vocabulaire
    try:
        asked = read_campagne(request.form, service.zones(acteur), vocabulaire)
        numero = service.create(acteur, asked)
    except CampagneInvalide as refused:
        return _board(request.form, refused.problemes), 422
    return redirect(url_for("espace.campagne", numero=numero), 303)


def arreter_campagne(numero: int) -> ResponseReturnValue:
    """Ends a campaign now; twice is once."""
    current_espace().campagnes.end(current_acteur(), numero)
    return redirect(url_for("espace.campagne", numero=numero, note="arret"), 303)


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
    end = min(today, found.dernier_jour)
    reseaux = sorted({name for suivi in suivis for name in suivi.participante.reseaux})
    return render_template(
        "espace/campagne.html",
        campagne=found,
        is_over=found.is_finie(today),
        notice=ARRETEE if "note" in request.args else "",
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


def _board(typed: MultiDict[str, str], problemes: Sequence[Probleme] = ()) -> str:
    """Returns the campaigns and the form, with what to correct."""
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
        fautes=in_words(problemes),
        max_nom=MAX_NOM,
        max_message=MAX_MESSAGE,
        date_fr=date_fr,
        form=SearchForm(),
    )


def _is_chosen(suivi: Suivi, chosen: dict[str, str]) -> bool:
    one = suivi.participante
    return (
        chosen["etat"] in ("", suivi.etat)
        and name_key(chosen["nom"]) in name_key(one.nom)
        and (not chosen["reseau"] or chosen["reseau"] in one.reseaux)
        and (not chosen["bassin"] or current_espace().campagnes.stands_in(suivi, chosen["bassin"]))
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
