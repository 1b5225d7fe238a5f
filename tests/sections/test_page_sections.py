"""The page: what stands in which section, and what is left out."""

from __future__ import annotations

import subprocess
import sys
from dataclasses import replace
from pathlib import Path

import pytest

from fieldguide.domain.codebase import Codebase, Revision
from fieldguide.domain.page import Prose
from fieldguide.domain.project import Command, CommandKind, Manifest
from fieldguide.domain.sections import FACTS_ONLY, FOOTER_REFERENCES, WITH_MODEL
from fieldguide.domain.source import Role, SourceFile, Span
from fieldguide.write import render_sections, undescribed


def sections(codebase: Codebase, page: str = "README.md", prose: Prose | None = None) -> dict[str, str]:
    outline = WITH_MODEL if prose else FACTS_ONLY
    drafts = render_sections(codebase, page=page, outline_sections=outline, prose=prose)
    return {one.section.key: one.markdown for one in drafts}


def whole(codebase: Codebase, prose: Prose | None = None) -> str:
    """Return the page as it is published, without markers."""
    outline = WITH_MODEL if prose else FACTS_ONLY
    parts: list[str] = []
    for one in render_sections(codebase, page="README.md", outline_sections=outline, prose=prose):
        if one.markdown:
            parts += [f"## {one.section.heading}", one.markdown] if one.section.heading else [one.markdown]
    return "\n\n".join(parts) + "\n"


def test_the_first_lines_say_what_it_is(library: Codebase) -> None:
    page = sections(library)
    assert page["title"] == "# again"
    assert page["tagline"] == "Retries made easy."
    assert page["overview"].splitlines() == [
        "again is a typed Python command-line tool for Python 3.10 and later.",
        "It declares support for AsyncIO.",
        "It installs the command `again`.",
        "`again` has two subcommands: `run` and `show`.",
        "From Python, `again` offers `retry`, `loop` and `quiet`.",
        "It comes with five [hooks](#hooks).",
    ]


def test_install_says_what_the_manifest_says(library: Codebase) -> None:
    text = sections(library)["install"]
    assert "pip install again\n" in text
    assert "Requires Python 3.10 or later." in text
    assert "| `metrics` | `metrics` |" in text


def test_a_project_without_a_build_backend_is_not_installed_from_an_index(library: Codebase) -> None:
    bare = replace(library, manifests=(Manifest("pyproject.toml", "", "again"),), dependencies=())
    assert "pip install again" not in sections(bare)["install"]


def test_the_example_is_shown_with_its_source(library: Codebase) -> None:
    text = sections(library)["usage"]
    assert "again.quiet()" in text
    assert text.endswith("Taken from [`test_quiet`](tests/test_core.py#L7-L9).")


def test_options_that_commands_share_are_printed_once(library: Codebase) -> None:
    text = sections(library)["commands"]
    assert text.count("`--color WHEN`") == 1
    assert "### Options of `again run` and `again show`\n" in text
    assert "### [`again run path`](again/cli.py#L8-L12)" in text
    assert "| `--color WHEN` | `never` | When to use colour. One of `always` or `never`. |" in text
    assert "Where to log \\| to. May be repeated." in text


def test_developers_commands_stand_under_development_alone(library: Codebase) -> None:
    page = sections(library)
    assert "make test" not in page["commands"]
    assert "[`make test`](Makefile#L1-L2)" in page["development"]
    assert "pip install -e . --group dev" in page["development"]


def test_only_the_packages_own_variables_are_configuration(library: Codebase) -> None:
    text = sections(library)["configuration"]
    assert "| `AGAIN_OFF` | `no` |" in text
    assert "CI" not in text


def test_parameters_shared_by_functions_get_one_table(library: Codebase) -> None:
    text = sections(replace(library, commands=(), command_lines=()))["configuration"]
    assert "shared by [`retry`](again/core.py#L10-L14) and [`loop`](again/core.py#L30-L34)." in text
    assert "| *attempts* | `10` | Most calls in all. |" in text
    assert "| *timeout* | `45.0` | Most time in all. |" in text
    assert "| *on* | required |  |".replace("  ", " ") in text


def test_parameters_with_other_defaults_are_not_shared(library: Codebase) -> None:
    symbols = dict(library.symbols)
    loop = symbols["again.core.loop"]
    changed = tuple(replace(one, default="99") for one in loop.parameters)
    symbols["again.core.loop"] = replace(loop, parameters=changed)
    text = sections(replace(library, commands=(), command_lines=(), symbols=symbols))["configuration"]
    assert "shared by" not in text


def test_many_of_a_kind_become_a_table_under_their_name(library: Codebase) -> None:
    drafts = render_sections(library, page="README.md", outline_sections=FACTS_ONLY)
    kinds = next(one for one in drafts if one.section.key == "kinds")
    assert kinds.section.heading == "Hooks"
    assert "| [`LogHook`](again/hooks.py#L10-L14) | Tell a log. |" in kinds.markdown


def test_the_interface_lists_names_with_their_lines(library: Codebase) -> None:
    text = sections(library)["interface"]
    assert "### `again`" in text
    assert "- [`loop(*, attempts=10, timeout=45.0, wait=0.1, on)`](again/core.py#L30-L34):\n  Retry a block." in text
    assert "- [`quiet()`](again/core.py#L50-L54)\n" in text


def test_what_the_code_says_nothing_of_is_asked_for_and_only_there_described(library: Codebase) -> None:
    asked = undescribed(library)
    assert "again.quiet" in asked
    assert "again.retry" not in asked
    assert "tests" not in asked
    prose = Prose({}, {"again.quiet": "say nothing", "again.retry": "not wanted"})
    text = sections(library, prose=prose)["interface"]
    assert "- [`quiet()`](again/core.py#L50-L54):\n  say nothing." in text
    assert "not wanted" not in text


