"""The task of every client, by a crew of one, told nothing but what is in .env."""

import pathlib
import sys

from crewai import Agent, Crew, Task
from crewai.tools import tool
from dotenv import load_dotenv

load_dotenv(".env")


@tool("write_file")
def write_file(path: str, content: str) -> str:
    """Write a file."""
    pathlib.Path(path).write_text(content)
    return "written"


@tool("read_file")
def read_file(path: str) -> str:
    """Read a file."""
    return pathlib.Path(path).read_text()


agent = Agent(role="clerk", goal="keep notes", backstory="careful", tools=[write_file, read_file])
task = Task(description=sys.argv[1], expected_output="what the file says", agent=agent)
print(Crew(agents=[agent], tasks=[task]).kickoff().raw)
