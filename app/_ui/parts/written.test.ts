import { createElement } from "react";
import { renderToStaticMarkup } from "react-dom/server";
import { expect, test } from "vitest";
import { Written } from "./written.tsx";

const markup = (text: string) => renderToStaticMarkup(createElement(Written, { text }));

test("a table of Markdown is a table, and a task list says what is done", () => {
  const table = markup("| lr | accuracy |\n|---|--:|\n| 0.1 | **0.9** |");
  expect(table).toContain("<th>lr</th>");
  expect(table).toMatch(/<td style="text-align:right"><strong>0\.9<\/strong><\/td>/);
  expect(markup("- [x] done\n- [ ] open")).toMatch(/☑ .*done[\s\S]*☐ .*open/);
});

test.each([
  ["<script>alert(1)</script>", "<script"],
  ["<img src=x onerror=alert(1)>", "<img"],
  ["![pixel](https://spy.example/p.png)", "<img"],
  ["[click](javascript:alert(1))", "javascript:"],
  ["| a |\n|---|\n| <b onclick=alert(1)>x</b> |", "<b "],
  ["javascript:alert(1) www.example.org", 'href="javascript'],
])("what somebody writes as %j runs nothing and fetches nothing", (text, never) => {
  expect(markup(text)).not.toContain(never);
});
