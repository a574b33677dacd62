/** Texts of the contract. Every one that comes in is well-formed Unicode, so that it is read back as it was sent. */
import { z } from "zod";

/** Half of a surrogate pair has no UTF-8: stored, it would become U+FFFD, and two names would be one. */
export const illFormed = "half of a surrogate pair, which is no Unicode text; send whole characters";
const controlCharacters = /\p{Cc}/u;

/** A text of at most `max` UTF-16 units; control characters may be in it. */
export const text = (max: number) =>
  z
    .string()
    .max(max)
    .refine((given) => given.isWellFormed(), illFormed);

/** A text of one line that is not empty: a name. */
export const label = (max: number) =>
  text(max)
    .min(1)
    .refine((given) => !controlCharacters.test(given), "no control characters");

/** A text of many lines, as PostgreSQL can hold it. */
export const textWithoutNul = (max: number) =>
  text(max).refine((given) => !given.includes("\u0000"), "no NUL characters");
export const longText = textWithoutNul(100_000);

/** JavaScript sets the prototype of an object by this key, so that a value under it would be lost on the way. */
export const PROTO = "__proto__";
export const protoRefused = `${PROTO} can't be a name here: programs in JavaScript lose what stands under it; choose another`;

export const metricNameSchema = label(200).refine((name) => name !== PROTO, protoRefused);

export const artifactPathSchema = label(500).refine(
  (path) => path.split("/").every((part) => part !== "" && part !== "." && part !== ".."),
  "a relative path without empty, '.' or '..' parts",
);

/** RFC 9110, 8.3.1: `type/subtype` of tokens, then parameters whose values are tokens or quoted. */
const token = "[!#$%&'*+.^_`|~0-9A-Za-z-]+";
const quoted = '"(?:[\\t \\x21\\x23-\\x5b\\x5d-\\x7e]|\\\\[\\t\\x20-\\x7e])*"';
const mediaType = new RegExp(`^${token}/${token}(?:[ \\t]*;[ \\t]*${token}=(?:${token}|${quoted}))*[ \\t]*;?$`);
export const mediaTypeSchema = z
  .string()
  .max(200)
  .regex(mediaType, "a media type such as image/png or text/plain; charset=utf-8");
