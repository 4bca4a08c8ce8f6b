"""The form of every claim that is used (docs/identity.md): what has another form is no token, whoever signed it."""

from typing import Annotated, Any, Final

from pydantic import AfterValidator, BaseModel, ConfigDict, Field, model_validator

LONGEST_LIFE: Final = 300
"""Seconds from the issuing of an access token to its end, at most."""
MOST: Final = 100
"""Entries of a list, at most: nobody has as many roles."""
LATEST: Final = 2**40
"""Seconds since the epoch beyond which no time of a token is one."""
STAFF_ID: Final = r"[A-Za-z0-9][A-Za-z0-9._@-]{0,63}"
"""How the identity provider names a person or machine (``sub``); the one form, wherever one of the staff is named."""
Staff = Annotated[str, Field(pattern=f"^{STAFF_ID}$", description="id at the identity provider")]
Visible = Annotated[str, Field(pattern=r"^[\x21-\x7e]{1,200}$")]
"""An identifier that another made, and that is kept and compared."""
Role = Annotated[str, Field(pattern=r"^[\x21-\x7e]{1,64}$")]
Instant = Annotated[int, Field(ge=0, le=LATEST)]
Several: Any = Field(default_factory=list, max_length=MOST)


def printed(text: str) -> str:
    """A text of letters, marks, digits, signs and blanks, and of nothing that nobody sees.

    Raises:
        ValueError: something of it cannot be printed: a control, a mark of direction, zero width, no character.
    """
    if "\ufffd" in text or not text.replace("\u3000", " ").isprintable():
        raise ValueError("a text is what can be printed")
    return text


class Claims(BaseModel):
    """Claims that nothing here uses may have any form."""

    model_config = ConfigDict(strict=True, extra="ignore", frozen=True)


class _Token(Claims):
    sub: Staff
    iat: Instant
    jti: Visible | None = None


class _Proved(Claims):
    """When and how the person proved themselves."""

    acr: Annotated[str, Field(max_length=200)] | None = None
    auth_time: Instant | None = None


class AccessClaims(_Token, _Proved):
    """What an access token says of a person or machine (RFC 9068)."""

    exp: float
    kind: Annotated[str, Field(pattern=r"^[a-z_]{0,32}$")] = ""
    roles: list[Role] = Several
    scope: Annotated[str, Field(pattern=r"^[\x20-\x7e]{0,4000}$")] = ""

    @model_validator(mode="after")
    def _lives_for_a_short_while(self) -> "AccessClaims":
        if not 0 < self.exp - self.iat <= LONGEST_LIFE:
            raise ValueError("an access token lives for five minutes at most")
        return self


class IdentityClaims(_Token, _Proved):
    """What an identity token says of a login (OpenID Connect Core 1.0)."""

    name: Annotated[str, Field(max_length=200), AfterValidator(printed)] = ""
    sid: Visible | None = None


class LogoutClaims(_Token):
    """What a logout token says of a login that has ended (OpenID Connect Back-Channel Logout 1.0)."""

    jti: Visible
    sid: Visible | None = None
    events: dict[str, Any]


FORMS: Final[dict[str, type[BaseModel]]] = {
    "at+jwt": AccessClaims,
    "jwt": IdentityClaims,
    "logout+jwt": LogoutClaims,
}
"""Kind of a token (its ``typ``) → the form of its claims."""
