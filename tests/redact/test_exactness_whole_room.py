"""Exactness of the whole room: what real detectors find leaves notebooks, data and source that read as before."""

from __future__ import annotations

import ast
import json
import random
import string
import tomllib

import pytest
import yaml

from fieldguide.redact import Redactor

GENERATOR = random.Random(21)  # noqa: S311 (no secret is made with it)
REDACTOR = Redactor(b"k" * 32)
TOKEN = "ghp_" + "".join(GENERATOR.choices(string.ascii_letters + string.digits, k=36))
PASSWORD = "".join(GENERATOR.choices(string.ascii_letters + string.digits, k=18))


def _hide(path: str, text: str) -> str:
    redacted, records = REDACTOR.redact(path, text)
    assert records
    assert redacted.text.count("\n") == text.count("\n")
    assert TOKEN not in redacted.text
    assert PASSWORD not in redacted.text
    assert REDACTOR.redact(path, redacted.text) == (redacted, ())
    return redacted.text


@pytest.mark.parametrize("indent", [None, 1])
def test_a_notebook_stays_a_notebook_whose_cells_parse(indent: int | None) -> None:
    source = [
        "import os\n",
        f'token = "{TOKEN}"\n',
        f"login(password='{PASSWORD}')  # {TOKEN}\n",
        f'print(f"{{token}} {TOKEN}")\n',
    ]
    outputs = [
        {"output_type": "stream", "text": [f"{TOKEN} {TOKEN}\n"]},
        {"output_type": "error", "traceback": [f"\u001b[0;31mError\u001b[0m: '{TOKEN}'"]},
        {"output_type": "display_data", "data": {"text/html": f'<input type="password" value="{PASSWORD}">'}},
    ]
    cells: list[dict[str, object]] = [
        {"cell_type": "code", "source": source, "outputs": outputs},
        {"cell_type": "code", "source": "".join(source), "outputs": []},
    ]
    notebook = json.loads(_hide("a.ipynb", json.dumps({"cells": cells, "nbformat": 4}, indent=indent)))
    for cell in notebook["cells"]:
        code = "".join(cell["source"])
        assert code.count("\n") == len(source)
        ast.parse(code)
    assert len(notebook["cells"][0]["outputs"]) == 3


@pytest.mark.parametrize(
    "line",
    [
        'password = "{}"',
        "password = '''{}'''",
        'password = b"{}"',
        'password = rb"{}"',
        'f(password=f"{}")',
        "# password: {}",
        'x = {{"password": "{}"}}',
        'password = ("{}"\n  "")',
        '"""password = \'{}\'\n"""',
        'x = "\\npassword={}\\n"',
        'x = f"{{y!r:>10}} password={}"',
        "x = 'password=\\'{}\\''",
        'password: str = "{}" if y else ""',
    ],
)
def test_source_parses_and_its_code_is_what_it_was(line: str) -> None:
    text = f"y = 1\n{line.format(PASSWORD)}\nz = 2  # {TOKEN}\n"
    shape = [type(node) for node in ast.walk(ast.parse(text))]
    hidden = _hide("a.py", text)
    assert [type(node) for node in ast.walk(ast.parse(hidden))] == shape
    assert hidden.startswith("y = 1\n")
    assert "\nz = 2  # REDACTED_" in hidden


def test_configuration_parses_and_keeps_its_names() -> None:
    data = {"db": {"password": PASSWORD, "port": 5432, "hosts": ["a", "b"]}, "token": TOKEN, "on": True}
    for path, text in (("a.json", json.dumps(data)), ("a.json", json.dumps(data, indent=2))):
        hidden = json.loads(_hide(path, text))
        assert hidden["db"]["port"] == 5432
        assert list(hidden) == list(data)
    assert list(yaml.safe_load(_hide("a.yml", yaml.safe_dump(data, sort_keys=False)))) == list(data)
    text = f'token = \'{TOKEN}\' # {TOKEN}\n[db]\npassword = """{PASSWORD}"""\nport = 5432\n'
    assert tomllib.loads(_hide("a.toml", text))["db"]["port"] == 5432
