/** Looks at a file of samples before anything of it is stored. */
import type { Actor } from "../access/actor.ts";
import { authorise } from "../access/permissions.ts";
import { previewApart, READ_LIMITS } from "../tables/read-samples.ts";
import { UPLOAD_BYTES_MAX } from "../wire/base/words.ts";
import type { TablePreview } from "../wire/data/table-preview.ts";
import { type FileBody, requireFormat, withStaged } from "./staging.ts";

/** `part`: the body is the first whole lines of a longer text file. Throws `invalid` where it can't be read as a table. */
export async function previewSamples(
  actor: Actor,
  { format, part }: { format: string; part: boolean },
  body: FileBody,
  limits = { ...READ_LIMITS, bytes: UPLOAD_BYTES_MAX },
): Promise<TablePreview> {
  authorise(actor, "manifests.register");
  const known = requireFormat(format);
  return withStaged(body, limits.bytes, (file) => previewApart(file, known, part, limits));
}
