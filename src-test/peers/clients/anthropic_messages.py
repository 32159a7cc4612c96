"""Messages with the Anthropic SDK."""

import anthropic
from anthropic import beta_tool

from cases import BASE, KEY, MODEL, PIXEL, PIXEL_SEEN, PROMPT, SCHEMAS, case, parameters, raises, run, task_done, use

client = anthropic.Anthropic(base_url=BASE, api_key=KEY, timeout=30)
TOOLS = [{"name": name, "description": SCHEMAS[name][0], "input_schema": parameters(name)} for name in SCHEMAS]


def ask(text, **more):
    return client.messages.create(
        **{"model": MODEL, "max_tokens": 500, "messages": [{"role": "user", "content": text}], **more}
    )


def text(message):
    return "".join(block.text for block in message.content if block.type == "text")


def results(message):
    found = [
        {"type": "tool_result", "tool_use_id": block.id, "content": use(block.name, block.input)}
        for block in message.content
        if block.type == "tool_use"
    ]
    return {"role": "user", "content": found}


@case()
def answer():
    said = ask("hello", system="Be brief.")
    assert text(said) and said.stop_reason == "end_turn", said
    assert said.usage.input_tokens > 0 and said.usage.output_tokens > 0, said.usage


@case()
def streamed_answer():
    messages = [{"role": "user", "content": "hello"}]
    with client.messages.stream(model=MODEL, max_tokens=500, messages=messages) as stream:
        pieces = list(stream.text_stream)
        whole = stream.get_final_message()
    assert "".join(pieces) == text(whole) == text(ask("hello")), whole
    assert whole.stop_reason == "end_turn" and whole.usage.output_tokens > 0, whole


@case()
def tools():
    messages = [{"role": "user", "content": PROMPT}]
    while True:
        message = client.messages.create(model=MODEL, max_tokens=500, messages=messages, tools=TOOLS)
        if message.stop_reason != "tool_use":
            return task_done(text(message))
        messages += [{"role": "assistant", "content": message.content}, results(message)]


@case()
def streamed_tools():
    messages = [{"role": "user", "content": PROMPT}]
    while True:
        with client.messages.stream(model=MODEL, max_tokens=500, messages=messages, tools=TOOLS) as stream:
            message = stream.get_final_message()
        if message.stop_reason != "tool_use":
            return task_done(text(message))
        messages += [{"role": "assistant", "content": message.content}, results(message)]


@case("translated", "scripted")
def parallel_tools():
    open("note.txt", "w").close()
    messages = [{"role": "user", "content": "Read it with both."}]
    message = client.messages.create(model=MODEL, max_tokens=500, messages=messages, tools=TOOLS)
    assert len({block.id for block in message.content if block.type == "tool_use"}) == 2, message
    messages += [{"role": "assistant", "content": message.content}, results(message)]
    assert text(ask("", messages=messages, tools=TOOLS)) == "2 results"


@case("threads")
def tool_runner():
    @beta_tool
    def write_file(path: str, content: str) -> str:
        """Writes a file."""
        return use("write_file", {"path": path, "content": content})

    @beta_tool
    def read_file(path: str) -> str:
        """Reads a file."""
        return use("read_file", {"path": path})

    runner = client.beta.messages.tool_runner(
        model=MODEL, max_tokens=500, tools=[write_file, read_file], messages=[{"role": "user", "content": PROMPT}]
    )
    task_done(text(runner.until_done()))


@case("translated", "scripted")
def image():
    source = {"type": "base64", "media_type": "image/png", "data": PIXEL}
    content = [{"type": "image", "source": source}, {"type": "text", "text": "What is this?"}]
    assert text(ask(content)) == PIXEL_SEEN


@case("translated", "scripted")
def thinking():
    said = ask("think", max_tokens=2000, thinking={"type": "enabled", "budget_tokens": 1024})
    assert [block.type for block in said.content] == ["thinking", "text"], said
    assert said.content[0].thinking == "One step after the other.", said
    follow = [
        {"role": "user", "content": "think"},
        {"role": "assistant", "content": said.content},
        {"role": "user", "content": "again"},
    ]
    assert text(ask("", messages=follow)) == "You said: again"


@case()
def count_tokens():
    few = client.messages.count_tokens(model=MODEL, messages=[{"role": "user", "content": "hello"}])
    more = client.messages.count_tokens(model=MODEL, messages=[{"role": "user", "content": "hello " * 15}])
    assert 0 < few.input_tokens < more.input_tokens, (few, more)


@case()
def models():
    listed = [model for model in client.models.list() if model.id == MODEL]
    assert len(listed) == 1 and listed[0].type == "model" and listed[0].display_name, listed
    assert client.models.retrieve(MODEL).id == MODEL


@case()
def unknown_model():
    error = raises(anthropic.NotFoundError, lambda: ask("hello", model="nobody"))
    assert error.body["error"]["type"] == "not_found_error", error.body


@case("keys")
def wrong_key():
    wrong = client.with_options(api_key="another-key")
    messages = [{"role": "user", "content": "hello"}]
    error = raises(
        anthropic.AuthenticationError,
        lambda: wrong.messages.create(model=MODEL, max_tokens=500, messages=messages),
    )
    assert error.body["error"]["type"] == "authentication_error", error.body


@case("translated", "scripted")
def busy_is_tried_again():
    said = client.messages.with_raw_response.create(
        model="busy", max_tokens=500, messages=[{"role": "user", "content": "messages from Python"}]
    )
    assert said.retries_taken == 1, said.retries_taken
    assert text(said.parse()) == "You said: messages from Python"


@case("translated", "scripted")
def not_there_yet():
    patient = client.with_options(max_retries=1)
    messages = [{"role": "user", "content": "hello"}]
    error = raises(
        anthropic.APIStatusError,
        lambda: patient.messages.create(model="starting", max_tokens=500, messages=messages),
    )
    assert error.status_code == 503 and error.response.headers["retry-after"] == "1", error.response.headers


@case("translated", "scripted")
def death_in_the_middle_is_no_answer():
    messages = [{"role": "user", "content": "say something long"}]

    def whole():
        with client.messages.stream(model="dying", max_tokens=500, messages=messages) as stream:
            return stream.get_final_message()

    raises(Exception, whole)
    once = client.with_options(max_retries=0)
    raises(anthropic.APIError, lambda: once.messages.create(model="dying", max_tokens=500, messages=messages))


@case("translated", "scripted")
def leaving():
    with ask("something endless", model="slow", stream=True) as stream:
        assert next(event for event in stream if event.type == "content_block_delta")


run()
