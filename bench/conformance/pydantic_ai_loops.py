"""pydantic-ai on the simulated provider. No agent may validate twice: what does not fit ends the check."""

import asyncio
import os

os.environ["OPENAI_API_KEY"] = os.environ["ANTHROPIC_API_KEY"] = "none"

from pydantic import BaseModel
from pydantic_ai import Agent, NativeOutput
from pydantic_ai.models.anthropic import AnthropicModel
from pydantic_ai.models.openai import OpenAIChatModel, OpenAIResponsesModel
from pydantic_ai.providers.anthropic import AnthropicProvider
from pydantic_ai.providers.openai import OpenAIProvider

from checks import async_loops, provider_url

openai = OpenAIProvider(base_url=f"{provider_url}/v1", api_key="none")
anthropic = AnthropicProvider(base_url=provider_url, api_key="none")
models = {
    "Chat Completions": OpenAIChatModel("any", provider=openai),
    "Responses": OpenAIResponsesModel("any", provider=openai),
    "Anthropic": AnthropicModel("any", provider=anthropic),
}


class Shape(BaseModel):
    answer: str
    urgency: int
    steps: list[str]


def orders(order: int) -> str:
    """Looks an order up."""
    return "shipped"


def delete_account(account: str) -> str:
    """Is called by no scenario."""
    raise AssertionError("delete_account was called")


def agent(model, **options):
    return Agent(model, tools=[orders, delete_account], retries=0, **options)


def run(of):
    async def play(text):
        result = await of.run(text)
        if of.output_type is not str:
            assert isinstance(result.output, Shape), result.output
        return result.usage.requests

    return play


def streamed(of):
    async def play(text):
        async with of.run_stream(text) as result:
            await result.get_output()
        return result.usage.requests

    return play


def with_researcher(model):
    """An agent that another asks by a tool."""
    researcher = agent(model, instructions="You look things up.")
    root = agent(model, instructions="You answer.")

    @root.tool_plain
    async def research(topic: str) -> str:
        """Asks the researcher."""
        return (await researcher.run(topic)).output

    return root


asyncio.run(
    async_loops(
        {
            **{f"pydantic-ai, {name}": run(agent(model)) for name, model in models.items()},
            **{
                f"pydantic-ai with an output type, {name}": run(agent(model, output_type=Shape))
                for name, model in models.items()
            },
            "pydantic-ai with native output, Chat Completions": run(
                agent(models["Chat Completions"], output_type=NativeOutput(Shape))
            ),
            "pydantic-ai streamed, with an output type": streamed(
                agent(models["Chat Completions"], output_type=Shape)
            ),
            "pydantic-ai with an agent behind a tool": run(with_researcher(models["Chat Completions"])),
        }
    )
)
