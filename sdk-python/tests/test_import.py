"""What importing does, which is little."""

from __future__ import annotations

from processes import python


def test_importing_imports_and_starts_nothing() -> None:
    done = python(
        """
        import sys, threading
        import __future__
        before = set(sys.modules)
        import agent_platform
        agent_platform.AgentPlatformClient(api_key="k").__repr__()
        print(threading.active_count(), *sorted(set(sys.modules) - before))
        """
    )
    assert done.returncode == 0, done.stderr
    threads, *modules = done.stdout.split()
    assert threads == "1"
    # Nothing but its own: not asyncio, not typing, not json. The time that it takes is in the benchmark.
    assert set(modules) == {"agent_platform", *(f"agent_platform.{name}" for name in OWN)}


OWN = ("_base", "_client", "_errors", "_native", "_page")
"""What a client consists of; types, headers and raw answers are imported when they are asked for."""


def test_a_blocking_call_does_not_import_asyncio() -> None:
    done = python(
        """
        import sys
        from agent_platform import AgentPlatformError, SyncAgentPlatformClient
        try:
            SyncAgentPlatformClient(api_key="k", base_url="http://127.0.0.1:1", max_retries=0).get_usage()
        except AgentPlatformError as error:
            print(type(error).__name__, "asyncio" in sys.modules, "typing" in sys.modules)
        """
    )
    assert done.stdout == "APIConnectionError False False\n", done.stderr
