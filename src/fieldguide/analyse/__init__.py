"""From redacted sources to one `Codebase`: facts only, each with its file and lines.

Comes in: files and their redacted text.
Goes out: `FileFacts` of each, and the `Codebase` of all together.
Must never: import or run the analysed code; call a model.
"""

from fieldguide.analyse.assemble import assemble
from fieldguide.analyse.cache import FactsCache, facts_key, tree_digest
from fieldguide.analyse.file import analyse_file
from fieldguide.analyse.installed import Installed
from fieldguide.analyse.names import module_names

__all__ = ["FactsCache", "Installed", "analyse_file", "assemble", "facts_key", "module_names", "tree_digest"]
