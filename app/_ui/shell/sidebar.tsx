"use client";
import {
  Bot,
  CircleUser,
  Database,
  Folders,
  Inbox,
  Info,
  type LucideIcon,
  ScrollText,
  Search,
  Users,
} from "lucide-react";
import Link from "next/link";
import { usePathname } from "next/navigation";
import type { ReactNode } from "react";
import {
  accountHref,
  agentsHref,
  auditHref,
  datasetsHref,
  homeHref,
  inboxHref,
  membersHref,
  projectHref,
  workspaceHref,
} from "@/app/paths.ts";
import type { Role } from "@/lib/wire/base/words.ts";
import { PendingMark } from "../domain/pending.tsx";
import { Mark } from "./mark.tsx";
import { MemberMenu } from "./member-menu.tsx";

export type SidebarProps = {
  member: { name: string; email: string; role: Role };
  /** How many notifications the member hasn't read. */
  unread: number;
  projects: { slug: string; name: string; runningCount: number }[];
  /** The pages of admins that the member may read. */
  admin: { audit: boolean; datasets: boolean };
  onSearch: () => void;
  onNavigate?: () => void;
};

const PROJECTS_SHOWN = 12;
const settings: { href: string; label: string; icon: LucideIcon }[] = [
  { href: accountHref, label: "Account", icon: CircleUser },
  { href: membersHref, label: "Members", icon: Users },
  { href: agentsHref, label: "Agents", icon: Bot },
  { href: workspaceHref, label: "Workspace", icon: Info },
];
const datasets = { href: datasetsHref(), label: "Datasets", icon: Database };
const audit = { href: auditHref(), label: "Audit", icon: ScrollText };

/** The settings pages that the member may read. */
export const settingsPages = (admin: SidebarProps["admin"]) => [
  ...settings,
  ...(admin.datasets ? [datasets] : []),
  ...(admin.audit ? [audit] : []),
];

export function Sidebar({ member, unread, projects, admin, onSearch, onNavigate }: SidebarProps) {
  const moreProjects = projects.length - PROJECTS_SHOWN;
  return (
    <div className="flex h-full flex-col">
      <div className="flex h-12 items-center px-4">
        <Mark />
      </div>
      <div className="px-2 pb-1">
        <button
          type="button"
          aria-haspopup="dialog"
          onClick={onSearch}
          className="flex h-8 w-full items-center gap-2 rounded-md border border-line bg-bg px-2 text-sm text-muted transition-colors hover:text-text"
        >
          <Search aria-hidden className="size-4" strokeWidth={1.75} />
          Go to
          <kbd className="ml-auto font-sans text-xs">⌘K</kbd>
        </button>
      </div>
      <nav aria-label="Workspace" className="grid flex-1 grid-cols-1 content-start gap-5 overflow-y-auto px-2 py-2">
        <SidebarSection>
          <SidebarLink href={inboxHref} icon={Inbox} onNavigate={onNavigate}>
            Inbox
            {unread > 0 && (
              <span className="ml-auto text-xs text-accent tabular-nums">
                {unread}
                <span className="sr-only"> unread</span>
              </span>
            )}
          </SidebarLink>
          <SidebarLink href={homeHref} exact icon={Folders} onNavigate={onNavigate}>
            Projects
          </SidebarLink>
          {projects.slice(0, PROJECTS_SHOWN).map(({ slug, name, runningCount }) => (
            <SidebarLink key={slug} href={projectHref(slug)} onNavigate={onNavigate}>
              <span className="min-w-0 flex-1 truncate" title={name}>
                {name}
              </span>
              {runningCount > 0 && <span className="text-xs text-running">{runningCount} running</span>}
            </SidebarLink>
          ))}
          {moreProjects > 0 && (
            <Link
              prefetch={false}
              href={homeHref}
              onClick={onNavigate}
              className="px-2 py-1 pl-8 text-xs text-muted hover:text-text"
            >
              {moreProjects} more
            </Link>
          )}
        </SidebarSection>
        <SidebarSection title="Settings">
          {settingsPages(admin).map(({ href, label, icon }) => (
            <SidebarLink key={href} href={href} icon={icon} onNavigate={onNavigate}>
              {label}
            </SidebarLink>
          ))}
        </SidebarSection>
      </nav>
      <div className="border-t border-line p-2">
        <MemberMenu {...member} />
      </div>
    </div>
  );
}

function SidebarSection({ title, children }: { title?: string; children: ReactNode }) {
  return (
    <div className="grid grid-cols-1 gap-px">
      {title && <h2 className="px-2 pb-1 text-xs font-medium text-muted">{title}</h2>}
      {children}
    </div>
  );
}

type SidebarLinkProps = {
  href: string;
  exact?: boolean;
  icon?: LucideIcon;
  children: ReactNode;
  onNavigate?: () => void;
};

function SidebarLink({ href, exact, icon: Icon, children, onNavigate }: SidebarLinkProps) {
  const here = usePathname();
  const current = here === href || (!exact && here.startsWith(`${href}/`));
  return (
    // every page is made for its request: fetched beforehand it would be made for nothing
    <Link
      prefetch={false}
      href={href}
      onClick={onNavigate}
      aria-current={current ? "page" : undefined}
      className={`flex h-8 items-center gap-2 rounded-md px-2 text-sm transition-colors md:h-7 ${
        current ? "bg-hover font-medium text-text" : "text-muted hover:bg-hover hover:text-text"
      } ${Icon ? "" : "pl-8"}`}
    >
      {Icon && <Icon aria-hidden className="size-4 shrink-0" strokeWidth={1.75} />}
      {children}
      <PendingMark className="ml-auto" />
    </Link>
  );
}
