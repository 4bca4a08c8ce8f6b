"""The form of the claims that decide whose records a person sees, and what the person confirmed (docs/identity.md)."""

from typing import Annotated

from pydantic import Field

from shared.service_kit.identity.claims import AccessClaims, Claims, Role, Several, Staff, Visible

District = Annotated[str, Field(pattern=r"^[0-9]{2}$")]
Programme = Annotated[str, Field(pattern=r"^[a-z][a-z_]{0,39}$")]
Sha256 = Annotated[str, Field(pattern=r"^[0-9a-f]{64}$")]


class _Reach(Claims):
    districts: list[District] = Several
    programmes: list[Programme] = Several
    stands_in_for: list[Staff] = Several


class _Charge(_Reach):
    role: Role


class _Approval(Claims):
    type: Annotated[str, Field(max_length=64)]
    sha256: list[Sha256] = Several


class OfficeClaims(AccessClaims, _Reach):
    """What an access token says of one of the staff: roles with what they reach, and a confirmation."""

    charges: list[_Charge] = Several
    step_up: Visible | None = None
    authorization_details: list[_Approval] = Several
