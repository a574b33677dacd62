/**
 * The sentences of the language that is chosen. Another language is one more file beside `sentences-en.ts` with the same
 * exports, which the compiler holds to the kinds of `lib/wire`; it is chosen here and in `language.ts`.
 */
export * from "./sentences-en.ts";
