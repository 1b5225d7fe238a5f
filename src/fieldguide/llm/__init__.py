"""Room of the language model: one door, through which every request goes, and the ledger of what went.

Comes in: a `Request` made of `RedactedText`. Goes out: a `Reply` with its `Usage`, or a `Failure`.
Must never: be imported by anything but `write`, save for the ledger, which the command line opens and reads.
"""

from __future__ import annotations

from fieldguide.llm.chain import ledger_key
from fieldguide.llm.door import Door
from fieldguide.llm.ledger import Ledger, ledger_file
from fieldguide.llm.reading import read_ledger
from fieldguide.llm.single_call import ask

__all__ = ["Door", "Ledger", "ask", "ledger_file", "ledger_key", "read_ledger"]
