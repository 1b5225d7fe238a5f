"""Exactness: what is hidden is a literal's inside or a comment, and what parsed before parses after."""

from __future__ import annotations

import ast
import io
import json
import random
import re
import sysconfig
import tokenize
import tomllib
import warnings
from itertools import islice
from pathlib import Path
from typing import TYPE_CHECKING

import pytest
import yaml
from hypothesis import given
from hypothesis import strategies as st

from fieldguide.redact.exactness import bare_values, clip
from fieldguide.redact.exactness.python_literals import python_parts
from fieldguide.redact.secret import Secret, spanning, without_overlaps
from fieldguide.redact.subject import Subject
from growth import assert_linear_in

if TYPE_CHECKING:
    from collections.abc import Iterator

HIDDEN = "REDACTED_TOKEN_0123abcd"


def _rewrite(path: str, text: str, secrets: list[Secret]) -> str:
    """Text with secrets hidden as a redactor does it, after they were clipped."""
    subject = Subject(path, text)
    clipped = clip(subject, without_overlaps(secrets))
    bare = bare_values(subject, clipped)
    parts: list[str] = []
    position = 0
    for secret in clipped:
        for number, (start, end) in enumerate(secret.pieces):
            assert position <= start < end
            assert "\n" not in text[start:end]
            instead = f'"{HIDDEN}"' if secret in bare else HIDDEN
            parts += (text[position:start], "" if number else instead)
            position = end
    return "".join((*parts, text[position:]))


def _hide(path: str, text: str, *values: str) -> str:
    found = [
        spanning("token", text, *match.span()) for value in values for match in re.finditer(re.escape(value), text)
    ]
    return _rewrite(path, text, [one for one in found if one is not None])


@pytest.mark.parametrize(
    ("text", "value", "expected"),
    [
        ('x = "abc"\n', '"abc"', 'x = "H"\n'),
        ('x = b"abc"\n', 'b"abc"', 'x = b"H"\n'),
        ('x = f"a{b}c"\n', "a{b}c", 'x = f"H{b}"\n'),
        ("x = f\"{d['abc']}\"\n", "abc", "x = f\"{d['H']}\"\n"),
        ('x = f"{{abc}}"\n', "{abc}", 'x = f"H"\n'),
        ('x = f"{y:>abc}"\n', "abc", 'x = f"{y:>H}"\n'),
        ('x = f"{y!r:{abc}}"\n', "abc", 'x = f"{y!r:{abc}}"\n'),
        ('x = "a\\x41bc"\n', "41bc", 'x = "aH"\n'),
        ('x = "a\\N{DIGIT ONE}bc"\n', "DIGIT", 'x = "aHbc"\n'),
        ('x = r"a\\"b"\n', '"b', 'x = r"aH"\n'),
        ('x = "\\\\abc"\n', "abc", 'x = "\\\\H"\n'),
        ("x = 1  # abc\n", "# abc", "x = 1  #H\n"),
        ('x = """a\nb"""\n', "a\nb", 'x = """H\n"""\n'),
        ('x = """a\n  b\n"""\n', "a\n  b", 'x = """H\n  \n"""\n'),
        ('x = ("ab"\n  "cd")\n', 'ab"\n  "cd', 'x = ("H"\n  "")\n'),
        ('x = "ab\\\ncd"\n', "ab\\\ncd", 'x = "H\\\n"\n'),
        ('x = "ab""cd""ef"\n', 'ab""cd', 'x = "H""H""ef"\n'),
        ('x = """ab\n"cd"""\n', 'ab\n"cd', 'x = """H\n"""\n'),
        ("abc = abc1(abc)\n", "abc", "abc = abc1(abc)\n"),
        ("import abc\nx = abc.y\n", "abc", "import abc\nx = abc.y\n"),
        ("pin = 4829\n", "4829", "pin = H\n"),
        ("x = 1if 4829else 2\n", "4829", "x = 1if 4829else 2\n"),
        ("match pin:\n case 4829: pass\n", "4829", "match pin:\n case 4829: pass\n"),
        ("token = ghp_abcd\n", "ghp_abcd", "token = H\n"),
        ("token = sk-ant-abcd\n", "sk-ant-abcd", "token = H\n"),
        ("token = eyJa.eyJb.cd-e\n", "eyJa.eyJb.cd-e", "token = H\n"),
        ("from keys import *\ntoken = ghp_abcd\n", "ghp_abcd", "from keys import *\ntoken = ghp_abcd\n"),
        ("# it is\nx = ghp abcd don't\n", "ghp abcd", "# it is\nx = H don't\n"),
        ("print 'abc'\n", "'abc'", "print 'H'\n"),
        ("ж = 'é'; y = 'abc'\n", "'abc'", "ж = 'é'; y = 'H'\n"),
    ],
)
def test_python_keeps_everything_but_the_value(text: str, value: str, expected: str) -> None:
    assert _hide("a.py", text, value) == expected.replace("H", HIDDEN)


