import type { ComponentChildren } from "preact";
import type { Assumption, Maybe } from "../api/types";
import { evidence, type Key } from "../i18n";
import { type FigureKey, figureSpec } from "../model/figures";
import { formatNumber, formatShare } from "../model/format";
import { useWorkbench } from "./context";

/** A figure's value as people see it, with its unit. */
export function useFigureText(figure: FigureKey, value: Maybe<number>) {
  const { lang, t } = useWorkbench();
  const { unit, digits, absence } = figureSpec(figure);
  const known = value !== null && value !== undefined;
  const number =
    unit === "percent"
      ? formatShare(value, lang, { digits, absence })
      : unit === "year" && known
        ? String(value)
        : formatNumber(value, lang, { digits, absence });
  return { number, unit: known ? t(`unit.${unit}` as Key) : "", known };
}

interface FigureProps {
  figure: FigureKey;
  value: Maybe<number>;
  /** Name of what is shown, when it says more than the figure's own label. */
  label?: string;
  /** Service of which it speaks, when it is not the chosen one. */
  service?: string;
  /** What it rests on beside the assumptions of the study. */
  assumptions?: Assumption[];
  /** Shown on hover and in print, such as the denominator of a share. */
  note?: string;
}

/** A number that opens its 根拠. */
export function Figure({ figure, value, label, service, assumptions, note }: FigureProps) {
  const { lang, t, explain } = useWorkbench();
  const { number, unit, known } = useFigureText(figure, value);
  const name = label ?? evidence(lang, figure).label;
  return (
    <button
      type="button"
      class={known ? "figure" : "figure absent"}
      title={note}
      aria-label={t("evidence.open", { label: name, value: `${number}${unit}` })}
      onClick={(event) =>
        explain({
          figure,
          label: name,
          value,
          service,
          assumptions,
          anchor: event.currentTarget as HTMLElement,
        })
      }
    >
      <span class="digits">{number}</span>
      {unit && <span class="unit">{unit}</span>}
      {note && <span class="print-only note">{note}</span>}
    </button>
  );
}

/** A labelled figure on a line of its own. */
export function FigureRow({ label, ...figure }: FigureProps) {
  const { lang } = useWorkbench();
  return (
    <Row label={label ?? evidence(lang, figure.figure).label}>
      <Figure label={label} {...figure} />
    </Row>
  );
}

/** A label and whatever stands at its right. */
export function Row({
  label,
  children,
}: {
  label: ComponentChildren;
  children: ComponentChildren;
}) {
  return (
    <div class="row">
      <dt>{label}</dt>
      <dd>{children}</dd>
    </div>
  );
}
