"""The one table of everything that a user can set.

Comes in: nothing. Goes out: `OPTIONS`, one record per option, from which the help text, the options page, the
reading of flags, variables and TOML keys, and the messages of validation are made.
Must never: import anything that is slow to import; `fieldguide --help` waits for this module.
"""

from __future__ import annotations

from typing import Literal, NamedTuple

PREFIX = "FIELDGUIDE_"
COMMANDS = ("document", "plan", "check", "batch", "ledger", "cache")
OPERATIONS = {"batch": ("submit", "status", "collect", "cancel"), "cache": ("clear",)}
"""What is said after the name of a command. `batch` wants one of them; `cache` without one shows what is kept."""
_RUNS = ("document", "plan", "batch")
"""Commands that may ask a model: all but a few options are theirs."""
_CHECK = ("check",)
_READS = (*_RUNS, *_CHECK)

_Number = Literal["count", "size", "seconds", "number", "percent", "dollars"]
Kind = Literal["switch", "text", "path", _Number, "choice", "list", "secret"]

EXPECTED: dict[Kind, str] = {
    "switch": "`true` or `false`",
    "text": "a text that is not empty",
    "path": "a path",
    "count": "a whole number, 1 or more",
    "size": "a number of bytes such as `500000`, `500k` or `2M`",
    "seconds": "a number of seconds above 0",
    "number": "a number from 0 to 2",
    "percent": "a number from 0 to 100",
    "dollars": "a number of US dollars, 0 or more, such as `2.50`",
    "choice": "one of {choices}",
    "list": "a list of texts that are not empty",
    "secret": "a key that is not empty, without spaces",
}
"""What a value of each kind has to be, to be read after "it takes"."""


class Option(NamedTuple):
    """One thing that a user can set. The flag, the TOML key and the variable follow from `name`."""

    name: str
    """Kebab-case: the TOML key, and the flag without its dashes."""
    kind: Kind
    group: str
    help: str
    """One sentence without a full stop."""
    metavar: str = ""
    default: str = ""
    """Raw value in force when nothing is said; empty when there is none, or when the code works it out."""
    shown_default: str = ""
    """What help says of a default that the code works out."""
    short: str = ""
    """One letter."""
    choices: tuple[str, ...] = ()
    """Of a choice, or of each text of a list."""
    commands: tuple[str, ...] = _RUNS
    other_variables: tuple[str, ...] = ()
    """Variables of other tools that are honoured, after our own."""
    variable_only: bool = False
    """Neither flag nor TOML key: a key stands in no process list and in no committed file."""
    only_variable: str = ""
    """Replaces our own variable where another tool's name is the only one."""
    separator: str = ","
    """Between the texts of a list in a variable."""
    form: str = ""
    """What a value has to be, where its kind does not say it."""
    repository: bool = False
    """Configuration found in the documented directory may set it."""

    @property
    def field(self) -> str:
        """Name of the field that holds the validated value."""
        return self.name.replace("-", "_")

    @property
    def flag(self) -> str:
        """The long flag; empty where there is none."""
        return "" if self.variable_only else f"--{self.name}"

    @property
    def variables(self) -> tuple[str, ...]:
        """Every environment variable that sets it, the first that is set wins."""
        own = self.only_variable or PREFIX + self.field.upper()
        return (own, *self.other_variables)

    @property
    def expected(self) -> str:
        """What a value has to be."""
        said = self.form or EXPECTED["choice" if self.choices else self.kind]
        return said.format(choices=", ".join(f"`{choice}`" for choice in self.choices))


READ = "What is read"
HIDDEN = "What is hidden"
WRITTEN = "What is written"
MODEL = "Who writes the prose"
ASKED = "How the model is asked"
SPENT = "What may be used and paid"
REACHED = "What may be reached"
SAID = "What is said while it works"
MACHINE = "This machine"
CHECKED = "What is checked"
_TOKENS = "a number of tokens such as `60000`, `60k` or `2M`"

