/** Fields that several tools take, each described once. */
import { z } from "zod";
import { label } from "../base/text.ts";
import { sha256, uuid } from "../base/words.ts";

/** A path that is `.` or `..` would lead elsewhere than to what it names. */
const named = (what: string) =>
  label(100)
    .refine((text) => !/^\.+$/.test(text), "no name of dots alone")
    .describe(what);

export const project = named("id or slug of a project; a token's own if absent").optional();
export const run = uuid.describe("id of a run");
export const runs = z.array(uuid).describe("ids of runs");
export const manifest = sha256.describe("id of a split manifest");
export const evaluation = uuid.describe("id of an evaluation of the run");
export const study = uuid.describe("id of a study");
export const filter = z
  .string()
  .max(10_000)
  .describe("the runs table's language, such as: status = finished and config.optimizer.learningRate < 0.01");
export const sort = z
  .string()
  .max(1000)
  .describe("a column of the runs table, - before it for descending: -validation/accuracy.max; default -created");
