import { expect, test } from "vitest";
import { newCursorStore } from "./cursor.ts";

test("who follows the cursor hears of a move once, and keeps where it was when the pointer leaves", () => {
  const store = newCursorStore();
  const heard: unknown[] = [];
  const unsubscribe = store.subscribe(() => heard.push(store.get()));
  store.leave();
  store.move("step", 1);
  store.move("step", 1);
  store.leave();
  store.leave();
  unsubscribe();
  store.move("step", 2);
  expect(heard).toEqual([
    { x: "step", at: 1, isOver: true },
    { x: "step", at: 1, isOver: false },
  ]);
});
