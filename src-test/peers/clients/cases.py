"""Runs a program's cases against BASE_URL: program.py BASE_URL MODEL [TAG...]; a case runs when all its tags are given."""

import sys
import traceback

BASE, MODEL, *TAGS = sys.argv[1:]
KEY = "a-key"
LINE = "mlxstack was here"
ANSWER = "The file says: " + LINE
PROMPT = f'Write the line "{LINE}" into note.txt, read it back, and say what it says.'
PIXEL = "iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAYAAAAfFcSJAAAADUlEQVR42mNkYPhfDwAChwGA60e6kgAAAABJRU5ErkJggg=="
PIXEL_SEEN = "I see image/png of 70 bytes"

_path = {"type": "string", "description": "where, relative to here"}
SCHEMAS = {
    "write_file": ("Writes a file.", {"path": _path, "content": {"type": "string"}}),
    "read_file": ("Reads a file.", {"path": _path}),
}
done = []


def parameters(name):
    properties = SCHEMAS[name][1]
    return {"type": "object", "properties": properties, "required": list(properties), "additionalProperties": False}


def use(name, arguments):
    """Does what the model wants, and says how it went."""
    done.append(name)
    if name == "write_file":
        with open(arguments["path"], "w") as file:
            file.write(arguments["content"])
        return "written"
    with open(arguments["path"]) as file:
        return file.read()


def task_done(answer):
    assert done == ["write_file", "read_file"], done
    assert answer == ANSWER, answer


_cases = []


def case(*tags):
    def add(function):
        _cases.append((function, tags))
        return function

    return add


def raises(kind, call):
    try:
        found = call()
    except kind as error:
        return error
    raise AssertionError(f"found {found!r}, expected {kind}")


def run():
    failed = 0
    for function, tags in _cases:
        if not set(tags) <= set(TAGS):
            continue
        done.clear()
        try:
            function()
            print("ok", function.__name__, flush=True)
        except Exception:
            failed += 1
            print("FAILED", function.__name__, traceback.format_exc(limit=-4), flush=True)
    sys.exit(1 if failed else 0)
