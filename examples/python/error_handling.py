"""What goes wrong has a class of its own: catch what you can handle.

AGENT_PLATFORM_API_KEY=pk_live_... python error_handling.py
"""

from collections.abc import Generator
from contextlib import contextmanager

from agent_platform import (
    APIConnectionError,
    APIStatusError,
    NotFoundError,
    QuotaExceededError,
    SyncAgentPlatformClient,
    UnprocessableEntityError,
)


@contextmanager
def attempt(what: str) -> Generator[None, None, None]:
    try:
        yield
        print(f"{what}: done")
    except NotFoundError as error:
        print(f"{what}: 404, {error.detail}")
    except UnprocessableEntityError as error:
        print(f"{what}: 422, {error.detail}")
        for problem in error.body.get("errors", []):
            print(f"  {problem['pointer']}: {problem['detail']}")
    except QuotaExceededError as error:
        quota, used, limit = (error.body[name] for name in ("quota", "used", "limit"))
        print(f"{what}: 429, {quota} is used up ({used} of {limit}); more in {error.retry_after:.0f} s")
    except APIStatusError as error:
        print(f"{what}: {error.status_code} {error.code}, request {error.request_id}")
    except APIConnectionError as error:
        print(f"{what}: the server is not there, {error}")


with SyncAgentPlatformClient() as client:
    with attempt("Read an agent that is not there"):
        client.get_agent(agent_id="agent-nobody")

    with attempt("Create an agent of nonsense"):
        client.create_agent(name="", system_prompt="Hello", tools=["teleport"])

    with attempt("Execute an agent"):
        agent = client.create_agent(name="Greeter", system_prompt="You greet people.")
        # Without retries: the client would otherwise wait for a quota that comes back within two minutes.
        client.execute_agent(agent_id=agent["agent_id"], message="Hello!", max_retries=0)
