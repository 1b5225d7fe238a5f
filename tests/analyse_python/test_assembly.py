"""Facts of all files together: exports through every kind of re-export, order, families, dependencies."""

from __future__ import annotations

from collections.abc import Callable, Mapping

import pytest

from fieldguide.domain.codebase import Codebase

Build = Callable[[Mapping[str, str]], Codebase]


def exported(codebase: Codebase) -> dict[str, str]:
    return {one.name: one.target for names in codebase.exports.values() for one in names}


def test_each_name_stands_once_under_the_shortest_public_module(codebase_of: Build) -> None:
    codebase = codebase_of({
        "pkg/__init__.py": "from ._core import retry as again, Thing\nfrom .public import helper\n",
        "pkg/_core.py": "def retry(): ...\nclass Thing: ...\ndef unlisted(): ...\n",
        "pkg/public.py": "from ._core import Thing\ndef helper(): ...\ndef other(): ...\n",
    })  # fmt: skip
    assert exported(codebase) == {
        "pkg.again": "pkg._core.retry",
        "pkg.Thing": "pkg._core.Thing",
        "pkg.helper": "pkg.public.helper",
        "pkg.public.other": "pkg.public.other",
    }
    assert not codebase.symbols["pkg._core.unlisted"].public
    assert codebase.symbols["pkg._core.retry"].public


REEXPORTS = [
    pytest.param(
        "from ._a import *\n", "__all__ = ['f']\ndef f(): ...\ndef g(): ...\n", {"pkg.f"}, id="star with __all__"
    ),
    pytest.param("from ._a import *\n", "def f(): ...\ndef _g(): ...\n", {"pkg.f"}, id="star without __all__"),
    pytest.param(
        "from . import _a\nfrom ._a import *\n__all__ = ['h']\n__all__ += _a.__all__\ndef h(): ...\n",
        "__all__ = ['f']\ndef f(): ...\ndef g(): ...\n",
        {"pkg.f", "pkg.h"},
        id="__all__ added together",
    ),
    pytest.param(
        "__all__ = ['_odd']\nfrom ._a import _odd\n", "def _odd(): ...\n", {"pkg._odd"}, id="__all__ lists it"
    ),
    pytest.param(
        "_where = {'f': '_a'}\n__all__ = ['f']\ndef __getattr__(name): ...\n", "def f(): ...\n", {"pkg.f"}, id="lazy"
    ),
    pytest.param(
        "__all__ = ['f']\ndef __getattr__(name):\n    if name == 'f':\n        from ._a import f\n        return f\n",
        "def f(): ...\n",
        {"pkg.f"},
        id="lazy import in a function",
    ),
    pytest.param("from ._a import f, os\n", "import os\nfrom . import f\ndef g(): ...\n", set[str](), id="a circle"),
]


@pytest.mark.parametrize(("package", "part", "expected"), REEXPORTS)
def test_reexports(codebase_of: Build, package: str, part: str, expected: set[str]) -> None:
    assert set(exported(codebase_of({"pkg/__init__.py": package, "pkg/_a.py": part}))) == expected


def test_what_is_used_most_comes_first_and_pairs_stay_together(codebase_of: Build) -> None:
    codebase = codebase_of({
        "pkg/__init__.py": "from ._a import *\nfrom ._b import *\n",
        "pkg/_a.py": "def set_mode(): ...\ndef zeta(): ...\ndef is_mode(): ...\nclass Fault(Exception): ...\n",
        "pkg/_b.py": "def run(): ...\ndef run_all(): ...\nclass AsyncTool: ...\nclass Tool: ...\n",
        "tests/test_a.py": "import pkg\npkg.run(); pkg.Tool()\nfrom pkg import Fault\n",
        "tests/test_b.py": "from pkg import run, Fault\n",
        "tests/test_c.py": "import pkg as p\np.run(); p.Fault\n",
    })  # fmt: skip
    assert [one.name for one in codebase.exports["pkg"]] == [
        "pkg.run",
        "pkg.run_all",
        "pkg.Tool",
        "pkg.AsyncTool",
        "pkg.set_mode",
        "pkg.is_mode",
        "pkg.zeta",
        "pkg.Fault",
    ]


def test_tests_and_scripts_export_nothing(codebase_of: Build) -> None:
    codebase = codebase_of({
        "pyproject.toml": "[project]\nname = 'pkg'\n",
        "src/pkg/__init__.py": "def run(): ...\n",
        "scripts/release.py": "def release(): ...\n",
        "tests/test_run.py": "def test_run(): ...\n",
    })  # fmt: skip
    assert set(exported(codebase)) == {"pkg.run"}


