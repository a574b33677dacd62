/** JSON from outside. */
import { ProblemError } from "./problem.ts";

/** `__proto__`, or one of its letters as an escape, which no encoder writes. */
const spelled = /__proto__|\\u00(?:5f|70|72|6f|74)/i;

/** The value of a body. A key `__proto__`, which JavaScript takes for something else and validators drop, is refused. */
export function parseJson(text: string): unknown {
  if (!spelled.test(text)) return JSON.parse(text);
  return JSON.parse(text, (key, value: unknown) => {
    if (key !== "__proto__") return value;
    const detail = 'the key "__proto__" can\'t be kept; give it another name';
    throw new ProblemError("invalid", detail, [{ field: "__proto__", detail }]);
  });
}
