import type { ComponentChildren } from "preact";
import type { Panel as PanelName } from "../state/state";
import { useWorkbench } from "./context";

interface PanelProps {
  name: PanelName;
  title: string;
  children: ComponentChildren;
}

/** A side of the screen that folds away to a narrow strip. */
export function SidePanel({ name, title, children }: PanelProps) {
  const { state, change, t } = useWorkbench();
  const open = state.open.includes(name);
  const toggle = () =>
    change({ open: open ? state.open.filter((one) => one !== name) : [...state.open, name] });
  const arrow = (name === "left") === open ? "‹" : "›";
  return (
    <aside class={`side ${name} ${open ? "" : "folded"}`} aria-label={title} data-testid={name}>
      <button
        type="button"
        class="fold"
        aria-expanded={open}
        aria-label={t(open ? "panel.fold" : "panel.unfold", { name: title })}
        title={t(open ? "panel.fold" : "panel.unfold", { name: title })}
        onClick={toggle}
      >
        <span aria-hidden="true">{arrow}</span>
        {!open && <span class="fold-name">{title}</span>}
      </button>
      {open && children}
    </aside>
  );
}
