"""The provider's intents in our words. Extra keys are ignored; an unknown phase is still open; nonsense is refused.

Sources: the provider's document and `providers/crossmint-order-intents.md`.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from datetime import UTC
from typing import Any, TypeGuard

from checkout_server.providers.base import Need, Observation, State
from checkout_server.providers.crossmint_intents import mandates
from checkout_server.providers.crossmint_intents.options import Options, moment

_ID = re.compile(r"[A-Za-z0-9_-]{1,128}", re.ASCII)
_VALUE = re.compile(r"[\x21-\x7e]{1,512}", re.ASCII)
_VERIFICATION = ("environment", "publicApiKey", "agentId", "instructionId")
_STATES = {"active": State.APPROVED, "expired": State.EXPIRED}


class Nonsense(Exception):
    """An answer whose shape cannot be what was asked for; the text names the field."""


def is_id(value: Any) -> TypeGuard[str]:
    """Whether a value can stand in a path of the API without changing which path it is."""
    return isinstance(value, str) and _ID.fullmatch(value) is not None


def ref_of(body: Any) -> str:
    ref = body.get("orderIntentId") if isinstance(body, dict) else None
    if not is_id(ref):
        raise Nonsense("orderIntentId")
    return ref


def observation(body: Any) -> Observation:
    """An intent. Only `active` is approved.

    No field of it tells the mode: `verificationConfig.environment` is the verifier's (the document's own sample from
    staging says `production`). Nor does any carry our reference. What was agreed is compared as `terms`.
    """
    ref = ref_of(body)
    phase = body.get("phase")
    if not isinstance(phase, str):
        raise Nonsense("phase")
    state = _STATES.get(phase, State.OPEN)
    return Observation(
        ref=ref,
        state=state,
        needs=Need.PAYMENT_METHOD if phase == "requires-payment-method" else None,
        terms=answered_terms(body),
        final=state is State.EXPIRED,
    )


def asked_terms(options: Options) -> dict[str, str]:
    """What the shopper is shown and approves: none of it may be another at the provider."""
    found = {
        "agentId": options.agentId,
        "paymentMethodId": options.paymentMethodId,
        **mandates.terms(mandate.sent() for mandate in options.mandates),
    }
    return found if options.expiresAt is None else {**found, "expiresAt": _instant(options.expiresAt)}


def answered_terms(body: Mapping[str, Any]) -> dict[str, str]:
    """The same of an intent. What it does not say is left out; the mandates are what it may not keep quiet about."""
    held = body.get("mandates")
    if not isinstance(held, list):
        raise Nonsense("mandates")
    payment = body.get("payment")
    said = {
        "agentId": body.get("agentId"),
        "paymentMethodId": payment.get("paymentMethodId") if isinstance(payment, dict) else None,
        "expiresAt": body.get("expiresAt"),
    }
    found = mandates.terms(held)
    for name, value in said.items():
        if value is not None and not isinstance(value, str):
            raise Nonsense(name)
        if value is not None:
            found[name] = _instant(value) if name == "expiresAt" else value[:255]
    return found


def differing(asked: Mapping[str, str], answered: Mapping[str, str]) -> str | None:
    """The first term that both name and that is not the same."""
    return next(
        (name for name in sorted(asked.keys() & answered.keys()) if asked[name] != answered[name]), None
    )


def verification(body: Mapping[str, Any]) -> dict[str, str] | None:
    """What the verifier in the browser is given; None in the phases that have nothing to verify.

    Only the four documented values pass, and none that could be a server's key: all of it reaches HTML.
    """
    if body.get("phase") != "requires-verification":
        return None
    config = body.get("verificationConfig")
    if not isinstance(config, dict):
        raise Nonsense("verificationConfig")
    found = {name: config.get(name) for name in _VERIFICATION}
    for name, value in found.items():
        if not isinstance(value, str) or not _VALUE.fullmatch(value) or "sk_" in value:
            raise Nonsense(f"verificationConfig.{name}")
    return {name: str(value) for name, value in found.items()}


def _instant(text: str) -> str:
    """A time as one text, however many digits it is written with; what is no time stays as it is."""
    try:
        return moment(text).astimezone(UTC).isoformat()
    except ValueError:
        return text[:64]
