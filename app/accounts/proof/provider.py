"""Talks OpenID Connect with the one identity provider of the settings: authorization code with PKCE, nonce and state.

The libraries are an extra (requirements-oidc.txt) and loaded with the first sign-in that needs them. The provider's
address comes from the settings alone; no redirect is followed and no proxy of the environment is used.
"""

import hmac
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from app.config import SingleSignOn

SECONDS = 10
LEEWAY = 60
SCOPE = "openid profile"
ALGORITHMS = ("RS256", "RS384", "RS512", "PS256", "ES256", "ES384", "EdDSA")  # signatures only the provider can make


class ProviderFailed(Exception):
    """The provider could not be reached, or said something that does not hold."""


@dataclass(frozen=True, slots=True)
class Person:
    """Whom the provider vouches for: its own lasting name for them, and the claim that names our officer."""

    subject: str
    claimed_name: str


def authorization_address(settings: SingleSignOn, return_url: str, state: str, nonce: str, code_verifier: str) -> str:
    """Where the browser is sent to sign in.

    Raises
    ------
    ProviderFailed
        When the provider cannot be reached.
    """
    metadata = _metadata(settings)
    client = _client(settings, return_url)
    address, _state = client.create_authorization_url(
        metadata["authorization_endpoint"], state=state, nonce=nonce, code_verifier=code_verifier
    )
    return str(address)


def person(settings: SingleSignOn, return_url: str, code: str, nonce: str, code_verifier: str, now: datetime) -> Person:
    """Exchange the code and check everything the provider signed.

    Raises
    ------
    ProviderFailed
        When the exchange fails or one of signature, issuer, audience, time and nonce does not hold.
    """
    from authlib.integrations.base_client import OAuthError
    from joserfc.errors import JoseError
    from requests import RequestException

    metadata = _metadata(settings)
    client = _client(settings, return_url)
    try:
        token = client.fetch_token(
            metadata["token_endpoint"],
            grant_type="authorization_code",
            code=code,
            code_verifier=code_verifier,
            timeout=SECONDS,
            allow_redirects=False,
        )
        claims = _claims(settings, str(token.get("id_token", "")), _get(metadata["jwks_uri"]), nonce, now)
        if settings.claim not in claims and "userinfo_endpoint" in metadata:
            answer = client.get(metadata["userinfo_endpoint"], timeout=SECONDS, allow_redirects=False).json()
            claims = {**claims, **(answer if answer.get("sub") == claims["sub"] else {})}
    except (OAuthError, JoseError, RequestException, ValueError, KeyError) as error:
        raise ProviderFailed(type(error).__name__) from error
    return Person(str(claims["sub"]), str(claims.get(settings.claim, "")))


def _claims(
    settings: SingleSignOn, id_token: str, keys: Mapping[str, Any], nonce: str, now: datetime
) -> dict[str, Any]:
    from joserfc import jwk, jwt

    decoded = jwt.decode(id_token, jwk.KeySet.import_key_set({"keys": keys["keys"]}), algorithms=ALGORITHMS)
    essential: jwt.ClaimsOption = {"essential": True}
    jwt.JWTClaimsRegistry(
        now=int(now.timestamp()),
        leeway=LEEWAY,
        iss={"essential": True, "value": settings.issuer},
        aud={"essential": True, "value": settings.client_id},
        exp=essential,
        iat=essential,
        sub=essential,
        nonce=essential,
    ).validate(decoded.claims)
    claims = dict(decoded.claims)
    if not hmac.compare_digest(str(claims["nonce"]).encode(), nonce.encode()):
        raise ProviderFailed("nonce")
    if claims.get("azp", settings.client_id) != settings.client_id:
        raise ProviderFailed("azp")
    return claims


def _client(settings: SingleSignOn, return_url: str) -> Any:
    from authlib.integrations.requests_client import OAuth2Session

    client = OAuth2Session(
        settings.client_id,
        settings.client_secret,
        scope=SCOPE,
        redirect_uri=return_url,
        code_challenge_method="S256",
    )
    client.trust_env = False
    return client


def _metadata(settings: SingleSignOn) -> Mapping[str, Any]:
    found = _get(f"{settings.issuer}/.well-known/openid-configuration")
    if str(found.get("issuer", "")).rstrip("/") != settings.issuer:
        raise ProviderFailed("issuer")
    return found


def _get(address: str) -> Mapping[str, Any]:
    import requests

    with requests.Session() as session:
        session.trust_env = False
        try:
            answer = session.get(address, timeout=SECONDS, allow_redirects=False)
            answer.raise_for_status()
            found = answer.json()
        except (requests.RequestException, ValueError) as error:
            raise ProviderFailed(type(error).__name__) from error
    if not isinstance(found, dict):
        raise ProviderFailed("document")
    return found
