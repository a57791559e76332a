"""The keys of one's own software: made, shown once, revoked."""

from datetime import timedelta

from flask import redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue

from app.clock import PARIS
from app.domain.cles import MAX_CLES, MAX_NOM_CLE, VALIDITES_JOURS, Cle, CleListee, TropDeCles
from app.web.auth.session import current_acteur, current_espace
from app.web.espace.fiche_form import Faute
from app.web.espace.reglages import Fautes
from app.web.public.search_form import SearchForm
from app.web.public.typographie import date_fr, typo

NO_NAME = "Donnez un nom à cette clé, par exemple celui du logiciel : il la fera reconnaître."
NO_END = "Choisissez une durée de la liste."
LIBELLES = {"nom": "Nom de la clé", "jours": "Durée"}
TOO_MANY = f"Vous avez déjà {MAX_CLES} clés : révoquez-en une, puis recommencez."


def cles() -> ResponseReturnValue:
    """One's keys, and the form that makes one."""
    return _shown()


def creer() -> ResponseReturnValue:
    """Makes a key and shows it: reading the page again does not."""
    typed = " ".join(request.form.get("nom", "").split())
    nom = "".join(char for char in typed if char.isprintable())[:MAX_NOM_CLE]
    jours = request.form.get("jours", "")
    if not nom:
        return _shown(fault=NO_NAME, champ="nom", jours=jours), 400
    if jours not in map(str, VALIDITES_JOURS):
        return _shown(fault=NO_END, champ="jours", nom=nom), 400
    try:
        cle, made = current_espace().cles.make(current_acteur(), nom, timedelta(days=int(jours)))
    except TropDeCles:
        return _shown(refus=TOO_MANY, nom=nom, jours=jours), 409
    return _shown(cle=cle, made=made)


def revoquer(numero: int) -> ResponseReturnValue:
    """Ends a key at once."""
    current_espace().cles.revoke(current_acteur(), numero)
    return redirect(url_for("espace.cles", revoquee=1), 303)


def _shown(
    *,
    cle: Cle | None = None,
    made: CleListee | None = None,
    fault: str = "",
    champ: str = "",
    refus: str = "",
    nom: str = "",
    jours: str = "",
) -> str:
    service = current_espace().cles
    return render_template(
        "espace/cles.html",
        cle=cle,
        made=made,
        fautes=Fautes(
            fautes=[Faute(champ=champ, libelle=LIBELLES[champ], ancre=champ, message=typo(fault))]
            if fault
            else ()
        ),
        fault=fault,
        refus=refus,
        champ=champ,
        nom=nom,
        jours=jours or str(VALIDITES_JOURS[-1]),
        validites=[(str(jours), f"{jours} jours") for jours in VALIDITES_JOURS],
        cles=service.of(current_acteur()),
        is_over=service.is_over,
        day=lambda instant: date_fr(instant.astimezone(PARIS).date()),
        date_fr=date_fr,
        is_revoked="revoquee" in request.args,
        max_nom=MAX_NOM_CLE,
        form=SearchForm(),
    )
