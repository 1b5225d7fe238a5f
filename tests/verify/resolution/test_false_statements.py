"""A document that is true but for one flag, default or path: the false one is told, and the true one is not."""

from __future__ import annotations

import textwrap
from typing import TYPE_CHECKING

import pytest
from name_trees import Tree

if TYPE_CHECKING:
    from fieldguide.domain.documents import Fault

FILES = {
    "pyproject.toml": """
        [project]
        name = "dunlin"
        [project.scripts]
        dunlin-wade = "dunlin.__main__:main"
        """,
    "dunlin/__init__.py": """
        from dunlin._flock import Bird, Flock, Wader, feed
        """,
    "dunlin/_flock.py": """
        class Bird:
            def __init__(self, *, tide_wait: float = 2.5, ring: str | None = None, tame=None) -> None: ...


        class Wader(Bird):
            def __init__(self, depth: int = 4, *, bill: str = "long", **options) -> None:
                super().__init__(**options)


        class Flock:
            size_at_dusk = None

            def __init__(self, *birds, closed=True, roost_limit=0) -> None: ...

            def rise(self, when=-1): ...


        def feed(flock, grains=12, **anything): ...


        def hatch(egg_count=3): ...
        """,
    "dunlin/__main__.py": """
        import argparse


        def main():
            parser = argparse.ArgumentParser("dunlin-wade")
            parser.add_argument("--mud-depth", type=int, default=3)
            parser.add_argument("--colour", action="store_true")
            parser.add_argument("--follow-tide", action="store_true")
            parser.parse_args()


        main()
        """,
    "dunlin/defaults.py": """
        MUD_FLATS = 7
        TIDE_TABLE = None
        RINGED = True
        LONGEST_WAIT = 2 * 60 * 60
        MOST_MUD = 4 * 1024**2
        TIDE_FORMAT = "text/plain"
        """,
    "docs/tides.md": "# Tides\n",
    "docs/index.md": "# Dunlin\n",
    "dunlin/shore.h": "int shore;\n",
    "tools/count_rings.py": "print(1)\n",
}


@pytest.fixture(scope="module")
def tree(tmp_path_factory: pytest.TempPathFactory) -> Tree:
    return Tree(tmp_path_factory.mktemp("dunlin"), FILES)


def told(tree: Tree, text: str, path: str = "docs/guide.rst") -> list[str]:
    return [_named(one) for one in tree.faults(textwrap.dedent(text), path)]


def _named(fault: Fault) -> str:
    return fault.verdict.part or fault.mention.text


DEFAULTS = [
    ("MUD_FLATS\n=========\n\nDefault: ``{}``\n", "7", "15"),
    ("TIDE_TABLE\n==========\n\nDefault: ``{}``\n", "None", "True"),
    ("LONGEST_WAIT\n============\n\nDefault: {}\n", "2 hours", "3 hours"),
    ("MOST_MUD\n========\n\nDefault: {}\n", "4 MiB", "5 MiB"),
    ("TIDE_FORMAT\n===========\n\nDefault: ``{}``\n", "text/plain", "text/html"),
    ("RINGED\n======\n\nDefault: ``{}``\n", "True", "False"),
    (".. class:: dunlin.Wader(depth=4)\n\n   :param int depth: If ``0``, there is no limit (default: {}).\n", "4", "9"),
    (".. class:: dunlin.Wader(depth={})\n", "4", "9"),
    ('.. class:: dunlin.Wader(depth=4, *, \\\n           bill="{}")\n', "long", "short"),
    (".. class:: dunlin.Wader\n\n   :param tide_wait: Seconds. Default: ``{}``.\n", "2.5", "6"),
    (
        ".. class:: dunlin.Bird\n\n   :param ring: Its number, :class:`str` or none (``{}`` by default).\n",
        "None",
        "True",
    ),
    (".. class:: dunlin.Flock\n\n   .. method:: rise(when={})\n", "-1", "None"),
    ("Feeding\n=======\n\nCall ``feed``: the ``grains`` default to ``{}``.\n", "12", "25"),
    ("Flocks\n======\n\nOf ``Flock`` the attribute ``size_at_dusk`` defaults to ``{}``.\n", "None", "False"),
]


@pytest.mark.parametrize(("text", "right", "wrong"), DEFAULTS)
def test_a_default_that_the_code_does_not_give_is_told(tree: Tree, text: str, right: str, wrong: str) -> None:
    assert told(tree, text.format(right)) == []
    assert [one.strip("'\"") for one in told(tree, text.format(wrong))] == [wrong]


