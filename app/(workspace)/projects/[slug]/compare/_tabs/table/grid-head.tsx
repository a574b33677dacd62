"use client";
/** The head of a run's column: who it is, what is to be said of it, and what can be done with the column. */
import { ArrowLeft, ArrowRight, EllipsisVertical, ExternalLink, EyeOff, Flag, Trophy, X } from "lucide-react";
import Link from "next/link";
import { memo, useState } from "react";
import { ChampionSign } from "@/app/_ui/domain/champion/champion-mark.tsx";
import { StatusBadge } from "@/app/_ui/domain/status-badge.tsx";
import { Menu, menuClass, menuItemClass } from "@/app/_ui/overlays/menu.tsx";
import type { RunLook } from "@/app/_ui/parts/run-color.ts";
import { runHref } from "@/app/paths.ts";
import { useCompareActs } from "../compare-acts.tsx";
import type { GridRun } from "./grid-data.ts";

export type ColumnActs = {
  makeBaseline: (run: string) => void;
  move: (run: string, by: 1 | -1) => void;
  /** Onto the place of another column. */
  drop: (run: string, target: string) => void;
  hide: (run: string) => void;
  remove: (run: string) => void;
  open: (run: string) => void;
};

type ColumnHeadProps = {
  slug: string;
  run: GridRun;
  look: RunLook;
  isBaseline: boolean;
  /** Among the columns, from 1. */
  index: number;
  acts: ColumnActs;
};

const DRAG_TYPE = "text/x-holdout-run";

export const ColumnHead = memo(function ColumnHead(props: ColumnHeadProps) {
  const { slug, run, look, isBaseline, index, acts } = props;
  const [isOver, setOver] = useState(false);
  return (
    <th
      scope="col"
      data-run={run.id}
      aria-colindex={index + 1}
      draggable
      onDragStart={(event) => event.dataTransfer.setData(DRAG_TYPE, run.id)}
      onDragOver={(event) => {
        if (!event.dataTransfer.types.includes(DRAG_TYPE)) return;
        event.preventDefault();
        setOver(true);
      }}
      onDragLeave={() => setOver(false)}
      onDrop={(event) => {
        setOver(false);
        const moved = event.dataTransfer.getData(DRAG_TYPE);
        if (moved && moved !== run.id) acts.drop(moved, run.id);
      }}
      className={`group/head relative h-(--head) overflow-hidden border-b border-l border-line px-1.5 pt-1.5 pb-1 text-left align-top font-normal
        ${isBaseline ? "bg-accent-soft shadow-[inset_0_2px_var(--accent)]" : "bg-bg"} ${isOver ? "shadow-[inset_2px_0_var(--accent)]" : ""}
        ${run.isArchived ? "opacity-60" : ""}`}
    >
      <span className="flex gap-1.5">
        <span aria-hidden className="mt-[3px] size-2 shrink-0 rounded-full" style={{ background: look.color }} />
        <Link
          href={runHref(slug, run.id)}
          prefetch={false}
          draggable={false}
          title={run.name}
          className="line-clamp-3 text-[11px] leading-[14px] font-medium wrap-anywhere text-text hover:underline"
        >
          {run.name}
        </Link>
      </span>
      <span className="mt-0.5 flex items-center gap-1 overflow-hidden text-xs text-muted [&>span]:text-xs">
        <StatusBadge status={run.status} reason={run.failureReason} />
        {run.isChampion && <ChampionSign />}
      </span>
      <span className="flex items-center gap-1 overflow-hidden text-[11px] leading-4">
        {isBaseline && (
          <span className="flex items-center gap-0.5 font-medium text-accent">
            <Flag aria-hidden className="size-3" />
            baseline
          </span>
        )}
        {run.standing !== null && (
          <span className="truncate text-warning" title={standingMeans[run.standing]}>
            {run.standing}
          </span>
        )}
        {run.seed !== null && !isBaseline && run.standing === null && (
          <span className="ml-auto truncate text-muted">seed {run.seed}</span>
        )}
      </span>
      <ColumnMenu run={run} isBaseline={isBaseline} acts={acts} />
    </th>
  );
});

const standingMeans: Record<string, string> = {
  uncited: "It names no split manifest, so nothing says which samples it was trained and validated on",
  "not checked": "The checks of its split manifest aren't done",
  blocked: "The checks of its split manifest block it",
  overridden: "The checks of its split manifest block it, and a member overrode that",
};

function ColumnMenu({ run, isBaseline, acts }: Pick<ColumnHeadProps, "run" | "isBaseline" | "acts">) {
  const { claim } = useCompareActs();
  return (
    <span
      className="absolute top-1 right-0.5 rounded-md bg-bg opacity-0 group-hover/head:opacity-100 focus-within:opacity-100
        has-aria-expanded:opacity-100 pointer-coarse:opacity-100"
    >
      <Menu
        aria-label={`Column of ${run.name}`}
        className="flex size-6 items-center justify-center rounded-md text-muted hover:bg-hover hover:text-text [&_svg]:size-4"
        content={({ Content, Item }) => (
          <Content align="end" sideOffset={4} className={menuClass}>
            {!isBaseline && (
              <Item className={menuItemClass} onSelect={() => acts.makeBaseline(run.id)}>
                <Flag aria-hidden />
                Set as baseline
              </Item>
            )}
            <Item className={menuItemClass} onSelect={() => acts.move(run.id, -1)}>
              <ArrowLeft aria-hidden />
              Move left
            </Item>
            <Item className={menuItemClass} onSelect={() => acts.move(run.id, 1)}>
              <ArrowRight aria-hidden />
              Move right
            </Item>
            <Item className={menuItemClass} onSelect={() => acts.hide(run.id)}>
              <EyeOff aria-hidden />
              Hide
            </Item>
            <Item className={menuItemClass} onSelect={() => acts.open(run.id)}>
              <ExternalLink aria-hidden />
              Open run
            </Item>
            {claim && (
              <Item className={menuItemClass} onSelect={() => claim(run)}>
                <Trophy aria-hidden />
                Tag as champion
              </Item>
            )}
            <Item className={menuItemClass} onSelect={() => acts.remove(run.id)}>
              <X aria-hidden />
              Remove from the comparison
            </Item>
          </Content>
        )}
      >
        <EllipsisVertical aria-hidden />
      </Menu>
    </span>
  );
}
