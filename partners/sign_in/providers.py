"""The organisations whose people sign in at home: what the administrator wrote in LEIDRAAD_OPENID_PROVIDERS.

Knows nothing of Django, for the settings are read with it.
"""

import json
import re
from collections.abc import Mapping
from dataclasses import dataclass, field, fields
from typing import Any

ID = re.compile(r"[a-z0-9][a-z0-9-]{0,29}")


@dataclass(frozen=True)
class Provider:
    """`claim` names the claim of the provider whose values the administrator has tied to units and roles.

    `factor_values`: values of the claims `amr` or `acr` by which the provider says that a second factor was shown there.
    Empty: what the provider says of it counts for nothing, and ours is asked.
    """

    id: str
    organisation: str
    name: str
    issuer: str
    client_id: str
    secret: str = field(repr=False)
    claim: str = "groups"
    factor_values: tuple[str, ...] = ()


def parse(text: str, *, production: bool) -> tuple[Provider, ...]:
    """Raises ValueError with one sentence that says what is wrong."""
    try:
        given = json.loads(text or "[]")
    except ValueError:
        raise ValueError("is not JSON.") from None
    if not isinstance(given, list) or not all(isinstance(one, dict) for one in given):
        raise ValueError("is a list of objects, one for each organisation.")
    providers = tuple(_provider(one, production) for one in given)
    if len({provider.id for provider in providers}) < len(providers):
        raise ValueError("each id stands once.")
    return providers


def _provider(given: Mapping[str, Any], production: bool) -> Provider:
    known = {one.name for one in fields(Provider)}
    if unknown := sorted(set(given) - known):
        raise ValueError(f"knows no {', '.join(unknown)}.")
    values = dict(given) | {"factor_values": tuple(given.get("factor_values", ()))}
    try:
        provider = Provider(**values)
    except TypeError:
        raise ValueError("each needs id, organisation, name, issuer, client_id and secret.") from None
    if not ID.fullmatch(str(provider.id)):
        raise ValueError("an id is made of small letters, digits and hyphens; it stands in the address.")
    if production and not provider.issuer.startswith("https://"):
        raise ValueError("an issuer begins with https://, for its answers are believed because of that.")
    return provider
