"""Digests of passwords, by Argon2id.

Its parameters are the library's own: the second choice of RFC 9106 (section 4), for a machine whose
memory is shared: 64 MiB, three passes, four lanes. OWASP asks for 19 MiB and two passes at least.
"""

import secrets
from functools import cached_property

from argon2 import PasswordHasher
from argon2.exceptions import InvalidHashError, VerificationError
from argon2.profiles import RFC_9106_LOW_MEMORY

from app.domain.mots_de_passe import Secret


class ArgonHachoir:
    """Implements `app.domain.mots_de_passe.Hachoir`; threads may share it."""

    def __init__(self) -> None:
        self._hasher = PasswordHasher.from_parameters(RFC_9106_LOW_MEMORY)

    @cached_property
    def leurre(self) -> Secret:
        """The digest of a password that nobody knows."""
        return self.hash(secrets.token_urlsafe())

    def hash(self, mot_de_passe: str) -> Secret:
        """Returns a new digest."""
        return Secret(self._hasher.hash(mot_de_passe))

    def verify(self, secret: Secret, mot_de_passe: str) -> bool:
        """Tells whether a digest is that of a password; what is no digest is none of any."""
        try:
            return self._hasher.verify(secret, mot_de_passe)
        except (VerificationError, InvalidHashError):
            return False

    def is_stale(self, secret: Secret) -> bool:
        """Tells whether a digest was made with other parameters."""
        return self._hasher.check_needs_rehash(secret)
