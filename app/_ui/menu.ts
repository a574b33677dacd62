/** How every menu that opens under a button looks. */
export const menuClass = "z-50 min-w-40 animate-appear rounded-lg bg-raised p-1 shadow-float";
export const menuItemClass = `flex h-8 items-center gap-2 rounded-md px-2 text-sm outline-none select-none
  data-highlighted:bg-hover [&_svg]:size-4 [&_svg]:text-muted`;
