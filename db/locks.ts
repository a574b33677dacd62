/**
 * The numbers of PostgreSQL's advisory locks, the same in every process and version: whoever takes one waits for all others of its
 * number, so each purpose has its own. Locks of one run, of one kind of work and the like are named by a text, hashed.
 */
export const locks = {
  /** Migrations of one database take turns. */
  migration: 4_861_700,
  /** Uploads share it; the removal of unused files takes it alone. */
  files: 4_861_701,
  /** Batches of an evaluation share it, by the evaluation's id; its completion takes it alone. */
  predictions: 4_861_702,
  /** Those who open a test split take turns, and a project's rules don't change meanwhile. */
  looks: 4_861_703,
  /** Releases of one project at one test split take turns. */
  releases: 4_861_704,
  /** Servers say which secret they have, one at a time; and the first half of the keys of the locks that say it. */
  secret: 4_861_705,
  /** Who lays the tables out over nodes; of two at once one waits. */
  distribution: 4_861_706,
} as const;
