import { afterEach, beforeEach, expect, test, vi } from "vitest";
import { Painter } from "./painter.ts";

/** What waits for the next frame of this browser, and when the last one was. */
let frames = new Map<number, (now: number) => void>();
let now = 0;

beforeEach(() => {
  [frames, now] = [new Map(), 0];
  let id = 0;
  vi.stubGlobal("requestAnimationFrame", (frame: (now: number) => void) => {
    frames.set(++id, frame);
    return id;
  });
  vi.stubGlobal("cancelAnimationFrame", (gone: number) => frames.delete(gone));
});
afterEach(() => {
  vi.unstubAllGlobals();
});

function nextFrame(afterMs = 16): void {
  const due = [...frames.values()];
  frames.clear();
  now += afterMs;
  for (const frame of due) frame(now);
}

function pictureOf(marks: number) {
  const drawn: [number, number][] = [];
  const state = { isWhole: false };
  const onWhole = () => {
    state.isWhole = true;
  };
  return { picture: { marks, draw: (from: number, to: number) => drawn.push([from, to]), onWhole }, drawn, state };
}

test("few marks are drawn at once", () => {
  const { picture, drawn, state } = pictureOf(400);
  new Painter().paint(picture);
  expect(drawn).toEqual([[0, 400]]);
  expect(state.isWhole).toBe(true);
  expect(frames.size).toBe(0);
});

test("many come a portion a frame, each mark once, in order", () => {
  const { picture, drawn, state } = pictureOf(2000);
  new Painter().paint(picture);
  expect(drawn).toEqual([[0, 400]]);
  for (let frame = 0; frame < 20 && !state.isWhole; frame++) nextFrame();
  expect(state.isWhole).toBe(true);
  expect(drawn.length).toBeGreaterThan(2);
  expect(drawn.map(([from]) => from)).toEqual([0, ...drawn.slice(0, -1).map(([, to]) => to)]);
  expect(drawn.at(-1)![1]).toBe(2000);
});

test("portions grow where frames come soon, and shrink where they come late", () => {
  const sizes = (afterMs: number) => {
    const { picture, drawn, state } = pictureOf(3000);
    new Painter().paint(picture);
    for (let frame = 0; frame < 100 && !state.isWhole; frame++) nextFrame(afterMs);
    return drawn.map(([from, to]) => to - from);
  };
  const soon = sizes(16);
  expect(soon[3]!).toBeGreaterThan(soon[0]!);
  const late = sizes(60);
  expect(late[3]!).toBeLessThan(late[0]!);
  expect(Math.min(...late.slice(0, -1))).toBe(100);
});

test("of pictures that come while one grows the latest follows, and the one that grows is finished first", () => {
  const painter = new Painter();
  const [first, second, third] = [pictureOf(1000), pictureOf(1000), pictureOf(10)];
  painter.paint(first.picture);
  painter.paint(second.picture);
  painter.paint(third.picture);
  for (let frame = 0; frame < 10; frame++) nextFrame();
  expect(first.state.isWhole).toBe(true);
  expect(second.drawn).toEqual([]);
  expect(third.state.isWhole).toBe(true);
  expect(frames.size).toBe(0);
});

test("what was stopped is drawn no further", () => {
  const painter = new Painter();
  const { picture, drawn, state } = pictureOf(1000);
  painter.paint(picture);
  painter.stop();
  nextFrame();
  expect(drawn).toEqual([[0, 400]]);
  expect(state.isWhole).toBe(false);
});
