"""Access tokens that are none: each as somebody would try it, with the code under which the audit is told of it."""

import base64
import hashlib
import hmac
import json
import secrets
import time
from collections.abc import Callable
from typing import Any, Final

from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey
from joserfc import jwt
from joserfc.jwk import ECKey, OKPKey, RSAKey

from shared.service_kit import testing
from shared.service_kit.testing import ISSUER, make_token

Forgery = Callable[[str], str]
"""Audience → token."""
OWN: Final = testing.token_key
"""The key of the tests' identity provider."""
STRANGER: Final = OKPKey.generate_key("Ed25519", {"kid": "test"})
HEADER: Final = {"alg": "Ed25519", "kid": "test", "typ": "at+jwt"}
DEEP: Final = 1_500
"""More nested lists than Python's own parser can follow."""


def claims(audience: str, **changes: Any) -> dict[str, Any]:
    """What the provider says of somebody; None leaves a claim out."""
    now = int(time.time())
    said = {"iss": ISSUER, "sub": "demo-head", "aud": audience, "iat": now, "exp": now + 300, "kind": "person"}
    said |= {"jti": secrets.token_hex(8), "roles": ["head", "operator"]}
    return {name: value for name, value in (said | changes).items() if value is not None}


def part(data: bytes) -> str:
    """base64url without its filling."""
    return base64.urlsafe_b64encode(data).rstrip(b"=").decode()


def signed(head: bytes, body: bytes, key: OKPKey = OWN) -> str:
    """A token of these very bytes, truly signed."""
    told, private = f"{part(head)}.{part(body)}", key.get_op_key("sign")
    assert isinstance(private, Ed25519PrivateKey)
    return f"{told}.{part(private.sign(told.encode()))}"


def said(key: OKPKey = OWN, header: dict[str, Any] | None = None, **changes: Any) -> Forgery:
    """A signed token with changes to its claims or header."""

    def make(audience: str) -> str:
        head = {name: value for name, value in {**HEADER, **(header or {})}.items() if value is not None}
        return signed(json.dumps(head).encode(), json.dumps(claims(audience, **changes)).encode(), key)

    return make


def unsigned(alg: str) -> Forgery:
    """A token that says itself that nobody signed it."""
    return lambda audience: f"{part(json.dumps({**HEADER, 'alg': alg}).encode())}.{_body(audience)}."


def by_public_key(secret: Callable[[], bytes]) -> Forgery:
    """HS256, with what everybody knows of the provider's key as the secret."""

    def make(audience: str) -> str:
        told = f"{part(json.dumps({**HEADER, 'alg': 'HS256'}).encode())}.{_body(audience)}"
        return f"{told}.{part(hmac.new(secret(), told.encode(), hashlib.sha256).digest())}"

    return make


def by_another_kind(key: ECKey | RSAKey, alg: str) -> Forgery:
    """Signed by a key of another kind, under the provider's key id."""
    return lambda audience: jwt.encode({**HEADER, "alg": alg}, claims(audience), key, algorithms=[alg])


def raw(head: bytes) -> Forgery:
    """A truly signed token whose header is these bytes."""
    return lambda audience: signed(head, json.dumps(claims(audience)).encode())


def changed(audience: str) -> str:
    """Another's roles in the place of one's own, under the signature of the former."""
    head, _, signature = make_token("demo-caseworker", ["caseworker"], audience).split(".")
    return f"{head}.{_body(audience)}.{signature}"


def _body(audience: str) -> str:
    return part(json.dumps(claims(audience)).encode())


def twice(name: str, first: Any, last: Any) -> Forgery:
    def make(audience: str) -> str:
        rest = json.dumps(claims(audience, **{name: None}))[1:]
        body = f'{{"{name}": {json.dumps(first)}, "{name}": {json.dumps(last)}, {rest}'
        return signed(json.dumps(HEADER).encode(), body.encode())

    return make


