/** How a manifest was made: what stands beside its content, and has a digest of its own. */
import type { z } from "zod";
import type { manifestCreateSchema } from "../wire/data/manifests.ts";

/** A registration that is parsed. */
export type ManifestInput = z.output<typeof manifestCreateSchema>;

/** How a manifest was made, beyond name, method, seed and notes. */
export type HeaderParts = {
  dataset: { name: string; version: string };
  options?: unknown;
  /** Which version of the method made it; the first is left out. */
  methodVersion?: number;
  /** The whole of the folds, or what a repair mends. */
  parent?: string;
  /** Which fold is validation, from 1. */
  fold?: number;
  /** How many pairs of samples a person found to show the same, kept together here. */
  joinedPairs?: number;
};
export type ManifestHeader = Pick<ManifestInput, "name" | "method" | "seed" | "notes"> & HeaderParts;

/** What a registration says of how its split was made: the same for the server's own and for one that a trainer made. */
export function headerOf(input: ManifestInput): ManifestHeader {
  const { name, method, seed, notes, dataset, options, methodVersion } = input;
  const header = { name, method, seed, notes, dataset };
  // nothing is known of how a split came about that names no version of its method
  if (method === "given" || methodVersion === null) return header;
  return methodVersion > 1 ? { ...header, options, methodVersion } : { ...header, options };
}
