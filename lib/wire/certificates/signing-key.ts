/** The public keys by which certificates are checked. */
import { z } from "zod";
import { digestOf } from "../base/examples.ts";
import type { Route } from "../base/route.ts";
import { sha256, time } from "../base/words.ts";

export const signingKeysSchema = z
  .object({
    /** The id of the key that signs now. */
    current: sha256,
    /** The oldest first: what an old one signed can still be checked. */
    keys: z.array(
      z.object({
        id: sha256.meta({ description: "SHA-256 of the key's 32 bytes" }),
        algorithm: z.literal("Ed25519"),
        publicKey: z.string().meta({ description: "32 bytes in base64url" }),
        firstUsedAt: time,
      }),
    ),
  })
  .meta({
    id: "SigningKeys",
    examples: [
      {
        current: digestOf("a"),
        keys: [
          {
            id: digestOf("a"),
            algorithm: "Ed25519",
            publicKey: "11qYAYKxCrfVS_7TyWQHOg7hcvPapiMlrwIaaPcHURo",
            firstUsedAt: "2026-01-05T09:00:00.000Z",
          },
        ],
      },
    ],
  });
export type SigningKeys = z.infer<typeof signingKeysSchema>;

export const signingKeyRoutes = {
  getSigningKeys: {
    method: "GET",
    path: "/api/v1/signing-key",
    summary: "The public keys that certificates of this installation were signed with",
    permission: "contract.read",
    response: signingKeysSchema,
  },
} as const satisfies Record<string, Route>;
