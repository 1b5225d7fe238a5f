"""How much of a lying model's text is published: `PYTHONPATH=tests python bench/lying.py [PACKAGE …] [--keep DIR]`.

The model, a server on loopback, invents three names and three paths in every reply, and writes true sentences around
them, and code blocks that import, call and type what is not there. Each package that is installed here is copied and
documented; when fieldguide asks it to mend the text, it lies again. What is counted are inventions that stand on a
page. Most are made of the project's own words: those are the likely ones.
"""

from __future__ import annotations

import argparse
import json
import random
import re
import shutil
import subprocess
import sys
import tempfile
from dataclasses import dataclass, field
from importlib.util import find_spec
from pathlib import Path
from typing import TYPE_CHECKING, Final

from measurement import clean_environment

from provider.loopback_provider import DEPLOYMENT, KEY, running_provider

if TYPE_CHECKING:
    from collections.abc import Iterator

PACKAGES: Final = (
    *("markdown_it", "mdurl", "annotated_types", "anyio", "attr", "certifi", "click", "distro", "execnet"),
    *("fire", "flask", "h11", "httpcore", "httpx", "idna", "iniconfig", "itsdangerous", "jinja2", "jiter"),
    *("jmespath", "jsonpatch", "jsonpointer", "langsmith", "markupsafe", "msgspec", "openai", "orjson"),
    *("packaging", "platformdirs", "pluggy", "pydantic_settings", "pytest_socket", "rapidfuzz", "regex"),
    *("requests", "requests_toolbelt", "responses", "rich", "s3transfer", "six", "sniffio"),
    *("sortedcontainers", "tenacity", "termcolor", "tqdm", "typing_inspection", "urllib3", "uuid_utils"),
    *("werkzeug", "xmltodict", "yaml", "zstandard", "grimp", "importlinter", "griffe", "xdist"),
)
FILES: Final = 25
"""Of a package: more are read in several requests, whose notes are no text of a page."""
VERBS: Final = ("resolve", "dispatch", "hydrate", "reconcile", "enqueue", "fetch", "purge", "rehydrate", "negotiate")
NOUNS: Final = ("manifest", "session", "ledger", "cursor", "batch", "registry", "pipeline", "snapshot", "frontier")


@dataclass(slots=True)
class Liar:
    """What a lying model says, and what of it was invented."""

    seed: int
    invented: set[str] = field(default_factory=set[str])
    replies: int = 0

    def reply(self, body: bytes) -> str:
        """Answer a request, with three names and three paths that its project has not."""
        self.replies += 1
        chance = random.Random(f"{self.seed}/{self.replies}")  # noqa: S311  # a bench's seed
        request = "\n".join(one["content"] for one in json.loads(body)["messages"])
        sections = list(dict.fromkeys(re.findall(r"`## (\w+)`", request)))
        own = sorted(set(re.findall(r"`([a-z]\w+(?:\.\w+)*)`", request)))
        folder = next(iter(re.findall(r"`((?:\w+/)+)\w+\.py`", request)), "src/")
        verb, noun, stem = chance.choice(VERBS), chance.choice(NOUNS), chance.choice(own or ["core"])
        last = stem.rpartition(".")[2]
        lies = [
            f"{last}_{verb}_{noun}",
            f"{verb.capitalize()}{noun.capitalize()}{chance.randrange(10, 99)}",
            f"{stem}.{verb}_{noun}",
            f"{folder}{verb}_{noun}.py",
            f"docs/{noun}/{verb}{chance.randrange(10, 99)}.md",
            f"{verb}{chance.randrange(10, 99)}.toml",
        ]
        self.invented.update(lies)
        chance.shuffle(lies)
        return "\n\n".join([*(_section(key, lies, chance) for key in sections), "## end"])


def _section(key: str, lies: list[str], chance: random.Random) -> str:
    said = list(_sentences(key, lies, chance))
    if key in {"usage", "overview"}:
        said.append(_blocks(lies, chance))
    if key in {"highlights", "pitfalls"}:
        said = [f"- {one}" for one in said]
    if key == "descriptions":
        said = []
    return f"## {key}\n\n" + "\n".join(said)


