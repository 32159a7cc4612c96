"""The task of every client, by an agent of LangChain (which is one of LangGraph)."""

import pathlib
import sys

import mlxstack_langchain as models
from langchain.agents import create_agent


def write_file(path: str, content: str) -> str:
    """Write a file."""
    pathlib.Path(path).write_text(content)
    return "written"


def read_file(path: str) -> str:
    """Read a file."""
    return pathlib.Path(path).read_text()


agent = create_agent(models.main(), [write_file, read_file])
said = agent.invoke({"messages": [("user", sys.argv[1])]})["messages"][-1]
print(said.content)
assert said.usage_metadata["total_tokens"] > 0, said
assert models.main().profile["max_input_tokens"] > 0, models.main().profile
parts = list(models.fast().stream("Say hello"))
print("fast:", "".join(part.content for part in parts))
assert any(part.usage_metadata for part in parts), "no usage in the stream"
