/**
 * The sentences of the language that is chosen. Another language is files beside those that end in `-en.ts`, with the same
 * exports, which the compiler holds to the kinds of `lib/wire`; it is chosen here, in
 * `language.ts` and in `verdicts.ts`.
 */
export * from "./comparison-en.ts";
export * from "./report-en.ts";
export * from "./sentences-en.ts";
export * from "./statements-en.ts";
