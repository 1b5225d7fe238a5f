"""The script that fieldguide is measured against: walk, concatenate every .py, .md and .toml, one call, write.

`python bench/naive.py DIRECTORY` with Azure's variables in the environment. It is how such scripts are usually written.
"""

from __future__ import annotations

import os
import sys
from pathlib import Path

from langchain_core.prompts import ChatPromptTemplate
from langchain_openai import AzureChatOpenAI

PROMPT = "Write a detailed README.md in Markdown for the following code.\n\n{code}"


def main(directory: str) -> None:
    """Document a directory."""
    parts: list[str] = []
    for folder, _, names in os.walk(directory):
        for name in names:
            if name.endswith((".py", ".md", ".toml")):
                path = Path(folder) / name
                parts.append(f"# {path}\n{path.read_text('utf-8', 'ignore')}")
    model = AzureChatOpenAI(azure_deployment=os.environ["AZURE_OPENAI_DEPLOYMENT"])
    answer = (ChatPromptTemplate.from_template(PROMPT) | model).invoke({"code": "\n\n".join(parts)})
    Path(directory, "README.md").write_text(str(answer.content), "utf-8")


if __name__ == "__main__":
    main(sys.argv[1])
