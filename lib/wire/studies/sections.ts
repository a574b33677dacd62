/** The panels of a study's page, in their order: where it stands, what was tried, what that shows, how far it can be believed. */
export const studySections = [
  "standing",
  "stages",
  "rounds",
  "best-so-far",
  "trials",
  "roles",
  "axes",
  "isolation",
  "coverage",
  "enough",
  "curves",
  "best-step",
  "stability",
  "throughput",
  "variance",
  "comparisons",
  "transfer",
  "complexity",
  "looks",
  "story",
] as const;

export type StudySection = (typeof studySections)[number];
