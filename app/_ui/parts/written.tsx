import Markdown, { type Components } from "react-markdown";
import remarkGfm from "remark-gfm";

const components: Components = {
  // a wide table scrolls by itself
  table: ({ children }) => (
    // biome-ignore lint/a11y/noNoninteractiveTabindex: the keyboard scrolls it sideways
    <div tabIndex={0} className="overflow-x-auto">
      <table>{children}</table>
    </div>
  ),
  // and a long line of code
  // biome-ignore lint/a11y/noNoninteractiveTabindex: the keyboard scrolls it sideways
  pre: ({ children }) => <pre tabIndex={0}>{children}</pre>,
  // a box that nobody can tick is a sign
  input: ({ checked }) => <span>{checked ? "☑" : "☐"} </span>,
};
/** An image would tell its host who reads this, and when: the content security policy shows none. */
const left = ["img"];

/** What a person wrote as Markdown, with tables as GitHub has them. HTML in it stays text. */
export function Written({ text }: { text: string }) {
  return (
    <Markdown remarkPlugins={[remarkGfm]} components={components} disallowedElements={left} unwrapDisallowed>
      {text}
    </Markdown>
  );
}
