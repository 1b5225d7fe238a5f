"""Reading of documents that people wrote: what they mention, by the shape of words and the markup around them.

Comes in: the path and text of a document.
Goes out: a `Document`. Must never: judge a mention.
"""

from __future__ import annotations

from fieldguide.verify.reading.documents import read_document

__all__ = ["read_document"]