ODD: Final[dict[str, Any]] = {
    "kind": ["person"],
    "roles": "head",
    "districts": ["01", "01; DROP"],
    "programmes": ["public_assistance\0"],
    "stands_in_for": ["demo-head", "a" * 4_000],
    "charges": [{"role": "head", "districts": [{"01": 1}]}],
    "scope": ["kurashi:run:read"],
    "jti": "\0",
    "acr": {"step-up": 1},
    "step_up": "\0" * 300,
    "auth_time": 1e300,
    "authorization_details": [{"type": "kurashi_approval", "sha256": ["no hash"]}],
}
"""Claims that are used, each as nobody should write it."""
_TOMORROW = int(time.time()) + 86_400
_PUBLIC: Final = OWN.as_dict(private=False)
FORGED: Final[dict[str, tuple[str, Forgery]]] = {
    "nothing": ("no_token", lambda audience: ""),
    "no token at all": ("form", lambda audience: "token"),
    "three words": ("form", lambda audience: "a.b.c"),
    "five parts, encrypted": ("form", lambda audience: part(b'{"alg":"dir","enc":"A256GCM"}') + "..aXY.eA.eQ"),
    "unsigned": ("form", unsigned("none")),
    "unsigned, written otherwise": ("form", unsigned("NoNe")),
    "HS256 with the public key in PEM": ("form", by_public_key(lambda: OWN.as_pem(private=False))),
    "HS256 with the public key itself": ("form", by_public_key(lambda: str(_PUBLIC["x"]).encode())),
    "HS256 with the published JSON": ("form", by_public_key(lambda: json.dumps(_PUBLIC).encode())),
    "another key under the same id": ("signature", said(STRANGER)),
    "another kind of key (EC)": ("form", by_another_kind(ECKey.generate_key("P-256"), "ES256")),
    "another kind of key (RSA)": ("form", by_another_kind(RSAKey.generate_key(2048), "PS256")),
    "other roles under one's own signature": ("signature", changed),
    "a key id that nobody has": ("signature", said(STRANGER, {"kid": "unknown"})),
    "a key id that is a path": ("signature", said(STRANGER, {"kid": "../../../../dev/null"})),
    "a key id that is a statement": ("signature", said(STRANGER, {"kid": "' UNION SELECT 'x"})),
    "a key id that is a list": ("form", said(STRANGER, {"kid": ["test"]})),
    "a key id that is a number": ("form", said(STRANGER, {"kid": 1})),
    "no key id": ("signature", said(STRANGER, {"kid": None})),
    "its own key beside it": ("signature", said(STRANGER, {"jwk": STRANGER.as_dict(private=False)})),
    "the address of its own keys": ("signature", said(STRANGER, {"jku": "https://evil.example/jwks"})),
    "the address of its own certificate": ("signature", said(STRANGER, {"x5u": "https://evil.example/x"})),
    "its own certificate": ("signature", said(STRANGER, {"x5c": ["MIIB"]})),
    "a header that has to be understood": ("form", said(header={"crit": ["odd"], "odd": 1})),
    "a payload that is not encoded": ("form", said(header={"crit": ["b64"], "b64": False})),
    "a header that is a list": ("form", raw(b'["Ed25519"]')),
    "a header that is no JSON": ("form", raw(b"{alg: Ed25519}")),
    "a header that is no text": ("form", raw(b"\xff\xfe{}")),
    "a header too deep to be read": ("form", raw(b"[" * DEEP + b"]" * DEEP)),
    "claims that are a list": ("form", lambda audience: signed(json.dumps(HEADER).encode(), b"[]")),
    "claims too deep to be read": (
        "form",
        lambda audience: signed(json.dumps(HEADER).encode(), b"[" * DEEP + b"]" * DEEP),
    ),
    "expired": ("expired", said(exp=int(time.time()) - 60)),
    "never expiring": ("claims", said(exp=None)),
    "expiring in words": ("claims", said(exp="tomorrow")),
    "expiring truly": ("claims", said(exp=True)),
    "expiring at no number": ("claims", said(exp=float("nan"))),
    "not valid yet": ("not_yet", said(nbf=_TOMORROW)),
    "issued tomorrow": ("not_yet", said(iat=_TOMORROW, exp=_TOMORROW + 300)),
    "for another service": ("audience", said(aud="another_service")),
    "for a service whose name begins alike": ("audience", lambda audience: said(aud=audience + "2")(audience)),
    "for nobody": ("audience", said(aud=None)),
    "two audiences told, the last another's": (
        "audience",
        lambda audience: twice("aud", audience, "another")(audience),
    ),
    "of another issuer": ("issuer", said(iss="https://elsewhere.example")),
    "of an address that begins alike": ("issuer", said(iss=f"{ISSUER}.example")),
    "of no issuer": ("issuer", said(iss=None)),
    "of nobody": ("claims", said(sub=None)),
    "of a list of persons": ("claims", said(sub=["demo-head"])),
    **{
        f"a person called {name}": ("claims", said(sub=sub))
        for name, sub in {
            "with NUL": "demo-head\0",
            "by 4,000 letters": "a" * 4_000,
            "with a line": "demo-head\n",
            "with a blank": "a b",
            "nothing": "",
            "in kanji": "架空 二郎",
            "with a broken character": "\ud800",
            "with a colon": "person:demo-head",
        }.items()
    },
    **{f"{name} of another form": ("claims", said(**{name: told})) for name, told in ODD.items()},
    "living for an hour": ("claims", said(exp=int(time.time()) + 3_600)),
    "that says not since when": ("claims", said(iat=None)),
    "an identity token": ("kind", said(header={"typ": "JWT"}, nonce="n", name="架空 二郎")),
    "a logout token": ("kind", said(header={"typ": "logout+jwt"})),
    "a token of no kind": ("kind", said(header={"typ": None})),
    "a very long one": ("too_long", said(padding="x" * 9_000)),
}
