/** The parts of a split, in their order. Apart from `words.ts`: the process that reads a file needs no zod. */
export const splits = ["train", "validation", "test"] as const;

export type Split = (typeof splits)[number];
