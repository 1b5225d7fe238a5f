"""Finds classes whose fields are set from outside: pydantic settings, environ-config, Flask configuration.

Comes in: a module's tree. Goes out: `SettingsClass`es, each field an `Option` of kind SETTING with its variables.
Must never: import the class, or take an ordinary model for settings.

Sources: the documentation of pydantic-settings (`env_prefix`, `env_nested_delimiter`, aliases), of environ-config, and
of Flask (`Config.from_object` reads upper-case attributes).
"""

from __future__ import annotations

import ast
from typing import TYPE_CHECKING, Final

from fieldguide.analyse.interfaces.help_text import first_paragraph, first_sentence, markdown
from fieldguide.analyse.interfaces.lowering_expressions import source_text
from fieldguide.analyse.interfaces.settings_syntax import (
    aliases_of,
    assignment,
    called_by,
    default_text,
    dotted_name,
    entries_of,
    factory_default,
    is_ellipsis,
    is_enum,
    is_field,
    keywords_of,
    text_of,
    unwrap_annotated,
    with_docstrings,
)
from fieldguide.domain.project import Option, OptionKind, SettingsClass
from fieldguide.domain.source import Span

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

QUICK_WORDS: Final = ("Settings", "environ", "Config")
_PYDANTIC_BASES: Final = frozenset({"BaseSettings", "pydantic.BaseSettings", "pydantic_settings.BaseSettings"})


def read_settings_classes(tree: ast.Module, module: str, path: str, text: str = "") -> tuple[SettingsClass, ...]:
    """List the settings classes of the module's top level, in the order in which they are defined."""
    if text and not any(word in text for word in QUICK_WORDS):
        return ()
    classes = {node.name: node for node in tree.body if isinstance(node, ast.ClassDef)}
    if not classes:
        return ()
    constants = {
        target.id: node.value
        for node in tree.body
        if isinstance(node, ast.Assign) and isinstance(node.value, ast.Constant)
        for target in node.targets
        if isinstance(target, ast.Name)
    }
    found: list[SettingsClass] = []
    for node in classes.values():
        reader = _ClassReader(node, classes, constants, path)
        fields: list[Option] = []
        if _is_pydantic(node, classes):
            fields = list(reader.pydantic_fields())
        elif any(dotted_name(called_by(d)) in {"environ.config", "env.config"} for d in node.decorator_list):
            fields = list(reader.environ_config_fields())
        elif _is_flask(node, classes, tree, path):
            fields = list(reader.flask_fields())
        if fields:
            summary = markdown(first_sentence(" ".join(first_paragraph(ast.get_docstring(node) or "").split())))
            span = Span(
                path, min([node.lineno, *(d.lineno for d in node.decorator_list)]), node.end_lineno or node.lineno
            )
            found.append(SettingsClass(f"{module}.{node.name}", span, tuple(fields), reader.prefix, summary))
    return tuple(found)


