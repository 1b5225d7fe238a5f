"""Find the lines of TOML's keys and values, which the standard library's parser does not tell.

Comes in: text that `tomllib` has already accepted (TOML 1.0, https://toml.io/en/v1.0.0). Goes out: lines by key path.
Must never: decide what a value is; that is the parser's part.
"""

from __future__ import annotations

from bisect import bisect_right
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Mapping

KeyPath = tuple[str | int, ...]
"""Keys from the root, with the index of an element in an array or in an array of tables."""


def toml_lines(text: str) -> Mapping[KeyPath, tuple[int, int]]:
    """Return first and last line, 1-based, of every key with its value, every array element and every table header."""
    scanner = _Scanner(text)
    try:
        scanner.document()
    except IndexError:  # only for text that is not TOML: what was found until then still holds
        return scanner.found
    return scanner.found


class _Scanner:
    def __init__(self, text: str) -> None:
        self.text = text
        self.at = 0
        self.found: dict[KeyPath, tuple[int, int]] = {}
        self._starts = [0, *(index + 1 for index, character in enumerate(text) if character == "\n")]
        self._tables: dict[KeyPath, int] = {}

    def document(self) -> None:
        table: KeyPath = ()
        while self._skip(" \t\r\n"):
            if self.text[self.at] == "[":
                table = self._header()
            else:
                self._pair(table)

    def _line(self, offset: int) -> int:
        return bisect_right(self._starts, offset)

    def _skip(self, blanks: str) -> bool:
        """Move past blanks and comments; `False` at the end."""
        while self.at < len(self.text):
            character = self.text[self.at]
            if character == "#":
                end = self.text.find("\n", self.at)
                self.at = len(self.text) if end < 0 else end
            elif character in blanks:
                self.at += 1
            else:
                return True
        return False

    def _header(self) -> KeyPath:
        start = self.at
        array = self.text.startswith("[[", self.at)
        self.at += 2 if array else 1
        keys = self._resolve(self._keys("]"))
        self.at += 2 if array else 1
        if array:
            count = self._tables.get(keys, 0)
            self._tables[keys] = count + 1
            self.found.setdefault(keys, (self._line(start), self._line(start)))
            keys = (*keys, count)
        self.found.setdefault(keys, (self._line(start), self._line(start)))
        return keys

    def _resolve(self, keys: KeyPath) -> KeyPath:
        """Put in the index of the latest element wherever a prefix names an array of tables."""
        resolved: KeyPath = ()
        for position, key in enumerate(keys):
            resolved = (*resolved, key)
            if position < len(keys) - 1 and resolved in self._tables:
                resolved = (*resolved, self._tables[resolved] - 1)
        return resolved

    def _keys(self, end: str) -> KeyPath:
        keys: list[str] = []
        while True:
            self._skip(" \t")
            character = self.text[self.at]
            if character == end:
                return tuple(keys)
            if character == ".":
                self.at += 1
            elif character in "\"'":
                start = self.at
                self._string()
                keys.append(_unescape(self.text[start : self.at]))
            else:
                start = self.at
                while self.text[self.at] not in " \t.=]":
                    self.at += 1
                keys.append(self.text[start : self.at])

    def _pair(self, table: KeyPath) -> None:
        start = self.at
        path = (*table, *self._keys("="))
        self.at += 1
        self._value(path)
        self.found[path] = (self._line(start), self._line(self.at - 1))

    def _value(self, path: KeyPath) -> None:
        self._skip(" \t")
        character = self.text[self.at]
        if character in "\"'":
            self._string()
        elif character == "[":
            self._array(path)
        elif character == "{":
            self._inline_table(path)
        else:
            while self.at < len(self.text) and self.text[self.at] not in ",]}\n#":
                self.at += 1

    def _string(self) -> None:
        quote = self.text[self.at]
        delimiter = quote * 3 if self.text.startswith(quote * 3, self.at) else quote
        self.at += len(delimiter)
        while not self.text.startswith(delimiter, self.at):
            self.at += 2 if quote == '"' and self.text[self.at] == "\\" else 1
            if self.at >= len(self.text):
                raise IndexError
        self.at += len(delimiter)
        while len(delimiter) > 1 and self.text.startswith(quote, self.at):  # `""""` ends with a quote inside
            self.at += 1

    def _array(self, path: KeyPath) -> None:
        self.at += 1
        index = 0
        while True:
            self._skip(" \t\r\n,")
            if self.text[self.at] == "]":
                self.at += 1
                return
            start = self.at
            self._value((*path, index))
            self.found[(*path, index)] = (self._line(start), self._line(self.at - 1))
            index += 1

    def _inline_table(self, path: KeyPath) -> None:
        self.at += 1
        while True:
            self._skip(" \t\r\n,")
            if self.text[self.at] == "}":
                self.at += 1
                return
            self._pair(path)


def _unescape(quoted: str) -> str:
    import tomllib  # noqa: PLC0415 - only a key with escapes needs it

    if quoted[0] == "'" or "\\" not in quoted:
        return quoted[1:-1]
    return str(tomllib.loads(f"key = {quoted}")["key"])
