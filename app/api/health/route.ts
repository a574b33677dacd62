import { readInstance } from "@/lib/workspace.ts";
import { answerProblem } from "../_handler.ts";

/** Open to anybody: whether the server and its database answer. */
export async function GET(request: Request): Promise<Response> {
  try {
    return Response.json(
      { status: "ok", instance: await readInstance() },
      { headers: { "cache-control": "no-store" } },
    );
  } catch (error) {
    return answerProblem(error, request);
  }
}
