"""What a program lets its user set: command lines, environment variables, settings classes.

Comes in: syntax trees of files, then the facts of all files together. Goes out: `Interfaces`, then `CommandLine`s.
Must never: import or run the code that it reads.
"""

from fieldguide.analyse.interfaces.join import join_environment, join_interfaces, join_settings
from fieldguide.analyse.interfaces.read import read_interfaces

__all__ = ["join_environment", "join_interfaces", "join_settings", "read_interfaces"]
