"""`make demo`: three tenants on one server, their agents answering to Python, Node and Rust."""

from __future__ import annotations

import codecs
import os
import subprocess
import sys
from dataclasses import dataclass

from local_server import LocalServer, ServerError, own_environment, running
from programs import LANGUAGES, command, link_node_package


class DemoError(Exception):
    """A part of the demo did not do what it should."""


@dataclass
class Tenant:
    """Who signed up, and the key to act as it."""

    letter: str
    tenant_id: str
    api_key: str

    @property
    def title(self) -> str:
        return f"Tenant {self.letter}"


SIGN_UPS = (
    ("A", "Acme Corp", "user@acme.com", "professional"),
    ("B", "Startup XYZ", "hello@startup-xyz.com", "starter"),
    ("C", "Tiny Co", "me@tiny-co.com", "starter"),
)


class Demo:
    """The story, a method a scene."""

    def __init__(self, server: LocalServer) -> None:
        self.server = server

    def onboard(self) -> list[Tenant]:
        heading("Three tenants sign up")
        tenants = []
        for letter, name, email, tier in SIGN_UPS:
            signed_up = self.server.sign_up(name, email, tier)
            tenant = Tenant(letter, signed_up["tenant_id"], signed_up["api_key"])
            tenants.append(tenant)
            quota = signed_up["quota"]
            if letter == "C":
                quota = self.server.set_quota(tenant.tenant_id, max_requests_per_hour=1)["quota"]
            limits = (
                f"{quota['max_requests_per_hour']:>5,} requests/h  {quota['max_tokens_per_month']:>9,} tokens/month"
            )
            say(f"{tenant.title}  {tenant.tenant_id:<12} {tier:<13} {limits}  key {tenant.api_key[:14]}…")
        say("Tenant C's quota was cut to one request an hour by the operator.")
        return tenants

    def run(self, language: str, program: str, tenant: Tenant, *arguments: str, expect: str) -> None:
        """Runs an example as `tenant`, showing what it prints as it prints it."""
        environment = own_environment() | {
            "AGENT_PLATFORM_API_KEY": tenant.api_key,
            "AGENT_PLATFORM_BASE_URL": self.server.url,
            "PYTHONUNBUFFERED": "1",
        }
        line = [*command(language, program), *arguments]
        with subprocess.Popen(line, env=environment, stdout=subprocess.PIPE, stderr=subprocess.STDOUT) as process:
            assert process.stdout is not None
            printed = show(process.stdout.fileno())
        if process.returncode != 0:
            raise DemoError(f"{program} in {language} ended with status {process.returncode}")
        if expect not in printed:
            raise DemoError(f"{program} in {language} did not print “{expect}”")

    def show_language(self, language: str, tenant: Tenant, question: str, expect: str) -> None:
        """A tenant loads its knowledge base, makes an agent and asks; then it asks something else and watches."""
        heading(f"{language}, as {tenant.title}: basic_usage")
        self.run(language, "basic_usage", tenant, expect="Forgot password")
        heading(f"{language}, as {tenant.title}: streaming")
        say(f"> {question}")
        self.run(language, "streaming", tenant, question, expect=expect)

    def show_refusals(self, tenant: Tenant) -> None:
        """The tenant uses its one request; then each language meets the 429."""
        heading(f"{tenant.title} uses its one request, for what no article answers")
        question = "How tall is Mount Everest?"
        say(f"> {question}")
        self.run("Python", "streaming", tenant, question, expect="tokens in")
        for language in LANGUAGES:
            heading(f"{language}, as {tenant.title}: error_handling")
            self.run(language, "error_handling", tenant, expect="Execute an agent: 429")

    def hour_of(self, tenant: Tenant) -> str:
        """When the tenant's count of requests begins anew."""
        return str(self.server.call("GET", "/usage", tenant.api_key)["resets"]["hour"])

    def show_usage(self, tenants: list[Tenant], refused: Tenant) -> None:
        heading("Usage")
        for tenant in tenants:
            report = self.server.call("GET", "/usage", tenant.api_key)
            used, quota = report["usage"], report["quota"]
            say(
                f"{tenant.title}: {used['tokens_this_month']:,} of {quota['max_tokens_per_month']:,} tokens, "
                f"${used['spend_this_month']}, {used['requests_this_hour']} of {quota['max_requests_per_hour']:,} "
                "requests this hour"
            )
        agent = self.server.call("GET", "/agents", refused.api_key)["data"][0]["agent_id"]
        status, answer = self.server.request("POST", f"/agents/{agent}/execute", refused.api_key, {"message": "Hello!"})
        if status != 429:
            raise DemoError(f"{refused.title} was answered with {status} instead of 429")
        say(f"{refused.title}: quota exceeded (429). {answer['detail']}")


def heading(text: str) -> None:
    bold, plain = ("\033[1m", "\033[0m") if sys.stdout.isatty() else ("", "")
    print(f"\n{bold}{text}{plain}", flush=True)


def say(text: str) -> None:
    print(f"  {text}", flush=True)


def show(descriptor: int) -> str:
    """Copies what a process prints, indented, as it comes; gives it back whole."""
    decoder = codecs.getincrementaldecoder("utf-8")("replace")
    printed = ""
    while block := os.read(descriptor, 65536):
        for line in decoder.decode(block).splitlines(keepends=True):
            print(line if printed and not printed.endswith("\n") else f"  {line}", end="", flush=True)
            printed += line
    return printed


def tell(server: LocalServer) -> None:
    demo = Demo(server)
    a, b, c = tenants = demo.onboard()
    demo.show_language("Python", a, "How do I cancel my subscription?", expect="Cancel")
    demo.show_language("Node", b, "Can I get a refund?", expect="refund")
    demo.show_language("Rust", a, "How do I turn on two-factor authentication?", expect="two-factor")
    hour = demo.hour_of(c)
    try:
        demo.show_refusals(c)
        demo.show_usage(tenants, refused=c)
    except DemoError:
        if demo.hour_of(c) == hour:
            raise
        say("The clock's hour ended just now, and with it tenant C's count. Once more:")
        demo.show_refusals(c)
        demo.show_usage(tenants, refused=c)


def main() -> None:
    link_node_package()
    with running() as server:
        heading("The server")
        say(f"{server.url}, with SQLite in a temporary folder")
        tell(server)
        server.stop()
    heading("The server stopped cleanly, and its data are deleted")
    say("Next: `make serve`, and the ten lines of your language in README.md.")


if __name__ == "__main__":
    try:
        main()
    except (DemoError, ServerError, OSError, subprocess.CalledProcessError) as error:
        sys.exit(f"\nThe demo failed: {error}")
    except KeyboardInterrupt:
        sys.exit("\nThe demo was interrupted.")
