"""Responses with the OpenAI SDK."""

import json

import openai
from pydantic import BaseModel

from cases import BASE, KEY, MODEL, PIXEL, PIXEL_SEEN, PROMPT, SCHEMAS, case, parameters, raises, run, task_done, use

client = openai.OpenAI(base_url=BASE + "/v1", api_key=KEY, timeout=30)
TOOLS = [
    {"type": "function", "name": name, "description": SCHEMAS[name][0], "parameters": parameters(name), "strict": True}
    for name in SCHEMAS
]


class City(BaseModel):
    city: str
    people: int


def ask(text, **more):
    return client.responses.create(**{"model": MODEL, "input": text, **more})


def calls(response):
    return [item for item in response.output if item.type == "function_call"]


def results(response):
    for call in calls(response):
        output = use(call.name, json.loads(call.arguments))
        yield {"type": "function_call_output", "call_id": call.call_id, "output": output}


@case()
def answer():
    said = ask("hello", store=False)
    assert said.output_text and said.status == "completed", said
    assert said.usage.input_tokens > 0 and said.usage.output_tokens > 0, said.usage


@case()
def streamed_answer():
    events = list(ask("hello", instructions="Be brief.", stream=True))
    assert events[0].type == "response.created" and events[-1].type == "response.completed", events
    text = "".join(event.delta for event in events if event.type == "response.output_text.delta")
    assert text == events[-1].response.output_text != "", events


@case()
def tools():
    history = [{"role": "user", "content": PROMPT}]
    while True:
        response = client.responses.create(model=MODEL, input=history, tools=TOOLS, store=False)
        if not calls(response):
            return task_done(response.output_text)
        history += [item.to_dict() for item in response.output]
        history += results(response)


@case("translated")
def streamed_tools():
    history = [{"role": "developer", "content": "Be brief."}, {"role": "user", "content": PROMPT}]
    while True:
        with client.responses.stream(model=MODEL, input=history, tools=TOOLS, store=False) as stream:
            response = stream.get_final_response()
        if not calls(response):
            return task_done(response.output_text)
        history += [plain(item) for item in response.output]
        history += results(response)


def plain(item):
    return {k: v for k, v in item.to_dict().items() if k != "parsed_arguments"}


@case("translated")
def tools_from_where_it_was():
    response = client.responses.create(model=MODEL, input=PROMPT, instructions="Be brief.", tools=TOOLS)
    while calls(response):
        response = client.responses.create(
            model=MODEL, input=list(results(response)), previous_response_id=response.id, tools=TOOLS
        )
    task_done(response.output_text)


@case("translated")
def unknown_previous_response():
    raises(openai.APIStatusError, lambda: ask("and now?", previous_response_id="resp_nobody"))


@case("translated", "scripted")
def parallel_tools():
    open("note.txt", "w").close()
    history = [{"role": "user", "content": "Read it with both."}]
    response = client.responses.create(model=MODEL, input=history, tools=TOOLS, parallel_tool_calls=True)
    assert len({call.call_id for call in calls(response)}) == 2, response
    history += [item.to_dict() for item in response.output]
    assert ask([*history, *results(response)], tools=TOOLS).output_text == "2 results"


@case("translated", "scripted")
def structured():
    said = client.responses.parse(model=MODEL, input="Which city?", text_format=City)
    assert said.output_parsed == City(city="Oslo", people=717710), said


@case("translated", "scripted")
def image():
    parts = [
        {"type": "input_text", "text": "What is this?"},
        {"type": "input_image", "image_url": "data:image/png;base64," + PIXEL, "detail": "auto"},
    ]
    assert ask([{"role": "user", "content": parts}]).output_text == PIXEL_SEEN


@case("translated", "scripted")
def reasoning():
    said = ask("think", reasoning={"effort": "low", "summary": "auto"})
    assert said.output[0].type == "reasoning", said
    assert "One step after the other." in str(said.output[0].to_dict()), said.output[0]
    assert said.output_text == "You said: think", said


@case()
def unknown_model():
    error = raises(openai.NotFoundError, lambda: ask("hello", model="nobody"))
    assert error.code == "model_not_found", error.body


@case("keys")
def wrong_key():
    wrong = client.with_options(api_key="another-key")
    raises(openai.AuthenticationError, lambda: wrong.responses.create(model=MODEL, input="hello"))


@case("translated", "scripted")
def busy_is_tried_again():
    said = client.responses.with_raw_response.create(model="busy", input="responses from Python")
    assert said.retries_taken == 1, said.retries_taken
    assert said.parse().output_text == "You said: responses from Python"


@case("translated", "scripted")
def death_in_the_middle_is_no_answer():
    def whole():
        with client.responses.stream(model="dying", input="say something long") as stream:
            return stream.get_final_response()

    raises(Exception, whole)
    once = client.with_options(max_retries=0)
    raises(openai.APIError, lambda: once.responses.create(model="dying", input="long"))


@case("translated", "scripted")
def leaving():
    with ask("something endless", model="slow", stream=True) as stream:
        assert next(event for event in stream if event.type == "response.output_text.delta")


run()
