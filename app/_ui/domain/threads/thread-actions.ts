"use server";
/** What people do in threads, on whichever page they stand. */
import { z } from "zod";
import { readPanel, type ThreadPanel } from "@/lib/reviews/panel.ts";
import { markReviewSeen } from "@/lib/reviews/seen.ts";
import { addComment, editComment, startThread, updateThread } from "@/lib/reviews/threads.ts";
import { actOn, projectId } from "../../acts/action.ts";
import type { ActionOutcome } from "../../parts/outcome.ts";

const aThread = { project: projectId, thread: z.uuid() };
const written = z.string();

export const startThreadAction = async (
  project: string,
  subject: string,
  anchor: string,
  text: string,
): Promise<ActionOutcome> =>
  actOn(
    { project: projectId, subject: z.string(), anchor: z.string(), text: written },
    { project, subject, anchor, text },
    async (member, { project: id, ...given }) => void (await startThread(member, id, given)),
  );

export const addCommentAction = async (project: string, thread: string, text: string): Promise<ActionOutcome> =>
  actOn(
    { ...aThread, text: written },
    { project, thread, text },
    async (member, given) => void (await addComment(member, given.project, given.thread, { text: given.text })),
  );

export const editCommentAction = async (
  project: string,
  thread: string,
  comment: string,
  text: string,
): Promise<ActionOutcome> =>
  actOn({ ...aThread, comment: z.uuid(), text: written }, { project, thread, comment, text }, async (member, given) => {
    await editComment(member, given.project, given.thread, given.comment, { text: given.text });
  });

export const resolveThreadAction = async (
  project: string,
  thread: string,
  isResolved: boolean,
): Promise<ActionOutcome> =>
  actOn({ ...aThread, isResolved: z.boolean() }, { project, thread, isResolved }, async (member, given) => {
    await updateThread(member, given.project, given.thread, { isResolved: given.isResolved });
  });

/** What a panel shows now; the page stays as it is. */
export const readPanelAction = async (
  project: string,
  subject: string,
  anchor: string | undefined,
): Promise<ActionOutcome<ThreadPanel>> =>
  actOn(
    { project: projectId, subject: z.string(), anchor: z.string().optional() },
    { project, subject, anchor },
    (member, { project: id, ...asked }) => readPanel(member, id, asked),
    "keep",
  );

/** The reader has a review before them; the page stays as it is. */
export const seeReviewAction = async (project: string, review: string): Promise<ActionOutcome> =>
  actOn(
    { project: projectId, review: z.uuid() },
    { project, review },
    (member, given) => markReviewSeen(member, given.project, given.review),
    "keep",
  );
