"""The task of every client, by an agent of Pydantic AI."""

import pathlib
import sys

import mlxstack_pydantic_ai as models
from pydantic_ai import Agent

agent = Agent(models.main())


@agent.tool_plain
def write_file(path: str, content: str) -> str:
    """Write a file."""
    pathlib.Path(path).write_text(content)
    return "written"


@agent.tool_plain
def read_file(path: str) -> str:
    """Read a file."""
    return pathlib.Path(path).read_text()


said = agent.run_sync(sys.argv[1])
print(said.output)
print("fast:", Agent(models.fast()).run_sync("Say hello").output)
