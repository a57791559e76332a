"""An OpenID Connect provider on this machine, which signs who a test says is there.

It keeps what it is asked, and breaks each rule of the protocol when a test wants it to.
"""

import json
import secrets
import threading
import time
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, field
from typing import Any

from authlib.oauth2.rfc7636 import create_s256_code_challenge
from authlib.oidc.core.util import create_half_hash
from joserfc import jwt
from joserfc.jwk import ECKey
from werkzeug.routing import Map, Rule
from werkzeug.serving import make_server
from werkzeug.utils import redirect
from werkzeug.wrappers import Request, Response

HOST = "127.0.0.1"
CLIENT_ID, CLIENT_SECRET = "eventail-essai", "secret-du-client-d-essai"
CAMILLE = {
    "sub": "sujet-de-camille",
    "email": "camille@ministere.fr",
    "email_verified": True,
    "given_name": "Camille",
    "usual_name": "Durand",
}
ROUTES = Map(
    [
        Rule("/.well-known/openid-configuration", endpoint="discovery"),
        Rule("/authorize", endpoint="authorize"),
        Rule("/token", endpoint="token"),
        Rule("/jwks", endpoint="jwks"),
        Rule("/userinfo", endpoint="userinfo"),
        Rule("/session/end", endpoint="end_session"),
    ]
)


@dataclass
class Provider:
    """What the provider says and does; tests change it, `reset` puts it back."""

    issuer: str = ""
    key: ECKey = field(default_factory=lambda: ECKey.generate_key("P-256", {"kid": "une"}))
    person: dict[str, Any] = field(default_factory=lambda: dict(CAMILLE))
    is_userinfo_signed: bool = True
    metadata: dict[str, Any] = field(default_factory=dict)
    id_claims: dict[str, Any] = field(default_factory=dict)
    userinfo_claims: dict[str, Any] = field(default_factory=dict)
    signing_key: ECKey | None = None
    refusal: str = ""
    faults: dict[str, Response] = field(default_factory=dict)
    codes: dict[str, Mapping[str, str]] = field(default_factory=dict)
    tokens: set[str] = field(default_factory=set)
    proofs: list[str] = field(default_factory=list)
    asked: list[str] = field(default_factory=list)
    left: list[Mapping[str, str]] = field(default_factory=list)

    def reset(self) -> None:
        """Makes it a good provider again, that has met nobody."""
        fresh = Provider(issuer=self.issuer, key=self.key)
        self.__dict__.update(fresh.__dict__)

    def __call__(self, environ: Any, start_response: Any) -> Any:
        request = Request(environ)
        endpoint, _ = ROUTES.bind_to_environ(environ).match()
        self.asked.append(endpoint)
        answer = self.faults.get(endpoint) or getattr(self, f"_{endpoint}")(request)
        return answer(environ, start_response)

    def _discovery(self, _request: Request) -> Response:
        return _json(
            {
                "issuer": self.issuer,
                "authorization_endpoint": f"{self.issuer}/authorize",
                "token_endpoint": f"{self.issuer}/token",
                "userinfo_endpoint": f"{self.issuer}/userinfo",
                "jwks_uri": f"{self.issuer}/jwks",
                "end_session_endpoint": f"{self.issuer}/session/end",
                "code_challenge_methods_supported": ["S256"],
                **self.metadata,
            }
        )

    def _authorize(self, request: Request) -> Response:
        asked = request.args.to_dict()
        assert asked["client_id"] == CLIENT_ID
        assert asked["response_type"] == "code"
        assert "openid" in asked["scope"].split()
        assert min(len(asked["state"]), len(asked["nonce"])) >= 32
        if self.refusal:
            answer = f"error={self.refusal}"
        else:
            code = secrets.token_urlsafe()
            self.codes[code] = asked
            answer = f"code={code}"
        return redirect(f"{asked['redirect_uri']}?{answer}&state={asked['state']}")

    def _token(self, request: Request) -> Response:
        form = request.form
        if (form.get("client_id"), form.get("client_secret")) != (CLIENT_ID, CLIENT_SECRET):
            return _json({"error": "invalid_client"}, 401)
        asked = self.codes.pop(form.get("code", ""), None)
        if asked is None or form.get("redirect_uri") != asked["redirect_uri"]:
            return _json({"error": "invalid_grant"}, 400)
        challenge = asked.get("code_challenge")
        if challenge and create_s256_code_challenge(form.get("code_verifier", "")) != challenge:
            return _json({"error": "invalid_grant"}, 400)
        access_token = secrets.token_urlsafe()
        self.tokens.add(access_token)
        now = int(time.time())
        proof = self._signed(
            {
                "iss": self.issuer,
                "sub": self.person["sub"],
                "aud": CLIENT_ID,
                "iat": now,
                "exp": now + 60,
                "nonce": asked["nonce"],
                "at_hash": create_half_hash(access_token, "ES256").decode(),
                **self.id_claims,
            }
        )
        self.proofs.append(proof)
        return _json(
            {
                "access_token": access_token,
                "token_type": "Bearer",
                "expires_in": 60,
                "id_token": proof,
            }
        )

    def _jwks(self, _request: Request) -> Response:
        return _json({"keys": [self.key.as_dict(private=False)]})

    def _userinfo(self, request: Request) -> Response:
        if request.headers.get("Authorization", "").removeprefix("Bearer ") not in self.tokens:
            return _json({"error": "invalid_token"}, 401)
        said = {key: value for key, value in self.person.items() if value is not None}
        if not self.is_userinfo_signed:
            return _json(said | self.userinfo_claims)
        signed = {"iss": self.issuer, "aud": CLIENT_ID, **said, **self.userinfo_claims}
        return Response(self._signed(signed), mimetype="application/jwt")

    def _end_session(self, request: Request) -> Response:
        asked = request.args.to_dict()
        assert asked["id_token_hint"] in self.proofs
        self.left.append(asked)
        return redirect(f"{asked['post_logout_redirect_uri']}?state={asked['state']}")

    def _signed(self, claims: Mapping[str, Any]) -> str:
        header = {"alg": "ES256", "kid": self.key.kid}
        return jwt.encode(header, dict(claims), self.signing_key or self.key)


@contextmanager
def providing() -> Iterator[Provider]:
    """Runs a provider, and yields it."""
    provider = Provider()
    server = make_server(HOST, 0, provider, threaded=True)
    provider.issuer = f"http://{HOST}:{server.server_port}"
    thread = threading.Thread(target=server.serve_forever, daemon=True)
    thread.start()
    try:
        yield provider
    finally:
        server.shutdown()
        thread.join()
        server.server_close()


def settings_for(provider: Provider) -> dict[str, str]:
    """Returns the variables of a site that trusts this provider."""
    return {
        "PROCONNECT_ISSUER": provider.issuer,
        "PROCONNECT_CLIENT_ID": CLIENT_ID,
        "PROCONNECT_CLIENT_SECRET": CLIENT_SECRET,
    }


def _json(content: Mapping[str, Any], status: int = 200) -> Response:
    return Response(json.dumps(content), status, mimetype="application/json")
