"use client";
/** A field for a tag, which offers those that are known. */
import { Tag } from "lucide-react";
import { useId, useState } from "react";
import { Button } from "../parts/button.tsx";
import { inputClass } from "../parts/field.tsx";

type TagInputProps = {
  /** Tags to offer. */
  known: string[];
  onTag: (tag: string) => void;
  /** Somebody is about to type: what is known may be read. */
  onReach?: () => void;
  pending?: boolean;
};

export function TagInput({ known, onTag, onReach, pending = false }: TagInputProps) {
  const id = useId();
  const [text, setText] = useState("");
  const tag = text.trim();
  return (
    <form
      className="flex items-center gap-1"
      onSubmit={(event) => {
        event.preventDefault();
        if (tag === "") return;
        onTag(tag);
        setText("");
      }}
    >
      <input
        value={text}
        onChange={(event) => setText(event.target.value)}
        onFocus={onReach}
        list={id}
        placeholder="tag"
        aria-label="Tag"
        aria-keyshortcuts="t"
        maxLength={100}
        autoComplete="off"
        className={`${inputClass} max-w-40 min-w-28`}
      />
      <datalist id={id}>
        {known.map((one) => (
          <option key={one} value={one} />
        ))}
      </datalist>
      <Button type="submit" disabled={tag === "" || pending}>
        <Tag aria-hidden />
        Tag
      </Button>
    </form>
  );
}
