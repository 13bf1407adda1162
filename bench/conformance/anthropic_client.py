"""The official `anthropic` package of Python on the simulated provider."""

import anthropic
from anthropic import beta_tool
from pydantic import BaseModel

from checks import Faults, checks, equal, loops, new_question, order_schema, provider_url, raises

client = anthropic.Anthropic(base_url=provider_url, api_key="none", max_retries=0)
tools = [{"name": name, "input_schema": order_schema} for name in ("orders", "delete_account")]


def asked(model="any", max_tokens=4000):
    return {
        "model": model,
        "max_tokens": max_tokens,
        "messages": [{"role": "user", "content": new_question()}],
    }


class Shape(BaseModel):
    answer: str
    urgent: bool


def whole():
    raw = client.messages.with_raw_response.create(**asked())
    message = raw.parse()
    assert message.id.startswith("msg_") and raw.headers["request-id"].startswith("req_"), message.id
    equal(message.stop_reason, "end_turn")
    equal(message.usage.output_tokens, 20)


def streamed():
    with client.messages.stream(**asked()) as stream:
        text = "".join(stream.text_stream)
        message = stream.get_final_message()
    equal(message.content[0].text, text)
    equal(message.usage.output_tokens, 20)
    equal(message.stop_reason, "end_turn")


def tool_loop(text):
    """By hand; every other call is streamed by the client's own helper."""
    messages = [{"role": "user", "content": text}]
    for step in range(1, 10):
        arguments = {"model": "any", "max_tokens": 1000, "messages": messages, "tools": tools}
        if step % 2:
            message = client.messages.create(**arguments)
        else:
            with client.messages.stream(**arguments) as stream:
                message = stream.get_final_message()
        messages.append({"role": "assistant", "content": message.content})
        if message.stop_reason != "tool_use":
            return step
        uses = [block for block in message.content if block.type == "tool_use"]
        equal({use.name for use in uses}, {"orders"})
        assert all(use.input["order"] in (1001, 1002) for use in uses), uses
        results = [{"type": "tool_result", "tool_use_id": use.id, "content": "shipped"} for use in uses]
        messages.append({"role": "user", "content": results})


@beta_tool
def orders(order: int) -> str:
    """Looks an order up."""
    return "shipped"


def tool_runner(text):
    messages = [{"role": "user", "content": text}]
    runner = client.beta.messages.tool_runner(
        model="any", max_tokens=1000, messages=messages, tools=[orders], max_iterations=10
    )
    return len(list(runner))


def thinking():
    message = client.messages.create(**asked(), thinking={"type": "enabled", "budget_tokens": 1024})
    equal([block.type for block in message.content], ["thinking", "text"])
    assert message.content[0].signature, message


def parsed():
    message = client.messages.parse(**asked(), output_format=Shape)
    assert isinstance(message.parsed_output, Shape), message


def counted():
    assert client.messages.count_tokens(model="any", messages=asked()["messages"]).input_tokens > 3
    equal([model.id for model in client.models.list()], ["any", "limited"])


def bedrock():
    """Claude behind Bedrock's InvokeModel."""
    own = anthropic.AnthropicBedrock(
        base_url=provider_url, aws_access_key="none", aws_secret_key="none", aws_region="eu-central-1", max_retries=0
    )
    message = own.messages.create(**asked())
    equal((message.stop_reason, message.usage.output_tokens), ("end_turn", 20))
    with own.messages.stream(**asked()) as stream:
        text = "".join(stream.text_stream)
        equal(stream.get_final_message().content[0].text, text)
    error = raises(anthropic.BadRequestError, lambda: own.messages.create(**{**asked(), "messages": []}))
    assert "at least one message" in str(error), error


def bad_request():
    error = raises(anthropic.BadRequestError, lambda: client.messages.create(**{**asked(), "messages": []}))
    equal(error.body["error"]["type"], "invalid_request_error")


def used_up():
    def ask():
        for _ in range(500):
            client.messages.create(**asked("limited", 1))

    error = raises(anthropic.RateLimitError, ask)
    headers = error.response.headers
    equal(headers["anthropic-ratelimit-requests-limit"], "60")
    assert int(headers["retry-after"]) >= 1, headers
    client.with_options(max_retries=8).messages.create(**asked("limited", 1))


def watched(sent):
    """A client that tries once more, and tells what it sends."""
    hooks = {"request": [sent.append]}
    http_client = anthropic.DefaultHttpxClient(event_hooks=hooks)
    return anthropic.Anthropic(base_url=provider_url, api_key="none", max_retries=1, http_client=http_client)


def refused(name, kind, status, **fault):
    def play():
        with Faults({"fault": name, "on": "any", **fault}):
            error = raises(kind, lambda: client.messages.create(**asked()))
        equal(error.status_code, status)
        sent = []
        with Faults({"fault": name, "on": "any", "tries": 1, **fault}) as faults:
            watched(sent).messages.create(**asked())
        equal([(call["attempt"], call["outcome"]) for call in faults.calls], [(0, "rejected"), (1, "completed")])
        equal([request.headers["x-stainless-retry-count"] for request in sent], ["0", "1"])
        first, second = faults.calls
        waited = second["sentAtMs"] - first["endedAtMs"]
        if "retryAfter" in fault:
            assert waited >= 1000, f"waited {waited} ms"

    return play


def too_slow():
    with Faults({"fault": "timeout", "on": "any", "for": "20s"}) as faults:
        raises(anthropic.APITimeoutError, lambda: client.with_options(timeout=0.2).messages.create(**asked()))
    equal([call["outcome"] for call in faults.calls], ["abandoned"])


checks(
    "python anthropic",
    {
        "a whole answer, with usage and ids": whole,
        "a stream, put together": streamed,
        "thinking": thinking,
        "an answer parsed into a model": parsed,
        "counted tokens, and models": counted,
        "AnthropicBedrock": bedrock,
        "a bad request": bad_request,
        "a quota that is used up, and waited for": used_up,
        "429, retried when told": refused("429", anthropic.RateLimitError, 429, retryAfter="1s"),
        "500, retried": refused("500", anthropic.InternalServerError, 500),
        "529, retried": refused("529", anthropic.InternalServerError, 529),
        "a timeout": too_slow,
    },
)
loops(
    {
        "python anthropic: a loop": tool_loop,
        "python anthropic: its own tool runner": tool_runner,
    }
)