@pytest.mark.parametrize(
    "text",
    [
        "MUD_FLATS\n=========\n\nDefault: ``1`` (without a shore: ``7``)\n",
        "LONGEST_WAIT\n============\n\nDefault: 3 months\n",
        "LONGEST_WAIT\n============\n\nDefault: 7200000 ms\n",
        "MUD_FLATS\n=========\n\nThe ``grains`` of a flock are few. They default to 3.\n",
        "::\n\n    $ python -m elsewhere --help\n    Usage: python -m elsewhere\n\n      --verison  Tell it.\n",
        ".. class:: dunlin.Bird\n\n   :param tame: Default: ``True``.\n",
        ".. class:: dunlin.Flock\n\n   :param nested_limit: Default: ``3``.\n",
        ".. function:: feed(flock[, grains=3])\n",
        ".. function:: elsewhere.feed(grains=3)\n",
    ],
    ids=[
        "named beside",
        "of no known length",
        "in another unit",
        "of another",
        "another program",
        "may stand for another",
        "not ours",
        "no Python",
        "another module",
    ],
)
def test_what_the_code_does_not_contradict_is_no_fault(tree: Tree, text: str) -> None:
    assert told(tree, text) == []


FLAGS = [
    ("```console\n$ python -m dunlin --{}\n```\n", "mud-depth", "mud-detph"),
    ("```console\n$ docker run --rm ghcr.io/x/dunlin dunlin-wade --{} .\n```\n", "colour", "colours"),
    ("```console\n$ dunlin-wade --mud-depth '\nof the shore\n' --{}\n```\n", "colour", "use-colour"),
    ("```\ndunlin-wade shore \\\n  --mud-depth 3 --{}\n```\n", "follow-tide", "follow-tides"),
    ("The tide table goes to `dunlin-wade`'s `--{}` option, like that of git.\n", "follow-tide", "use-follow-tide"),
    ("Give `--{}` to `dunlin-wade`.\n", "follow-tide", "follow-tied"),
    ("## Related plugins\n\nType `dunlin-wade --{} 3`.\n", "mud-depth", "mud-depth-mode"),
    ("## Migration\n\nType `dunlin-wade --{} 3`.\n", "mud-depth", "mud-dept"),
    ("```{{program-output}} dunlin-wade --{}\n```\n", "help", "hepl"),
    ("```python\nwade()  # with --{}\n```\n", "mud-depth", "mud-depht"),
    ("```python\nprint('give `--{}` too')\n```\n", "mud-depth", "mud-depths"),
    ("```\ndunlin-wade shore --{}\nAt 4: mud (deep)\n```\n", "colour", "colour-mode"),
    ("```console\n$ pipx run 'dunlin[tides]' --{}\n```\n", "colour", "use-colour"),
    ("```console\n$ .venv/bin/dunlin-wade --{}\n```\n", "colour", "use-colour"),
    ("```console\n$ python --{}\n```\n", "version", "verison"),
    ("```\nusage: dunlin-wade [--mud-depth MUD_DEPTH] [--{}]\n```\n", "follow-tide", "follow-tid"),
    ("```\n$ dunlin-wade --{}\n>>> MUD <<<\n```\n", "colour", "colour-mode"),
    ("## rename-flock\n\n```\nusage: dunlin-wade [--{}]\n```\n", "colour", "colour-mode"),
    ("Waders use `--mud-depth=uv`, and `--{}` as they walk.\n", "follow-tide", "follow-tide-mode"),
]


@pytest.mark.parametrize(("text", "right", "wrong"), FLAGS)
def test_a_flag_that_the_program_does_not_take_is_told(tree: Tree, text: str, right: str, wrong: str) -> None:
    assert told(tree, text.format(right), "docs/guide.md") == []
    assert told(tree, text.format(wrong), "docs/guide.md") == [f"--{wrong}"]


def test_a_flag_beside_the_one_that_it_became_is_no_slip(tree: Tree) -> None:
    text = "## Migration\n\nType `--mud-depth` where it was `dunlin-wade --mud-depths`.\n"
    assert told(tree, text, "docs/guide.md") == []


PATHS = [
    ("- `{}` says how deep.\n", "dunlin/shore.h", "dunlin/old/shore.h"),
    ("## Related plugins\n\nSee `{}`.\n", "tools/count_rings.py", "tools/old/count_rings.py"),
    ("## 4. Shores\n\n### 4.1 Mud\n\nSee `{}`.\n", "tools/count_rings.py", "tools/count_rings_new.py"),
    ("```python\nimport dunlin\n```\n\nSee `{}`.\n", "dunlin/_flock.py", "dunlin/_flock_new.py"),
    ("Add an entry of yours in `{}`.\n", "docs/tides.md", "docs/old/tides.md"),
    ('<figure markdown="span">\n  ![Mud]({})\n</figure>\n', "tides.md", "old/tides.md"),
]


@pytest.mark.parametrize(("text", "right", "wrong"), PATHS)
def test_a_file_that_is_not_there_is_told(tree: Tree, text: str, right: str, wrong: str) -> None:
    assert told(tree, text.format(right), "docs/guide.md") == []
    assert told(tree, text.format(wrong), "docs/guide.md") == [wrong]


def test_below_the_heading_of_a_version_things_are_of_another_time(tree: Tree) -> None:
    text = "# Notes\n\n## 4.1 (May)\n\nSee `tools/old/count_rings.py`.\n"
    assert told(tree, text, "docs/guide.md") == []
