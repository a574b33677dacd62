/** The MCP server, over whichever transport: the table of tools, and runs and reports as resources. It calls the API alone. */
import { Server } from "@modelcontextprotocol/sdk/server/index.js";
import {
  CallToolRequestSchema,
  ListResourcesRequestSchema,
  ListResourceTemplatesRequestSchema,
  ListToolsRequestSchema,
  ReadResourceRequestSchema,
  type Tool as ToldTool,
} from "@modelcontextprotocol/sdk/types.js";
import { z } from "zod";
import { Refused } from "../sending/answers.ts";
import type { TokenScope } from "../wire/base/words.ts";
import { callerSchema } from "../wire/server.ts";
import { type Api, Miscalled, type Tool } from "../wire/tools/tool.ts";
import { tools } from "../wire/tools/tools.ts";
import { refusalOf, toldAnswer, toldRefusal } from "./answers.ts";
import { instructions } from "./honest-loop.ts";
import { listResources, readResource, resourceTemplates } from "./resources.ts";
import { version } from "./version.ts";

const table: Record<string, Tool> = tools;

/** A server for one caller. */
export function mcpServer(api: Api): Server {
  const server = new Server(
    { name: "holdout", title: "Holdout", version },
    { capabilities: { tools: {}, resources: {} }, instructions },
  );
  server.setRequestHandler(ListToolsRequestSchema, async () => ({ tools: toldTools(await scopeOf(api)) }));
  server.setRequestHandler(CallToolRequestSchema, async ({ params: { name, arguments: given = {} } }) => {
    const tool = Object.hasOwn(table, name) ? table[name] : undefined;
    if (!tool) return toldRefusal(new Miscalled(`there is no tool ${name}; tools/list names them`));
    try {
      return toldAnswer(await tool.run(api, tool.input.strict().parse(given)));
    } catch (error) {
      return toldRefusal(error);
    }
  });
  server.setRequestHandler(ListResourcesRequestSchema, async () => ({ resources: await listResources(api) }));
  server.setRequestHandler(ListResourceTemplatesRequestSchema, async () => ({ resourceTemplates }));
  server.setRequestHandler(ReadResourceRequestSchema, async ({ params: { uri } }) => {
    try {
      return { contents: [await readResource(api, uri)] };
    } catch (error) {
      throw new Error(refusalOf(error), { cause: error });
    }
  });
  return server;
}

/** The token's scope; `submit` where the token may not even ask who it is. Null: one of the workspace, which has several. */
async function scopeOf(api: Api): Promise<TokenScope | null> {
  try {
    const { scope } = callerSchema.parse(await api({ route: "whoami" }));
    return scope === "workspace" ? null : scope;
  } catch (error) {
    if (error instanceof Refused && error.status === 403) return "submit";
    throw error;
  }
}

/** The tools that a token of this scope may use; the API refuses the others all the same. */
const toldTools = (scope: TokenScope | null): ToldTool[] =>
  Object.entries(table)
    .filter(([, { scopes }]) => scope === null || scopes.includes(scope))
    .map(([name, { summary, input, reads, repeatable }]) => ({
      name,
      description: summary,
      inputSchema: z.toJSONSchema(input, { io: "input", unrepresentable: "any" }) as ToldTool["inputSchema"],
      annotations: {
        readOnlyHint: reads,
        destructiveHint: false,
        idempotentHint: repeatable,
        openWorldHint: false,
      },
    }));
