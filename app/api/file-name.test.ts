import fc from "fast-check";
import { expect, test } from "vitest";
import { attachment } from "./_file-name.ts";

test.each([
  ["signs-runs.csv", 'attachment; filename="signs-runs.csv"'],
  ["道路標識.csv", `attachment; filename="____.csv"; filename*=UTF-8''%E9%81%93%E8%B7%AF%E6%A8%99%E8%AD%98.csv`],
  ["café (1)*.csv", `attachment; filename="cafe (1)*.csv"; filename*=UTF-8''caf%C3%A9%20%281%29%2A.csv`],
  ['a"b;c\\d/e.txt', `attachment; filename="a_b;c_d_e.txt"; filename*=UTF-8''a%22b%3Bc_d_e.txt`],
  ["100%.txt", `attachment; filename="100_.txt"; filename*=UTF-8''100%25.txt`],
  ["a\r\nSet-Cookie: x=1", 'attachment; filename="a__Set-Cookie: x=1"'],
  ["", 'attachment; filename="file"'],
])("the name %j is told as %s", (name, header) => {
  expect(attachment(name)).toBe(header);
});

test("any text makes a header that an answer takes and that reads back as the name", () => {
  fc.assert(
    fc.property(fc.string({ unit: "binary", maxLength: 60 }), (name) => {
      const header = attachment(name);
      expect(new Headers({ "content-disposition": header }).get("content-disposition")).toBe(header);
      const [, plain, extended] = /^attachment; filename="([^"]*)"(?:; filename\*=UTF-8''([\w!#$&+.^`|~%-]*))?$/.exec(
        header,
      )!;
      const read = extended === undefined ? plain : decodeURIComponent(extended);
      expect(read).toBe(name.replace(/[\p{Cc}\p{Cs}/\\]/gu, "_") || "file");
    }),
    { numRuns: 500 },
  );
});
