/** MCP over streamable HTTP, without sessions: each message brings its token, in the header alone, and is answered at once. */
import { WebStandardStreamableHTTPServerTransport } from "@modelcontextprotocol/sdk/server/webStandardStreamableHttp.js";
import { apiOf } from "@/lib/agents/api.ts";
import { mcpServer } from "@/lib/agents/mcp-server.ts";
import { readBody } from "@/lib/bodies/read-body.ts";
import { parseJson } from "@/lib/json.ts";
import { origin } from "@/lib/origin.ts";
import { ProblemError } from "@/lib/problem.ts";
import { selfAddress } from "@/lib/self.ts";
import { answerProblem, handle } from "../_handler.ts";

/** What a page's form has at most, too: bin/serve/refuse-request.ts refuses more before it is read. */
const BODY_BYTES_MAX = 2 ** 20;

const answer = handle(async ({ request }) => {
  const message = parseJson(new TextDecoder().decode(await readBody(request, BODY_BYTES_MAX)), { keysMax: 20_000 });
  if (Array.isArray(message)) throw new ProblemError("invalid", "body: one message a request, received a list of them");
  const token = request.headers.get("authorization")!.replace(/^\S+\s+/, "");
  const transport = new WebStandardStreamableHTTPServerTransport({ enableJsonResponse: true });
  await mcpServer(apiOf({ ...selfAddress(), token })).connect(transport);
  return transport.handleRequest(request, { parsedBody: message });
});

export async function POST(request: Request): Promise<Response> {
  const refusal = refused(request);
  return refusal ? answerProblem(refusal, request) : answer(request, { params: Promise.resolve({}) });
}

/** A signed-in browser is no agent, and no other site's page may speak for one. */
function refused({ headers }: Request): ProblemError | null {
  const from = headers.get("origin");
  if (from !== null && from !== origin())
    return new ProblemError("forbidden", `The request's Origin is ${from}; this server is ${origin()}.`);
  if (headers.has("authorization")) return null;
  return new ProblemError("unauthenticated", "Send Authorization: Bearer <token>; no cookie stands for it here.");
}

/** There is no stream to listen to, and no session to end. */
export const GET = async (): Promise<Response> =>
  new Response(null, { status: 405, headers: { allow: "POST", "x-content-type-options": "nosniff" } });
