"""The other script that fieldguide is measured against: one request a file, and LangChain's own retries.

`python bench/naive_per_file.py DIRECTORY [AT_ONCE]` with Azure's variables in the environment. It is how such scripts
are usually written once a project is too large for one request; with AT_ONCE the files go out so many at a time.
"""

from __future__ import annotations

import os
import sys
from pathlib import Path

from langchain_core.prompts import ChatPromptTemplate
from langchain_openai import AzureChatOpenAI

PROMPT = "Write detailed documentation in Markdown for the following file, `{path}`.\n\n{code}"
REPLY_TOKENS = 1000


def main(directory: str, at_once: int) -> int:
    """Document every file of a directory; the number of files that could not be."""
    files = [
        Path(folder) / name
        for folder, _, names in os.walk(directory)
        for name in names
        if name.endswith((".py", ".md", ".toml"))
    ]
    model = AzureChatOpenAI(azure_deployment=os.environ["AZURE_OPENAI_DEPLOYMENT"], max_tokens=REPLY_TOKENS)  # pyright: ignore[reportCallIssue]  (an alias)
    chain = ChatPromptTemplate.from_template(PROMPT) | model
    asked = [{"path": path.name, "code": path.read_text("utf-8", "ignore")} for path in files]
    answers = chain.batch(asked, {"max_concurrency": at_once}, return_exceptions=True)
    lost = 0
    for path, answer in zip(files, answers, strict=True):
        if isinstance(answer, Exception):
            print(f"{path}: {answer}")
            lost += 1
        else:
            path.with_name(f"{path.name}.docs.md").write_text(str(answer.content), "utf-8")
    return lost


if __name__ == "__main__":
    main(sys.argv[1], int(sys.argv[2]) if len(sys.argv) > 2 else 1)  # noqa: PLR2004  (directory and number)
