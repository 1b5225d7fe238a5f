"""Pages of command-line tools and of loose scripts: what is said once, aside, or not at all."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

from fieldguide.domain.codebase import Codebase
from fieldguide.domain.page import Prose
from fieldguide.domain.project import Command, CommandKind, CommandLine, Manifest, Option, OptionKind
from fieldguide.domain.sections import FACTS_ONLY, WITH_MODEL
from fieldguide.domain.source import Role, SourceFile, Span
from fieldguide.domain.symbols import Docstring, Module
from fieldguide.write import render_sections

if TYPE_CHECKING:
    from collections.abc import Mapping


def page_of(codebase: Codebase, prose: Prose | None = None) -> Mapping[str, str]:
    outline = WITH_MODEL if prose else FACTS_ONLY
    drafts = render_sections(codebase, page="README.md", outline_sections=outline, prose=prose)
    return {one.section.key: one.markdown for one in drafts}


def flag(name: str, text: str = "Says something.") -> Option:
    return Option((name,), OptionKind.FLAG, Span("again/cli.py", 3, 3), help=text, takes_value=False)


def line(program: str, *options: Option, inner: tuple[CommandLine, ...] = ()) -> CommandLine:
    return CommandLine(program, Span("again/cli.py", 3, 3), "click", f"Do {program}.", options, inner)


def test_a_tool_without_examples_is_asked_for_its_help(library: Codebase) -> None:
    text = page_of(replace(library, examples=()))["usage"]
    assert text == "`again` prints its subcommands and options when asked:\n\n```console\nagain --help\n```"


def test_an_inner_function_is_no_example_of_a_tool(library: Codebase) -> None:
    inner = replace(library.examples[0], uses=("again.core._wait",))
    assert "again.quiet" not in page_of(replace(library, examples=(inner,)))["usage"]


def test_scripts_of_the_developers_are_no_commands_of_the_tool(library: Codebase) -> None:
    release = replace(line("python release.py", flag("--push")), span=Span("release.py", 1, 1))
    served = line("python -m again.serve", flag("--port"))
    text = page_of(replace(library, command_lines=(*library.command_lines, release, served)))["commands"]
    assert "release.py" not in text
    assert "python -m again.serve" in text


def test_an_option_of_many_commands_is_printed_once_and_no_two_headings_are_alike(library: Codebase) -> None:
    common, left, right = flag("--quiet"), flag("--left"), flag("--right")
    first = [line(f"again {name}", common, left, flag("--wide"), flag(f"--{name}")) for name in ("a", "b", "c", "d")]
    more = (flag("--up"), flag("--down"))
    second = [replace(one, options=(*one.options, *more)) for one in (first[0], first[1])]
    third = [
        replace(first[2], options=(*first[2].options, right)),
        replace(first[3], options=(*first[3].options, right)),
    ]
    lines = (*second, *third, line("again e", common, flag("--e")), line("again f", flag("--f")))
    text = page_of(replace(library, command_lines=lines))["commands"]
    assert text.count("`--quiet`") == 1
    headings = [one for one in text.splitlines() if one.startswith("#")]
    assert len(headings) == len(set(headings))
    assert "### Options of `again a`, `again b` and 3 more" in headings


def test_options_before_a_subcommand_say_so(library: Codebase) -> None:
    inner = line("again run", flag("--fast"))
    shared = (flag("--quiet"), flag("--loud"))
    lines = (line("again", *shared, inner=(inner,)), line("again-hook", *shared))
    text = page_of(replace(library, command_lines=lines))["commands"]
    assert "### Options of `again` and `again-hook`\n\n`again` takes them before the subcommand.\n" in text


def test_a_command_of_which_no_option_is_known_says_what_it_starts(library: Codebase) -> None:
    text = page_of(replace(library, command_lines=()))["commands"]
    assert "| Command | Starts |" in text


def test_names_of_a_tool_that_exports_nothing_stand_aside(library: Codebase) -> None:
    inner = {"again.core": tuple(replace(one, name=one.target) for one in library.exports["again"])}
    text = page_of(replace(library, exports=inner, examples=()))["interface"]
    assert text.index("<details>") < text.index("### `again.core`") < text.index("</details>")


def test_what_the_system_sets_is_no_configuration(library: Codebase) -> None:
    home = replace(library.environment[0], names=("HOME",))
    text = page_of(replace(library, environment=(home, *library.environment)))["configuration"]
    assert "AGAIN_OFF" in text
    assert "HOME" not in text


def test_rows_of_the_layout_share_one_grammar(library: Codebase) -> None:
    said = {"tests": "tests, for pytest", "again/core.py": "Calls things again."}
    rows = [one for one in page_of(replace(library, summaries=said))["layout"].splitlines() if one.startswith("| [")]
    cells = [one.strip("| ").split(" | ")[1] for one in rows if " | " in one.strip("| ")]
    assert {"Tests, for pytest", "Calls things again"} <= set(cells)
    assert not [one for one in cells if one.endswith(".") or one[:1].islower()]


def test_loose_scripts_are_described_by_no_package_and_no_task_of_a_folder() -> None:
    docstring = Docstring("A desktop assistant.")
    paths = [f"tools{number}/one.py" for number in range(3)] + ["jarvis/__init__.py"]
    files = tuple(SourceFile(one, "python", 9, "0" * 32, Role.SOURCE) for one in paths)
    modules = {
        name: Module(name, path, Role.SOURCE, 40, docstring, is_package=name == "jarvis")
        for name, path in zip(("tools0.one", "tools1.one", "tools2.one", "jarvis"), paths, strict=True)
    }
    commands = (
        Command("test", CommandKind.MAKE_TARGET, "make -C jarvis test", Span("jarvis/Makefile", 1, 1), "Test."),
    )
    page = page_of(Codebase("things", files, modules=modules, commands=commands))
    assert page["tagline"] == ""
    assert page["overview"] == "things is a collection of four Python scripts."
    assert "make" not in page["development"]


def test_the_package_that_is_the_project_speaks_where_the_manifest_does_not(library: Codebase) -> None:
    silent = tuple(replace(one, summary="") for one in library.manifests)
    modules = {
        name: replace(one, docstring=Docstring("Call again.")) if name == "again" else one
        for name, one in library.modules.items()
    }
    assert page_of(replace(library, manifests=silent, modules=modules))["tagline"] == "Call again."


def test_a_manifest_with_commands_is_installable_without_a_build_system(library: Codebase) -> None:
    entry = library.manifests[0]
    bare = Manifest("pyproject.toml", "", "again", entry_points=entry.entry_points)
    assert ("pip install again\n" in page_of(replace(library, manifests=(bare,)))["install"]) is bool(
        entry.entry_points
    )


def test_prose_does_not_link_the_projects_own_name(library: Codebase) -> None:
    prose = Prose({"overview": "`again` calls `retry`."}, {}, "model")
    assert page_of(library, prose)["overview"].startswith("`again` calls [`retry`](again/core.py#")


def test_a_command_of_which_nothing_is_said_has_no_heading(library: Codebase) -> None:
    silent = replace(line("again bare"), summary="")
    text = page_of(replace(library, command_lines=(line("again", flag("--loud"), inner=(silent,)),)))["commands"]
    assert "| [`again bare`](again/cli.py#L3) |" in text
    assert "### [`again bare`]" not in text


def test_a_directory_that_is_itself_a_package_has_a_layout(library: Codebase) -> None:
    """The package's own folder is the root, so the parts of a path above it are empty."""
    modules = {name: replace(one, path=one.path.removeprefix("again/")) for name, one in library.modules.items()}
    bare = replace(library, modules=modules, manifests=())
    assert "[`core.py`](core.py)" in page_of(bare)["layout"]
