"""The nouns that flow between stages: frozen, typed, picklable values.

Must never: do I/O, import a stage, hold a value that one stage may change under another.
"""
