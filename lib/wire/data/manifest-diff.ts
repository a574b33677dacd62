/** What differs between two split manifests. */
import { z } from "zod";
import { digestOf } from "../base/examples.ts";
import { sha256, splitSchema } from "../base/words.ts";

const movedSchema = z.object({ key: z.string(), from: splitSchema, to: splitSchema });

export const manifestDiffSchema = z
  .object({
    before: sha256,
    after: sha256,
    /** Whether both have the same test split, to the byte. */
    sameTest: z.boolean(),
    /** How many there are of each; the lists hold the first 200, of leak risks each way. */
    counts: z.object({
      added: z.int(),
      removed: z.int(),
      moved: z.int(),
      relabelled: z.int(),
      changed: z.int(),
      renamed: z.int(),
      leakRisk: z.int(),
      /** Of those, how many are test in `before`: none may be, where runs of `after` are to be evaluated on it. */
      leakRiskInBefore: z.int(),
    }),
    /** Samples by the split that they are in before and after, by key; null: in none. A renamed one is gone and comes. */
    flows: z.array(z.object({ from: splitSchema.nullable(), to: splitSchema.nullable(), samples: z.int() })),
    added: z.array(z.string()),
    removed: z.array(z.string()),
    moved: z.array(movedSchema),
    relabelled: z.array(z.object({ key: z.string(), from: z.string().nullable(), to: z.string().nullable() })),
    /** Other content under the same key. */
    changed: z.array(z.string()),
    /** The same content under another key: before, after. */
    renamed: z.array(z.tuple([z.string(), z.string()])),
    /** Test in one, train or validation in the other. `as`: the key that the content has there, if another. */
    leakRisk: z.array(movedSchema.extend({ as: z.string().optional() })),
  })
  .meta({
    id: "ManifestDiff",
    examples: [
      {
        before: digestOf("a"),
        after: digestOf("b"),
        sameTest: false,
        counts: {
          added: 0,
          removed: 0,
          moved: 1,
          relabelled: 0,
          changed: 0,
          renamed: 0,
          leakRisk: 1,
          leakRiskInBefore: 1,
        },
        flows: [{ from: "test", to: "train", samples: 1 }],
        added: [],
        removed: [],
        moved: [{ key: "test/0", from: "test", to: "train" }],
        relabelled: [],
        changed: [],
        renamed: [],
        leakRisk: [{ key: "test/0", from: "test", to: "train" }],
      },
    ],
  });

export type ManifestDiff = z.infer<typeof manifestDiffSchema>;
