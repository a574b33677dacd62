import { expect, test } from "vitest";
import { changesOf, firstConfig } from "./searcher.ts";

test("the demo's changes are the same for the same seed, and each does the same whenever it is made", () => {
  const [some, same] = [changesOf(1), changesOf(1)];
  for (let at = 0; at < 40; at++) {
    const [one, other] = [some.next().value, same.next().value];
    const made = one(firstConfig);
    expect(one(firstConfig)).toEqual(made);
    expect(other(firstConfig)).toEqual(made);
  }
});
