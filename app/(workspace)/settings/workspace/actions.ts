"use server";
import { z } from "zod";
import { act, actOn, textOf } from "@/app/_ui/acts/action.ts";
import type { MadeToken } from "@/app/_ui/domain/tokens/new-token.tsx";
import type { ActionOutcome } from "@/app/_ui/parts/outcome.ts";
import { createWorkspaceToken, revokeToken } from "@/lib/access/tokens.ts";
import { chooseDownloads } from "@/lib/artifacts/downloads.ts";
import { allowHost, refuseHost } from "@/lib/webhooks/hosts.ts";

export const allowHostAction = async (_previous: ActionOutcome | null, form: FormData): Promise<ActionOutcome> =>
  act((member) => allowHost(member, { host: textOf(form, "host"), allowsPrivate: textOf(form, "private") === "on" }));

export const refuseHostAction = async (host: string): Promise<ActionOutcome> =>
  actOn({ host: z.string() }, { host }, (member, given) => refuseHost(member, given.host));

/** Answers what holds now: by then the page has been read anew. */
export const chooseDownloadsAction = async (links: boolean): Promise<ActionOutcome<boolean>> =>
  actOn({ links: z.boolean() }, { links }, async (member, given) => {
    await chooseDownloads(member, given);
    return given.links;
  });

export const createWorkspaceTokenAction = async (
  _previous: ActionOutcome<MadeToken> | null,
  form: FormData,
): Promise<ActionOutcome<MadeToken>> => act((member) => createWorkspaceToken(member, { name: textOf(form, "name") }));

export const revokeTokenAction = async (id: string): Promise<ActionOutcome> => act((member) => revokeToken(member, id));
