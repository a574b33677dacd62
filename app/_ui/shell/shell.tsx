"use client";
/** What stands around every page of a signed-in member: the sidebar, below 768 px a bar with a menu. */
import { Menu } from "lucide-react";
import { type ReactNode, useCallback, useEffect, useMemo, useRef, useState } from "react";
import { homeHref, inboxHref } from "@/app/paths.ts";
import { fetched } from "../overlays/fetched.tsx";
import { ToastProvider } from "../overlays/toast.tsx";
import { buttonClass } from "../parts/button.tsx";
import { isFreeKey } from "./free-key.ts";
import { Mark } from "./mark.tsx";
import { Palette } from "./palette.tsx";
import { Sidebar, type SidebarProps, settingsPages } from "./sidebar.tsx";
import { chooseTheme } from "./theme.ts";

const Drawer = fetched(async () => (await import("../overlays/drawer.tsx")).Drawer);
const KeysDialog = fetched(async () => (await import("./keys-dialog.tsx")).KeysDialog);

type ShellProps = Omit<SidebarProps, "onNavigate" | "onSearch"> & {
  projects: (SidebarProps["projects"][number] & {
    can: { makeManifest: boolean; makeStudy: boolean; train: boolean };
  })[];
  can: { createProject: boolean };
  children: ReactNode;
};

export function Shell({ children, can, ...sidebar }: ShellProps) {
  const [menuOpen, setMenuOpen] = useState(false);
  const menuButton = useRef<HTMLButtonElement>(null);
  const [paletteOpen, setPaletteOpen] = useState(false);
  const keys = useKeysDialog();
  const { projects, admin } = sidebar;
  const places = useMemo(() => {
    const pages = [{ href: homeHref, label: "Projects" }, { href: inboxHref, label: "Inbox" }, ...settingsPages(admin)];
    return { projects, pages, can, onTheme: chooseTheme, onKeys: keys.show };
  }, [projects, admin, can, keys.show]);
  const search = () => {
    setMenuOpen(false);
    setPaletteOpen(true);
  };
  return (
    <ToastProvider>
      <a
        href="#main"
        className="sr-only rounded-md bg-raised px-3 py-2 focus:not-sr-only focus:fixed focus:top-2 focus:left-2 focus:z-50"
      >
        Skip to content
      </a>
      <Palette open={paletteOpen} onOpenChange={setPaletteOpen} places={places} />
      {keys.isOpen && <KeysDialog onClose={keys.close} opener={keys.opener} />}
      <div className="min-h-dvh md:grid md:grid-cols-[224px_minmax(0,1fr)]">
        <aside className="sticky top-0 hidden h-dvh border-r border-line bg-surface md:block">
          <Sidebar {...sidebar} onSearch={search} />
        </aside>
        <header className="sticky top-0 z-30 flex h-12 items-center gap-2 border-b border-line bg-surface px-2 md:hidden">
          <button
            type="button"
            ref={menuButton}
            className={buttonClass("ghost", true)}
            aria-label="Menu"
            aria-haspopup="dialog"
            aria-expanded={menuOpen}
            onClick={() => setMenuOpen(true)}
          >
            <Menu aria-hidden />
          </button>
          {menuOpen && (
            <Drawer title="Menu" onClose={() => setMenuOpen(false)} opener={menuButton}>
              <Sidebar {...sidebar} onSearch={search} onNavigate={() => setMenuOpen(false)} />
            </Drawer>
          )}
          <Mark />
        </header>
        <main id="main" tabIndex={-1} className="min-w-0 outline-none">
          {children}
        </main>
      </div>
    </ToastProvider>
  );
}

/** The dialog of the keys, which `?` opens; what had the focus has it again afterwards. */
function useKeysDialog() {
  const [isOpen, setOpen] = useState(false);
  const opener = useRef<HTMLElement>(null);
  const show = useCallback(() => {
    opener.current = document.activeElement instanceof HTMLElement ? document.activeElement : null;
    setOpen(true);
  }, []);
  useEffect(() => {
    const onKey = (event: KeyboardEvent) => {
      if (event.key !== "?" || !isFreeKey(event)) return;
      event.preventDefault();
      show();
    };
    window.addEventListener("keydown", onKey);
    return () => window.removeEventListener("keydown", onKey);
  }, [show]);
  return { isOpen, show, close: () => setOpen(false), opener };
}
