import Markdown from "react-markdown";

/** What a person wrote as Markdown. HTML in it stays text; an image would tell its host who reads this, and when. */
export function NoteText({ text }: { text: string }) {
  return (
    <Markdown disallowedElements={["img"]} unwrapDisallowed>
      {text}
    </Markdown>
  );
}
