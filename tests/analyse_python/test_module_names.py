"""Every layout of a Python tree gives its files the names that they are imported by."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from fieldguide.analyse import module_names
from fieldguide.domain.project import Manifest


def manifest(directory: str, name: str, *package_directories: str) -> Manifest:
    path = f"{directory}/pyproject.toml".lstrip("/")
    return Manifest(path, directory, name, package_directories=package_directories)


LAYOUTS = [
    pytest.param(
        {
            "pkg/__init__.py": "pkg",
            "pkg/core/__init__.py": "pkg.core",
            "pkg/core/a.py": "pkg.core.a",
            "setup.py": "setup",
        },
        [],
        id="packages at the root",
    ),
    pytest.param(
        {"src/pkg/__init__.py": "pkg", "src/pkg/a.py": "pkg.a", "tests/test_a.py": "tests.test_a", "src/one.py": "one"},
        [manifest("", "pkg")],
        id="src layout",
    ),
    pytest.param(
        {"lib/pkg/__init__.py": "pkg", "lib/pkg/a.py": "pkg.a"},
        [manifest("", "pkg", "lib")],
        id="a directory that the manifest names",
    ),
    pytest.param(
        {
            "jaraco/functools/__init__.py": "jaraco.functools",
            "jaraco/text.py": "jaraco.text",
            "docs/conf.py": "docs.conf",
        },
        [manifest("", "jaraco.functools")],
        id="namespace package beside the manifest",
    ),
    pytest.param(
        {
            "opentelemetry-api/src/opentelemetry/trace/__init__.py": "opentelemetry.trace",
            "opentelemetry-sdk/src/opentelemetry/sdk/trace/__init__.py": "opentelemetry.sdk.trace",
            "opentelemetry-sdk/tests/test_trace.py": "tests.test_trace",
            "opentelemetry-api/tests/test_trace.py": "opentelemetry-api.tests.test_trace",
        },
        [manifest("opentelemetry-api", "opentelemetry-api"), manifest("opentelemetry-sdk", "opentelemetry-sdk")],
        id="several distributions share a namespace",
    ),
    pytest.param(
        {"libs/core/thing_core/__init__.py": "thing_core", "libs/core/thing_core/a.py": "thing_core.a"},
        [manifest("libs/core", "thing-core")],
        id="distribution in a subdirectory",
    ),
    pytest.param(
        {
            "backend/app/__init__.py": "app",
            "backend/app/models.py": "app.models",
            "backend/manage.py": "backend.manage",
        },
        [],
        id="package below a plain folder",
    ),
    pytest.param({"hello.py": "hello", "scripts/run.py": "scripts.run"}, [], id="loose scripts"),
    pytest.param({"pkg/__init__.py": "pkg", "pkg/a.py": "pkg.a", "pkg/a.pyi": "pkg.a"}, [], id="a stub is its module"),
    pytest.param(
        {"src/__init__.py": "src", "src/a.py": "src.a"},
        [],
        id="a package that is called src",
    ),
]


@pytest.mark.parametrize(("expected", "manifests"), LAYOUTS)
def test_layouts(expected: dict[str, str], manifests: list[Manifest]) -> None:
    names = module_names(expected, manifests)
    if "opentelemetry-sdk/tests/test_trace.py" in expected:
        # Two files claim `tests.test_trace`: one has it, the other is named by its whole path.
        tests = {names.pop(path) for path in list(names) if "/tests/" in path}
        assert len(tests) == 2
        assert "tests.test_trace" in tests
        expected = {path: name for path, name in expected.items() if "/tests/" not in path}
    assert names == expected


def test_the_documented_directory_may_be_a_package_itself() -> None:
    names = module_names(["__init__.py", "core/__init__.py", "core/a.py", "tools/run.py"], directory="thing")
    assert names == {
        "__init__.py": "thing",
        "core/__init__.py": "thing.core",
        "core/a.py": "thing.core.a",
        "tools/run.py": "tools.run",
    }


SEGMENT = st.sampled_from(["a", "b", "src", "tests", "my-dir", "__init__"])
PATHS = st.lists(SEGMENT, min_size=1, max_size=4).map(lambda parts: "/".join(parts) + ".py")


@given(st.sets(PATHS, max_size=12), st.lists(st.sampled_from(["", "a", "a/b"]), max_size=2))
def test_every_path_gets_one_name_whatever_the_order(paths: set[str], directories: list[str]) -> None:
    manifests = [manifest(directory, "a-thing") for directory in directories]
    names = module_names(paths, manifests)
    assert set(names) == paths
    assert names == module_names(sorted(paths, reverse=True), manifests)
    assert all(names.values())