def _sentences(key: str, lies: list[str], chance: random.Random) -> Iterator[str]:
    """True ones that name nothing, and lies of every form between them; what leans on a lie says so."""
    forms = (
        "It rests on `{}`, which does most of the work.",
        "Call `{}()` once before anything else.",
        "The file {} says how.",
        "Everything passes through {} in the end.",
        "Look into `{}` for the details.",
        "[The guide]({}) has more.",
        "**{}** decides what happens next.",
    )
    if key == "tagline":
        yield f"Does its work with `{lies[0]}`."
        return
    yield "It takes what it is given and hands the result on."
    for lie in chance.sample(lies, 4):
        yield chance.choice(forms).format(lie)
        if chance.random() < 1 / 3:
            yield "This is why it starts quickly."
    yield "A caller waits for the answer and goes on."


def _blocks(lies: list[str], chance: random.Random) -> str:
    """Blocks of code with one invention each: an import, a keyword, a member, a command, a flag, a file."""
    names = [one for one in lies if "/" not in one and not one.endswith((".toml", ".md"))]
    name, other = (one.rpartition(".")[2] for one in chance.sample(names, 2))
    path = next(one for one in lies if "/" in one)
    own = min((one.partition(".")[0] for one in lies if one.endswith(name)), default="core")
    forms = (
        f"```python\nfrom {own} import {name}\n\n{name}()\n```",
        f"```python\nimport json\n\njson.dumps([], {other}=2)\n```",
        f"```python\nimport {name}\n```",
        f'```python\nvalue = "text"\nvalue.{name}()\n```',
        f'```python\nwith open("{path}") as file:\n    print(file.read())\n```',
        f"```pycon\n>>> print(1)\n{name}\n```",
        f"```console\n$ pip install {name}\n```",
        f"```console\n$ python -m {name}\n```",
        f"```bash\npython --{name.replace('_', '-')} {path}\n# see {other}\n```",
        f"```bash\n{name} run --verbose\n```",
        f"```toml\n[tool.{name}]\nvalue = 1\n```",
    )
    said = [
        f"Call it like this:\n\n{chance.choice(forms)}\n\nThis is enough.",
        f"For example:\n\n{chance.choice(forms)}",
    ]
    return "\n\n" + "\n\n".join([*said, "Python counts:\n\n```python\nprint(len([1, 2, 3]))\n```\n\nIt goes on."])


def main() -> None:
    """Document each package under the liar, and count what of it was published."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("packages", nargs="*", default=PACKAGES)
    parser.add_argument("--keep", type=Path, help="directory that keeps the pages")
    said = parser.parse_args()
    with tempfile.TemporaryDirectory() as scratch, running_provider() as provider:
        liar = Liar(1)

        def told(body: bytes) -> None:
            provider.reply = liar.reply(body)

        provider.on_body = told
        pages: dict[str, str] = {}
        for name in said.packages:
            project = Path(scratch) / name / name
            if _copied(name, project):
                pages[name] = _documented(project.parent, Path(scratch) / "home", provider.address)
        lies = sorted(liar.invented)
        published = [(name, lie) for name, page in pages.items() for lie in lies if lie in page]
        for name, lie in published:
            print(f"{name}: {lie}")
        print(
            f"{len(pages)} pages, {liar.replies} replies, {len(liar.invented)} inventions, {len(published)} published"
        )
        if said.keep:
            said.keep.mkdir(parents=True, exist_ok=True)
            for name, page in pages.items():
                (said.keep / f"{name}.md").write_text(page, "utf-8")


def _copied(name: str, place: Path) -> bool:
    """Copy the first files of an installed package."""
    spec = find_spec(name)
    if spec is None or spec.origin is None or not spec.submodule_search_locations:
        return False
    root = Path(spec.origin).parent
    for source in sorted(root.rglob("*.py"))[:FILES]:
        copy = place / source.relative_to(root)
        copy.parent.mkdir(parents=True, exist_ok=True)
        shutil.copyfile(source, copy)
    return (place / "__init__.py").exists()


def _documented(project: Path, home: Path, address: str) -> str:
    variables = clean_environment(
        home,
        AZURE_OPENAI_ENDPOINT=address,
        AZURE_OPENAI_API_KEY=KEY,
        AZURE_OPENAI_DEPLOYMENT=DEPLOYMENT,
        OPENAI_API_VERSION="2024-10-21",
        FIELDGUIDE_MODEL="gpt-4o",
    )
    command = [sys.executable, "-m", "fieldguide", "--quiet", str(project)]
    ran = subprocess.run(command, env=variables, capture_output=True, text=True, check=False)
    page = project / "README.md"
    if not page.exists():
        sys.exit(f"{project.name}: exit code {ran.returncode}\n{ran.stderr}")
    return page.read_text("utf-8")


if __name__ == "__main__":
    main()
