import { connection } from "next/server";
import { llmsText } from "@/lib/agents/honest-loop.ts";
import { origin } from "@/lib/origin.ts";

/** What this server is, for programs that read before they ask. It says nothing of the workspace. */
export async function GET(): Promise<Response> {
  await connection();
  return new Response(llmsText(origin()), { headers: { "content-type": "text/plain; charset=utf-8" } });
}
