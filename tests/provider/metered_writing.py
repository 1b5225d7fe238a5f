"""What a model would write: notes and sections of the form that a prompt asks for, about the names in it.

Comes in: the text of a prompt. Goes out: a reply that depends on nothing but that text.
Must never: name what the prompt does not hold; know the program that asks beyond the headings in its prompts.
"""

from __future__ import annotations

import hashlib
import re
from dataclasses import dataclass
from typing import TYPE_CHECKING, Final, Literal

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

_FENCE: Final = re.compile(r"^(~{8,})$", re.MULTILINE)
_DEFINED: Final = re.compile(r"^[ \t]*(?:async[ \t]+)?(?:def|class)[ \t]+([A-Za-z]\w*)", re.MULTILINE)
_QUOTED: Final = re.compile(r"`([A-Za-z_]\w+)`")
_MOST_WORDS: Final = re.compile(r"at most (\d+)\s+words")
_PACKAGE: Final = re.compile(r"^One heading line `## ` followed by (.+?) exactly as it stands above", re.MULTILINE)
_FILES: Final = re.compile(r"^For each file above, .*heading line `## `", re.MULTILINE)
_SECTIONS: Final = re.compile(r"each beneath its own heading line, spelt as here: (.+?)\.$", re.MULTILINE)
_UNDESCRIBED: Final = "# Names of which the code says nothing"
_STANDING: Final = "# The text as it stands"
_CHANGED: Final = "# Code that has changed"
_FILLING: Final = (
    "callers begin here", "state is kept between calls", "errors are passed on", "order matters", "input is read once",
    "defaults come from the caller", "nothing is written", "results are built step by step", "paths are resolved early",
    "the work is done at import", "names are checked first", "values are copied", "what fails is reported at the end",
    "one pass is enough", "the rest is left alone", "limits are fixed",
)  # fmt: skip

Detail = Literal["content", "interface"]
"""Whether every change of a file changes the note on it, or only a change of the names that it defines."""


@dataclass(frozen=True, slots=True)
class Block:
    """Material between fences, with the label of the line before."""

    label: str
    text: str


@dataclass(frozen=True, slots=True)
class Asked:
    """What a prompt asks for, beneath which headings; none when it asks for a text without headings."""

    kind: Literal["files", "package", "page", "revision", "text"]
    headings: tuple[str, ...]


def asked(prompt: str) -> Asked:
    """Read off what a prompt asks for."""
    if _FILES.search(prompt):
        return Asked("files", tuple(dict.fromkeys(block.label for block in blocks(_part(prompt, "# The files")))))
    if match := _PACKAGE.search(prompt):
        return Asked("package", (match[1],))
    if match := _SECTIONS.search(prompt):
        kind = "revision" if _STANDING in prompt else "page"
        return Asked(kind, tuple(re.findall(r"`## (\w+)`", match[1])))
    return Asked("text", ())


def reply_to(prompt: str, *, detail: Detail = "content", plain_words: int = 300) -> str:
    """Write what a prompt asks for.

    Args:
        prompt: The user's message.
        detail: What a note depends on.
        plain_words: Length of a text without headings.
    """
    what = asked(prompt)
    if what.kind == "text":
        return _note(prompt, plain_words, "content")
    if what.kind == "revision":
        parts = [(heading, _revised(heading, prompt, detail)) for heading in what.headings]
    elif what.kind == "page":
        names = _page_names(prompt)
        parts = [(heading, _section(heading, names, prompt)) for heading in what.headings]
    else:
        parts = list(_notes(prompt, what, detail))
    return "".join(f"## {heading}\n{text}\n\n" for heading, text in parts) + "## end\n"


def blocks(text: str) -> list[Block]:
    """All material between fences; the first fence says how long they are."""
    first = _FENCE.search(text)
    if first is None:
        return []
    pieces = re.split(rf"^{first[1]}$\n?", text, flags=re.MULTILINE)
    labels = [piece.rstrip().rpartition("\n")[2].removesuffix(":").strip() for piece in pieces[:-1:2]]
    return [Block(label, inner) for label, inner in zip(labels, pieces[1::2], strict=False)]


