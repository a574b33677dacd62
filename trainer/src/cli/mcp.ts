/** `mcp`: the tools for an agent, over standard input and output. */
import { z } from "zod";
import { readInput } from "./command-line.ts";
import { apiFor } from "./run-tool.ts";

/** Ends when the agent closes standard input. */
export async function mcpCommand(argv: string[]): Promise<number> {
  const { common } = readInput({ input: z.object({}), positional: [] }, argv);
  const api = apiFor(common);
  const { StdioServerTransport } = await import("@modelcontextprotocol/sdk/server/stdio.js");
  const { mcpServer } = await import("../../../lib/agents/mcp-server.ts");
  const ended = new Promise<void>((resolve) => process.stdin.once("close", resolve).once("end", resolve));
  await mcpServer(api).connect(new StdioServerTransport());
  await ended;
  return 0;
}
