"""What a person tried in order to get a secret past redaction: each found a way once, and finds none now."""

from __future__ import annotations

import base64
import random
import string
import unicodedata
from typing import Final

import pytest

from fieldguide.redact import Redactor

_RANDOM: Final = random.Random(71)  # noqa: S311 (made-up values, the same in every run)
_ALPHABET: Final = string.ascii_letters + string.digits
REDACTOR: Final = Redactor(b"k" * 32)
TOKEN: Final = "ghp" + "_" + "".join(_RANDOM.choices(_ALPHABET, k=36))
VALUE: Final = "".join(_RANDOM.choices(_ALPHABET, k=20)) + "48"


def _wide(text: str) -> str:
    return "".join(chr(ord(character) + 0xFEE0) for character in text)


def _bold(text: str) -> str:
    names = {"_": "_"} | {digit: f"MATHEMATICAL BOLD DIGIT {unicodedata.name(digit)[6:]}" for digit in string.digits}
    names |= {letter: f"MATHEMATICAL BOLD CAPITAL {letter}" for letter in string.ascii_uppercase}
    names |= {letter: f"MATHEMATICAL BOLD SMALL {letter.upper()}" for letter in string.ascii_lowercase}
    return "".join("_" if one == "_" else unicodedata.lookup(names[one]) for one in text)


def _base64(content: bytes) -> str:
    return base64.b64encode(content).decode()


def _inside(text: str, character: str) -> str:
    return text[:9] + character + text[9:]


TOKENS: Final = {
    "wide letters": _wide(TOKEN),
    "bold letters": _bold(TOKEN),
    "a Cyrillic letter": TOKEN.replace("p_", "\N{CYRILLIC SMALL LETTER ER}_", 1),
    "tag characters": "".join(chr(0xE0000 + ord(character)) for character in TOKEN),
    "variation selector": _inside(TOKEN, "\ufe0f"),
    "grapheme joiner": _inside(TOKEN, "\u034f"),
    "mark of direction": _inside(TOKEN, "\u200e"),
    "a character's name": TOKEN.replace("_", "\\N{LOW LINE}"),
    "eight digits": TOKEN.replace("_", "\\U0000005f"),
    "an entity's name": TOKEN.replace("_", "&lowbar;"),
    "UTF-16, big end first": _base64(TOKEN.encode("utf-16-be")),
    "UTF-16 with a mark": _base64(TOKEN.encode("utf-16")),
    "UTF-32": _base64(TOKEN.encode("utf-32")),
}
MARKUP: Final = {
    "bold": f"Use {TOKEN[:20]}**{TOKEN[20:]}** now.\n",
    "code": f"Use `{TOKEN[:20]}``{TOKEN[20:]}` now.\n",
    "comment": f"Use {TOKEN[:20]}<!-- -->{TOKEN[20:]} now.\n",
    "break": f"Use {TOKEN[:20]}<wbr>{TOKEN[20:]} now.\n",
}
PLACES: Final = {
    "remark above": f'# the production password\nx = "{VALUE}"\n',
    "remark behind": f'x = "{VALUE}"  # database password\n',
    "wide name": f'{_wide("password")} = "{VALUE}"\n',
    "name with digits": f'p455w0rd = "{VALUE}"\n',
    "Fernet": f'box = Fernet(b"{VALUE}")\n',
    "hmac": f'hmac.new(b"{VALUE}", message, "sha256")\n',
    "web token": f'jwt.encode(claims, "{VALUE}", algorithm="HS256")\n',
    "comparison": f'hmac.compare_digest(given, "{VALUE}")\n',
    "after a port": f'ssh.connect("host", 22, "root", "{VALUE}")\n',
    "remark inside": f'password = (  # for now\n    "{VALUE}"\n)\n',
    "else": f'password = (\n    os.environ["A"]\n    if "A" in os.environ\n    else "{VALUE}"\n)\n',
    "or": f'password = (\n    os.environ.get("A")\n    or os.environ.get("B")\n    or "{VALUE}"\n)\n',
    "arguments": f'run(["mysql", "-u", "root", "-p{VALUE}"])\n',
    **{
        name: f'{name} = "{VALUE}"\n'
        for name in ("adgangskode", "lozinka", "slaptazodis", "\u03ba\u03c9\u03b4\u03b9\u03ba\u03cc\u03c2")
    },
}
COMMANDS: Final = (f"openssl enc -k {VALUE}", f"7z x -p{VALUE} a.7z", f"unzip -P {VALUE} a.zip")


def _left(path: str, text: str, secret: str) -> str:
    """What is readable of a text that holds one secret."""
    shown = REDACTOR.redact(path, text)[0].text
    assert REDACTOR.redact(path, shown)[1] == ()
    return shown if secret in shown else ""


@pytest.mark.parametrize("spelling", TOKENS)
def test_a_token_that_is_spelt_oddly_is_hidden(spelling: str) -> None:
    assert _left("a.py", f'X = "{TOKENS[spelling]}"\n', TOKENS[spelling]) == ""


@pytest.mark.parametrize("markup", MARKUP)
def test_markdown_inside_of_a_token_hides_it_from_nobody(markup: str) -> None:
    shown = REDACTOR.redact("a.md", MARKUP[markup])[0].text
    assert TOKEN[:20] not in shown
    assert TOKEN[20:] not in shown


@pytest.mark.parametrize("place", PLACES)
def test_a_value_is_hidden_where_code_or_a_remark_says_what_it_is(place: str) -> None:
    assert _left("a.py", PLACES[place], VALUE) == ""


@pytest.mark.parametrize("command", COMMANDS)
def test_an_option_of_a_tool_is_hidden(command: str) -> None:
    assert _left("a.md", f"```sh\n{command}\n```\n", VALUE) == ""


@pytest.mark.parametrize(
    "text",
    [
        f'# the sha256 of the password file\nx = "{VALUE}"\n',
        '# the password is asked for below\nx = "ask_the_person_politely"\n',
        "2**10\naaaaaaaaaa**bbbbbbbbbb\n",
        "\u043f\u0430\u0440\u043e\u043b\u044c\n",
    ],
)
def test_what_is_no_secret_stays(text: str) -> None:
    assert REDACTOR.redact("a.py", text)[1] == ()
