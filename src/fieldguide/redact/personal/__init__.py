"""Personal data that its own form gives away.

Comes in: text with its path, and what is to be hidden on demand. Goes out: where personal data stands.
Must never: guess names of people; take longer than linear time.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from fieldguide.redact.personal.account_numbers import find_account_numbers
from fieldguide.redact.personal.email_addresses import find_email_addresses
from fieldguide.redact.personal.on_demand import (
    IP_ADDRESS,
    SOCIAL_SECURITY_NUMBER,
    find_ip_addresses,
    find_social_security_numbers,
)
from fieldguide.redact.personal.telephone_numbers import find_telephone_numbers

if TYPE_CHECKING:
    from collections.abc import Collection, Iterator

    from fieldguide.redact.rules import Rules
    from fieldguide.redact.secret import Secret
    from fieldguide.redact.subject import Subject

__all__ = ["PERSONAL_KINDS", "find_personal"]

PERSONAL_KINDS = frozenset(
    {"email-address", "iban", "card-number", "telephone-number", SOCIAL_SECURITY_NUMBER, IP_ADDRESS}
)
"""What this room calls its finds."""


def find_personal(subject: Subject, _rules: Rules, hide: Collection[str] = ()) -> Iterator[Secret]:
    """Find e-mail addresses, IBANs, card and telephone numbers.

    Args:
        subject: The text.
        hide: Kinds to find besides: `social-security-number`, `ip-address`.
    """
    yield from find_email_addresses(subject)
    yield from find_account_numbers(subject)
    yield from find_telephone_numbers(subject)
    if SOCIAL_SECURITY_NUMBER in hide:
        yield from find_social_security_numbers(subject)
    if IP_ADDRESS in hide:
        yield from find_ip_addresses(subject)
