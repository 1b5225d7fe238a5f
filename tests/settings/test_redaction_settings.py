"""What the user says of hiding and of hosts: kept, in one form, or refused with a reason."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

import pytest
from hypothesis import given
from hypothesis import strategies as st

from fieldguide.errors import ConfigurationError
from fieldguide.settings.first_characters import first_characters
from fieldguide.settings.hosts import hosts
from fieldguide.settings.patterns import MOST_STEPS, Wrong, kind_and_pattern
from growth import assert_linear_in

if TYPE_CHECKING:
    from settings.conftest import Place

LOCAL = {"base_url": "http://localhost:1/v1", "model": "m"}
REALISTIC = r"""(?i)acme[-_]?(?:key|token|secret)\s{0,5}[:=]\s{0,5}['"]?(?P<secret>[a-z0-9]{20,64})"""


def test_everything_of_redaction_reaches_the_settings(place: Place, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("FIELDGUIDE_REDACTION_KEY", "sixteen letters.")
    redaction = place.resolve(
        redact="strict",
        hide=("ip-address", "social-security-number"),
        secret_pattern=("badge=BDG-[0-9]{4,9}", f"acme={REALISTIC}"),
        reviewed=("0123456789ABCDEF0123456789abcdef",),
        fail_on_secret="true",  # noqa: S106  # a switch
        redaction_report="found.sarif",
    ).redaction
    assert redaction.level == "strict"
    assert redaction.hide == {"ip-address", "social-security-number"}
    assert redaction.patterns == (("badge", "BDG-[0-9]{4,9}"), ("acme", REALISTIC))
    assert redaction.reviewed == {"0123456789abcdef0123456789abcdef"}
    assert redaction.fail
    assert redaction.report == place.here / "found.sarif"
    assert redaction.key is not None
    assert redaction.key_bytes is not None
    assert len(redaction.key_bytes) == 32


def test_several_patterns_in_a_variable_stand_one_a_line_for_a_pattern_may_hold_a_comma(
    place: Place, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("FIELDGUIDE_SECRET_PATTERN", "a=x{1,2}\n\nb=[,]y\n")
    assert place.resolve().redaction.patterns == (("a", "x{1,2}"), ("b", "[,]y"))


def test_the_key_of_placeholders_is_the_same_for_the_same_text_and_shows_nowhere(
    place: Place, monkeypatch: pytest.MonkeyPatch
) -> None:
    keys: set[bytes | None] = set()
    for text in ("a passphrase of some words", "a passphrase of some words", "a passphrase of other words"):
        monkeypatch.setenv("FIELDGUIDE_REDACTION_KEY", text)
        settings = place.resolve(secret_pattern=("own=hidden-literal",))
        keys.add(settings.redaction.key_bytes)
        assert "passphrase" not in repr(settings)
        assert "hidden-literal" not in repr(settings)
    assert len(keys) == 2


def test_without_a_key_of_the_users_there_is_none(place: Place) -> None:
    assert place.resolve().redaction.key_bytes is None


def test_a_short_key_of_placeholders_is_refused_and_not_shown(place: Place, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("FIELDGUIDE_REDACTION_KEY", "fifteen letters")
    with pytest.raises(ConfigurationError, match=r"`FIELDGUIDE_REDACTION_KEY` does not hold: .*16 char") as caught:
        place.resolve()
    assert "fifteen letters" not in caught.value.fact + caught.value.hint


@pytest.mark.parametrize(
    ("pattern", "part"),
    [
        ("no-kind", "does not begin with a kind"), ("Badge=x", "does not begin with a kind"),
        ("a--b=x", "does not begin with a kind"), ("=x", "does not begin with a kind"),
        ("a=(", "not a regular expression of Python's"), ("a=[[b]]", "without a warning"),
        ("a=", "matches an empty text"), ("a=x?", "matches an empty text"), ("a=\\b", "matches an empty text"),
        ("a=x+", "without an upper bound"), ("a=xy*", "without an upper bound"), ("a=x{3,}", "without an upper bound"),
        ("a=(x+)+y", "without an upper bound"), ("a=x++y", "without an upper bound"),
        ("a=(x{1,100}){1,100}y", "in too many ways"), ("a=(?:x|xx){1,40}y", "in too many ways"),
        ("a=(?:foo|foobar){1,30}y", "in too many ways"), ("a=[a-z]{1,90}.{1,90}[a-z]{1,90}!", "in too many ways"),
        ("a=" + "x" * 2_001, "longer than"), ("a=" + "(" * 900 + "x" + ")" * 900, "regular expression"),
    ],
)  # fmt: skip
def test_a_pattern_that_does_not_hold_is_refused_and_not_shown(place: Place, pattern: str, part: str) -> None:
    with pytest.raises(ConfigurationError) as caught:
        place.resolve(secret_pattern=(pattern,))
    assert part in caught.value.fact
    assert "`--secret-pattern`" in caught.value.fact
    assert caught.value.hint
    assert len(pattern) < 9 or pattern.partition("=")[2] not in caught.value.fact


def test_of_several_patterns_the_wrong_ones_are_counted(place: Place) -> None:
    with pytest.raises(ConfigurationError) as caught:
        place.resolve(secret_pattern=("a=b", "c=d+", "e=("))
    assert [fact.split(" of ")[0] for fact in caught.value.fact.split("\n")] == ["pattern 2", "pattern 3"]


@pytest.mark.parametrize(
    ("pattern", "hurtful"),
    [
        (REALISTIC, "acme-key = "),
        (r"tok_[a-z]{1,200}!", "tok_"),
        (r"[a-z]{1,60}-[a-z]{1,60}!", "a"),
        (r"(?:[A-Z]{2,4}-){3}\d{1,9}", "ABCD-"),
        (r"[a-z]{1,20}[0-9a-f]{1,20}!", "a"),
    ],
)
def test_a_pattern_that_is_taken_is_searched_for_in_linear_time(pattern: str, hurtful: str) -> None:
    """On a text made of what the pattern begins with."""
    assert not isinstance(kind_and_pattern(f"a={pattern}"), Wrong)
    compiled = re.compile(pattern)

    def search(text: str) -> None:
        assert not [*compiled.finditer(text)]

    assert_linear_in(hurtful * (200_000 // len(hurtful)), search)


_ATOMS = st.sampled_from(["a", "b", ".", "[ab]", "[^a]", r"\d", r"\w", r"\S", "é", "[x-z]", "K", "[^\\W]", "(?:a|bc)"])
_REPEATS = st.sampled_from(["", "?", "{2}", "{1,3}", "{0,2}?", "{1,2}+"])


@given(st.lists(st.tuples(_ATOMS, _REPEATS), min_size=1, max_size=4), st.text("abcxyzkK19 é-_", max_size=6))
def test_a_match_begins_with_one_of_the_first_characters(parts: list[tuple[str, str]], text: str) -> None:
    """The law that the count of steps rests on: the set of first characters is never too small."""
    pattern = "".join(atom + repeat for atom, repeat in parts)
    from fieldguide.settings.patterns import _parse  # noqa: PLC0415  # pyright: ignore[reportPrivateUsage]

    firsts = first_characters(_parse(pattern))
    for flags in (0, re.IGNORECASE):
        match = re.compile(pattern, flags).match(text)
        if match is not None and match[0]:
            assert min(ord(match[0][0]), 128) in firsts


@given(st.text("ab(){}|+*?,:019[]\\^-<>=!P", max_size=30))
def test_any_text_is_a_pattern_or_a_reason(text: str) -> None:
    split = kind_and_pattern(f"kind={text}")
    if isinstance(split, Wrong):
        assert split.fact
        assert split.hint
    else:
        assert re.compile(split[1]).search("") is None


def test_the_bound_is_what_its_example_says() -> None:
    assert not isinstance(kind_and_pattern("a=[a-z]{1,60}[0-9a-f]{1,20}!"), Wrong)
    assert isinstance(kind_and_pattern("a=[a-z]{1,60}[0-9a-f]{1,40}!"), Wrong)
    assert MOST_STEPS == 2_000


@pytest.mark.parametrize("text", ["0123", "g" * 32, "0" * 33, "0" * 31 + " x"])
def test_a_fingerprint_is_32_hexadecimal_digits(place: Place, text: str) -> None:
    with pytest.raises(ConfigurationError, match="32 hexadecimal digits"):
        place.resolve(reviewed=(text,))


def test_what_can_be_hidden_on_demand_is_listed(place: Place) -> None:
    with pytest.raises(ConfigurationError, match="`social-security-number`, `ip-address`"):
        place.resolve(hide=("names",))


@pytest.mark.parametrize(
    ("text", "host"),
    [
        ("a.example", "a.example"), ("A.Example.", "a.example"), ("a.example:443", "a.example:443"),
        ("a.example:0443", "a.example:443"), ("bücher.example", "xn--bcher-kva.example"),
        ("10.0.0.7:8080", "10.0.0.7:8080"),
        ("localhost", "localhost"), ("::1", "[::1]"), ("[::1]:8080", "[::1]:8080"), ("[2001:DB8::1]", "[2001:db8::1]"),
        ("https://a.example", ""), ("a.example/path", ""), ("a.example:", ""), ("a.example:0", ""),
        ("a.example:70000", ""),
        ("a b", ""), ("user@a.example", ""), ("*.example", ""), ("-a.example", ""), ("a..example", ""), ("[::g]", ""),
        ("[::1", ""), (":443", ""), ("a.example:1:2", ""), ("a\u202e.example", ""), ("x" * 64 + ".example", ""),
    ],
)  # fmt: skip
def test_hosts_have_one_form_or_are_refused(text: str, host: str) -> None:
    made = hosts([text], "--allow-host")
    assert made.named == ({host} if host else set())
    assert bool(made.faults) == (not host)


@pytest.mark.parametrize("allowed", ["localhost", "localhost:1", "LOCALHOST", "other.example,localhost"])
def test_a_models_address_among_the_allowed_hosts_is_asked(place: Place, allowed: str) -> None:
    settings = place.resolve(allow_host=tuple(allowed.split(",")), **LOCAL)
    assert settings.model is not None
    assert settings.model.allowed_hosts == settings.allowed_hosts
    assert len(settings.allowed_hosts) == len(allowed.split(","))


@pytest.mark.parametrize("allowed", ["localhost:2", "other.example", "host", "ocalhost"])
def test_a_models_address_outside_of_the_allowed_hosts_is_a_fault_of_settings(place: Place, allowed: str) -> None:
    with pytest.raises(ConfigurationError, match=r"`localhost` .* not among the hosts") as caught:
        place.resolve(allow_host=(allowed,), **LOCAL)
    assert "--allow-host localhost" in caught.value.hint


def test_openais_own_address_has_to_be_allowed_too(place: Place, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("OPENAI_API_KEY", "k")
    assert place.resolve(allow_host=("api.openai.com",)).model is not None
    with pytest.raises(ConfigurationError, match=r"`api\.openai\.com` .* not among the hosts"):
        place.resolve(allow_host=("example.com",))


def test_http_on_another_machine_needs_its_flag_which_the_hint_names(place: Place) -> None:
    with pytest.raises(ConfigurationError, match="unencrypted") as caught:
        place.resolve(base_url="http://models.example/v1", model="m")
    assert "`--allow-http`" in caught.value.hint
    model = place.resolve(base_url="http://models.example/v1", model="m", allow_http="true").model
    assert model is not None
    assert model.allow_http
    assert model.endpoint == "http://models.example/v1/"


def test_tracing_is_off_unless_asked_for_whatever_the_environment_says(
    place: Place, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("LANGSMITH_TRACING", "true")
    monkeypatch.setenv("LANGCHAIN_TRACING_V2", "true")
    model = place.resolve(**LOCAL).model
    assert model is not None
    assert not model.tracing
    model = place.resolve(tracing="true", **LOCAL).model
    assert model is not None
    assert model.tracing


def test_the_ledger_asks_nobody_so_nothing_has_to_be_said_of_a_model(
    place: Place, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("AZURE_OPENAI_ENDPOINT", "https://half.example/")
    settings = place.resolve("ledger")
    assert settings.model is None
    assert settings.notes == ()


def test_a_report_needs_a_directory_that_exists_and_a_name(place: Place) -> None:
    with pytest.raises(ConfigurationError, match="whose directory does not exist"):
        place.resolve(redaction_report="no/such/found.json")
    with pytest.raises(ConfigurationError, match="which is a directory"):
        place.resolve(redaction_report=".")
