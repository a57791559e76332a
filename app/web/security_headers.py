"""What every response tells the browser to refuse, and what it may keep or share.

Nothing of ours runs inline or comes from elsewhere, so the policy is as narrow as it can be; only a
page that can show a map lets in the images of its background. Pages
and answers say what someone is looking for, and a withdrawn listing (a refuge, for instance) must
vanish at once: nothing is kept by a cache, except lists that are the same for everybody, which the
view itself marks, and static files, whose own validators do.
"""

from collections.abc import Sequence

from flask import Flask, Response, request

from app.web.errors import API_PREFIX

IN_NO_FRAME = "frame-ancestors 'none'"
_IMAGES = "img-src 'self' data:"
CONTENT_SECURITY_POLICY = "; ".join(
    (
        "default-src 'self'",
        _IMAGES,
        "object-src 'none'",
        "base-uri 'none'",
        "form-action 'self'",
        IN_NO_FRAME,
    )
)
HEADERS = {
    "Content-Security-Policy": CONTENT_SECURITY_POLICY,
    "X-Content-Type-Options": "nosniff",
    # Addresses of pages say what someone is looking for: no other site learns them.
    "Referrer-Policy": "no-referrer",
    "Permissions-Policy": "camera=(), microphone=(), payment=(), usb=(), geolocation=(self)",
    "Cross-Origin-Opener-Policy": "same-origin",
}
HSTS = "max-age=31536000; includeSubDomains"
NO_STORE = "no-store"
PUBLIC_HOUR = "public, max-age=3600"  # lists of reference change with a new version of the site


def policy_with_images_of(origin: str) -> str:
    """Returns the policy of a page that may also show images of one other site."""
    return CONTENT_SECURITY_POLICY.replace(_IMAGES, f"{_IMAGES} {origin}")


def install_security_headers(app: Flask, *, production: bool) -> None:
    """Adds the headers to every response, errors included."""

    def add_headers(response: Response) -> Response:
        for name, value in HEADERS.items():
            response.headers.setdefault(name, value)
        if production:  # on plain http at home, it would lock the developer out
            response.headers.setdefault("Strict-Transport-Security", HSTS)
        if "Cache-Control" not in response.headers:
            response.headers["Cache-Control"] = NO_STORE
        if request.path.startswith(API_PREFIX):
            _open_to_all_sites(response)
        return response

    app.after_request(add_headers)


def policy_in_frames_of(sites: Sequence[str]) -> str:
    """Returns the policy of a page that these sites, and ours, may show in a frame."""
    allowed = " ".join(("frame-ancestors 'self'", *sites))
    return CONTENT_SECURITY_POLICY.replace(IN_NO_FRAME, allowed)


def _open_to_all_sites(response: Response) -> None:
    """Lets any page read the open data; nothing else is shared, and no cookie is ever read."""
    # What is read with a key is not open data, and no page of another site has a key to send.
    if request.method in ("GET", "HEAD", "OPTIONS") and "Authorization" not in request.headers:
        response.headers["Access-Control-Allow-Origin"] = "*"
        response.headers["Access-Control-Expose-Headers"] = "Retry-After"
