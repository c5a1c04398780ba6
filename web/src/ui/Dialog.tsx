import type { ComponentChildren } from "preact";
import { useLayoutEffect, useRef } from "preact/hooks";
import { useWorkbench } from "./context";

interface DialogProps {
  title: string;
  name: string;
  close: () => void;
  children: ComponentChildren;
}

/** A modal dialog; Esc, the button and a click beside it close it. */
export function Dialog({ title, name, close, children }: DialogProps) {
  const { t } = useWorkbench();
  const dialog = useRef<HTMLDialogElement>(null);
  // Before the next key can come: Esc must find the dialog open.
  useLayoutEffect(() => dialog.current?.showModal(), []);
  return (
    // biome-ignore lint/a11y/useKeyWithClickEvents: Esc closes a modal dialog by itself
    <dialog
      ref={dialog}
      class="dialog"
      aria-labelledby={`${name}-title`}
      data-testid={`dialog-${name}`}
      onClose={close}
      onClick={(event) => {
        if (event.target === dialog.current) dialog.current?.close();
      }}
    >
      <header>
        <h2 id={`${name}-title`}>{title}</h2>
        <button type="button" class="plain" onClick={() => dialog.current?.close()}>
          {t("dialog.close")} ✕
        </button>
      </header>
      <div class="dialog-body">{children}</div>
    </dialog>
  );
}
