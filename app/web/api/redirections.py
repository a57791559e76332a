"""Where a listing is read that was merged with another."""

from flask import Response, url_for

from app.domain.errors import OffreIntrouvable
from app.domain.publication import OFFRE
from app.web.current import current_catalogue


def to_kept(objet: str, identifiant: str) -> Response:
    """Leads to the listing that is kept; for now, since a merge can be undone.

    Raises `OffreIntrouvable` when it was not merged.
    """
    kept = current_catalogue().repository.kept_instead(objet, identifiant)
    if kept is None:
        raise OffreIntrouvable(identifiant)
    if objet == OFFRE:
        address = url_for("api-offres.read_offre", offre_id=kept)
    else:
        address = url_for("api-structures.read_structure", structure_id=kept)
    return Response(status=302, headers={"Location": address})
