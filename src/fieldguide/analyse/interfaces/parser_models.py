"""Constructors of argparse and optparse, by their dotted names.

Comes in: calls with interpreted arguments. Goes out: parsers, groups and options.
Must never: make two parsers of one call.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from fieldguide.analyse.interfaces.argument_parser import Parser
from fieldguide.analyse.interfaces.definitions import Class, Function
from fieldguide.analyse.interfaces.legacy_options import (
    make_legacy_group,
    make_legacy_option,
)

if TYPE_CHECKING:
    from fieldguide.analyse.interfaces.values import Arguments, Machine, Value


def make_parser(arguments: Arguments, machine: Machine) -> Value:
    """`argparse.ArgumentParser(…)`."""
    return _made(Parser(arguments.span, arguments.symbol, arguments.module), arguments, machine)


def make_legacy_parser(arguments: Arguments, machine: Machine) -> Value:
    """`optparse.OptionParser(…)`."""
    return _made(Parser(arguments.span, arguments.symbol, arguments.module, legacy=True), arguments, machine)


def make_subclass(cls: Class, arguments: Arguments, machine: Machine) -> Value:
    """A parser of a class that the project derives from argparse's or optparse's."""
    legacy = any("OptionParser" in base for base in cls.outside_bases())
    parser = Parser(arguments.span, arguments.symbol, arguments.module, legacy=legacy, cls=cls)
    constructor = cls.find("__init__")
    if isinstance(constructor, Function):
        machine.create(parser)
        machine.call(constructor.bind(parser), arguments)
        return parser
    return _made(parser, arguments, machine)


def _made(parser: Parser, arguments: Arguments, machine: Machine) -> Parser:
    parser.configure(arguments)
    machine.create(parser)
    return parser


MODELS: Final = {
    "argparse.ArgumentParser": make_parser,
    "configargparse.ArgParser": make_parser,
    "configargparse.ArgumentParser": make_parser,
    "optparse.OptionParser": make_legacy_parser,
    "optparse.OptionGroup": make_legacy_group,
    "optparse.Option": make_legacy_option,
    "optparse.make_option": make_legacy_option,
}
SUBCLASSES: Final = {
    "argparse.ArgumentParser": make_subclass,
    "configargparse.ArgParser": make_subclass,
    "configargparse.ArgumentParser": make_subclass,
    "optparse.OptionParser": make_subclass,
    "django.core.management.base.CommandParser": make_subclass,
}
