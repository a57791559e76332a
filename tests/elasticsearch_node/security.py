"""What a cluster with security has: encrypted connections, users with passwords, roles.

The users are those of the file realm: three files beside the settings of each node, read at start.
The API for users, roles and keys has no use here: its index needs an analysis module that the
minimal distribution lacks.
"""

import base64
import hashlib
import json
import secrets
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path

from tests.elasticsearch_node.certificates import AUTHORITY, NODE, NODE_KEY

ADMINISTRATOR = "administratrice"
SUPERUSER = "superuser"  # the role of Elasticsearch that may do anything
ITERATIONS = 10_000  # the least that Elasticsearch reads: these passwords live for minutes
# Without its index, a node would try again and again to write its own roles there.
JVM_OPTIONS = "-Des.queryable_built_in_roles_enabled=false"
Role = Mapping[str, object]


def random_password() -> str:
    """Returns a password that no other cluster has."""
    return secrets.token_urlsafe(12)


@dataclass(frozen=True, slots=True, kw_only=True)
class User:
    """Someone whom the cluster knows, and the names of their roles."""

    name: str
    roles: Sequence[str]
    password: str = field(default_factory=random_password, repr=False)

    @property
    def credentials(self) -> tuple[str, str]:
        """What `basic_auth` of the official client takes."""
        return self.name, self.password


@dataclass(frozen=True, slots=True, kw_only=True)
class Security:
    """Users and roles of a cluster. A role is what the role API takes, by name.

    >>> reader = {"indices": [{"names": ["offres-*"], "privileges": ["read"]}]}
    >>> site = User(name="site", roles=["reader"])
    >>> security = Security(users=[site], roles={"reader": reader})
    """

    users: Sequence[User] = ()
    roles: Mapping[str, Role] = field(default_factory=dict)
    administrator: User = field(
        default_factory=lambda: User(name=ADMINISTRATOR, roles=[SUPERUSER]), repr=False
    )


def security_settings() -> dict[str, object]:
    """Returns the settings of a node that has its certificates beside them."""
    settings: dict[str, object] = {
        "xpack.security.enabled": True,
        # Certificates and passwords are ours: nothing to invent at the first start.
        "xpack.security.autoconfiguration.enabled": False,
        "xpack.security.enrollment.enabled": False,
    }
    for layer in ("http", "transport"):
        prefix = f"xpack.security.{layer}.ssl"
        settings |= {
            f"{prefix}.enabled": True,
            f"{prefix}.key": NODE_KEY,
            f"{prefix}.certificate": NODE,
            f"{prefix}.certificate_authorities": AUTHORITY,
        }
    return settings


def write_users(security: Security, folder: Path) -> None:
    """Writes the files of the file realm beside a node's settings."""
    users = [security.administrator, *security.users]
    roles = sorted({role for user in users for role in user.roles})
    members = {role: ",".join(u.name for u in users if role in u.roles) for role in roles}
    files = {
        "users": [f"{user.name}:{_hash(user.password)}" for user in users],
        "users_roles": [f"{role}:{names}" for role, names in members.items()],
        "roles.yml": [f"{n}: {json.dumps(r)}" for n, r in security.roles.items()],  # JSON is YAML
    }
    for name, lines in files.items():
        (folder / name).write_text("\n".join(lines) + "\n", encoding="utf-8")


def _hash(password: str) -> str:
    """Hashes a password as Elasticsearch's `pbkdf2` does: Python has it, bcrypt it has not."""
    salt = secrets.token_bytes(32)
    key = hashlib.pbkdf2_hmac("sha512", password.encode(), salt, ITERATIONS, dklen=32)
    text = [base64.b64encode(part).decode() for part in (salt, key)]
    return f"{{PBKDF2}}{ITERATIONS}${text[0]}${text[1]}"
