"use client";
/** Who is signed in, the theme, and the way out. */
import { ChevronsUpDown, LogOut, Monitor, Moon, Sun } from "lucide-react";
import { useState, useTransition } from "react";
import type { Role } from "@/lib/wire/base/words.ts";
import { Menu } from "../overlays/menu.tsx";
import { signOutAction } from "./session-actions.ts";
import { chooseTheme, isTheme, type Theme } from "./theme.ts";

const itemClass = `flex h-8 items-center gap-2 rounded-md px-2 text-sm outline-none select-none
  data-highlighted:bg-hover data-[state=checked]:font-medium data-[state=checked]:text-accent [&_svg]:size-4`;
const choices = [
  ["system", "As the system", Monitor],
  ["light", "Light", Sun],
  ["dark", "Dark", Moon],
] as const;

type MemberMenuProps = { name: string; email: string; role: Role };

export function MemberMenu({ name, email, role }: MemberMenuProps) {
  const [theme, setTheme] = useState<Theme | "system">("system");
  const [, startTransition] = useTransition();
  // the server wrote the cookie's theme into the document
  const readTheme = () => {
    const chosen = document.documentElement.dataset.theme;
    setTheme(isTheme(chosen) ? chosen : "system");
  };
  return (
    <Menu
      className="flex h-10 w-full items-center gap-2 rounded-md px-2 text-left hover:bg-hover"
      onOpen={readTheme}
      content={({ Content, Item, RadioGroup, RadioItem, Separator }) => (
        <Content
          align="start"
          side="top"
          sideOffset={4}
          className="z-60 w-56 animate-appear rounded-lg bg-raised p-1 shadow-float"
        >
          <div className="truncate px-2 py-1.5 text-xs text-muted">{email}</div>
          <Separator className="my-1 h-px bg-line" />
          <RadioGroup value={theme} onValueChange={(value) => chooseTheme(value)} aria-label="Theme">
            {choices.map(([value, label, Icon]) => (
              <RadioItem key={value} value={value} className={itemClass}>
                <Icon aria-hidden />
                {label}
              </RadioItem>
            ))}
          </RadioGroup>
          <Separator className="my-1 h-px bg-line" />
          <Item className={itemClass} onSelect={() => startTransition(() => signOutAction())}>
            <LogOut aria-hidden />
            Sign out
          </Item>
        </Content>
      )}
    >
      <span
        aria-hidden
        className="grid size-6 shrink-0 place-items-center rounded-full bg-accent-soft text-xs font-semibold text-accent"
      >
        {name.slice(0, 1).toUpperCase()}
      </span>
      <span className="min-w-0 flex-1 truncate text-sm">{name}</span>
      <span className="text-xs text-muted">{role}</span>
      <span className="sr-only">: theme and sign out</span>
      <ChevronsUpDown aria-hidden className="size-3.5 text-muted" />
    </Menu>
  );
}
