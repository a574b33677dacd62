import { describeCaller } from "@/lib/projects/caller.ts";
import { handle } from "../../_handler.ts";

export const GET = handle(({ actor }) => describeCaller(actor));
