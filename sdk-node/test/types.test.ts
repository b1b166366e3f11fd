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

  // @ts-expect-error -- a required field is missing
  await client.createAgent({ name: "A" });
  // @ts-expect-error -- a field that does not exist
  await client.createAgent({ name: "A", system_prompt: "B", prompt: "C" });
  // @ts-expect-error -- a path parameter is missing
  await client.executeAgent({ message: "Hello" });
}

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
}

export function errors(error: unknown): void {
  if (error instanceof NotFoundError) error.status_code satisfies number;
  if (error instanceof RateLimitError) error.retry_after satisfies number | undefined;
}
