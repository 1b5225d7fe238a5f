"""Whether a block of Python in a draft would do what it shows: it parses, and all that it names is there.

Comes in: the code of a block, what earlier blocks of the section bound, and a `Resolver`.
Goes out: what is wrong, each with its row in the block; nothing where the block may stand.
Must never: run or import what it reads; take a name for one that is there because it cannot tell.
"""

from __future__ import annotations

import ast
import builtins
import io
import tokenize
from copy import deepcopy
from typing import TYPE_CHECKING, Final

from fieldguide.domain.documents import Form, Mention, State
from fieldguide.domain.page import ReferenceKind
from fieldguide.domain.symbols import ParameterKind
from fieldguide.verify.block_faults import Fault
from fieldguide.verify.reading.python_blocks import PythonUse, read_python
from fieldguide.verify.reading.python_names import PythonNames, chain_of
from fieldguide.verify.reading.python_sources import has_prompts, parsed, without_prompts

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

    from fieldguide.verify.resolution.names_signatures import Signature
    from fieldguide.verify.resolver import Resolver

LANGUAGES: Final = frozenset({"python", "py", "python3", "pycon", "python-repl"})
_MEMBERS: Final = frozenset(
    name
    for kind in (str, bytes, list, dict, set, int, float, tuple, io.TextIOWrapper, BaseException)
    for name in dir(kind)
    if not name.startswith("__")
)
"""What values of Python's own types have."""
_OF_BUILT_INS: Final = frozenset((
    "key", "reverse", "default", "start", "strict", "sep", "end", "file", "flush", "encoding", "errors", "mode",
    "newline", "base",
))  # fmt: skip
"""Keywords that functions of Python's own take."""


