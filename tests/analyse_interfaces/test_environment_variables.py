"""Environment variables that code reads, with the defaults that it gives them."""

from __future__ import annotations

import ast

import pytest
from interfaces_project import facts_of, project

from fieldguide.analyse.interfaces import read_interfaces
from fieldguide.domain.project import OptionKind
from fieldguide.domain.source import Span


@pytest.mark.parametrize(
    ("text", "name", "default", "required"),
    [
        ('import os\nx = os.environ["A"]', "A", None, True),
        ('import os\nx = os.environ.get("A")', "A", None, False),
        ('import os\nx = os.environ.get("A", "b")', "A", "'b'", False),
        ('import os\nx = os.getenv("A", default="b")', "A", "'b'", False),
        ('from os import environ as e\nx = e["A"]', "A", None, True),
        ('from os import getenv\nx = getenv("A") or "b"', "A", "'b'", False),
        ('import os\nos.environ.setdefault("A", "b")', "A", "'b'", False),
        ('import os\nif "A" in os.environ: pass', "A", None, False),
        ('import os\nN = "A"\nD = 5\nx = int(os.environ.get(N, D))', "A", "5", False),
        ('import os\nP = "A_"\nx = os.environ.get(f"{P}B", "")', "A_B", None, False),
        ('import os\ntry:\n    x = os.environ["A"]\nexcept KeyError:\n    x = 1', "A", None, False),
        ('import os\ndef flag(name, given):\n    return os.getenv(name, given)\nflag("A", "0")', "A", "'0'", False),
        ('from decouple import config\nx = config("A", default=5, cast=int)', "A", "5", False),
        ('from starlette.config import Config\nc = Config()\nc("A", cast=bool, default=False)', "A", "False", False),
        ('from environs import Env\nenv = Env()\nx = env.int("A", 3)', "A", "3", False),
        ('from environs import Env\nenv = Env()\nwith env.prefixed("APP_"):\n    env.str("A")', "APP_A", None, True),
        ("import environ\nenv = environ.Env(A=(bool, True))", "A", "True", False),
        ('import environ\nenv = environ.Env()\nx = env("A")', "A", None, True),
    ],
)  # fmt: skip
def test_every_way_of_reading_is_seen(text: str, name: str, default: str | None, required: bool) -> None:  # noqa: FBT001
    (option,) = facts_of("app.py", text).interfaces.environment
    assert (option.names, option.default, option.required) == ((name,), default, required)
    assert option.kind is OptionKind.ENVIRONMENT


@pytest.mark.parametrize(
    "text",
    [
        'import os\nos.environ["A"] = "b"',
        'import os\ndel os.environ["A"]',
        'import os\nos.environ.pop("A")',
        'def test(monkeypatch):\n    monkeypatch.setenv("A", "b")',
        'import os\ndef read(name):\n    return os.environ[f"A_{name}"]',
        'environ = {}\nx = environ.get("A")',
        'config = dict\nx = config("A")',
        'from hydra import config\nx = config("A", default=1)',
    ],
)
def test_writes_and_unknown_names_are_no_reads(text: str) -> None:
    assert facts_of("app.py", text).interfaces.environment == ()


def test_each_variable_is_named_once_with_its_type_and_first_default() -> None:
    text = 'import os\nif "A" in os.environ:\n    x = int(os.environ.get("A", 3))\n'
    (option,) = facts_of("app.py", text).interfaces.environment
    assert (option.default, option.type, option.span) == ("3", "int", Span("app.py", 2, 2))


def test_the_text_only_saves_time() -> None:
    text = 'import os\n\ndef f():\n    return [os.environ.get("A", "1"), os.getenv("B")]\n'
    tree = ast.parse(text)
    assert read_interfaces(tree, "m", "m.py", text) == read_interfaces(tree, "m", "m.py")


def test_a_name_may_be_a_constant_of_another_module() -> None:
    made = project(
        {
            "app/names.py": 'HOST = "APP_HOST"\nPORT = "APP_PORT"\n',
            "app/main.py": """
                import os
                from . import names
                from .names import HOST
                from elsewhere import UNKNOWN
                x = os.environ.get(HOST, "localhost"), os.environ.get(names.PORT, 80), os.environ.get(UNKNOWN)
                """,
        }
    )
    assert {name: option.default for name, option in made.environment.items()} == {
        "APP_HOST": "'localhost'",
        "APP_PORT": "80",
    }
