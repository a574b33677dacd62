/**
 * The language in which Holdout speaks, and its sentences. Another language is one more file beside `en.ts` with the same
 * exports, which the compiler holds to the kinds of `lib/wire`; it is chosen here.
 */
export const language = "en";
export * as sentences from "./en.ts";