@pytest.mark.parametrize(
    ("path", "text", "value", "expected"),
    [
        ("a.json", '{"pin": 482913}', "482913", '{"pin": "H"}'),
        ("a.json", '{"pin": "482913, 2"}', "482913", '{"pin": "H, 2"}'),
        ("a.json", '{"pin": "a\\u0041bc"}', "0041", '{"pin": "aHbc"}'),
        ("a.json", '{"pin": "abc"}', '"abc"', '{"pin": "H"}'),
        ("a.json", "{pin: abc", ": abc", "{pinH"),
        ("a.ipynb", '["x = \\"abc\\"\\n"]', "abc", '["x = \\"H\\"\\n"]'),
        ("a.toml", "pin = 482913 # abc\n", "482913", 'pin = "H" # abc\n'),
        ("a.toml", "pin = '''a\nb'''\n", "a\nb", "pin = '''H\n'''\n"),
        ("a.toml", "[a.ghp_abcd]\n", "ghp_abcd", '["H"]\n'),
        ("a.yml", "pin: 482913 # abc\n", "482913", "pin: H # abc\n"),
        ("a.yml", "pin: 'it''s'\n", "'s", "pin: 'itH'\n"),
        ("a.yml", "pin: 1 # abc\n", "# abc", "pin: 1 #H\n"),
        ("a.yml", "key: |\n  ab\n  cd\nx: 1\n", "ab\n  cd", "key: |\n  H\n  \nx: 1\n"),
        ("a.yml", "{{ jinja }}: abc: d\n", "abc", "{{ jinja }}: H: d\n"),
        ("a.md", "x = 482913", "= 482913", "x H"),
    ],
)
def test_data_keeps_its_syntax(path: str, text: str, value: str, expected: str) -> None:
    assert _hide(path, text, value) == expected.replace("H", HIDDEN)


FRAGMENTS = st.sampled_from(
    [
        *(
            "'",
            '"',
            "'''",
            '"""',
            "\\",
            "\n",
            "{",
            "}",
            "f'",
            'f"""',
            "rb'",
            "#",
            " ",
            "x",
            "=",
            "1",
            "(",
            ")",
            ":",
            "!",
        ),
        *(
            "a = 'b'\n",
            'f"{x}"',
            "{{",
            "\\N{DIGIT ONE}",
            "\\x41",
            "é",
            "def f():\n    '''d'''\n",
            "1.5",
            ", ",
            "[",
            "]",
        ),
    ]
)
TEXTS = st.lists(FRAGMENTS, max_size=25).map("".join)
CUTS = st.lists(st.tuples(st.integers(0, 200), st.integers(1, 30)), max_size=4)


@given(text=TEXTS, cuts=CUTS)
def test_any_hit_leaves_python_that_parses_as_it_did(text: str, cuts: list[tuple[int, int]]) -> None:
    found = [spanning("token", text, start, min(len(text), start + size)) for start, size in cuts if start < len(text)]
    hidden = _rewrite("a.py", text, [one for one in found if one is not None])
    assert hidden.count("\n") == text.count("\n")
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        try:
            ast.parse(text)
        except (SyntaxError, ValueError):
            return
        ast.parse(hidden)


JSON = st.recursive(
    st.one_of(st.none(), st.booleans(), st.integers(), st.floats(allow_nan=False, allow_infinity=False), st.text()),
    lambda inner: st.lists(inner, max_size=4) | st.dictionaries(st.text(max_size=8), inner, max_size=4),
    max_leaves=12,
)


@given(value=JSON, ascii_only=st.booleans(), cuts=CUTS)
def test_any_hit_leaves_json_and_yaml_that_parse(value: object, ascii_only: bool, cuts: list[tuple[int, int]]) -> None:  # noqa: FBT001
    text = json.dumps(value, ensure_ascii=ascii_only, indent=1)
    found = [spanning("token", text, start, min(len(text), start + size)) for start, size in cuts if start < len(text)]
    hidden = _rewrite("a.json", text, [one for one in found if one is not None])
    assert hidden.count("\n") == text.count("\n")
    json.loads(hidden)
    text = yaml.safe_dump(value, allow_unicode=not ascii_only)
    found = [spanning("token", text, start, min(len(text), start + size)) for start, size in cuts if start < len(text)]
    list(yaml.scan(_rewrite("a.yml", text, [one for one in found if one is not None])))  # pyright: ignore[reportUnknownMemberType, reportUnknownArgumentType]


