import { expect, test } from "vitest";
import { readView } from "./runs-view.ts";
import { usableView } from "./usable-view.ts";

test("what of an address can't be shown is left out by name, and the rest stays", () => {
  const asked = readView({
    c: ["config", "config.!50", "train/loss.median", "-/loss.last", "config.a\0", "status", "status"],
    sort: "-tags",
    by: ["name", "config.lr"],
    q: "cnn",
  });
  const { view, leftOut } = usableView(asked, "0199f3a2-1c00-7000-8000-000000000001");
  expect(view.columns).toEqual([
    { name: "config.", width: 50, pinned: false },
    { name: "-/loss.last", width: null, pinned: false },
    { name: "status", width: null, pinned: false },
  ]);
  expect([view.sort, view.by, view.q]).toEqual(["", ["config.lr"], "cnn"]);
  expect(leftOut).toEqual([
    'the column "config"',
    'the column "train/loss.median"',
    'the column "config.a\\u0000"',
    'the groups by "name"',
    'the order by "-tags"',
  ]);
});

test("where none of the columns can be shown, the usual ones are", () => {
  const { view } = usableView(readView({ c: "nothing" }), "0199f3a2-1c00-7000-8000-000000000001");
  expect(view.columns).toBeNull();
});