def test_ranks_add_up_and_point_at_what_is_imported(codebase_of: Build) -> None:
    codebase = codebase_of({
        "pkg/__init__.py": "from .a import f\n",
        "pkg/a.py": "from .base import x\ndef f(): ...\n",
        "pkg/b.py": "from .base import x\n",
        "pkg/base.py": "x = 1\n",
    })  # fmt: skip
    ranks = {name: module.rank for name, module in codebase.modules.items()}
    assert sum(ranks.values()) == pytest.approx(1.0)
    assert max(ranks, key=lambda name: ranks[name]) == "pkg.base"


def test_families_are_concrete_public_and_not_exceptions(codebase_of: Build) -> None:
    codebase = codebase_of({
        "pkg/__init__.py": "",
        "pkg/base.py": """
            from abc import ABC
            class Plugin: ...
            class Regex(Plugin, ABC): ...
            class Fault(Exception): ...
        """,
        "pkg/plugins/__init__.py": "",
        "pkg/plugins/one.py": """
            from ..base import Plugin, Regex
            class A(Plugin): ...
            class B(Regex): ...
            class _C(Regex): ...
        """,
        "pkg/plugins/two.py": """
            from pkg.base import Regex, Fault
            class D(Regex): ...
            class Base64(Regex): ...
            class BaseThing(Regex): ...
            class F1(Fault): ...
            class F2(Fault): ...
            class F3(Fault): ...
            class F4(F3): ...
        """,
    })  # fmt: skip
    (family,) = codebase.families
    assert family.base == "pkg.base.Plugin"
    assert [name.rpartition(".")[2] for name in family.members] == ["A", "B", "Base64", "D"]
    assert family.module_prefix == "pkg.plugins"


def test_constructors_are_inherited_across_files(codebase_of: Build) -> None:
    codebase = codebase_of({
        "pkg/__init__.py": "",
        "pkg/base.py": """
            from dataclasses import dataclass
            from pydantic import BaseModel
            class Plain:
                def __init__(self, x): ...
            @dataclass
            class Row:
                x: int
                y: int = 1
            class Model(BaseModel):
                x: int
        """,
        "pkg/a.py": """
            from dataclasses import dataclass
            from . import base
            from .base import *
            class P(Plain): ...
            @dataclass
            class R(base.Row):
                y: int = 2
                z: int = 3
            class M(Model):
                z: int = 0
        """,
    })  # fmt: skip
    taken = {name: [(one.name, one.default) for one in codebase.symbols[f"pkg.a.{name}"].parameters] for name in "PRM"}
    assert taken == {
        "P": [("x", None)],
        "R": [("x", None), ("y", "2"), ("z", "3")],
        "M": [("x", None), ("z", "0")],
    }
    assert codebase.symbols["pkg.a.R"].bases == ("pkg.base.Row",)


def test_dependencies_are_compared_with_imports(codebase_of: Build) -> None:
    codebase = codebase_of({
        "pyproject.toml": """
            [project]
            name = "pkg"
            dependencies = ["PyYAML>=6", "requests", "unused"]
            [project.optional-dependencies]
            images = ["Pillow"]
            all = ["pkg[images]"]
        """,
        "pkg/__init__.py": "import json, yaml\nfrom . import yaml_tools\n",
        "pkg/yaml_tools.py": """
            import yaml
            import requests.adapters
            try:
                import extra_thing
            except ImportError: ...
        """,
        "pkg/draw.py": "def f():\n    from PIL import Image\n",
        "tests/test_a.py": "import pytest\n",
    })  # fmt: skip
    found = {one.name: one for one in codebase.dependencies}
    assert set(found) == {"pyyaml", "requests", "unused", "pillow", "extra_thing"}
    assert not found["pyyaml"].optional
    assert {span.path for span in found["pyyaml"].imports} == {"pkg/__init__.py", "pkg/yaml_tools.py"}
    assert found["unused"].imports == ()
    assert found["pillow"].optional
    assert found["extra_thing"].declared == ()
    assert found["extra_thing"].optional


def test_an_absolute_import_inside_a_package_is_not_its_neighbour(codebase_of: Build) -> None:
    codebase = codebase_of({
        "pyproject.toml": "[project]\nname = 'pkg'\ndependencies = ['pyyaml']\n",
        "pkg/__init__.py": "",
        "pkg/yaml.py": "import yaml\n",
    })  # fmt: skip
    (dependency,) = codebase.dependencies
    assert [span.path for span in dependency.imports] == ["pkg/yaml.py"]


def test_the_order_of_facts_changes_nothing(codebase_of: Build) -> None:
    files = {
        "pkg/__init__.py": "from .a import *\n",
        "pkg/a.py": "def f(): ...\n",
        "pkg/b.py": "def g(): ...\nimport os\nos.environ['A']\n",
    }
    one, other = codebase_of(files), codebase_of(dict(reversed(files.items())))
    assert (one.exports, one.symbols, one.modules) == (other.exports, other.symbols, other.modules)
    assert [option.names for option in one.environment] == [("A",)]
    assert one.lines == 5
