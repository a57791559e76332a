"""What the site says of itself: how it ranks, and how accessible it is."""

from datetime import date

from flask import current_app, render_template
from flask.typing import ResponseReturnValue

from app.domain.poids import Poids
from app.web.current import current_catalogue
from app.web.public.classement import ranking_page
from app.web.public.classement_exemple import example
from app.web.public.search_form import SearchForm
from app.web.public.typographie import date_fr

# When the declaration was last compared with what the tests check; it holds three years at most.
DECLARED_ON = date(2026, 11, 26)
CONTACT = "CONTACT_EMAIL"  # the key of the setting, as the application keeps it


def ranking() -> ResponseReturnValue:
    """Why an offer comes before another, and how to say that it should not."""
    catalogue = current_catalogue()
    return render_template(
        "public/classement.html",
        page=ranking_page(catalogue.territoires, Poids()),
        offers=example(catalogue.clock.today(), Poids()),
        contact=current_app.config[CONTACT],
        form=SearchForm(),
    )


def accessibility() -> ResponseReturnValue:
    """What was checked, what was not, whom to tell, and where to complain."""
    return render_template(
        "public/accessibilite.html",
        declared_on=date_fr(DECLARED_ON),
        contact=current_app.config[CONTACT],
        form=SearchForm(),
    )
