"""A server with batches, the command, and trees that take one request or many."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any

from pipeline.whole_run import azure, wide_project

if TYPE_CHECKING:
    from pathlib import Path

    from pipeline.whole_run import Runs, Said
    from provider.metered_provider import MeteredProvider

Json = dict[str, Any]


class Batching:
    """`fieldguide batch` over one directory, against one server."""

    def __init__(self, run: Runs, provider: MeteredProvider, directory: Path, **variables: str) -> None:
        """Keep what every command is given."""
        self.run, self.provider, self.directory = run, provider, directory
        self.variables = azure(provider, FIELDGUIDE_JOBS="1", **variables)  # pyright: ignore[reportArgumentType]  (both have an address)

    def __call__(self, operation: str, *words: str) -> Json:
        """Run `fieldguide batch`, and return its report; `exit_code` is checked against the command's own."""
        said = self.said(operation, *words)
        assert said.out, said.err
        report: Json = json.loads(said.out)
        assert report["exit_code"] == said.code, said.err
        return report

    def said(self, operation: str, *words: str) -> Said:
        """Run `fieldguide batch --json`, whatever comes of it."""
        return self.run("batch", operation, "--json", self.directory.name, *words, variables=self.variables)

    def until_ended(self) -> Json:
        """Look until the batch has ended."""
        for _ in range(10):
            report = self("status")
            if report["next"] != "status":
                return report
        message = "the batch does not end"
        raise AssertionError(message)

    def document(self, *words: str) -> Said:
        """Write the page."""
        return self.run(self.directory.name, *words, variables=self.variables)

    @property
    def lines(self) -> list[list[Json]]:
        """Lines of every batch that was made, in order."""
        return [batch.lines for batch in self.provider.batches.batches.values()]

    @property
    def billed(self) -> list[str]:
        """Request digests of all lines that the model answered."""
        return [digest for digest, _ in self.provider.batches.billed_lines]


def large_project(directory: Path) -> Path:
    """Write a tree that a window of 16,000 tokens does not hold: notes on files, then on packages, then the page."""
    wide_project(directory, 0)
    for package in ("alpha", "beta"):
        folder = directory / "wide" / package
        folder.mkdir()
        (folder / "__init__.py").write_text(f'"""Package {package}."""\n')
        for number in range(12):
            lines = [f'"""Part {number} of {package}."""', ""]
            for function in range(14):
                name = f"{package}_{number}_{function}"
                lines += [
                    "",
                    "",
                    f"def {name}(value: int) -> int:",
                    f'    """Take a value and add {function} to it."""',
                ]
                lines += [f"    total = value + {function}", f"    return total * {number + 1}"]
            (folder / f"part{number}.py").write_text("\n".join(lines) + "\n")
    return directory