TOML = '''# of the tool
title = "a\\u0041 b" # and 'why'
[owner."x y"]
born = 1979-05-27T07:32:00Z
pins = [ 4829, 48_29, -1.5 ]
text = """
line "one"
  line two\\
  """
raw = 'C:\\a'
table = { a = 1, b.c = true }
'''


def test_any_hit_leaves_toml_that_parses() -> None:
    for start in range(len(TOML)):
        for end in range(start + 1, min(len(TOML), start + 40)):
            secret = spanning("token", TOML, start, end)
            if secret is not None:
                tomllib.loads(_rewrite("a.toml", TOML, [secret]))


def _installed() -> Iterator[tuple[Path, str]]:
    """Real code that nobody here wrote, and that this Python parses."""
    for path in islice(sorted(Path(sysconfig.get_paths()["purelib"]).rglob("*.py")), 0, None, 90):
        text = path.read_bytes().decode("utf-8", "replace").removeprefix("\ufeff").replace("\r\n", "\n")
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")
            try:
                ast.parse(text)
            except (SyntaxError, ValueError):
                continue
        yield path, text


def _code(text: str) -> list[tuple[int, str]]:
    """Tokens that are neither comments nor strings; a number, which may be a value, is any name."""
    kept: list[tuple[int, str]] = []
    for token in tokenize.generate_tokens(io.StringIO(text).readline):
        if token.type == tokenize.NUMBER or token.string.startswith("REDACTED_"):
            kept.append((0, ""))
        elif token.type not in {tokenize.STRING, tokenize.COMMENT, tokenize.NL} and token.string != "-":
            kept.append((token.type, token.string))
    return kept


def test_forced_hits_in_installed_packages_hide_no_code() -> None:
    """Hits that no detector would report, thousands of them, at random places of real files."""
    generator = random.Random(3)  # noqa: S311 (no secret is made with it)
    files = 0
    for path, text in _installed():
        found: list[Secret] = []
        for _ in range(10 if text else 0):
            start = generator.randrange(len(text))
            secret = spanning("token", text, start, min(len(text), start + generator.choice((5, 20, 300))))
            found += [secret] if secret is not None else []
        hidden = _rewrite("a.py", text, found)
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")
            ast.parse(hidden)
        assert _code(hidden) == _code(text), path
        files += 1
    assert files > 50


def test_literals_and_comments_are_those_of_pythons_own_tokenizer() -> None:
    """Ends of f-strings differ between versions of that tokenizer, so files that hold one are left out."""
    compared = 0
    for path, text in _installed():
        tokens = list(tokenize.generate_tokens(io.StringIO(text).readline))
        if any(re.match("[a-z]*f", token.string, re.IGNORECASE) for token in tokens if token.type == tokenize.STRING):
            continue
        lines = [0]
        for line in text.split("\n"):
            lines.append(lines[-1] + len(line) + 1)
        expected: list[str] = []
        for token in tokens:
            if token.type == tokenize.COMMENT:
                expected.append(token.string[1:])
            elif token.type == tokenize.STRING:
                body = re.fullmatch(r"""\w*(\"{3}|'{3}|["'])([\s\S]*)\1""", token.string)
                assert body is not None
                expected.append(body[2])
        parts = [text[part.start : part.end] for part in python_parts(text)]
        assert [part for part in parts if part] == [part for part in expected if part], path
        compared += 1
    assert compared > 30


HOSTILE = {
    "fields": 'f"{' * 60_000,
    "nested": "f\"{f'{" * 40_000,
    "quotes": "\"'" * 120_000,
    "triples": "'''\"\"\"" * 40_000,
    "backslashes": '"' + "\\" * 240_000,
    "apostrophes": "don't\n" * 40_000,
    "one literal": '"' + "abcd " * 50_000 + '"',
    "comment": "#" + "abcd " * 50_000,
}


@pytest.mark.parametrize("text", HOSTILE.values(), ids=HOSTILE)
@pytest.mark.parametrize("path", ["a.py", "a.json", "a.toml"])
def test_time_grows_as_the_text(path: str, text: str) -> None:
    """With as many times the hits."""

    def work(part: str) -> None:
        secrets = [Secret("token", ((start, start + 3),)) for start in range(0, len(part) - 3, 100)]
        clip(Subject(path, part), secrets)

    assert_linear_in(text, work)
