"""The pages of both questionnaires. Everything about a person comes in a body and leaves in one."""

from dataclasses import replace

from flask import make_response, render_template, request
from flask.typing import ResponseReturnValue
from werkzeug.datastructures import MultiDict

from app.domain.errors import EngineUnavailable
from app.web.current import current_catalogue
from app.web.match.answers import MAX_SELECTION, Fault, Received, clean, receive
from app.web.match.cards import CardMaker
from app.web.match.flows import Flow
from app.web.match.proposal import proposal_of
from app.web.match.reading import Reading, read_answers
from app.web.match.screens import screen_of, screen_with
from app.web.match.solutions import SolutionsMaker, one_offre
from app.web.public.documents import read_document
from app.web.public.fiche import fiche_of
from app.web.public.search_form import SearchForm
from app.web.public.sheets import reference_of

RETRY_AFTER_S = "30"  # an index is rebuilt, or a search server restarted, in less
WITHDRAWN = Fault(champ="", nom="Offre", message="Cette offre n’est plus publiée.")


def questions(flow: Flow) -> ResponseReturnValue:
    """One screen of questions: the first, or the one asked for with the answers so far."""
    reading = _reading()
    first = flow.screens(current_catalogue()).ecrans[0].cle
    if reading.faults:
        return _mend(flow, reading)
    return _screen(flow, reading, request.form.get("aller", first), 200)


def solutions(flow: Flow) -> ResponseReturnValue:
    """The solutions; without answers in the body, the first questions again."""
    if request.method != "POST":
        return _screen(flow, _reading(), "", 200)
    reading = _reading()
    return _mend(flow, reading) if reading.stops else _solutions(flow, reading)


def offre(flow: Flow) -> ResponseReturnValue:
    """The sheet of an offer with its explanation for this person."""
    if request.method != "POST":
        return _screen(flow, _reading(), "", 200)
    reading = _reading()
    if reading.stops:
        return _mend(flow, reading)
    catalogue = current_catalogue()
    ident = clean(request.form.get("offre", ""))
    try:
        found = one_offre(flow, catalogue, reading, ident)
    except EngineUnavailable:
        return _unavailable(flow, reading, "solutions")
    if not found.solutions:
        return _solutions(flow, replace(reading, faults=[*reading.faults, WITHDRAWN]), 404)
    (solution,) = found.solutions
    maker = CardMaker(flow, catalogue, reading.answers, found.solutions)
    card = maker.card(solution)
    return render_template(
        "match/offre.html",
        flow=flow,
        fiche=fiche_of(read_document(solution.listed.document), reference_of(catalogue)),
        item=card,
        who=card.who,
        hidden_fields=[
            *reading.answers.hidden((), (ident,)),
            ("page", str(reading.answers.page)),
            ("offre", ident),
        ],
        form=SearchForm(),
    )


def proposition(flow: Flow) -> ResponseReturnValue:
    """The chosen offers on paper; nothing else of the form is read, nor written."""
    catalogue = current_catalogue()
    ids = list(dict.fromkeys(map(clean, request.form.getlist("selection"))))[:MAX_SELECTION]
    proposal = proposal_of(catalogue, reference_of(catalogue), ids)
    return render_template(
        "match/proposition.html", flow=flow, proposal=proposal, form=SearchForm()
    )


def effacer(flow: Flow) -> ResponseReturnValue:
    """Says that nothing is left, and asks the browser to forget the pages that it keeps."""
    response = make_response(render_template("match/efface.html", flow=flow, form=SearchForm()))
    response.headers["Clear-Site-Data"] = '"cache"'
    return response


def _reading() -> Reading:
    catalogue = current_catalogue()
    form: MultiDict[str, str] = request.form if request.method == "POST" else MultiDict()
    received: Received = receive(form, catalogue.vocabulaire)
    return read_answers(received, catalogue)


def _mend(flow: Flow, reading: Reading) -> ResponseReturnValue:
    questionnaire = flow.screens(current_catalogue())
    asked = request.form.get("etape", "")
    return _screen(flow, reading, screen_with(questionnaire, reading.faults, asked), 400)


def _screen(flow: Flow, reading: Reading, cle: str, status: int) -> ResponseReturnValue:
    screen = screen_of(flow, current_catalogue(), reading, cle)
    body = render_template("match/questions.html", flow=flow, screen=screen, form=SearchForm())
    return body, status


def _solutions(flow: Flow, reading: Reading, status: int = 400) -> ResponseReturnValue:
    try:
        opened = clean(request.form.get("offre", ""))
        page = SolutionsMaker(flow, current_catalogue(), reading, opened).page()
    except EngineUnavailable:
        return _unavailable(flow, reading, "solutions")
    body = render_template("match/solutions.html", flow=flow, page=page, form=SearchForm())
    return body, status if reading.faults else 200


def _unavailable(flow: Flow, reading: Reading, step: str) -> ResponseReturnValue:
    body = render_template(
        "match/unavailable.html",
        flow=flow,
        step=step,
        hidden_fields=reading.answers.hidden(()),
        form=SearchForm(),
    )
    return body, 503, {"Retry-After": RETRY_AFTER_S}
