"""Read YAML as nodes, so that each item has its line.

Comes in: YAML text. Goes out: items with 1-based lines. Must never: construct Python objects from tags, raise.
"""

from __future__ import annotations

import yaml


def _compose(text: str) -> yaml.Node | None:
    try:
        return yaml.SafeLoader(text).get_single_node()
    except (yaml.YAMLError, RecursionError, ValueError):
        return None


def _entries(node: yaml.Node | None) -> dict[str, tuple[int, yaml.Node]]:
    if not isinstance(node, yaml.MappingNode):
        return {}
    return {
        key.value: (key.start_mark.line + 1, value) for key, value in node.value if isinstance(key, yaml.ScalarNode)
    }


def _items(node: yaml.Node | None) -> list[yaml.Node]:
    return list(node.value) if isinstance(node, yaml.SequenceNode) else []


def numbered_items(text: str, key: str) -> list[tuple[int, str, str]] | None:
    """Return the strings of the list at a top key: line, text, and the key of the inner list they stand in, if any."""
    root = _entries(_compose(text))
    if key not in root:
        return None
    found: list[tuple[int, str, str]] = []
    for node in _items(root[key][1]):
        if isinstance(node, yaml.ScalarNode):
            found.append((node.start_mark.line + 1, node.value, ""))
        for inner, (_, value) in _entries(node).items():
            found += [
                (item.start_mark.line + 1, item.value, inner)
                for item in _items(value)
                if isinstance(item, yaml.ScalarNode)
            ]
    return found


def numbered_mappings(text: str) -> list[tuple[int, int, dict[str, str | list[str]]]]:
    """Return the mappings of a top-level list: first line, last line, and their texts and lists of texts by key."""
    found: list[tuple[int, int, dict[str, str | list[str]]]] = []
    for node in _items(_compose(text)):
        values: dict[str, str | list[str]] = {}
        last = node.start_mark.line + 1
        for key, (line, value) in _entries(node).items():
            if isinstance(value, yaml.ScalarNode):
                values[key] = value.value
            elif isinstance(value, yaml.SequenceNode):
                values[key] = [item.value for item in _items(value) if isinstance(item, yaml.ScalarNode)]
            last = max(last, line)
        if values:
            found.append((node.start_mark.line + 1, last, values))
    return found
