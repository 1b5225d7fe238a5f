"""Makes the requests that buy notes on files and on packages.

Comes in: topics, the redacted text of their lines, notes that were had already, prompts. Goes out: a `Request`.
Must never: put a word of the repository, or of a model, outside a field, or into one that was not redacted.
"""

from __future__ import annotations

import hashlib
import json
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from typing import TYPE_CHECKING

from fieldguide.domain.model import ModelChoice
from fieldguide.domain.redacted import PLACEHOLDER, RedactedText
from fieldguide.domain.request import PromptText, Request
from fieldguide.domain.work import Purpose
from fieldguide.write.notes.labels import label_of
from fieldguide.write.notes.reply import first_sentence
from fieldguide.write.prose.material import GAP, fence_for, fenced, notes_text, shown_path
from fieldguide.write.prose.prompts import Prompts

if TYPE_CHECKING:
    from fieldguide.domain.work import Topic, WorkPlan


@dataclass(frozen=True, slots=True)
class Desk:
    """What every request of a run is made with."""

    project: str
    choice: ModelChoice
    prompts: Prompts
    read: Callable[[str], RedactedText | None]
    """Gives the redacted text of a path, `None` when it can no longer be read."""
    seal: Callable[[str], RedactedText]
    """Redacts finished text once more."""
    _digests: dict[str, str] = field(default_factory=dict[str, str], compare=False, repr=False)
    """Of files' topics, by key: a tree's files are read for them once."""

    def text_of(self, topic: Topic) -> str | None:
        """The lines of a file's topic, with a mark where lines are left out; `None` when they cannot be read."""
        if not topic.pieces:
            return ""
        text = self.read(topic.pieces[0].span.path)
        if text is None:
            return None
        lines = text.text.split("\n")
        shown: list[str] = []
        last = 0
        for piece in topic.pieces:
            if shown and piece.span.first > last + 1:
                shown.append(GAP)
            shown.extend(lines[piece.span.first - 1 : piece.span.last])
            last = piece.span.last
        return "\n".join(shown)

    def file_digest(self, topic: Topic) -> str | None:
        """Of what shapes the note on a file: its lines, whatever else shares the request; `None` without them."""
        if topic.key not in self._digests:
            text = self.text_of(topic)
            if text is None:
                return None
            self._digests[topic.key] = self._digest(self.prompts.files, [label_of(topic.key), text])
        return self._digests[topic.key]

    def tree_digest(self, plan: WorkPlan, bare: Request) -> str:
        """Of everything that shapes a plan's page, so that nothing need be asked to know whether the page stands.

        Args:
            plan: With every file's topic.
            bare: The page's request without a note.
        """
        topics = [topic for errand in plan.errands for topic in errand.topics]
        shaping = [
            [topic.key, topic.needs, self.file_digest(topic) if topic.purpose is Purpose.FILE else ""]
            for topic in sorted(topics, key=lambda one: one.key)
        ]
        return self._digest(self.prompts.package, [bare.digest, shaping])

    def package_digest(self, topic: Topic, notes: Mapping[str, str]) -> str:
        """Of what shapes the note on a package: the notes that it needs, word for word."""
        return self._digest(self.prompts.package, [label_of(topic.key), list(_needed(topic, notes).items())])

    def files_request(self, topics: Sequence[Topic], texts: Mapping[str, str], earlier: Mapping[str, str]) -> Request:
        """Ask for notes on files that share the request."""
        fence = fence_for([*texts.values(), *earlier.values()])
        files = [f"{label_of(one.key)}:\n{fenced(texts[one.key], fence)}" for one in topics]
        fields = {
            "project": shown_path(self.project),
            "files": "\n\n".join(files),
            "earlier": _listed({one.key: earlier[one.key] for one in topics if one.key in earlier}, fence),
        }
        return self._request(self.prompts.files, fields, topics)

    def package_request(self, topic: Topic, notes: Mapping[str, str], earlier: str | None) -> Request:
        """Ask for the note on a package, from the notes that it needs."""
        needed = {key: text for key, text in _needed(topic, notes).items() if text}
        fence = fence_for([*needed.values(), earlier or ""])
        fields = {
            "project": shown_path(self.project),
            "package": label_of(topic.key),
            "notes": _listed(needed, fence),
            "earlier": "There is none." if earlier is None else fenced(earlier, fence),
        }
        return self._request(self.prompts.package, fields, [topic])

    def _request(self, prompt: PromptText, fields: Mapping[str, str], topics: Sequence[Topic]) -> Request:
        sealed = tuple((name, self.seal(text)) for name, text in fields.items() if f"{{{name}}}" in prompt)
        output = sum(topic.output_tokens for topic in topics)
        thinking = self.choice.reply_tokens - self.choice.max_output_tokens
        shaping = [[(name, value.text) for name, value in sealed], output]
        spans = [piece.span for topic in topics if topic.purpose is Purpose.FILE for piece in topic.pieces]
        return Request(
            system=self.prompts.system,
            prompt=prompt,
            fields=sealed,
            sections=tuple(topic.key for topic in topics),
            max_output_tokens=output + thinking,
            digest=self._digest(prompt, shaping),
            sources=tuple(replace(span, path=self.seal(span.path).text) for span in spans),
        )

    def _digest(self, prompt: PromptText, material: object) -> str:
        """BLAKE2b-128 of prompts, material, model and parameters; the digits of placeholders are the user's own."""
        choice = self.choice
        shaping = [
            self.prompts.system,
            prompt,
            self.project,
            material,
            [choice.provider.value, choice.model, choice.family, choice.temperature],
        ]
        numbers: dict[str, int] = {}
        text = PLACEHOLDER.sub(
            lambda found: f"REDACTED_{numbers.setdefault(found[0], len(numbers))}", json.dumps(shaping)
        )
        return hashlib.blake2b(text.encode(), digest_size=16).hexdigest()


def _needed(topic: Topic, notes: Mapping[str, str]) -> dict[str, str]:
    """The notes that a package's note is made of: whole, or their first sentence where they are only context."""
    context = frozenset(topic.context)
    return {key: first_sentence(notes[key]) if key in context else notes[key] for key in topic.needs if key in notes}


def _listed(notes: Mapping[str, str], fence: str) -> str:
    """Notes beneath their topics' labels."""
    return notes_text(((label_of(key), text) for key, text in notes.items()), fence)