class PythonBlocks:
    """Blocks of Python of one section, in their order: a later one may use what an earlier one made."""

    def __init__(self, resolver: Resolver) -> None:
        """Nothing is bound yet."""
        self._resolver = resolver
        self._names = PythonNames()
        self.checked = 0
        """References that were looked at so far."""

    def faults(self, code: str) -> list[Fault]:
        """What is wrong with a block; where nothing is, later blocks know what it makes."""
        names = deepcopy(self._names)
        found = list(self._faults(code, names))
        if not found:
            self._names = names
        return found

    def _faults(self, code: str, names: PythonNames) -> Iterator[Fault]:
        lines = code.split("\n")
        typed = lines
        if has_prompts(lines):
            typed, _ = without_prompts(lines)
            yield from self._answers(lines, typed)
        tree = parsed("\n".join(typed))
        if tree is None or not tree.body:
            yield Fault(ReferenceKind.CODE, code.strip().partition("\n")[0], 0, why="it does not parse as Python")
            return
        known = {*names.bound, *names.defined, *_made_in(tree)}
        uses = read_python(code, names)
        self.checked += len(uses)
        yield from self._unbound(tree, known)
        yield from (fault for use in uses for fault in self._of_use(use))
        yield from self._of_calls(tree, uses)
        yield from self._members(tree, uses, names.defined)
        yield from self._texts(tree, "\n".join(typed))

    def _answers(self, lines: list[str], typed: list[str]) -> Iterator[Fault]:
        """What a session shows as answered has to stand in the evidence: nobody ran it."""
        for row, (line, kept) in enumerate(zip(lines, typed, strict=True)):
            blank = not line.strip() or kept or line.lstrip().startswith((">>>", "..."))
            if not blank and not self._resolver.words.appears(line.strip()):
                yield Fault(ReferenceKind.CODE, line.strip(), row, why="nothing shows that this is answered")

    def _unbound(self, tree: ast.Module, made: Iterable[str]) -> Iterator[Fault]:
        """Names that the block uses and does not say where they are from."""
        known = {*made, *dir(builtins), "__name__", "__file__"}
        told: set[str] = set()
        for node in ast.walk(tree):
            if isinstance(node, ast.Name) and isinstance(node.ctx, ast.Load) and node.id not in known | told:
                told.add(node.id)
                near = self._resolver.nearest(ReferenceKind.NAME, node.id)
                why = "the block neither imports nor defines it"
                yield Fault(ReferenceKind.NAME, node.id, node.lineno - 1, near if near == node.id else "", why)

    def _of_use(self, use: PythonUse) -> Iterator[Fault]:
        if use.unbound and "." not in use.text and not use.keywords:
            return  # told as unbound, or a member that is looked at by itself
        domain = "unbound" if use.unbound else "python"
        mention = Mention(
            use.kind, use.text, 1, 1, Form.PYTHON, f"`{use.written}`", keywords=use.keywords, subject=use.owner,
            domain=domain,
        )  # fmt: skip
        verdict = self._resolver.resolve(mention)
        if verdict.state is State.HOLDS and (use.kind is not ReferenceKind.IMPORT or self._is_declared(use.text)):
            return
        if verdict.part:
            if not self._resolver.wrong_keyword(mention, verdict):
                return
            near = next(iter(self._resolver.settle(mention, verdict).nearest), "")
            yield Fault(ReferenceKind.CALL, f"{use.written}({verdict.part}=…)", use.row, near, verdict.why)
        elif not self._resolver.words.appears(use.text) and (use.kind is ReferenceKind.IMPORT or not use.unbound):
            yield Fault(use.kind, use.text, use.row, self._resolver.nearest(use.kind, use.text))

    def _is_declared(self, dotted: str) -> bool:
        """Tell whether what is imported is the project's, Python's, or of a distribution that the project uses."""
        return self._resolver.names.is_known(dotted) or self._resolver.words.appears(dotted)

    def _of_calls(self, tree: ast.Module, uses: Iterable[PythonUse]) -> Iterator[Fault]:
        """Keywords that nothing is known to take, and more values than a callee has parameters."""
        called = {(use.row, use.written): use for use in uses if use.kind is ReferenceKind.CALL}
        own = {one.arg for one in ast.walk(tree) if isinstance(one, ast.arg)}
        own |= {
            one.target.id
            for one in ast.walk(tree)
            if isinstance(one, ast.AnnAssign) and isinstance(one.target, ast.Name)
        }
        for node in ast.walk(tree):
            if not isinstance(node, ast.Call):
                continue
            chain = chain_of(node.func)
            written = ".".join(chain)
            use = called.get((node.lineno - 1, written))
            signatures = self._resolver.names.signatures(use.text) if use is not None and not use.unbound else []
            for keyword in node.keywords:
                name = keyword.arg
                if name and name not in own and not self._is_taken(name, chain, signatures):
                    yield Fault(ReferenceKind.CALL, f"{written}({name}=…)", keyword.lineno - 1)
            given = sum(not isinstance(one, ast.Starred) for one in node.args)
            if signatures and all(_takes_fewer(one, given) for one in signatures):
                why = "it takes fewer values by position"
                yield Fault(ReferenceKind.CALL, f"{written}()", node.lineno - 1, why=why)

    def _is_taken(self, keyword: str, chain: list[str], signatures: list[Signature]) -> bool:
        if any(keyword in one.names for one in signatures):
            return True
        if len(chain) == 1 and hasattr(builtins, chain[0]):
            return keyword in _OF_BUILT_INS or chain[0] == "dict"
        if signatures and not any(one.open for one in signatures):
            return False
        return self._resolver.names.is_known(keyword) or self._resolver.words.appears(keyword)

    def _members(self, tree: ast.Module, uses: Iterable[PythonUse], own: set[str]) -> Iterator[Fault]:
        """Members of what nobody can tell the class of: their names have to be known at least."""
        resolved = {use.written for use in uses if not use.unbound}
        for node in ast.walk(tree):
            if not isinstance(node, ast.Attribute) or ".".join(chain_of(node)) in resolved:
                continue
            known = node.attr in _MEMBERS or self._resolver.names.is_known(node.attr)
            if not known and not self._resolver.words.appears(node.attr) and node.attr not in own:
                yield Fault(
                    ReferenceKind.NAME, f".{node.attr}", (node.end_lineno or node.lineno) - 1,
                    self._resolver.nearest(ReferenceKind.NAME, node.attr),
                )  # fmt: skip

    def _texts(self, tree: ast.Module, source: str) -> Iterator[Fault]:
        """Strings and comments that name what does not hold."""
        for node in ast.walk(tree):
            if isinstance(node, ast.Constant) and isinstance(node.value, str):
                yield from self._of_text(node.value, node.lineno - 1)
        try:
            tokens = list(tokenize.generate_tokens(io.StringIO(source).readline))
        except (tokenize.TokenError, SyntaxError):  # an excerpt that only parses with its elisions taken out
            return
        for token in tokens:
            if token.type == tokenize.COMMENT:
                yield from self._of_text(token.string.lstrip("# "), token.start[0] - 1)

    def _of_text(self, text: str, row: int) -> Iterator[Fault]:
        wrong = self._resolver.wrong_in_text(text)
        if wrong is not None:
            yield Fault(*wrong, row, self._resolver.nearest(*wrong))


def _made_in(tree: ast.Module) -> Iterator[str]:
    """Every name that a block binds, anywhere in it."""
    for node in ast.walk(tree):
        match node:
            case ast.Name(ctx=ast.Store()):
                yield node.id
            case ast.FunctionDef() | ast.AsyncFunctionDef() | ast.ClassDef():
                yield node.name
            case ast.arg():
                yield node.arg
            case ast.alias():
                yield node.asname or node.name.partition(".")[0]
            case ast.ExceptHandler(name=str(name)) | ast.MatchAs(name=str(name)) | ast.MatchStar(name=str(name)):
                yield name
            case _:
                continue


def _takes_fewer(signature: Signature, given: int) -> bool:
    kinds = [one.kind for one in signature.parameters]
    if signature.open or ParameterKind.VARIADIC_POSITIONAL in kinds:
        return False
    positional = {ParameterKind.POSITIONAL_ONLY, ParameterKind.POSITIONAL_OR_KEYWORD}
    return given > sum(one in positional for one in kinds)
