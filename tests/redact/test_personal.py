"""Personal data: what has the form and the checksum is found, what is published, made up or something else stays."""

from __future__ import annotations

import random

import pytest

from fieldguide.domain.redacted import PLACEHOLDER
from fieldguide.redact.personal import PERSONAL_KINDS, find_personal
from fieldguide.redact.personal.account_numbers import _LENGTHS  # pyright: ignore[reportPrivateUsage]
from fieldguide.redact.rules import load_rules
from fieldguide.redact.subject import Subject
from growth import assert_linear_in

EVERYTHING = ("social-security-number", "ip-address")
AT = "@"


def _found(text: str, path: str = "notes.md", hide: tuple[str, ...] = ()) -> list[tuple[str, str]]:
    secrets = find_personal(Subject(path, text), load_rules(), hide)
    return [(secret.kind, text[secret.start : secret.end]) for secret in secrets]


PERSON = f"jane.doe{AT}corp-mail.io"


@pytest.mark.parametrize(
    "frame",
    [
        "{}",
        "<{}>",
        '"{}"',
        "mailto:{}",
        "Mail {}.",
        "({})",
        "x={};",
        "# {}",
        "a,{},b",
        "'\\n{}'",
        "[{}](mailto:",
        "{}:",
        "?email={}&x=1",
        "**{}**",
        "`{}`",
        "To: {}, ",
    ],
)
def test_a_persons_address_is_found_and_nothing_around_it(frame: str) -> None:
    assert _found(frame.format(PERSON)) == [("email-address", PERSON)]


@pytest.mark.parametrize(
    "address", ["j{}uni-köln.de", "jane+news{}a.b.co.uk", "j_d{}xn--kln-sna.de", "42jane{}corp.ai"]
)
def test_addresses_have_many_forms(address: str) -> None:
    assert _found(address.format(AT)) == ([] if "{}a." in address else [("email-address", address.format(AT))])


@pytest.mark.parametrize(
    "text",
    [
        "jane{}example.com",
        "jane{}mail.example.org",
        "jane{}host.test",
        "jane{}localhost",
        "jane{}a.invalid",
        "you{}corp.io",
        "noreply{}corp.io",
        "no-reply{}corp.io",
        "security{}corp.io",
        "jane{}users.noreply.github.com",
        "jane{}yourdomain.com",
        "git{}github.com:owner/name.git",
        "deploy{}build.corp.io:/srv/www",
        "deploy{}build.corp.io:project/name.git",
        "ssh -p 22 jane{}build.corp.io",
        "scp a jane{}build.corp.io:",
        "https://jane{}corp.io/x",
        "postgres://jane:pw{}db.corp.io/x",
        "icon{}2x.png",
        "getty{}tty1.service",
        "uses: actions/checkout{}v4",
        "pip install x{}git+https",
        "{}jane{}mastodon.social",
        "Copyright (c) 2020 Jane Doe <jane{}corp.io>",
        "__author__ = 'Jane <jane{}corp.io>'",
        "Signed-off-by: J <jane{}corp.io>",
        "python-dev{}python.org",
        "x{}lists.corp.io",
        "aes256-gcm{}openssh.com",
        "%s{}corp.io",
        "{{user}}{}corp.io",
        "a {} b.c",
        "{}decorator.name",
        "jane{}corp",
        "jane{}corp.js",
    ],
)
def test_what_is_no_persons_address_stays(text: str) -> None:
    text = text.replace("{{user}}", "[user]").replace("{}", AT)
    assert _found(text) == []


@pytest.mark.parametrize(
    ("path", "stays"),
    [
        ("pyproject.toml", True),
        ("a/setup.py", True),
        ("AUTHORS", True),
        ("CONTRIBUTORS.md", True),
        ("package.json", True),
        ("CODE_OF_CONDUCT.md", True),
        ("SECURITY.md", True),
        ("LICENSE.txt", True),
        ("a/authors.py", False),
        ("users.toml", False),
        ("owners.csv", False),
        ("security_log.txt", False),
        ("LICENSE-MIT", True),
        ("src/mail.py", False),
        ("README.md", False),
        ("CONTRIBUTING.md", False),
    ],
)
def test_authors_publish_their_addresses_in_files_for_that(path: str, *, stays: bool) -> None:
    assert _found(f"x = '{PERSON}'", path) == ([] if stays else [("email-address", PERSON)])


def _iban(country: str, generator: random.Random) -> str:
    rest = "".join(generator.choice("0123456789") for _ in range(_LENGTHS[country] - 4))
    number = int("".join(str(int(letter, 36)) for letter in rest + country + "00"))
    return f"{country}{98 - number % 97:02d}{rest}"


@pytest.mark.parametrize("country", sorted(_LENGTHS))
def test_an_iban_is_found_with_and_without_blanks_and_only_with_its_check_digits(country: str) -> None:
    generator = random.Random(country)  # noqa: S311 (no secret is made with it)
    iban = _iban(country, generator)
    grouped = " ".join(iban[start : start + 4] for start in range(0, len(iban), 4))
    for shown in (iban, grouped):
        assert ("iban", shown) in _found(f"IBAN: {shown}.")
        assert ("iban", shown) in _found(f'x = "{shown}"')
    wrong = iban[:-1] + str((int(iban[-1]) + 1) % 10)
    assert not [one for one in _found(wrong) if one[0] == "iban"]
    assert not [one for one in _found(iban + "7") if one[0] == "iban"]
    assert not [one for one in _found("x" + iban) if one[0] == "iban"]


