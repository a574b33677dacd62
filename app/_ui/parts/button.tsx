import type { ComponentProps } from "react";

export type ButtonLook = "plain" | "primary" | "danger" | "ghost";

const looks: Record<ButtonLook, string> = {
  plain: "border border-line-strong bg-raised hover:bg-hover",
  primary: "bg-accent text-on-accent hover:opacity-90",
  danger: "bg-danger text-on-danger hover:opacity-90",
  ghost: "text-muted hover:bg-hover hover:text-text",
};

/** Classes of a button, also for a link that looks like one. `icon`: square, for a lone icon (give it a label). */
export function buttonClass(look: ButtonLook = "plain", icon = false): string {
  return `inline-flex h-8 shrink-0 items-center justify-center gap-1.5 rounded-md text-sm font-medium whitespace-nowrap
    transition-colors select-none disabled:pointer-events-none disabled:opacity-50 [&_svg]:size-4 ${looks[look]}
    ${icon ? "w-8" : "px-3"}`;
}

type ButtonProps = ComponentProps<"button"> & { look?: ButtonLook; icon?: boolean };

export function Button({ look, icon, className = "", type = "button", ...rest }: ButtonProps) {
  return <button type={type} className={`${buttonClass(look, icon)} ${className}`} {...rest} />;
}
