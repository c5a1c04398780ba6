import { useLayoutEffect, useRef } from "preact/hooks";
import { evidence, translateOr } from "../i18n";
import { figureSpec } from "../model/figures";
import { type Question, useDated, useWorkbench } from "./context";
import { useFigureText } from "./Number";
import { AssumptionText } from "./SourcesDialog";

const GAP = 6;

/** Puts the box beside its anchor, inside the window. */
function place(box: HTMLElement, anchor: HTMLElement): void {
  const at = anchor.getBoundingClientRect();
  const { offsetWidth: width, offsetHeight: height } = box;
  const below = at.bottom + GAP + height <= innerHeight;
  const top = below ? at.bottom + GAP : Math.max(GAP, at.top - GAP - height);
  const left = Math.min(Math.max(GAP, at.left), innerWidth - width - GAP);
  box.style.top = `${top}px`;
  box.style.left = `${left}px`;
}

/** 根拠 of one number: meaning, formula, rule, input files with dates, assumptions. */
export function Evidence({ question, close }: { question: Question; close: () => void }) {
  const { study, state, lang, t, openDialog } = useWorkbench();
  const box = useRef<HTMLDivElement>(null);
  const dated = useDated();
  const text = evidence(lang, question.figure);
  const spec = figureSpec(question.figure);
  const { number, unit } = useFigureText(question.figure, question.value);
  const inputs = study.summary.study.inputs.filter(({ kind }) => spec.inputs.includes(kind));
  const assumptions = [
    ...(question.assumptions ?? []),
    ...study.assumptionsOf(spec.assumptions, question.service ?? state.service),
  ];

  useLayoutEffect(() => {
    if (box.current) place(box.current, question.anchor);
    box.current?.focus();
  }, [question]);

  // Before the next key can come: Esc must find the box listening.
  useLayoutEffect(() => {
    const leave = (event: Event) => {
      const target = event.target;
      if (target instanceof Node && box.current?.contains(target)) return;
      if (target instanceof Node && question.anchor.contains(target)) return;
      close();
    };
    const onKey = (event: KeyboardEvent) => {
      if (event.key !== "Escape") return;
      event.preventDefault();
      close();
      question.anchor.focus();
    };
    addEventListener("pointerdown", leave);
    addEventListener("resize", close);
    addEventListener("keydown", onKey);
    return () => {
      removeEventListener("pointerdown", leave);
      removeEventListener("resize", close);
      removeEventListener("keydown", onKey);
    };
  }, [question, close]);

  return (
    <div
      ref={box}
      class="evidence"
      role="dialog"
      aria-label={t("text.labelled", { label: t("evidence.title"), value: question.label })}
      tabIndex={-1}
      data-testid="evidence"
    >
      <header>
        <h3>
          <span class="quiet">{t("evidence.title")}</span> {question.label}
        </h3>
        <button
          type="button"
          class="plain"
          aria-label={t("dialog.close")}
          onClick={() => {
            close();
            question.anchor.focus();
          }}
        >
          ✕
        </button>
      </header>
      <dl>
        <dt>{t("evidence.value")}</dt>
        <dd>
          <strong>{number}</strong> {unit}
        </dd>
        <dt>{t("evidence.meaning")}</dt>
        <dd>{text.meaning}</dd>
        <dt>{t("evidence.formula")}</dt>
        <dd>{text.formula}</dd>
        {text.rule && (
          <>
            <dt>{t("evidence.rule")}</dt>
            <dd>{text.rule}</dd>
          </>
        )}
        {spec.inputs.length > 0 && (
          <>
            <dt>{t("evidence.inputs")}</dt>
            <dd>
              {inputs.length === 0 && t("evidence.noInputs")}
              <ul>
                {inputs.map((input) => (
                  <li key={`${input.kind}${input.file}`}>
                    {translateOr(lang, `input.${input.kind}`, input.kind)}
                    <span class="clause">{dated(input)}</span>
                  </li>
                ))}
              </ul>
            </dd>
          </>
        )}
        <dt>{t("evidence.assumptions")}</dt>
        <dd>
          {assumptions.length === 0 && t("evidence.noAssumptions")}
          <ul>
            {assumptions.map((one) => (
              <li key={`${one.subject}${one.text}`}>
                <AssumptionText of={one} />
              </li>
            ))}
          </ul>
        </dd>
      </dl>
      <button
        type="button"
        class="link"
        onClick={() => {
          close();
          openDialog("sources");
        }}
      >
        {t("evidence.all")}
      </button>
    </div>
  );
}
