import { ProblemError } from "@/lib/problem.ts";
import { handle } from "../_handler.ts";

const unknown = handle(async ({ request }) => {
  throw new ProblemError("not-found", `there is no route ${new URL(request.url).pathname}; see /api/v1/openapi.json`);
});

export { unknown as DELETE, unknown as GET, unknown as PATCH, unknown as POST, unknown as PUT };
