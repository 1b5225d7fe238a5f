"""The command line's rooms: reading argv, showing progress, telling what was done. Only `cli` imports them.

Must never: be imported by a stage or by the pipeline; know how a stage does its work.
"""
