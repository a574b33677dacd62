"use client";
/** A key that the config lacks, with dots for groups, and its value: JSON where it reads as such, else a text. */
import { Plus } from "lucide-react";
import { useState } from "react";
import { Button } from "@/app/_ui/parts/button.tsx";
import { Input } from "@/app/_ui/parts/field.tsx";
import { KEY_CHARACTERS_MAX } from "@/lib/wire/base/config.ts";
import { type ConfigField, newField } from "./config-fields.ts";

type AddKeyProps = {
  /** The paths that are there, with dots. */
  known: ReadonlySet<string>;
  onAdd: (field: ConfigField) => void;
};

export function AddKey({ known, onAdd }: AddKeyProps) {
  const [name, setName] = useState("");
  const [typed, setTyped] = useState("");
  const trimmed = name.trim();
  const problem = problemOf(trimmed, known);
  const add = () => {
    if (trimmed === "" || problem !== null) return;
    onAdd(newField(trimmed, typed));
    setName("");
    setTyped("");
  };
  const onEnter = (event: React.KeyboardEvent) => {
    if (event.key !== "Enter") return;
    event.preventDefault();
    add();
  };
  return (
    <div className="grid gap-1">
      <div className="grid grid-cols-[minmax(0,1fr)_minmax(0,1fr)_auto] gap-3">
        <Input
          aria-label="A further key"
          aria-describedby="add-key-note"
          aria-invalid={problem === null ? undefined : true}
          placeholder="schedule.name"
          value={name}
          maxLength={KEY_CHARACTERS_MAX}
          onChange={(event) => setName(event.target.value)}
          onKeyDown={onEnter}
        />
        <Input
          aria-label="Its value"
          placeholder="cosine, 0.1, [8, 16]"
          value={typed}
          onChange={(event) => setTyped(event.target.value)}
          onKeyDown={onEnter}
        />
        <Button icon aria-label="Add the key" title="Add" onClick={add} disabled={trimmed === "" || problem !== null}>
          <Plus aria-hidden />
        </Button>
      </div>
      <p id="add-key-note" className={`text-xs ${problem === null ? "text-muted" : "text-danger"}`}>
        {problem ?? "A dot makes a group: schedule.name"}
      </p>
    </div>
  );
}

function problemOf(name: string, known: ReadonlySet<string>): string | null {
  if (name === "") return null;
  if (known.has(name)) return `${name} is there already`;
  if (name.split(".").some((part) => part === "")) return "each part between dots has a name";
  const inside = [...known].find((other) => name.startsWith(`${other}.`) || other.startsWith(`${name}.`));
  return inside === undefined ? null : `${inside} is there, and one lies within the other`;
}
