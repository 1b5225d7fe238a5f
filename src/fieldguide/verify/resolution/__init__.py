"""Whether what a document mentions holds: each mention gets one of three answers.

Comes in: mentions and the documents that they stand in, a codebase, the code that is installed.
Goes out: a `Verdict` for each.
Must never: say that something is broken without evidence of its absence.
"""
