"use client";
/** The threads at a place of a chart, and the choice between its curves where several are meant. */
import { type RefObject, useState } from "react";
import { ThreadPanel } from "../domain/threads/thread-panel.tsx";
import { Select } from "../parts/field.tsx";
import type { CurvePlace } from "./places.ts";

type PlacesPanelProps = {
  projectId: string;
  /** At least one. */
  places: CurvePlace[];
  onClose: () => void;
  opener: RefObject<HTMLElement | null>;
};

export function PlacesPanel({ projectId, places, onClose, opener }: PlacesPanelProps) {
  const [chosen, setChosen] = useState(0);
  const { subject, anchor, words } = places[chosen]!;
  return (
    <ThreadPanel
      projectId={projectId}
      subject={subject}
      anchor={anchor}
      words={words}
      onClose={onClose}
      opener={opener}
    >
      {places.length > 1 && (
        <Select
          aria-label="Place"
          value={String(chosen)}
          onChange={({ target }) => setChosen(Number(target.value))}
          options={places.map((place, index) => [String(index), place.words] as const)}
        />
      )}
    </ThreadPanel>
  );
}
