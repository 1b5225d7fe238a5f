"""Puts a verified page on disk without losing a word that a person wrote there.

Comes in: a verified `Draft`, and the page as it is on disk.
Goes out: the page's new text, then the file, swapped in at one instant.
Must never: change text outside our markers or an edit inside them; leave a file that is half old and half new.
"""

from fieldguide.publish.merging import merge
from fieldguide.publish.reading import read_page
from fieldguide.publish.writing import Written, write_page

__all__ = ["Written", "merge", "read_page", "write_page"]
