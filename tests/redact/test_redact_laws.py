"""Laws of redaction: lines stay, code parses, a second pass finds nothing, time is linear, one room makes the type."""

from __future__ import annotations

import ast
import pickle
import stat
import subprocess
import sys
import sysconfig
import warnings
from itertools import islice
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

import fieldguide
from fieldguide.domain.redacted import PLACEHOLDER, RedactedText, contains_placeholder
from fieldguide.redact import NOT_SECRET, Redactor, load_key, seal
from growth import assert_linear, assert_linear_in

REDACTOR = Redactor(b"k" * 32)
SHAPES = st.sampled_from(
    [
        *('password = "{}"\n', "f(secret='{}')\n", 'x = {{"api_key": """{}"""}}\n', "# password: {}\n", "{}\n"),
        *("x = 'https://u:{}@h/'\n", 'x = os.getenv("PASSWORD", "{}")\n', "-----BEGIN PRIVATE KEY-----\n{}\n"),
        *("token = b'{}'\n", 'print("password: " + "{}")\n', "password: {}\n"),
    ]
)
VALUES = st.one_of(
    st.text(max_size=40),
    st.from_regex(r"[A-Za-z0-9+/=_.-]{3,80}", fullmatch=True),
    st.sampled_from(
        ["ghp_", "AKIA", "eyJ", "sk-ant-", "://a:b@", "Bearer ", "REDACTED_PASSWORD_0123abcd", '"', "'", "\\"]
    ),
)


def _fill(shape: str, values: list[str]) -> str:
    return shape.format("".join(values))


TEXTS = st.lists(st.builds(_fill, SHAPES, st.lists(VALUES, max_size=3)))
PATHS = st.sampled_from(["a.py", "a.md", "a.yml", "a.toml", "Dockerfile", ""])


@given(path=PATHS, parts=TEXTS)
def test_lines_stay_and_a_second_pass_finds_nothing(path: str, parts: list[str]) -> None:
    text = "".join(parts)
    redacted, redactions = REDACTOR.redact(path, text)
    assert redacted.text.count("\n") == text.count("\n")
    assert contains_placeholder(redacted.text) or not redactions
    assert REDACTOR.redact(path, redacted.text) == (redacted, ())
    assert (redacted.text == text) == (not redactions)


@given(parts=TEXTS)
def test_python_that_parses_still_does(parts: list[str]) -> None:
    text = "".join(parts)
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        try:
            ast.parse(text)
        except (SyntaxError, ValueError):
            return
        ast.parse(REDACTOR.redact("a.py", text)[0].text)


WRONG_HIDES = 150
"""In a million lines of well-kept code, at the most."""


def test_installed_packages_still_parse_and_hardly_any_is_touched() -> None:
    """Real code that nobody here wrote, and in which there are no secrets but examples of them."""
    packages = sorted(Path(sysconfig.get_paths()["purelib"]).rglob("*.py"))
    touched = lines = 0
    for path in islice(packages, 0, None, 16):
        text = path.read_bytes().decode("utf-8", "replace").replace("\r\n", "\n")
        lines += text.count("\n")
        redacted, redactions = REDACTOR.redact(path.name, text)
        if redactions:
            touched += sum(one.kind not in NOT_SECRET for one in redactions)  # people sign what they write
            with warnings.catch_warnings():
                warnings.simplefilter("ignore")
                ast.parse(redacted.text)
    assert lines > 100_000
    assert touched <= WRONG_HIDES * lines / 1_000_000


def test_one_value_is_one_placeholder_under_one_key_and_kinds_differ() -> None:
    text = 'password = "hunter2"\nx_password = "hunter2"\nsecret = "hunter2"\n'
    one, two, three = (record.placeholder for record in REDACTOR.redact("a.py", text)[1])
    assert one == two != three
    assert REDACTOR.redact("b.py", text)[1][0].placeholder == one
    assert Redactor(b"l" * 32).redact("a.py", text)[1][0].placeholder != one
    assert PLACEHOLDER.fullmatch(one)
    assert PLACEHOLDER.fullmatch(three)


def test_a_redactor_travels_to_other_processes_and_hides_its_key() -> None:
    assert pickle.loads(pickle.dumps(REDACTOR)) == REDACTOR  # noqa: S301 (our own bytes)
    assert "kkkk" not in repr(REDACTOR)


