/** Requests to the registry of models, as MLflow's clients send them. */
import { z } from "zod";
import { count, int64, key, optional, text, words } from "./wire.ts";

const TEXT_MAX = 100_000;
const name = text.min(1).max(256);
const description = optional(text.max(TEXT_MAX));
const value = optional(text.max(TEXT_MAX)).transform((given) => given ?? "");
const tags = optional(z.array(z.object({ key, value })).max(1000)).transform((given) => given ?? []);
/** Said to be a text; some send the number. */
const version = z.preprocess((given) => (typeof given === "number" ? String(given) : given), text.min(1).max(100));
const ofVersion = { name, version };
const alias = text.min(1);
const search = { filter: optional(text), order_by: words, page_token: optional(text) };
const flag = z.preprocess((given) => ({ true: true, false: false })[String(given)] ?? given, z.boolean());

export const registrySchemas = {
  register: z.object({ name, tags, description }),
  registered: z.object({ name }),
  searchRegistered: z.object({
    ...search,
    max_results: optional(int64.refine((given) => given >= 0 && given <= 1000, "a number from 0 to 1000")).transform(
      (given) => given ?? 100,
    ),
  }),
  updateRegistered: z.object({ name, description }),
  rename: z.object({ name, new_name: name }),
  latest: z.object({ name, stages: words }),
  registeredTag: z.object({ name, key, value }),
  registeredTagKey: z.object({ name, key }),
  alias: z.object({ name, alias }),
  setAlias: z.object({ ...ofVersion, alias }),
  createVersion: z.object({
    name,
    source: text.min(1).max(TEXT_MAX),
    run_id: optional(text.max(500)),
    tags,
    run_link: optional(text.max(TEXT_MAX)),
    description,
    model_id: optional(text.max(500)),
  }),
  version: z.object(ofVersion),
  updateVersion: z.object({ ...ofVersion, description }),
  moveToStage: z.object({
    ...ofVersion,
    stage: text.min(1),
    archive_existing_versions: optional(flag).transform((given) => given ?? false),
  }),
  versionTag: z.object({ ...ofVersion, key, value }),
  versionTagKey: z.object({ ...ofVersion, key }),
  searchVersions: z.object({
    ...search,
    max_results: optional(count(200_000)).transform((given) => given ?? 10_000),
  }),
} as const;
