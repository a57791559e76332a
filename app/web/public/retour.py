"""The way back from a sheet to the very results that it was opened from."""

from urllib.parse import urlsplit

from app.web.public.understanding import Link

LABELS = {"/recherche": "Retour aux résultats", "/ma-liste": "Retour à ma liste"}


def back_to(referrer: str | None, host: str, root: str = "") -> Link | None:
    """Returns the link to a list of ours, None when the visitor comes from anywhere else.

    The address is rebuilt without its host: whatever the browser sends, it cannot lead elsewhere.
    """
    try:
        parts = urlsplit(referrer or "")
    except ValueError:
        return None
    label = LABELS.get(parts.path.removeprefix(root))
    if parts.scheme not in ("http", "https") or parts.netloc != host or label is None:
        return None
    query = f"?{parts.query}" if parts.query else ""
    return Link(label=label, url=f"{parts.path}{query}")
