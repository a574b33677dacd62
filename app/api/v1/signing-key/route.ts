import { listSigningKeys } from "@/lib/champions/signing-key.ts";
import { handle } from "../../_handler.ts";

export const GET = handle(({ actor }) => listSigningKeys(actor));