class _ClassReader:
    """Reads one class; `prefix` is known once its fields were read."""

    def __init__(
        self,
        node: ast.ClassDef,
        classes: Mapping[str, ast.ClassDef],
        constants: Mapping[str, ast.expr],
        path: str,
    ) -> None:
        self._node = node
        self._classes = classes
        self._constants = constants
        self._path = path
        self.prefix = ""

    # pydantic-settings

    def pydantic_fields(self) -> Iterator[Option]:
        """Fields of the class and of its bases in this module, nested models joined by the delimiter."""
        configuration = self._pydantic_configuration(self._node)
        self.prefix = text_of(configuration.get("env_prefix"), self._constants) or ""
        delimiter = text_of(configuration.get("env_nested_delimiter"), self._constants) or ""
        sensitive = configuration.get("case_sensitive")
        exact = isinstance(sensitive, ast.Constant) and sensitive.value is True
        seen: dict[str, Option] = {}
        for option in self._pydantic_level(self._node, self.prefix, delimiter, exact=exact, depth=0):
            seen[option.names[0]] = option
        yield from seen.values()

    def _pydantic_configuration(self, node: ast.ClassDef) -> dict[str, ast.expr]:
        values: dict[str, ast.expr] = {}
        for base in node.bases:
            name = dotted_name(base)
            if name in self._classes and self._classes[name] is not node:
                values |= self._pydantic_configuration(self._classes[name])
        for statement in node.body:
            match statement:
                case (
                    ast.Assign(targets=[ast.Name(id="model_config")], value=value)
                    | ast.AnnAssign(target=ast.Name(id="model_config"), value=ast.expr() as value)
                ):
                    values |= entries_of(value)
                case ast.ClassDef(name="Config", body=body):
                    values |= {
                        target.id: inner.value
                        for inner in body
                        if isinstance(inner, ast.Assign)
                        for target in inner.targets
                        if isinstance(target, ast.Name)
                    }
                case _:
                    continue
        return values

    def _pydantic_level(
        self, node: ast.ClassDef, prefix: str, delimiter: str, *, exact: bool, depth: int
    ) -> Iterator[Option]:
        for base in node.bases:
            name = dotted_name(base)
            if name in self._classes and self._classes[name] is not node and depth < 8:  # noqa: PLR2004 (cycles end)
                yield from self._pydantic_level(self._classes[name], prefix, delimiter, exact=exact, depth=depth + 1)
        for statement, comment in with_docstrings(node.body):
            if not isinstance(statement, ast.AnnAssign) or not isinstance(statement.target, ast.Name):
                continue
            field = statement.target.id
            annotation = source_text(statement.annotation)
            if (
                field.startswith("_")
                or field == "model_config"
                or annotation.startswith(("ClassVar", "typing.ClassVar"))
            ):
                continue
            nested = self._classes.get(annotation.removesuffix(" | None"))
            if nested is not None and delimiter and not is_enum(nested) and depth < 8:  # noqa: PLR2004 (cycles end)
                inner = f"{prefix}{field}{delimiter}"
                yield from self._pydantic_level(nested, inner, delimiter, exact=exact, depth=depth + 1)
                continue
            yield self._pydantic_field(statement, prefix, comment, exact=exact)

    def _pydantic_field(self, statement: ast.AnnAssign, prefix: str, comment: str, *, exact: bool) -> Option:
        field = statement.target.id if isinstance(statement.target, ast.Name) else ""
        annotation, inner = unwrap_annotated(statement.annotation)
        calls = [node for node in (*inner, statement.value) if isinstance(node, ast.Call) and is_field(node)]
        given = {k: v for call in calls for k, v in keywords_of(call).items()}
        is_call = isinstance(statement.value, ast.Call) and is_field(statement.value)
        default: ast.expr | None = None if is_call else statement.value
        for call in calls:
            if call.args and not is_ellipsis(call.args[0]):
                default = call.args[0]
        default = given.get("default", default)
        factory = given.get("default_factory")
        alias = given.get("validation_alias", given.get("alias", given.get("env")))
        names = aliases_of(alias, self._constants) if alias is not None else []
        variable = prefix + field
        names = names or [variable if exact else variable.upper()]
        has_default = (default is not None and not is_ellipsis(default)) or factory is not None
        return Option(
            names=tuple(names),
            kind=OptionKind.SETTING,
            span=Span(self._path, statement.lineno, statement.end_lineno or statement.lineno),
            default=default_text(default, self._constants) if default is not None else factory_default(factory),
            required=not has_default,
            choices=self._choices(annotation),
            type=source_text(annotation),
            help=markdown(text_of(given.get("description"), self._constants) or comment),
        )

    def _choices(self, annotation: ast.expr) -> tuple[str, ...]:
        while isinstance(annotation, ast.BinOp):  # `Literal[…] | None`
            annotation = annotation.left
        match annotation:
            case ast.Subscript(value=value, slice=chosen) if dotted_name(value).endswith("Literal"):
                elements = chosen.elts if isinstance(chosen, ast.Tuple) else [chosen]
                return tuple(str(e.value) for e in elements if isinstance(e, ast.Constant))
            case ast.Name(id=name) if name in self._classes and is_enum(self._classes[name]):
                return tuple(
                    str(statement.value.value)
                    for statement in self._classes[name].body
                    if isinstance(statement, ast.Assign) and isinstance(statement.value, ast.Constant)
                )
            case _:
                return ()

    # environ-config

    def environ_config_fields(self) -> Iterator[Option]:
        """Fields made by `environ.var`, `environ.bool_var` and `environ.group`."""
        prefix = "APP"
        for decorator in self._node.decorator_list:
            if isinstance(decorator, ast.Call):
                given = keywords_of(decorator).get("prefix")
                prefix = text_of(given, self._constants) or ("" if given is not None else prefix)
        self.prefix = f"{prefix}_" if prefix else ""
        yield from self._environ_level(self._node, self.prefix, depth=0)

    def _environ_level(self, node: ast.ClassDef, prefix: str, depth: int) -> Iterator[Option]:
        for statement, comment in with_docstrings(node.body):
            field, value = assignment(statement)
            if not isinstance(value, ast.Call):
                continue
            called = dotted_name(value.func)
            given = keywords_of(value)
            if called.endswith(".group") and value.args and depth < 8:  # noqa: PLR2004 (cycles end)
                inner = self._classes.get(dotted_name(value.args[0]))
                if inner is not None:
                    yield from self._environ_level(inner, f"{prefix}{field.upper()}_", depth + 1)
            elif called in {"environ.var", "environ.bool_var", "environ.secrets"}:
                default = value.args[0] if value.args else given.get("default")
                name = text_of(given.get("name"), self._constants)
                converter = given.get("converter")
                yield Option(
                    names=(name or f"{prefix}{field.upper()}",),
                    kind=OptionKind.SETTING,
                    span=Span(self._path, statement.lineno, statement.end_lineno or statement.lineno),
                    default=default_text(default, self._constants),
                    required=default is None,
                    type="bool" if called.endswith("bool_var") else source_text(converter) if converter else "",
                    help=markdown(text_of(given.get("help"), self._constants) or comment),
                )

    # Flask

    def flask_fields(self) -> Iterator[Option]:
        """Upper-case attributes; what the environment says goes before the default."""
        for statement, comment in with_docstrings(self._node.body):
            field, value = assignment(statement)
            if field.isupper() and value is not None:
                yield Option(
                    names=(field,),
                    kind=OptionKind.SETTING,
                    span=Span(self._path, statement.lineno, statement.end_lineno or statement.lineno),
                    default=default_text(value, self._constants),
                    help=markdown(comment),
                )


