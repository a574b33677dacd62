import { expect, test } from "vitest";
import { mentionedIn } from "./mentions.ts";

const members = [
  { id: "a", name: "Ada" },
  { id: "al", name: "Ada Lovelace" },
  { id: "b", name: "Ben" },
  { id: "b2", name: "Ben" },
  { id: "z", name: "周" },
];

test.each([
  ["@Ada and @Ben", ["a", "b", "b2"]],
  ["@Ada Lovelace, look", ["al"]],
  ["ada@Ada", []],
  ["@Adam", []],
  ["(@周)", ["z"]],
  ["@@Ben @nobody @", ["b", "b2"]],
])("%j names %j", (text, ids) => {
  expect(mentionedIn(text, members).sort()).toEqual(ids);
});
