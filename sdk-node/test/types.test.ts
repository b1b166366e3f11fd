// What the compiler must accept and must refuse; it is checked by `npm run lint`, and never run.

import {
  type Agent,
  AgentPlatformClient,
  type ExecutionEvent,
  NotFoundError,
  type Page,
  RateLimitError,
} from "../lib/index";

const client = new AgentPlatformClient({ apiKey: "pk_test_x", timeout: null, maxRetries: 0 });

export async function calls(): Promise<void> {
  const agent: Agent = await client.createAgent({ name: "A", system_prompt: "B", tools: ["search_kb"] });
  const response = await client.executeAgent(
    { agent_id: agent.agent_id, message: "Hello" },
    { signal: AbortSignal.timeout(1000), timeout: 1000, maxRetries: 1, idempotencyKey: "x" },
  );
  response.message satisfies string;
  (await client.getUsage()).usage.remaining_tokens satisfies number;
  await client.deleteAgent({ agent_id: agent.agent_id });
  const { data, headers, request_id } = await client.getUsage().withResponse();
  data.tenant_id satisfies string;
  headers satisfies Headers;
  request_id satisfies string | undefined;

  const { response: answer, status_code } = await client.getUsage().withResponse();
  answer satisfies Response;
  status_code satisfies number;
  (await client.getUsage().asResponse()) satisfies Response;
  (await client.withOptions({ maxRetries: 5, timeout: null }).getUsage()).tenant_id satisfies string;

  // @ts-expect-error -- a required field is missing
  await client.createAgent({ name: "A" });
  // @ts-expect-error -- a field that does not exist
  await client.createAgent({ name: "A", system_prompt: "B", prompt: "C" });
  // @ts-expect-error -- a path parameter is missing
  await client.executeAgent({ message: "Hello" });
  // @ts-expect-error -- a field of another type
  await client.createAgent({ name: 5, system_prompt: "B" });
  // @ts-expect-error -- a list is wanted
  await client.createAgent({ name: "A", system_prompt: "B", tools: "search_kb" });
  // @ts-expect-error -- a value that this enum does not have
  await client.executeAgent({ agent_id: "a", message: "b", on_disconnect: "explode" });
  // @ts-expect-error -- an option of another name
  await client.getUsage({}, { max_retries: 1 });
  // @ts-expect-error -- an option of a call that is none of all calls
  client.withOptions({ signal: AbortSignal.timeout(1) });
  // @ts-expect-error -- a setting of another name
  new AgentPlatformClient({ base_url: "http://localhost:8000" });
  // @ts-expect-error -- a controller is no signal
  await client.getUsage({}, { signal: new AbortController() });
}

export type Refused = [
  // @ts-expect-error -- an operation that does not exist
  AgentPlatformClient["createAgents"],
  // @ts-expect-error -- a field that no answer has
  Agent["no_such_field"],
];

export async function lists(): Promise<void> {
  const page: Page<Agent> = await client.listAgents({ limit: 2 });
  page.data satisfies Agent[];
  for await (const agent of client.listAgents()) agent satisfies Agent;
}

export async function streams(): Promise<void> {
  await using stream = client.streamAgent({ agent_id: "agent-1", message: "Hello" });
  for await (const event of stream) {
    event satisfies ExecutionEvent;
    if (event.type === "message.delta") event.text satisfies string;
    if (event.type === "execution.completed") event.response.tokens_used satisfies number;
  }
  for await (const text of stream.textStream) text satisfies string;
  (await stream.finalResponse()).message satisfies string;
  const { data, request_id } = await stream.withResponse();
  data satisfies typeof stream;
  request_id satisfies string | undefined;
  stream.request_id satisfies string | undefined;
  stream.rejoins satisfies number;
  stream satisfies AsyncDisposable & AsyncIterable<ExecutionEvent>;

  for await (const event of stream) {
    // @ts-expect-error -- only a delta has text
    event.text satisfies string;
    // An event of a later version is no error.
    switch (event.type) {
      case "message.delta":
        break;
      default:
        event.type satisfies string;
    }
  }
  // @ts-expect-error -- a stream is no promise
  stream satisfies PromiseLike<unknown>;
}

export async function enums(agent: Agent): Promise<void> {
  // A value of a later version may come: the known ones are proposed, any string is allowed.
  agent.status satisfies string;
  if (agent.status === "active") return;
  // @ts-expect-error -- a request takes only what is known
  await client.signUp({ email: "a@example.com", tier: 5 });
}

export function errors(error: unknown): void {
  if (error instanceof NotFoundError) error.status_code satisfies number;
  if (error instanceof RateLimitError) error.retry_after satisfies number | undefined;
}
