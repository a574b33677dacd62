import { connection } from "next/server";
import { skillText } from "@/lib/agents/honest-loop.ts";

/** The honest loop as a skill that an agent keeps. */
export async function GET(): Promise<Response> {
  await connection();
  return new Response(skillText, { headers: { "content-type": "text/markdown; charset=utf-8" } });
}
