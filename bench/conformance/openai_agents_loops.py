"""openai-agents of Python on the simulated provider."""

import asyncio
import os

from agents import (
    Agent,
    AsyncOpenAI,
    ModelSettings,
    OpenAIChatCompletionsModel,
    OpenAIResponsesModel,
    RunConfig,
    Runner,
    function_tool,
    set_tracing_disabled,
)
from pydantic import BaseModel

from checks import async_loops, provider_url

set_tracing_disabled(True)
client = AsyncOpenAI(base_url=f"{provider_url}/v1", api_key="none", max_retries=0)
responses = OpenAIResponsesModel("any", client)
chat = OpenAIChatCompletionsModel("any", client)


class Shape(BaseModel):
    answer: str
    urgency: int
    steps: list[str]


@function_tool
def orders(order: int) -> str:
    """Looks an order up."""
    return "shipped"


def agent(name, model, **options):
    tools = [orders, *options.pop("tools", [])]
    return Agent(name=name, instructions=f"You are {name}.", model=model, tools=tools, **options)


def run(root, **options):
    async def play(text):
        result = await Runner.run(root, text, max_turns=20, **options)
        if result.last_agent.output_type is not None:
            assert isinstance(result.final_output, Shape), result.final_output
        return len(result.raw_responses)

    return play


def streamed(root):
    async def play(text):
        result = Runner.run_streamed(root, text, max_turns=20)
        async for _ in result.stream_events():
            pass
        return len(result.raw_responses)

    return play


def front(model, **options):
    return agent("front", model, handoffs=[agent("billing", model, **options)], **options)


def with_researcher(model):
    researcher = agent("researcher", model)
    research = researcher.as_tool("research", "Asks the researcher.")
    return agent("root", model, tools=[research])


asyncio.run(
    async_loops(
        {
            "python openai-agents, Responses": run(agent("helper", responses)),
            "python openai-agents, Chat Completions": run(agent("helper", chat)),
            "python openai-agents streamed, Responses": streamed(agent("helper", responses)),
            "python openai-agents with a hand-off, Responses": run(front(responses)),
            "python openai-agents with a hand-off, Chat Completions": run(front(chat)),
            "python openai-agents with a hand-off whose history is one text": run(
                front(responses), run_config=RunConfig(nest_handoff_history=True)
            ),
            "python openai-agents with a hand-off and an output type": run(
                front(responses, output_type=Shape)
            ),
            "python openai-agents with an agent used as a tool, Responses": run(with_researcher(responses)),
            "python openai-agents with an agent used as a tool, Chat Completions": run(with_researcher(chat)),
        }
    )
)
