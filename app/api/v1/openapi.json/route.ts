import { authorise } from "@/lib/access/permissions.ts";
import { openApiDocument } from "@/lib/openapi.ts";
import { handle } from "../../_handler.ts";

export const GET = handle(async ({ actor }) => {
  authorise(actor, "contract.read");
  return openApiDocument();
});
