"""Settings classes and the variables that set their fields."""

from __future__ import annotations

from interfaces_project import facts_of

from fieldguide.domain.project import OptionKind, SettingsClass

PYDANTIC = '''
from enum import Enum
from typing import Annotated, ClassVar, Literal
from pydantic import AliasChoices, BaseModel, Field, SecretStr
from pydantic_settings import BaseSettings, SettingsConfigDict

class Mode(str, Enum):
    FAST = "fast"
    SAFE = "safe"

class Database(BaseModel):
    host: str = "localhost"
    port: int = 5432

class Settings(BaseSettings):
    """All settings. Read once."""

    model_config = SettingsConfigDict(env_prefix="APP_", env_nested_delimiter="__")
    kinds: ClassVar[int] = 3
    key: SecretStr = Field(description="who you are")
    debug: bool = False
    """Say more."""
    mode: Mode = Mode.FAST
    level: Literal["low", "high"] = "low"
    token: str = Field("x", validation_alias=AliasChoices("TOKEN", "OLD_TOKEN"))
    tags: list[str] = Field(default_factory=list)
    limit: Annotated[int, Field(gt=0, alias="LIMIT")] = 5
    database: Database = Database()
'''


def only(text: str) -> SettingsClass:
    (found,) = facts_of("app/settings.py", text).interfaces.settings_classes
    return found


def test_pydantic_settings_with_prefix_aliases_and_nested_models() -> None:
    found = only(PYDANTIC)
    assert (found.name, found.prefix, found.summary) == ("app.settings.Settings", "APP_", "All settings.")
    assert {field.names: (field.default, field.required, field.type) for field in found.fields} == {
        ("APP_KEY",): (None, True, "SecretStr"),
        ("APP_DEBUG",): ("False", False, "bool"),
        ("APP_MODE",): ("Mode.FAST", False, "Mode"),
        ("APP_LEVEL",): ("'low'", False, "Literal['low', 'high']"),
        ("TOKEN", "OLD_TOKEN"): ("'x'", False, "str"),
        ("APP_TAGS",): ("[]", False, "list[str]"),
        ("LIMIT",): ("5", False, "int"),
        ("APP_DATABASE__HOST",): ("'localhost'", False, "str"),
        ("APP_DATABASE__PORT",): ("5432", False, "int"),
    }
    by_name = {field.names[0]: field for field in found.fields}
    assert by_name["APP_KEY"].help == "Who you are."
    assert by_name["APP_DEBUG"].help == "Say more."
    assert by_name["APP_MODE"].choices == ("fast", "safe")
    assert by_name["APP_LEVEL"].choices == ("low", "high")
    assert all(field.kind is OptionKind.SETTING for field in found.fields)


def test_older_pydantic_takes_its_prefix_from_an_inner_class_and_fields_from_a_base() -> None:
    text = """
from pydantic import BaseSettings
class Base(BaseSettings):
    name: str
    class Config:
        env_prefix = "old_"
class Child(Base):
    other: int = 1
"""
    _, child = facts_of("app.py", text).interfaces.settings_classes
    assert [field.names for field in child.fields] == [("OLD_NAME",), ("OLD_OTHER",)]


def test_an_ordinary_model_is_no_settings_class() -> None:
    text = "from pydantic import BaseModel\nclass Config(BaseModel):\n    NAME: str = 'x'\n    other: int = 1\n"
    assert facts_of("app.py", text).interfaces.settings_classes == ()


def test_environ_config_names_its_variables() -> None:
    found = only(
        """
import environ

@environ.config(prefix="APP")
class Config:
    @environ.config
    class Inner:
        pass
    host = environ.var("localhost", help="where it listens")
    port = environ.var(converter=int)
    debug = environ.bool_var(False)
"""
    )
    assert {field.names[0]: (field.default, field.required, field.type) for field in found.fields} == {
        "APP_HOST": ("'localhost'", False, ""),
        "APP_PORT": (None, True, "int"),
        "APP_DEBUG": ("False", False, "bool"),
    }


def test_flask_configuration_prints_what_holds_without_the_variable() -> None:
    found = only(
        """
import os
class Config:
    SECRET_KEY = os.environ.get("SECRET_KEY") or "dev"
    MAIL_PORT = int(os.environ.get("MAIL_PORT") or 25)
    URL = os.environ.get("URL")
    LANGUAGES = ["en", "es"]
"""
    )
    assert {field.names[0]: field.default for field in found.fields} == {
        "SECRET_KEY": "'dev'",
        "MAIL_PORT": "25",
        "URL": None,
        "LANGUAGES": "['en', 'es']",
    }
