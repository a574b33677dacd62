import fc from "fast-check";
import { expect, test } from "vitest";
import { pathWithin } from "./next-path.ts";

const here = "http://127.0.0.1:3000";

test.each([
  ["/projects/signs?sort=-created", "/projects/signs?sort=-created"],
  ["//evil.example", "/"],
  ["/\\evil.example", "/"],
  ["/\t/evil.example", "/"],
  ["/.//evil.example", "/"],
  ["https://evil.example", "/"],
  ["javascript:alert(1)", "/"],
  ["", "/"],
  [undefined, "/"],
  [["/a", "/b"], "/"],
  [{}, "/"],
])("after signing in, next=%j leads to %j", (next, to) => expect(pathWithin(next)).toBe(to));

test("no next leads off this site", () => {
  const tricky = fc.array(fc.constantFrom("/", "\\", "\t", "\n", ".", ":", "@", "?", "#", "e", "http:"));
  fc.assert(
    fc.property(tricky, (parts) => {
      expect(new URL(pathWithin(`/${parts.join("")}`), here).origin).toBe(here);
    }),
  );
});
