"""Makes the use cases of signing in by a password or through a provider, for the composition root.

What they need is imported when a site first asks for them: commands and probes do without.
"""

from collections.abc import Callable
from datetime import datetime

from sqlalchemy import Engine

from app.domain.journal import Noter
from app.persistence.identites import SqlIdentiteStore
from app.persistence.mots_de_passe import SqlMotDePasseStore
from app.persistence.sessions import SqlSessionStore
from app.services.identites import IdentiteService
from app.services.mots_de_passe import MotDePasseService
from app.services.sessions import SessionService
from app.settings_auth import ProConnect
from seed import reference

Now = Callable[[], datetime]


def password_service(database: Engine, now: Now) -> MotDePasseService:
    """Returns what is done with passwords."""
    from app.identity.argon import ArgonHachoir

    return MotDePasseService(
        store=SqlMotDePasseStore(database),
        sessions=SqlSessionStore(database),
        hachoir=ArgonHachoir(),
        courants=reference.load_mots_de_passe(),
        now=now,
    )


def identity_service(
    database: Engine, settings: ProConnect | None, now: Now, note: Noter
) -> IdentiteService:
    """Returns what is done with the identities of a provider, if the site has one."""
    fournisseur = None
    if settings is not None:
        # Authlib takes a third of a second to import, which sites without a provider need not pay.
        from app.identity.proconnect import ProConnectFournisseur

        fournisseur = ProConnectFournisseur(settings)
    return IdentiteService(
        store=SqlIdentiteStore(database), fournisseur=fournisseur, now=now, note=note
    )


def session_service(database: Engine, now: Now, note: Noter) -> SessionService:
    """Returns what is done with one's open sessions."""
    return SessionService(store=SqlSessionStore(database), now=now, note=note)
