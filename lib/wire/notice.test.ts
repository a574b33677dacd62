import fc from "fast-check";
import { expect, test } from "vitest";
import { type Notice, readNotice, readNoticeEvent, writeNoticeEvent } from "./notice.ts";

const run = "01a228d3-a65b-70b0-ada0-3c8cfecf2ab9";
const project = "01a228d3-a611-70d6-bd9f-48cfc5e60301";

test.each<Notice>([{ kind: "run", run, project }, { kind: "resync" }])("the event of %o is read back", (notice) => {
  const [, kind = "", data = ""] = /^event: (.+)\ndata: (.+)\n\n$/.exec(writeNoticeEvent(notice)) ?? [];
  expect(readNoticeEvent(kind, data)).toEqual({ notice });
});

test("fields of a later version are left out", () => {
  expect(readNotice({ kind: "run", run, project, by: "somebody" })).toEqual({ notice: { kind: "run", run, project } });
});

test.each([
  ["run", "{", "JSON"],
  ["run", "null", "run of a notice is an id"],
  ["run", `{"run":"${run}"}`, "project of a notice is an id"],
  ["run", `{"run":7,"project":"${project}"}`, "received 7"],
  ["run", `{"run":"${run}","project":"a\\u0000"}`, "project of a notice is an id"],
  ["toString", "{}", "of kind run or reviews or resync"],
  ["", "[]", "of kind run or reviews or resync"],
])("event %s with data %s is no notice, and it is said why", (kind, data, reason) => {
  expect(readNoticeEvent(kind, data)).toEqual({ reason: expect.stringContaining(reason) });
});

test("whatever comes is read without throwing", () => {
  fc.assert(
    fc.property(fc.anything({ withNullPrototype: true }), fc.string(), fc.string(), (value, kind, data) => {
      expect(Object.keys(readNotice(value))).toHaveLength(1);
      expect(Object.keys(readNoticeEvent(kind, data))).toHaveLength(1);
    }),
  );
});
