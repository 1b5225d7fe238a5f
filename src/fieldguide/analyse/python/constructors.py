"""Works out what a class's constructor takes, where its fields say so: dataclasses, attrs, named tuples, models.

Comes in: a class as griffe read it.
Goes out: parameters without `self`; `None` where the class says nothing itself and its bases must be asked.
Must never: guess a default that the code does not give.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from fieldguide.domain.symbols import Parameter, ParameterKind

if TYPE_CHECKING:
    from collections.abc import Iterator

    from griffe import Attribute, Class, ExprCall

_FIELD_DECORATORS = {
    "dataclass": "dataclass",
    "attr.s": "attrs",
    "attr.attrs": "attrs",
    "attr.dataclass": "attrs",
    "attr.define": "attrs",
    "attr.frozen": "attrs",
    "attr.mutable": "attrs",
    "attrs.define": "attrs",
    "attrs.frozen": "attrs",
    "attrs.mutable": "attrs",
    "define": "attrs",
    "frozen": "attrs",
    "mutable": "attrs",
    "attrs": "attrs",
}
_FIELD_BASES = {
    "NamedTuple": "namedtuple",
    "BaseModel": "keywords",
    "BaseSettings": "keywords",
    "SQLModel": "keywords",
    "RootModel": "root",
    "Struct": "struct",
}
_FIELD_CALLS = frozenset({"field", "attr", "ib", "attrib", "Factory", "Field", "PrivateAttr", "Relationship"})
_EMPTY_FACTORIES = {"list": "[]", "dict": "{}", "set": "set()", "tuple": "()", "str": "''", "int": "0"}


def field_style(decorators: tuple[str, ...], bases: tuple[str, ...]) -> str:
    """How a class turns fields into parameters: `dataclass`, `attrs`, `namedtuple`, `keywords`, `struct` or nothing."""
    for decorator in decorators:
        name = decorator.split("(", 1)[0]
        style = _FIELD_DECORATORS.get(name) or _FIELD_DECORATORS.get(name.rsplit(".", 1)[-1])
        if style and (style == "dataclass" or name in _FIELD_DECORATORS):
            return style
    for base in bases:
        if style := _FIELD_BASES.get(base.split("[", 1)[0].rsplit(".", 1)[-1]):
            return style
    return ""


def field_parameters(class_: Class, style: str, decorators: tuple[str, ...]) -> tuple[Parameter, ...]:
    """Parameters that the fields of `class_` itself make."""
    keyword_only = style == "keywords" or any("kw_only=True" in decorator.replace(" ", "") for decorator in decorators)
    parameters: list[Parameter] = []
    for attribute in _fields(class_, style):
        annotation = None if attribute.annotation is None else str(attribute.annotation)
        if annotation in {"KW_ONLY", "dataclasses.KW_ONLY"}:
            keyword_only = True
            continue
        parameter = _parameter(attribute, annotation, style, keyword_only=keyword_only)
        if parameter is not None:
            parameters.append(parameter)
    # What is keyword-only comes last in the signature that these libraries make.
    return tuple(sorted(parameters, key=lambda one: one.kind is ParameterKind.KEYWORD_ONLY))


def _fields(class_: Class, style: str) -> Iterator[Attribute]:
    for name, member in class_.members.items():
        if member.is_alias or not member.is_attribute or "property" in member.labels:
            continue
        attribute: Attribute = member  # pyright: ignore[reportAssignmentType]  is_attribute says so
        if attribute.annotation is None and not (style == "attrs" and _call(attribute) is not None):
            continue
        if "class-attribute" in attribute.labels and "instance-attribute" not in attribute.labels:
            continue
        if "class-attribute" not in attribute.labels and attribute.value is not None:
            continue  # assigned in a method
        if style == "keywords" and (name.startswith("_") or name == "model_config"):
            continue
        yield attribute


def _call(attribute: Attribute) -> ExprCall | None:
    from griffe import ExprCall  # noqa: PLC0415  heavy

    value = attribute.value
    if isinstance(value, ExprCall) and value.canonical_path.rsplit(".", 1)[-1] in _FIELD_CALLS:
        return value
    return None


def _parameter(attribute: Attribute, annotation: str | None, style: str, *, keyword_only: bool) -> Parameter | None:
    name = attribute.name.lstrip("_") if style == "attrs" else attribute.name
    default = None if attribute.value is None else str(attribute.value)
    call = _call(attribute)
    if call is not None:
        given = _arguments(call)
        if given.get("init") == "False" or str(call.function).endswith("PrivateAttr"):
            return None
        if alias := given.get("alias") or given.get("validation_alias"):
            name = alias.strip("'\"") if alias.strip("'\"").isidentifier() else name
        keyword_only = keyword_only or given.get("kw_only") == "True"
        default = _default(given)
    if annotation and annotation.startswith(("InitVar[", "dataclasses.InitVar[")):
        annotation = annotation.split("[", 1)[1].removesuffix("]")
    kind = ParameterKind.KEYWORD_ONLY if keyword_only else ParameterKind.POSITIONAL_OR_KEYWORD
    return Parameter(name, kind, annotation, default)


def _arguments(call: ExprCall) -> dict[str, str]:
    from griffe import ExprKeyword  # noqa: PLC0415  heavy

    given: dict[str, str] = {}
    for position, argument in enumerate(call.arguments):
        if isinstance(argument, ExprKeyword):
            given[argument.name] = str(argument.value)
        elif position == 0 and not str(call.function).endswith("Factory"):
            given["default"] = str(argument)
        elif position == 0:
            given["factory"] = str(argument)
    return given


def _default(given: dict[str, str]) -> str | None:
    default = given.get("default")
    if default is not None and default not in {"...", "Ellipsis", "NOTHING", "attr.NOTHING", "attrs.NOTHING"}:
        if default.startswith(("Factory(", "attr.Factory(", "attrs.Factory(")):
            default, given = None, {"factory": default.split("(", 1)[1].removesuffix(")")}
        else:
            return default
    factory = given.get("default_factory") or given.get("factory")
    if factory is None:
        return None
    bare = factory.split("[", 1)[0]
    return _EMPTY_FACTORIES.get(bare, "..." if factory.startswith("lambda") else f"{factory}()")
