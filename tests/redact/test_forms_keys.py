"""Key blocks of every kind, made afresh, in every frame and cut off at either end."""

from __future__ import annotations

import base64
import json
import textwrap
from functools import cache
from typing import TYPE_CHECKING

import pytest
from cryptography.hazmat.primitives import serialization
from cryptography.hazmat.primitives.asymmetric import ec, rsa

from fieldguide.redact.forms import find_nested, find_private_keys
from fieldguide.redact.rules import load_rules
from fieldguide.redact.subject import Subject

if TYPE_CHECKING:
    from collections.abc import Callable

_PEM = serialization.Encoding.PEM


@cache
def _key() -> rsa.RSAPrivateKey:
    return rsa.generate_private_key(65537, 2048)


@cache
def _blocks() -> dict[str, str]:
    formats = serialization.PrivateFormat
    plain, locked = serialization.NoEncryption(), serialization.BestAvailableEncryption(b"pw")
    curve = ec.generate_private_key(ec.SECP256R1())
    return {
        "pkcs8": _key().private_bytes(_PEM, formats.PKCS8, plain).decode(),
        "pkcs1": _key().private_bytes(_PEM, formats.TraditionalOpenSSL, plain).decode(),
        "openssh": _key().private_bytes(_PEM, formats.OpenSSH, plain).decode(),
        "pkcs8 encrypted": _key().private_bytes(_PEM, formats.PKCS8, locked).decode(),
        "pkcs1 encrypted": _key().private_bytes(_PEM, formats.TraditionalOpenSSL, locked).decode(),
        "curve": curve.private_bytes(_PEM, formats.TraditionalOpenSSL, plain).decode(),
    }


def _prefixed(prefix: str) -> Callable[[str], str]:
    return lambda block: "".join(f"{prefix}{line}\n" for line in block.splitlines())


def _each(before: str, after: str) -> Callable[[str], str]:
    return lambda block: "".join(f"{before}{line}{after}\n" for line in block.splitlines())


FRAMES: dict[str, Callable[[str], str]] = {
    "plain": str,
    "comment": _prefixed("# "),
    "slashes": _prefixed("// "),
    "star": _prefixed(" * "),
    "quotation": _prefixed("> "),
    "added": _prefixed("+"),
    "removed": _prefixed("-"),
    "yaml": lambda block: "key: |\n" + textwrap.indent(block, "  "),
    "json": lambda block: json.dumps({"key": block}),
    "json in json": lambda block: json.dumps(json.dumps({"key": block})),
    "php json": lambda block: json.dumps(block).replace("/", "\\/"),
    "one line": lambda block: block.replace("\n", " "),
    "windows": lambda block: block.replace("\n", "\\r\\n"),
    "literals": _each('    "', '\\n"'),
    "list": _each('    "', '",'),
    "added to": _each('key += "', '\\n";'),
    "appended": _each('builder.append("', '\\n");'),
    "echo": _each('echo "', '" >> key'),
    "cells": _each("| ", " |"),
    "markup": lambda block: block.replace("\n", "<br>\n"),
}


KINDS = ("pkcs8", "pkcs1", "openssh", "pkcs8 encrypted", "pkcs1 encrypted")
CUTS = [
    *((kind, cut) for kind in KINDS for cut in ("whole", "no end", "no beginning", "half")),
    *(("curve", cut) for cut in ("whole", "no end", "no beginning")),
]


def _rest(path: str, text: str) -> str:
    """The text without what was found."""
    pieces = [piece for secret in find_private_keys(Subject(path, text), load_rules()) for piece in secret.pieces]
    for start, end in sorted(pieces, reverse=True):
        text = text[:start] + text[end:]
    return text


@pytest.mark.parametrize("frame", FRAMES)
@pytest.mark.parametrize(("kind", "cut"), CUTS)
def test_no_line_of_a_private_key_stays_and_the_page_around_it_does(kind: str, cut: str, frame: str) -> None:
    block = _blocks()[kind]
    lines = block.splitlines()
    if cut == "no end":
        block = "\n".join(lines[:-1]) + "\n"
    elif cut == "no beginning":
        block = "\n".join(lines[1:]) + "\n"
    elif cut == "half":
        block = block[: len(block) * 2 // 3]
    rest = _rest("a.md", "the start of the page\n" + FRAMES[frame](block) + "\nand words behind it\n")
    assert rest.startswith("the start of the page\n")
    assert rest.endswith("\nand words behind it\n")
    assert not [
        line
        for line in block.splitlines()
        if len(line) >= 12 and ":" not in line and "-----" not in line and line in rest
    ]


@pytest.mark.parametrize("frame", FRAMES)
def test_public_keys_stay(frame: str) -> None:
    public = _key().public_key()
    block = public.public_bytes(_PEM, serialization.PublicFormat.SubjectPublicKeyInfo).decode()
    text = FRAMES[frame](block)
    assert _rest("a.md", text) == text


def test_what_speaks_of_keys_stays() -> None:
    text = '"-----BEGIN PRIVATE KEY-----" + body + "-----END PRIVATE KEY-----"\n'
    text += "It begins with -----BEGIN RSA PRIVATE KEY-----.\n"
    assert _rest("a.py", text) == text


def test_private_members_of_a_web_key_go_and_public_ones_stay() -> None:
    numbers = _key().private_numbers()
    members = {
        name: base64.urlsafe_b64encode(value.to_bytes((value.bit_length() + 7) // 8, "big")).decode().rstrip("=")
        for name, value in {"n": numbers.public_numbers.n, "d": numbers.d, "p": numbers.p, "q": numbers.q}.items()
    }
    text = json.dumps({"keys": [{"kty": "RSA", "e": "AQAB", **members}]})
    rest = _rest("a.json", text)
    assert members["n"] in rest
    assert not [name for name in "dpq" if members[name] in rest]


def test_keys_without_armour_and_lines_out_of_the_middle_are_found() -> None:
    lines = _blocks()["pkcs8"].splitlines()[1:-1]
    for text in (f'KEY = "{"".join(lines)}"', "\n".join(lines), "the private key:\n" + "\n".join(lines[3:9]) + "\n"):
        found = list(find_nested(Subject("a.md", text), load_rules(), lambda _: ()))
        assert {secret.kind for secret in found} == {"private-key"}
    public = _key().public_key().public_bytes(_PEM, serialization.PublicFormat.SubjectPublicKeyInfo).decode()
    assert not list(find_nested(Subject("a.md", public), load_rules(), lambda _: ()))
