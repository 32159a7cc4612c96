"""Chat completions, embeddings and the list of models with the OpenAI SDK."""

import json

import openai
from pydantic import BaseModel

from cases import BASE, KEY, MODEL, PIXEL, PIXEL_SEEN, PROMPT, SCHEMAS, case, parameters, raises, run, task_done, use

client = openai.OpenAI(base_url=BASE + "/v1", api_key=KEY, timeout=30)
TOOLS = [
    {"type": "function", "function": {"name": name, "description": SCHEMAS[name][0], "parameters": parameters(name)}}
    for name in SCHEMAS
]


class City(BaseModel):
    city: str
    people: int


def ask(text, **more):
    return client.chat.completions.create(**{"model": MODEL, "messages": [{"role": "user", "content": text}], **more})


def results(message):
    for call in message.tool_calls:
        result = use(call.function.name, json.loads(call.function.arguments))
        yield {"role": "tool", "tool_call_id": call.id, "content": result}


@case()
def answer():
    said = ask("hello")
    assert said.choices[0].message.content and said.choices[0].finish_reason == "stop", said
    assert said.usage.prompt_tokens > 0 and said.usage.completion_tokens > 0, said.usage


@case()
def streamed_answer():
    chunks = list(ask("hello", stream=True, stream_options={"include_usage": True}))
    text = "".join(chunk.choices[0].delta.content or "" for chunk in chunks if chunk.choices)
    assert text == ask("hello").choices[0].message.content, text
    assert chunks[-1].usage.completion_tokens > 0, chunks[-1]


@case()
def tools():
    messages = [{"role": "user", "content": PROMPT}]
    while True:
        message = client.chat.completions.create(model=MODEL, messages=messages, tools=TOOLS).choices[0].message
        messages.append(message)
        if not message.tool_calls:
            return task_done(message.content)
        messages += results(message)


@case()
def streamed_tools():
    messages = [{"role": "system", "content": "Be brief."}, {"role": "user", "content": PROMPT}]
    while True:
        with client.chat.completions.stream(model=MODEL, messages=messages, tools=TOOLS) as stream:
            message = stream.get_final_completion().choices[0].message
        messages.append({k: v for k, v in message.to_dict().items() if k in ("role", "content", "tool_calls")})
        if not message.tool_calls:
            return task_done(message.content)
        messages += results(message)


@case("scripted")
def parallel_tools():
    open("note.txt", "w").close()
    messages = [{"role": "user", "content": "Read it with both."}]
    message = client.chat.completions.create(model=MODEL, messages=messages, tools=TOOLS).choices[0].message
    assert len({call.id for call in message.tool_calls}) == 2, message
    said = client.chat.completions.create(model=MODEL, messages=[*messages, message, *results(message)], tools=TOOLS)
    assert said.choices[0].message.content == "2 results", said


@case("scripted")
def structured():
    said = client.chat.completions.parse(
        model=MODEL, messages=[{"role": "user", "content": "Which city?"}], response_format=City
    )
    assert said.choices[0].message.parsed == City(city="Oslo", people=717710), said


@case("scripted")
def image():
    url = {"url": "data:image/png;base64," + PIXEL}
    content = [{"type": "text", "text": "What is this?"}, {"type": "image_url", "image_url": url}]
    said = client.chat.completions.create(model=MODEL, messages=[{"role": "user", "content": content}])
    assert said.choices[0].message.content == PIXEL_SEEN, said


@case("scripted")
def reasoning():
    assert ask("think").choices[0].message.reasoning_content == "One step after the other."
    deltas = [chunk.choices[0].delta for chunk in ask("think", stream=True) if chunk.choices]
    thought = "".join(getattr(delta, "reasoning_content", None) or "" for delta in deltas)
    assert thought == "One step after the other.", deltas


@case("scripted")
def embeddings():
    both = client.embeddings.create(model=MODEL, input=["a", "b"])
    assert [item.embedding for item in both.data] == [[0.25, -0.5, 0.75]] * 2, both
    plain = client.embeddings.create(model=MODEL, input="a", encoding_format="float")
    assert plain.data[0].embedding == [0.25, -0.5, 0.75], plain


@case()
def models():
    assert MODEL in [model.id for model in client.models.list()]
    assert client.models.retrieve(MODEL).id == MODEL
    raises(openai.NotFoundError, lambda: client.models.retrieve("nobody"))


@case()
def unknown_model():
    error = raises(openai.NotFoundError, lambda: ask("hello", model="nobody"))
    assert error.code == "model_not_found" and error.param == "model", error.body


@case("keys")
def wrong_key():
    wrong = client.with_options(api_key="another-key")
    messages = [{"role": "user", "content": "hello"}]
    raises(openai.AuthenticationError, lambda: wrong.chat.completions.create(model=MODEL, messages=messages))


@case("scripted")
def refused_request():
    error = raises(openai.BadRequestError, lambda: ask("hello", messages=[{"role": "assistant", "content": "I end"}]))
    assert "ends with" in error.message, error.message


@case("scripted")
def busy_is_tried_again():
    said = client.chat.completions.with_raw_response.create(
        model="busy", messages=[{"role": "user", "content": "chat from Python"}]
    )
    assert said.retries_taken == 1, said.retries_taken
    assert said.parse().choices[0].message.content == "You said: chat from Python"


@case("scripted")
def not_there_yet():
    patient = client.with_options(max_retries=1)
    messages = [{"role": "user", "content": "hello"}]
    error = raises(
        openai.InternalServerError, lambda: patient.chat.completions.create(model="starting", messages=messages)
    )
    assert error.status_code == 503 and error.response.headers["retry-after"] == "1", error.response.headers


@case("scripted")
def death_in_the_middle_is_no_answer():
    raises(Exception, lambda: list(ask("say something long", model="dying", stream=True)))
    once = client.with_options(max_retries=0)
    raises(
        openai.APIError,
        lambda: once.chat.completions.create(model="dying", messages=[{"role": "user", "content": "long"}]),
    )


@case("scripted")
def leaving():
    with ask("something endless", model="slow", stream=True) as stream:
        assert next(chunk for chunk in stream if chunk.choices[0].delta.content)


run()