def _is_pydantic(node: ast.ClassDef, classes: Mapping[str, ast.ClassDef], depth: int = 0) -> bool:
    for base in node.bases:
        name = dotted_name(base)
        if name in _PYDANTIC_BASES or name.endswith("BaseSettings"):
            return True
        inner = classes.get(name)
        if inner is not None and inner is not node and depth < 8 and _is_pydantic(inner, classes, depth + 1):  # noqa: PLR2004
            return True
    return any(
        isinstance(value, ast.Call) and dotted_name(value.func).endswith("SettingsConfigDict")
        for name, value in map(assignment, node.body)
        if name == "model_config"
    )


def _is_flask(node: ast.ClassDef, classes: Mapping[str, ast.ClassDef], tree: ast.Module, path: str) -> bool:
    """A class of plain upper-case attributes, named `…Config`, in a module that is for such classes."""
    if not node.name.endswith("Config"):
        return False
    fields = [name for name, value in map(assignment, node.body) if value is not None]
    plain = [base for base in node.bases if dotted_name(base) not in {"object", *classes}]
    functions = [child for child in tree.body if isinstance(child, ast.FunctionDef | ast.AsyncFunctionDef)]
    named = path.rpartition("/")[2] in {"config.py", "settings.py", "configuration.py"}
    reads = named or any(
        "environ" in source_text(value) for _, value in map(assignment, node.body) if value is not None
    )
    return bool(fields) and reads and not plain and not functions and all(name.isupper() for name in fields)