def _card(prefix: str, length: int, generator: random.Random) -> str:
    digits = prefix + "".join(generator.choice("0123456789") for _ in range(length - len(prefix) - 1))
    total = sum(sum(divmod(2 * int(digit), 10)) for digit in digits[-1::-2]) + sum(map(int, digits[-2::-2]))
    return f"{digits}{-total % 10}"


@pytest.mark.parametrize(
    ("prefix", "length"),
    [("4", 16), ("51", 16), ("2720", 16), ("34", 15), ("6011", 16), ("36", 14), ("3530", 16), ("62", 19)],
)
def test_a_card_number_is_found_with_and_without_separators_and_only_with_its_check_digit(
    prefix: str, length: int
) -> None:
    generator = random.Random(prefix)  # noqa: S311 (no secret is made with it)
    card = _card(prefix, length, generator)
    shown = [card]
    if length == 16:
        shown += [by.join(card[start : start + 4] for start in range(0, 16, 4)) for by in (" ", "-")]
    if length == 15:
        shown.append(f"{card[:4]} {card[4:10]} {card[10:]}")
    for one in shown:
        assert _found(f"pay with {one}, now") == [("card-number", one)]
    assert _found(f"x = {card[:-1]}{(int(card[-1]) + 1) % 10}") == []
    for around in ("1{}", "{}1", "0.{}", "a{}", "{}*x", "/{}"):
        assert _found(around.format(card)) == []


@pytest.mark.parametrize(
    "number",
    [
        "+49 30 901820",
        "+4930901820551",
        "+44 (0)20 7946 0018",
        "+1 (212) 736-5000",
        "+1-212-736-5000",
        "+33 1 42 68 53 00",
    ],
)
def test_an_international_telephone_number_is_found(number: str) -> None:
    for frame in ("{}", "Call {}.", '"{}"', "tel:{}", "({})"):
        assert _found(frame.format(number)) == [("telephone-number", number)]


@pytest.mark.parametrize(
    "text",
    [
        "a+12345678901",
        "1e+10000000000",
        "x = y +49301234567",
        "+1 555 010 9999",
        "+1234567890",
        "+0200 1234567",
        "v1+20201122333",
        "+40.6894-074.0447",
        "+1.5000000001",
        "sum = 1 + 49 30 901820",
        "+12 3",
        "+999 12345678",
        "base64+49301234567/abc",
    ],
)
def test_sums_places_and_made_up_numbers_are_no_telephone_numbers(text: str) -> None:
    assert _found(text) == []


def test_social_security_numbers_and_addresses_of_machines_are_hidden_on_demand_alone() -> None:
    number, address, longer = (
        "536-90-4399",
        "93.184.216.34",
        "2606:2800:220:1::1946",
    )
    text = f"{number} and {address}, {longer}"
    assert _found(text) == []
    assert _found(text, hide=EVERYTHING) == [
        ("social-security-number", number),
        ("ip-address", address),
        ("ip-address", longer),
    ]


@pytest.mark.parametrize(
    "text",
    [
        "127.0.0.1",
        "10.1.2.3",
        "192.168.0.1",
        "192.0.2.7",
        "203.0.113.9",
        "0.0.0." + "0",
        "255.255.255.0",
        "1.2.3.4",
        "::1",
        "fe80::1",
        "2001:db8::1",
        "x==93.184.216.34",
        "version 93.184.216.34",
        "Chrome/93.184.216.34",
        "1.3.6.1.4",
        "2.5.29.15",
        "93.184.216.0/24",
        "300.1.1.1",
        "12:30:45",
        "a[2::3]",
        "000-12-3456",
        "666-12-3456",
        "912-12-3456",
        "123-00-4567",
        "123-45-0000",
        "1-536-90-4399",
    ],
)
def test_own_networks_versions_and_what_cannot_be_stay(text: str) -> None:
    assert _found(text, hide=EVERYTHING) == []


def test_a_second_pass_finds_nothing() -> None:
    for kind in PERSONAL_KINDS:
        for digits in ("01234567", "41111111", "93184216"):
            placeholder = f"REDACTED_{kind.upper().replace('-', '_')}_{digits}"
            assert PLACEHOLDER.fullmatch(placeholder)
            for frame in ("{}", "{0}@{0}.com", "+{}", "mail {} 4111", "{0} {0}", "+49 {}"):
                assert not _found(frame.format(placeholder), hide=EVERYTHING)


HOSTILE = {
    "ats": "@" * 200_000,
    "addresses": "a@b." * 60_000,
    "one local part": "a" * 200_000 + "@",
    "dots": "a@" + "b." * 100_000,
    "digits": "4" * 200_000,
    "groups": "4111 " * 50_000,
    "plus": "+49 " * 60_000,
    "plus digits": "+4" * 100_000,
    "accounts": "DE89 " * 50_000,
    "countries": "DE89" * 50_000,
    "quads": "93." * 70_000,
    "colons": "2606:" * 50_000,
    "lines": "ssh a" * 20_000 + "@corp.io" * 20_000,
}


@pytest.mark.parametrize("text", HOSTILE.values(), ids=HOSTILE)
def test_time_grows_as_the_text(text: str) -> None:
    assert_linear_in(text, lambda part: _found(part, hide=EVERYTHING))