def _part(prompt: str, heading: str) -> str:
    """What stands beneath a heading, up to the next one outside of fences."""
    _, _, rest = prompt.partition(f"{heading}\n")
    fence = _FENCE.search(rest)
    inside = False
    kept: list[str] = []
    for line in rest.split("\n"):
        if fence and line == fence[1]:
            inside = not inside
        if not inside and line.startswith("# "):
            break
        kept.append(line)
    return "\n".join(kept)


def _notes(prompt: str, what: Asked, detail: Detail) -> Iterator[tuple[str, str]]:
    """A note for each heading; `unchanged` where the earlier note says the same."""
    most = _MOST_WORDS.search(prompt)
    words = int(most[1]) if most else 90
    earlier = _part(prompt, "# Earlier notes") or _part(prompt, "# Earlier note")
    if what.kind == "files":
        material: dict[str, str] = {}
        for block in blocks(_part(prompt, "# The files")):
            material[block.label] = material.get(block.label, "") + block.text
    else:
        material = {what.headings[0]: _part(prompt, "# The notes")}
    for heading in what.headings:
        note = _note(material[heading], words * 3 // 4, detail)
        yield heading, "unchanged" if note in earlier else note


def _note(text: str, words: int, detail: Detail) -> str:
    """Sentences about the names that a text defines, of about so many words."""
    names = _names(text)
    digest = hashlib.sha256((text if detail == "content" else " ".join(names)).encode()).digest()
    said = [f"It offers {_listed(names[:4])}." if names else "It holds no definitions."]
    length = len(said[0].split())
    for step in range(1000):
        if length >= words:
            break
        filling = _FILLING[digest[step % len(digest)] % len(_FILLING)]
        sentence = f"In `{names[step % len(names)]}`, {filling}." if names else f"{filling.capitalize()}."
        said.append(sentence)
        length += len(sentence.split())
    return " ".join(said)


def _names(text: str) -> list[str]:
    """Names that are defined in code, else those in backticks; private ones last."""
    found = dict.fromkeys(_DEFINED.findall(text)) or dict.fromkeys(_QUOTED.findall(text))
    return sorted(found, key=lambda name: name.startswith("_"))


def _page_names(prompt: str) -> list[str]:
    evidence = _part(prompt, "# The material")
    return _names(evidence) or _names(_part(prompt, "# What the page already says")) or ["main"]


def _section(heading: str, names: Sequence[str], prompt: str) -> str:
    one, two = names[0], names[min(1, len(names) - 1)]
    texts = {
        "tagline": "Does the work of its modules in one place, for people who call them.",
        "overview": f"Callers need `{one}` for their own work.\n\nThey call `{one}`, and `{two}` does the rest.",
        "highlights": "\n".join(f"- **It is short.** `{name}` does one thing." for name in names[:4]),
        "how_it_works": f"A call begins in `{one}`.\nThen `{two}` takes over.",
        "usage": f"Call `{one}` with your own values.\nLook at `{two}` for what comes back.",
        "pitfalls": "\n".join(f"- `{name}` keeps what it is given." for name in names[:5]),
        "descriptions": "\n".join(f"- `{name}`: Does its part of the work." for name in _undescribed(prompt)),
    }
    return texts.get(heading, f"`{one}` matters here.") or "none"


def _revised(heading: str, prompt: str, detail: Detail) -> str:
    """A section anew: of every change, or of one that brings a name that the text does not have."""
    if heading == "descriptions":
        return _section(heading, ["main"], prompt)
    gone = _part(prompt, "# Named in the text, and no longer in the code")
    standing = [name for name in _QUOTED.findall(_part(prompt, _STANDING)) if name not in gone]
    changed = _names(_part(prompt, _CHANGED)) or standing
    new = [name for name in changed if f"`{name}`" not in _part(prompt, _STANDING)]
    if detail == "content":
        return _section(heading, changed, prompt) if changed else "none"
    return _section(heading, new, prompt) if new and heading == "how_it_works" else "KEEP"


def _undescribed(prompt: str) -> list[str]:
    return [line for block in blocks(_part(prompt, _UNDESCRIBED)) for line in block.text.split("\n") if line.strip()]


def _listed(names: Sequence[str]) -> str:
    return ", ".join(f"`{name}`" for name in names)
