/** Files of a run. */
import { z } from "zod";
import { digestOf } from "./base/examples.ts";
import type { Route } from "./base/route.ts";
import { artifactPathSchema, mediaTypeSchema } from "./base/text.ts";
import { sha256, time } from "./base/words.ts";

export const artifactSchema = z
  .object({
    path: z.string(),
    sha256,
    sizeBytes: z.int(),
    contentType: z.string(),
    createdAt: time,
  })
  .meta({
    id: "Artifact",
    examples: [
      {
        path: "checkpoints/step-900.safetensors",
        sha256: digestOf("e"),
        sizeBytes: 81234,
        contentType: "application/octet-stream",
        createdAt: "2026-01-05T09:00:00.000Z",
      },
    ],
  });

export type Artifact = z.infer<typeof artifactSchema>;

/** Links a file that this project already holds, by its hash, without sending it again. */
export const artifactLinkSchema = z
  .object({ path: artifactPathSchema, sha256, contentType: mediaTypeSchema.default("application/octet-stream") })
  .meta({ id: "ArtifactLink", examples: [{ path: "model.safetensors", sha256: digestOf("e") }] });

export type ArtifactLink = z.input<typeof artifactLinkSchema>;

export const artifactListSchema = z.object({ artifacts: z.array(artifactSchema) }).meta({
  id: "ArtifactList",
  examples: [{ artifacts: [] }],
});
export type ArtifactList = z.infer<typeof artifactListSchema>;

/** Where a picture that was logged under a key and a step lies among a run's artifacts. */
export const imagePath = (key: string, step: number): string => `images/${key}/${String(step).padStart(9, "0")}.png`;

/** Key and step of such a path; null for another. */
export function imagePlace(path: string): { key: string; step: number } | null {
  const [, key, step] = /^images\/(.+)\/(\d+)\.png$/.exec(path) ?? [];
  return key === undefined ? null : { key, step: Number(step) };
}

export const artifactsRoutes = {
  listArtifacts: {
    method: "GET",
    path: "/api/v1/runs/{run}/artifacts",
    summary: "The files of a run",
    permission: "runs.read",
    response: artifactListSchema,
  },
  linkArtifact: {
    method: "POST",
    path: "/api/v1/runs/{run}/artifacts",
    summary: "Give a run a file that its project already holds, by hash; 404 if it has to be sent",
    permission: "runs.log",
    request: artifactLinkSchema,
    response: artifactSchema,
  },
  putArtifact: {
    method: "PUT",
    path: "/api/v1/runs/{run}/artifacts/{path}",
    summary: "Store a file of a run. The server computes its hash; x-content-sha256, if sent, must agree",
    permission: "runs.log",
    requestBinary: {
      contentType: "application/octet-stream",
      description: "The file's bytes, or its gzip under content-encoding",
    },
    response: artifactSchema,
  },
  getArtifact: {
    method: "GET",
    path: "/api/v1/runs/{run}/artifacts/{path}",
    summary:
      "A file of a run, as an attachment; or, encoded anew, a picture to be shown. 307 leads to its bucket where an admin chose links",
    permission: "runs.read",
    query: [{ name: "picture", description: "1: as PNG, for pictures of at most 20 MB", schema: z.enum(["0", "1"]) }],
    responseBinary: { contentType: "*/*", description: "The file's bytes, with the type it was stored under" },
  },
} as const satisfies Record<string, Route>;
