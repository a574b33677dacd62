"use server";
import { z } from "zod";
import { act, actOn, textOf } from "@/app/_ui/acts/action.ts";
import type { ActionOutcome } from "@/app/_ui/parts/outcome.ts";
import { allowHost, refuseHost } from "@/lib/webhooks/hosts.ts";

export const allowHostAction = async (_previous: ActionOutcome | null, form: FormData): Promise<ActionOutcome> =>
  act((member) => allowHost(member, { host: textOf(form, "host"), allowsPrivate: textOf(form, "private") === "on" }));

export const refuseHostAction = async (host: string): Promise<ActionOutcome> =>
  actOn({ host: z.string() }, { host }, (member, given) => refuseHost(member, given.host));