HOSTILE = {
    "names": 'password="' * 10_000,
    "unclosed": "password='''" + "a\\'" * 50_000,
    "addresses": "://a:" * 20_000,
    "web tokens": "-eyJaaaaaaaaaaaa.eyJ" * 5_000,
    "keys": "-----BEGIN PRIVATE KEY-----\n" * 4_000,
    "bodies": "-----BEGIN PRIVATE KEY-----\n" + "A" * 200_000,
    "one line": '{"token": "abcdefgh1"}, ' * 4_000,
    "spaces": "password" + " " * 200_000 + "=",
    "options": '"--password", ' * 8_000,
    "azure": "Q~" * 100_000,
    "headers": "authorization: bearer " * 5_000,
    "lookups": 'os.environ.get("PASSWORD", ' * 5_000,
    "lines": ('"password" ' * 80 + "\n") * 120,
}


@pytest.mark.parametrize("text", HOSTILE.values(), ids=HOSTILE)
@pytest.mark.parametrize("path", ["a.py", "a.yml"])
def test_time_grows_as_the_text(path: str, text: str) -> None:
    assert_linear_in(text, lambda part: REDACTOR.redact(path, part))


@pytest.mark.parametrize("path", ["a.py", "a.yml"])
def test_time_grows_as_quotes_and_the_values_after_them(path: str) -> None:
    assert_linear(lambda count: REDACTOR.redact(path, "\"'" * count * 100 + "password = 'x1y2z3'" * count), 504)


def test_sealing_looks_once_more(tmp_path: Path) -> None:
    redactor = Redactor(load_key(tmp_path))
    assert seal("nothing here", redactor) == redactor.redact("", "nothing here")[0]
    sealed = seal("Set `password = 'hunter2'` first.", redactor)
    assert "hunter2" not in sealed.text
    assert seal(sealed.text, redactor) == sealed


def test_only_the_redacting_room_makes_redacted_text() -> None:
    """Every other room gets it from there, so that nothing else can leave the machine."""
    package = Path(fieldguide.__file__).parent
    makers: set[str] = set()
    for path in package.rglob("*.py"):
        for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
            if isinstance(node, ast.Call):
                name = node.func.attr if isinstance(node.func, ast.Attribute) else getattr(node.func, "id", "")
                if name == RedactedText.__name__:
                    makers.add(path.relative_to(package).as_posix())
    assert makers == {"domain/redacted.py", "redact/redactor.py"}


@pytest.mark.parametrize("lines", [(1, 1), (2, 3), (2, 9), (3, 3), (4, 4)])
def test_redacted_lines_are_those_that_python_counts(lines: tuple[int, int]) -> None:
    text = "a\nb\x0c\u2028c\n\nd"
    expected = "".join([line + "\n" for line in text.split("\n")[:-1]][lines[0] - 1 : lines[1]])
    assert RedactedText(text).lines(*lines).text == expected + ("d" if lines[1] >= 4 else "")


def test_the_key_is_made_once_and_only_ours(tmp_path: Path) -> None:
    cache = tmp_path / "cache" / "fieldguide"
    key = load_key(cache)
    assert len(key) == 32
    assert load_key(cache) == key
    (file,) = cache.iterdir()
    assert stat.S_IMODE(file.stat().st_mode) == 0o600
    assert load_key(None) != load_key(None)


@pytest.mark.parametrize("damage", ["short", "open to others", "link"])
def test_a_key_that_is_damaged_or_exposed_is_replaced_or_not_used(tmp_path: Path, damage: str) -> None:
    key = load_key(tmp_path)
    (file,) = tmp_path.iterdir()
    if damage == "short":
        file.write_bytes(b"x")
    elif damage == "link":
        file.rename(tmp_path / "elsewhere")
        file.symlink_to("elsewhere")
    else:
        file.chmod(0o644)
    assert load_key(tmp_path) != key


def test_runs_that_start_together_agree_on_the_key(tmp_path: Path) -> None:
    program = (
        "import sys, pathlib; from fieldguide.redact import load_key; print(load_key(pathlib.Path(sys.argv[1])).hex())"
    )
    runs = [
        subprocess.Popen([sys.executable, "-c", program, str(tmp_path)], stdout=subprocess.PIPE, text=True)
        for _ in range(4)
    ]
    keys = {run.communicate()[0] for run in runs}
    assert len(keys) == 1
    assert [path.name for path in tmp_path.iterdir()] == ["redaction.key"]
