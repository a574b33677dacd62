/** Answers to the cases of searching. */
import { edgeAt } from "../search/boundary.ts";
import { centredDiscrepancy, haltonPoint } from "../search/halton.ts";
import { coordinateOf } from "../search/space.ts";
import type { Adapter } from "./answers.ts";

export const searchAdapters: Record<string, Adapter> = {
  halton: ({ n, d }) => ({ points: Array.from({ length: n }, (_, at) => haltonPoint(at + 1, d)) }),
  centered_discrepancy: ({ points }) => ({ cd: centredDiscrepancy(points) }),
  search_space_boundary: ({ best, lo, hi }, { scale, margin }) => {
    const u = coordinateOf({ name: "x", kind: "float", low: lo, high: hi, scale }, best);
    const edge = edgeAt(u, margin);
    return { u, near_lower: edge === "low", near_upper: edge === "high" };
  },
};
