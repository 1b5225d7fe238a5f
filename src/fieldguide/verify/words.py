"""The words that bear a statement out where no definition does: literals of the code, and what a model was given.

Comes in: a codebase, its options, and evidence. Goes out: whether a text stands there, as it is and on its own.
Must never: count what documentation says of the code, which may have gone stale; or a line that addresses a model.
"""

from __future__ import annotations

import re
from functools import cached_property
from typing import TYPE_CHECKING

from fieldguide.domain.source import Role

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Sequence

    from fieldguide.domain.codebase import Codebase
    from fieldguide.domain.page import Evidence
    from fieldguide.domain.project import Option

_LITERAL = re.compile(r"""["']([^"'\n]{1,80})["']""")
_WORD = re.compile(r"[^\W\d][\w.-]*")
_SPOKEN = re.compile(r"[A-Za-z0-9]+")
_CODE_SPAN = re.compile(r"`+([^`\n]+)`+")
_PROMPT = re.compile(r"\s*(?:[$%>]\s+)?")


class Words:
    """Words of one codebase and of the evidence on it. Each index is built when it is first asked."""

    def __init__(self, codebase: Codebase, options: Iterable[Option], evidence: Sequence[Evidence] = ()) -> None:
        """Keep what is asked."""
        self._codebase = codebase
        self._options = tuple(options)
        self._evidence = evidence

    def appears(self, text: str) -> bool:
        """Tell whether `text` stands as it is, on its own, in a literal of the code or in evidence that is code."""
        if text in self._literals:
            return True
        return len(text) > 1 and bool(re.search(rf"(?<![\w]){re.escape(text)}(?![\w])", self._text))

    def has_line(self, line: str) -> bool:
        """Tell whether a whole line stands in evidence that is code."""
        return line.strip() in self._stripped

    @cached_property
    def _stripped(self) -> frozenset[str]:
        return frozenset({"", *(line.strip() for line in self._text.split("\n"))})

    @cached_property
    def spoken(self) -> frozenset[str]:
        """Words of the documents among the evidence: products that people name there have such names."""
        return frozenset(word for one in self._evidence for word in _SPOKEN.findall(one.text.text))

    @cached_property
    def typed(self) -> frozenset[str]:
        """Lines of the documents among the evidence, without a prompt: what people tell readers to type."""
        return frozenset(
            _PROMPT.sub("", line, count=1).strip() for path, _, line in self._lines() if path in self._documents
        )

    @cached_property
    def _documents(self) -> frozenset[str]:
        return frozenset(file.path for file in self._codebase.files if file.role is Role.DOCUMENTATION)

    @cached_property
    def _text(self) -> str:
        return "\n".join(line for path, _, line in self._lines() if path not in self._documents)

    def _lines(self) -> Iterator[tuple[str, int, str]]:
        """Lines of the evidence, but those that address a model: they may dictate what to link to."""
        steering = {(one.path, one.line) for one in self._codebase.injections}
        for one in self._evidence:
            for number, line in enumerate(one.text.text.split("\n"), start=one.span.first):
                if (one.span.path, number) not in steering:
                    yield one.span.path, number, line

    @cached_property
    def _literals(self) -> frozenset[str]:
        """Values that the code states: defaults, strings in decorators, values and examples, code spans in help."""
        found: set[str] = set()
        for text in self._snippets():
            found.add(text)
            found.update(_LITERAL.findall(text))
        for symbol in self._codebase.symbols.values():
            docstring = symbol.docstring
            for text in (docstring.summary, docstring.body, *(one for _, one in docstring.parameters)):
                if "`" in text:
                    found.update(_CODE_SPAN.findall(text))
        found.update(word for option in self._options for word in _CODE_SPAN.findall(option.help))
        return frozenset(found)

    def _snippets(self) -> Iterator[str]:
        """Pieces of source text that the facts carry."""
        for symbol in self._codebase.symbols.values():
            yield from symbol.decorators
            yield from symbol.bases
            for parameter in symbol.parameters:
                yield parameter.default or ""
                yield parameter.annotation or ""
            yield symbol.value or ""
            yield symbol.returns or ""
        for option in self._options:
            yield option.default or ""
        for example in self._codebase.examples:
            yield example.code
            yield from _WORD.findall(example.code)
