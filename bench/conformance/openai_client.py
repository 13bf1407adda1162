"""The official `openai` package of Python on the simulated provider."""

import json

import openai
from pydantic import BaseModel

from checks import Faults, checks, equal, loops, new_question, order_schema, provider_url, raises

client = openai.OpenAI(base_url=f"{provider_url}/v1", api_key="none", max_retries=0)
chat_tools = [
    {"type": "function", "function": {"name": name, "parameters": order_schema}}
    for name in ("orders", "delete_account")
]

responses_tools = [{"type": "function", "strict": True, **tool["function"]} for tool in chat_tools]


def asked(model="any"):
    return {"model": model, "messages": [{"role": "user", "content": new_question()}]}


class Shape(BaseModel):
    answer: str
    steps: list[str]
    urgent: bool


def whole():
    raw = client.chat.completions.with_raw_response.create(**asked())
    answer = raw.parse()
    assert raw.request_id.startswith("req_") and answer.id.startswith("chatcmpl-"), answer.id
    equal(answer.choices[0].finish_reason, "stop")
    usage = answer.usage
    equal(usage.total_tokens, usage.prompt_tokens + usage.completion_tokens)
    equal(usage.completion_tokens, 20)


def streamed():
    with client.chat.completions.create(
        **asked(), stream=True, stream_options={"include_usage": True}
    ) as stream:
        chunks = list(stream)
    equal(chunks[-1].usage.completion_tokens, 20)
    equal(chunks[-2].choices[0].finish_reason, "stop")
    text = "".join(chunk.choices[0].delta.content or "" for chunk in chunks[:-1])
    assert len(text) > 30, text


def chat_loop(text):
    """By hand; every other call is streamed by the client's own helper."""
    messages = [{"role": "user", "content": text}]
    for step in range(1, 10):
        arguments = {"model": "any", "messages": messages, "tools": chat_tools}
        if step % 2:
            message = client.chat.completions.create(**arguments).choices[0].message
        else:
            with client.chat.completions.stream(**arguments) as stream:
                message = stream.get_final_completion().choices[0].message
        messages.append(message.to_dict())
        if not message.tool_calls:
            return step
        for call in message.tool_calls:
            equal(call.function.name, "orders")
            assert json.loads(call.function.arguments)["order"] in (1001, 1002), call
            messages.append({"role": "tool", "tool_call_id": call.id, "content": "shipped"})


def responses_loop(text):
    """By the id of the last response; every other call is streamed."""
    more = {"input": text}
    for step in range(1, 10):
        arguments = {"model": "any", "tools": responses_tools, **more}
        if step % 2:
            response = client.responses.create(**arguments)
        else:
            with client.responses.stream(**arguments) as stream:
                types = [event.type for event in stream]
                response = stream.get_final_response()
            equal((types[0], types[-1]), ("response.created", "response.completed"))
        equal(response.usage.output_tokens, 20)
        calls = [item for item in response.output if item.type == "function_call"]
        if not calls:
            return step
        equal({call.name for call in calls}, {"orders"})
        results = [
            {"type": "function_call_output", "call_id": call.call_id, "output": "shipped"} for call in calls
        ]
        more = {"input": results, "previous_response_id": response.id}


def parsed():
    answer = client.chat.completions.parse(**asked(), response_format=Shape)
    assert isinstance(answer.choices[0].message.parsed, Shape), answer
    responded = client.responses.parse(model="any", input=new_question(), text_format=Shape)
    assert isinstance(responded.output_parsed, Shape), responded


def embeddings():
    answer = client.embeddings.create(model="any", input=["one", "two"], dimensions=8)
    equal([len(each.embedding) for each in answer.data], [8, 8])


def models():
    equal([model.id for model in client.models.list()], ["any", "limited"])
    raises(openai.NotFoundError, lambda: client.models.retrieve("none"))


def azure():
    own = openai.AzureOpenAI(
        azure_endpoint=provider_url, api_key="none", api_version="2025-04-01-preview", max_retries=0
    )
    equal(own.chat.completions.create(**asked()).choices[0].finish_reason, "stop")
    with own.chat.completions.create(**asked(), stream=True) as stream:
        equal([chunk.choices[0].finish_reason for chunk in stream if chunk.choices][-1], "stop")


def bad_request():
    error = raises(openai.BadRequestError, lambda: client.chat.completions.create(model="any", messages=[]))
    equal(error.type, "invalid_request_error")


def used_up():
    def ask():
        for _ in range(500):
            client.chat.completions.create(**asked("limited"), max_tokens=1)

    error = raises(openai.RateLimitError, ask)
    equal(error.code, "rate_limit_exceeded")
    headers = error.response.headers
    equal(headers["x-ratelimit-limit-requests"], "60")
    assert float(headers["retry-after-ms"]) > 0 and int(headers["retry-after"]) >= 1, headers
    # Its own retries wait as long as they are told.
    patient = client.with_options(max_retries=8)
    patient.chat.completions.create(**asked("limited"), max_tokens=1)


def watched(sent):
    """A client that tries once more, and tells what it sends."""
    hooks = {"request": [sent.append]}
    http_client = openai.DefaultHttpxClient(event_hooks=hooks)
    return openai.OpenAI(base_url=f"{provider_url}/v1", api_key="none", max_retries=1, http_client=http_client)


def refused(name, kind, status, **fault):
    def play():
        with Faults({"fault": name, "on": "any", **fault}):
            error = raises(kind, lambda: client.chat.completions.create(**asked()))
        equal(error.status_code, status)
        sent = []
        with Faults({"fault": name, "on": "any", "tries": 1, **fault}) as faults:
            watched(sent).chat.completions.create(**asked())
        equal([(call["attempt"], call["outcome"]) for call in faults.calls], [(0, "rejected"), (1, "completed")])
        equal([request.headers["x-stainless-retry-count"] for request in sent], ["0", "1"])
        first, second = faults.calls
        waited = second["sentAtMs"] - first["endedAtMs"]
        if "retryAfter" in fault:
            assert waited >= 1000, f"waited {waited} ms"

    return play


def too_slow():
    hasty = client.with_options(timeout=0.2)
    with Faults({"fault": "timeout", "on": "any", "for": "20s"}) as faults:
        raises(openai.APITimeoutError, lambda: hasty.chat.completions.create(**asked()))
    equal([call["outcome"] for call in faults.calls], ["abandoned"])


def cut():
    with Faults({"fault": "cut", "on": "any"}):

        def read():
            with client.chat.completions.create(**asked(), stream=True) as stream:
                list(stream)

        raises(Exception, read)


checks(
    "python openai",
    {
        "a whole answer, with usage and ids": whole,
        "a stream, with usage": streamed,
        "answers parsed into a model": parsed,
        "embeddings": embeddings,
        "models": models,
        "AzureOpenAI": azure,
        "a bad request": bad_request,
        "a quota that is used up, and waited for": used_up,
        "429, retried when told": refused("429", openai.RateLimitError, 429, retryAfter="1s"),
        "500, retried": refused("500", openai.InternalServerError, 500),
        "503, retried when told": refused("503", openai.InternalServerError, 503, retryAfter="1s"),
        "a timeout": too_slow,
        "a stream that breaks off": cut,
    },
)
loops(
    {
        "python openai: a loop of Chat Completions": chat_loop,
        "python openai: a loop of Responses": responses_loop,
    }
)
