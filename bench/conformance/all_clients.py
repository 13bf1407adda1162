"""All of Python's checks in one process, where what they import is loaded once: for few turns."""

import openai_client  # noqa: F401
import anthropic_client  # noqa: F401
import pydantic_ai_loops  # noqa: F401
import openai_agents_loops  # noqa: F401
