import { readHealth } from "@/lib/health.ts";
import { answerProblem } from "../_handler.ts";

/** Open to anybody: whether the server and its database answer, and have room on their disks. */
export async function GET(request: Request): Promise<Response> {
  try {
    return Response.json({ status: "ok", ...(await readHealth()) }, { headers: { "cache-control": "no-store" } });
  } catch (error) {
    return answerProblem(error, request);
  }
}