OPTIONS: tuple[Option, ...] = (
    Option(
        "include", "list", READ, "Also read files that match, in the patterns of .gitignore; repeatable", "GLOB",
        repository=True, commands=_READS,
    ),
    Option("exclude", "list", READ, "Leave out files that match; repeatable", "GLOB", repository=True, commands=_READS),
    Option(
        "max-file-size", "size", READ, "List larger files without reading them", "SIZE", "1M", repository=True,
        commands=_READS,
    ),
    Option(
        "format", "choice", CHECKED, "How faults are told; github makes annotations of a workflow", "FORM", "text",
        choices=("text", "json", "sarif", "github"), commands=_CHECK,
    ),
    Option(
        "baseline", "path", CHECKED, "Tell only of faults that this file does not list", "FILE", commands=_CHECK,
        repository=True,
    ),
    Option("write-baseline", "switch", CHECKED, "List today's faults in the file of --baseline", commands=_CHECK),
    Option(
        "doubtful", "switch", CHECKED, "Tell also of names that nothing has and that may be of something else",
        commands=_CHECK, repository=True,
    ),
    Option("fix", "switch", CHECKED, "Mend what can be meant in one way only, and show the change", commands=_CHECK),
    Option("coverage", "switch", CHECKED, "Say what of the public no documentation names", commands=_CHECK),
    Option(
        "coverage-threshold", "percent", CHECKED, "Exit with 1 where less than this is named; implies --coverage",
        "PERCENT", commands=_CHECK,
    ),
    Option(
        "redact", "choice", HIDDEN, "How much is hidden; strict also hides what only looks random", "LEVEL", "standard",
        choices=("standard", "strict"), commands=_READS,
    ),
    Option(
        "hide", "list", HIDDEN, "Also hide personal data of this kind; repeatable", "KIND",
        choices=("social-security-number", "ip-address"), commands=_READS,
    ),
    Option(
        "secret-pattern", "list", HIDDEN,
        "Also hide what matches, as a KIND of your own; a group named secret narrows it; repeatable", '"KIND=REGEX"',
        separator="\n", form="a kind and a pattern of Python's, such as `badge=BDG-[0-9A-F]{{16}}`", commands=_READS,
    ),
    Option(
        "reviewed", "list", HIDDEN, "Leave readable what has this fingerprint, for it is no secret; repeatable",
        "FINGERPRINT", form="the 32 hexadecimal digits that the redaction report shows", commands=_READS,
    ),
    Option("fail-on-secret", "switch", HIDDEN, "Stop where a secret is found, before anything is sent or written"),
    Option(
        "redaction-report", "path", HIDDEN,
        "List what was hidden where; the name decides: .sarif, .json, any other as text", "FILE",
    ),
    Option(
        "redaction-key", "secret", HIDDEN, "Makes placeholders and fingerprints the same on several machines",
        variable_only=True, form="a text of 16 characters or more", commands=_READS,
    ),
    Option(
        "output", "path", WRITTEN, "Write the page here", "FILE", shown_default="README.md in DIR", short="o",
        repository=True,
    ),
    Option("stdout", "switch", WRITTEN, "Print the page and write no file", commands=("document",)),
    Option(
        "replace", "switch", WRITTEN, "Put an existing page aside as FILE.bak and write a new one",
        commands=("document",),
    ),
    Option(
        "provider", "choice", MODEL, "Who serves the model; auto takes what the environment configures", "NAME", "auto",
        choices=("auto", "none", "azure", "openai", "compatible", "langchain"),
    ),
    Option("no-model", "switch", MODEL, "Write from the code alone: the same as --provider none"),
    Option(
        "model", "text", MODEL, "The model's name; on Azure the model behind the deployment, for its window and price",
        "NAME", shown_default="gpt-4.1 for openai",
    ),
    Option(
        "deployment", "text", MODEL, "Azure: name of the deployment", "NAME",
        other_variables=("AZURE_OPENAI_DEPLOYMENT", "AZURE_OPENAI_DEPLOYMENT_NAME"),
    ),
    Option(
        "stronger-model", "text", MODEL, "Have this model mend what the first could not, before it is taken out",
        "NAME",
    ),
    Option("stronger-deployment", "text", MODEL, "Azure: name of the deployment of --stronger-model", "NAME"),
    Option(
        "endpoint", "text", MODEL, "Azure: address of the resource; ending in /openai/v1 it needs no --api-version",
        "URL", other_variables=("AZURE_OPENAI_ENDPOINT", "AZURE_ENDPOINT"),
    ),
    Option(
        "api-version", "text", MODEL, "Azure: version of the API", "DATE",
        other_variables=("OPENAI_API_VERSION", "AZURE_OPENAI_API_VERSION"),
    ),
    Option(
        "azure-auth", "choice", MODEL, "Azure: how to sign in; entra needs the extra fieldguide[entra]", "HOW", "key",
        choices=("key", "entra"),
    ),
    Option(
        "base-url", "text", MODEL, "Address of an OpenAI-compatible server (Ollama, vLLM, llama.cpp)", "URL",
        other_variables=("OPENAI_BASE_URL", "OPENAI_API_BASE"),
    ),
    Option("header", "list", MODEL, "Send this header with every request; repeatable", '"NAME: VALUE"'),
    Option(
        "key-from", "text", MODEL,
        "Fetch the key: keyring:SERVICE/USER, aws-secrets-manager:ID[#FIELD] or azure-key-vault:https://VAULT/SECRET",
        "SOURCE",
        form="`keyring:SERVICE/USER`, `aws-secrets-manager:ID[#FIELD]` or `azure-key-vault:https://VAULT/SECRET`",
    ),
    Option("api-key", "secret", MODEL, "Key for whichever provider is chosen", variable_only=True),
    Option("azure-api-key", "secret", MODEL, "Key for Azure", variable_only=True, only_variable="AZURE_OPENAI_API_KEY"),
    Option(
        "openai-api-key", "secret", MODEL, "Key for OpenAI, for a compatible server, or with AZURE_ENDPOINT for Azure",
        variable_only=True, only_variable="OPENAI_API_KEY",
    ),
    Option("prompts", "path", ASKED, "Take prompt files from this directory", "DIR", shown_default="our own"),
    Option("show-prompts", "switch", ASKED, "Print exactly what would be sent", commands=("plan",)),
    Option("wait", "switch", ASKED, "Wait for the batch, collect it, submit the next, and so on", commands=("batch",)),
    Option(
        "temperature", "number", ASKED, "Sampling temperature; reasoning models refuse one", "NUMBER",
        shown_default="none is sent",
    ),
    Option("timeout", "seconds", ASKED, "Give up on a request after this long", "SECONDS", "120"),
    Option("max-output-tokens", "count", ASKED, "Room for the reply", "COUNT", "4000"),
    Option(
        "context-window", "count", ASKED, "Tokens that the model takes in all", "COUNT",
        shown_default="looked up by the model's name",
    ),
    Option(
        "rpm", "count", SPENT, "The quota of requests a minute", "COUNT",
        shown_default="learnt from the provider's answers",
    ),
    Option(
        "tpm", "size", SPENT, "The quota of tokens a minute, prompts and reserved replies together", "COUNT",
        shown_default="learnt from the provider's answers", form=_TOKENS,
    ),
    Option("max-cost", "dollars", SPENT, "Send nothing that could make the run cost more than this", "DOLLARS"),
    Option(
        "max-tokens", "size", SPENT, "Send nothing that could make the run use more tokens, prompts and replies",
        "COUNT", form=_TOKENS,
    ),
    Option(
        "price-in", "dollars", SPENT, "Price of a million tokens of prompts; goes with --price-out", "DOLLARS",
        shown_default="looked up by the model's name",
    ),
    Option(
        "price-out", "dollars", SPENT, "Price of a million tokens of replies; goes with --price-in", "DOLLARS",
        shown_default="looked up by the model's name",
    ),
    Option(
        "concurrency", "count", SPENT, "Most requests at once; fewer while the provider is hard pressed", "COUNT", "16",
        commands=("document", "plan"),
    ),
    Option(
        "allow-host", "list", REACHED, "Connect to no other host, the model's address included; repeatable", "HOST",
        form="a host or `host:port`, without `https://`",
    ),
    Option("allow-http", "switch", REACHED, "Let an address of another machine be http, which anyone on the way reads"),
    Option("tracing", "switch", REACHED, "Trace the model's calls as LangSmith's variables say; off whatever they say"),
    Option(
        "verbose", "switch", SAID, "Say more: every file left out, every value hidden", short="v", commands=COMMANDS,
    ),
    Option("quiet", "switch", SAID, "Say nothing but errors", short="q", commands=COMMANDS),
    Option("json", "switch", SAID, "Print the report as JSON on standard output", commands=COMMANDS),
    Option("log-file", "path", SAID, "Append a log to this file", "FILE", commands=COMMANDS),
    Option(
        "jobs", "count", MACHINE, "Work in this many processes", "COUNT", shown_default="one for each processor",
        commands=_READS,
    ),
    Option(
        "cache-dir", "path", MACHINE, "Keep the cache here", "DIR", shown_default="the user's cache directory",
        commands=COMMANDS,
    ),
    Option("no-cache", "switch", MACHINE, "Neither read nor keep a cache", commands=("document", "plan", "check")),
    Option("config", "path", MACHINE, "Read this TOML file in place of the user's own", "FILE", commands=COMMANDS),
)  # fmt: skip  # one option is best read as one paragraph

EXCLUSIVE: tuple[tuple[str, str], ...] = (
    ("verbose", "quiet"),
    ("json", "stdout"),
    ("json", "format"),
    ("fix", "write-baseline"),
    ("stdout", "output"),
    ("stdout", "replace"),
    ("no-cache", "cache-dir"),
    ("no-model", "provider"),
    ("key-from", "api-key"),
)
"""Pairs of which one place may set only one; set in two places, the stronger place decides."""

BY_NAME: dict[str, Option] = {option.name: option for option in OPTIONS}
