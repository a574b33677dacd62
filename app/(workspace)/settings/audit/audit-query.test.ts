import { expect, test } from "vitest";
import { filterOf, queryOf, readAuditView } from "./audit-query.ts";

const id = "01a22994-6c30-75cd-9000-b064804fc8ca";

test("an address without a word shows the acts of people, and one that says more gives it back", () => {
  expect(filterOf(readAuditView({}))).toEqual({ by: "people" });
  const query = {
    by: "machines",
    who: "gpu",
    actor: "member:a1",
    what: "run.start",
    project: id,
    from: "2026-01-31",
    until: "2026-02-01",
    before: id,
  };
  const view = readAuditView(query);
  expect(filterOf(view)).toEqual({
    by: "machines",
    who: "gpu",
    actor: "member:a1",
    what: "run.start",
    project: id,
    from: "2026-01-31",
    until: "2026-02-01",
  });
  expect(Object.fromEntries(queryOf(view))).toEqual(query);
  expect(Object.fromEntries(queryOf(view, { by: "people", before: undefined }))).not.toHaveProperty("before");
  expect(filterOf(readAuditView({ by: "everybody" }))).toEqual({});
});

test.each([
  [{ from: "2026-02-30" }],
  [{ until: "yesterday" }],
  [{ before: "1" }],
  [{ by: "nobody" }],
  [{ actor: "member:" }],
  [{ actor: "anybody" }],
  [{ who: ["a", "b"] }],
  [{ from: "9999-99-99" }],
])("the address %j, which can't be, asks for nothing more", (params) => {
  expect(readAuditView(params)).toEqual(readAuditView({}));
});
