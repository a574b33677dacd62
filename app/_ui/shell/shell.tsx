"use client";
/** What stands around every page of a signed-in member: the sidebar, below 768 px a bar with a menu. */
import { Menu } from "lucide-react";
import { type ReactNode, useRef, useState } from "react";
import { homeHref, projectHref } from "@/app/paths.ts";
import { fetched } from "../overlays/fetched.tsx";
import { ToastProvider } from "../overlays/toast.tsx";
import { buttonClass } from "../parts/button.tsx";
import { Mark } from "./mark.tsx";
import { Palette } from "./palette.tsx";
import { Sidebar, type SidebarProps, settingsPages } from "./sidebar.tsx";

const Drawer = fetched(async () => (await import("../overlays/drawer.tsx")).Drawer);

export function Shell({
  children,
  ...sidebar
}: Omit<SidebarProps, "onNavigate" | "onSearch"> & { children: ReactNode }) {
  const [menuOpen, setMenuOpen] = useState(false);
  const menuButton = useRef<HTMLButtonElement>(null);
  const [paletteOpen, setPaletteOpen] = useState(false);
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
      <Palette
        open={paletteOpen}
        onOpenChange={setPaletteOpen}
        pages={[{ href: homeHref, label: "Projects" }, ...settingsPages(sidebar.admin)]}
        projects={sidebar.projects.map(({ slug, name }) => ({
          href: projectHref(slug),
          label: name,
        }))}
      />
      <div className="min-h-dvh md:grid md:grid-cols-[224px_minmax(0,1fr)]">
        <aside className="sticky top-0 hidden h-dvh border-r border-line bg-surface md:block">
          <Sidebar {...sidebar} onSearch={search} />
        </aside>
        <div className="sticky top-0 z-30 flex h-12 items-center gap-2 border-b border-line bg-surface px-2 md:hidden">
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
        </div>
        <main id="main" tabIndex={-1} className="min-w-0 outline-none">
          {children}
        </main>
      </div>
    </ToastProvider>
  );
}