def test_prose_takes_its_places_and_its_names_are_linked_once(library: Codebase) -> None:
    prose = Prose(
        {
            "tagline": "Calls things again.",
            "overview": "It is for programs.\n`retry` calls again, and `retry` gives up; `unknown` does not.",
            "how_it_works": "`again.core` holds `loop()`.",
            "usage": "That was `quiet`.",
            "highlights": "- **Fast.** See `hooks.Hook`.",
        },
        {},
        "gpt-4o",
    )
    page = sections(library, prose=prose)
    assert page["tagline"] == "Calls things again."
    assert page["overview"].count("[`retry`](again/core.py#L10-L14)") == 1
    assert page["overview"].count("`retry`") == 2
    assert "`unknown`" in page["overview"]
    assert page["components"].endswith("[`again.core`](again/core.py) holds [`loop()`](again/core.py#L30-L34).")
    assert page["usage"].endswith("That was [`quiet`](again/core.py#L50-L54).")
    assert page["highlights"] == "- **Fast.** See [`hooks.Hook`](again/hooks.py#L1-L5)."
    assert ", prose by gpt-4o; " in page["footer"]


def test_the_name_of_an_extra_is_no_link_to_a_function_of_that_name(library: Codebase) -> None:
    prose = Prose({"overview": "Install the `retry` extra.\nThen call `retry`."}, {}, "gpt-4o")
    overview = sections(library, prose=prose)["overview"]
    assert overview == "Install the `retry` extra.\nThen call [`retry`](again/core.py#L10-L14)."


def test_links_start_from_the_pages_own_folder(library: Codebase) -> None:
    page = sections(library, page="docs/guide/README.md")
    assert "](../../again/core.py#L30-L34)" in page["interface"]
    assert page["licence"] == "MIT. See [LICENSE](../../LICENSE)."


@pytest.mark.parametrize(
    ("revision", "words"),
    [
        (Revision("0123456789abcdef", modified=False), "at commit 0123456;"),
        (Revision("0123456789abcdef", modified=True), "at commit 0123456 with later changes;"),
        (None, "as it stood in 5 files;"),
    ],
)
def test_the_footer_says_from_what_it_was_made(library: Codebase, revision: Revision | None, words: str) -> None:
    text = sections(replace(library, revision=revision))["footer"]
    assert f"from the code {words}" in text
    assert text.count(FOOTER_REFERENCES) == 1


def test_an_empty_directory_gives_a_title_and_a_footer() -> None:
    page = sections(Codebase("nothing", ()))
    assert {key for key, text in page.items() if text} == {"title", "footer"}


def test_loose_scripts_get_a_table_of_scripts() -> None:
    files = tuple(SourceFile(f"{name}.py", "python", 9, "0" * 32, Role.SOURCE) for name in ("one", "two"))
    commands = tuple(
        Command(one.path, CommandKind.SCRIPT, f"python {one.path}", Span(one.path, 1, 3), summary)
        for one, summary in zip(files, ("Count words.", ""), strict=True)
    )
    scripts = Codebase("things", files, commands=commands)
    drafts = render_sections(scripts, page="README.md", outline_sections=FACTS_ONLY)
    section = next(one for one in drafts if one.section.key == "commands")
    assert section.section.heading == "Scripts"
    assert "| [`one.py`](one.py) | Count words. |" in section.markdown
    assert "[`two.py`](two.py)" in section.markdown


def test_several_distributions_get_a_table_instead_of_one_install(library: Codebase) -> None:
    manifests = tuple(
        Manifest(f"{name}/pyproject.toml", name, name, f"The {name}", build_backend="hatchling.build")
        for name in ("alpha", "beta")
    )
    modules = {
        name: replace(one, path=f"{'alpha' if number % 2 else 'beta'}/{one.path}")
        for number, (name, one) in enumerate(library.modules.items())
    }
    page = sections(replace(library, manifests=manifests, modules=modules))
    assert page["overview"].startswith("This repository holds two Python distributions.")
    assert "| [`alpha`](alpha) | The alpha. |" in page["components"]
    assert "pip install alpha" in page["install"]


def test_the_page_passes_the_linter(library: Codebase, tmp_path: Path) -> None:
    prose = Prose({"overview": "First.\n\nSecond paragraph.", "pitfalls": "- One.\n- Two."}, {})
    for name, text in (("facts.md", whole(library)), ("prose.md", whole(library, prose))):
        (tmp_path / name).write_text(text, encoding="utf-8")
    for path in (*(one.path for one in library.files), *(one.path for one in library.others), "Makefile"):
        (tmp_path / path).parent.mkdir(parents=True, exist_ok=True)
        (tmp_path / path).touch()
    config = tmp_path / "rumdl.toml"
    config.write_text('[global]\ndisable = ["MD013", "MD033"]\n', encoding="utf-8")
    rumdl = Path(sys.executable).with_name("rumdl")
    command = [rumdl, "check", "--no-cache", "--config", config, "facts.md", "prose.md"]
    done = subprocess.run(command, cwd=tmp_path, capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stdout + done.stderr


def test_the_same_codebase_gives_the_same_bytes(library: Codebase) -> None:
    shuffled = replace(
        library,
        symbols=dict(list(library.symbols.items())[::-1]),
        modules=dict(list(library.modules.items())[::-1]),
        files=library.files[::-1],
        others=library.others[::-1],
        imports=library.imports[::-1],
    )
    assert whole(shuffled) == whole(library)
