import type { Counts, Quality, Severity } from "../api/types";
import { translateOr } from "../i18n";
import { formatNumber } from "../model/format";
import { fileNames } from "../model/provenance";
import { useWorkbench } from "./context";

const SEVERITIES = ["quarantined", "warning", "note"] as const;

/** Rows that were set aside are counted before already. */
const OF_FILES = ["warning", "note"] as const;

/** Heads of the counts. */
function CountHeads({ severities }: { severities: readonly Severity[] }) {
  const { t } = useWorkbench();
  return severities.map((one) => (
    <th key={one} scope="col" class="number">
      {t(`findings.${one}`)}
    </th>
  ));
}

function CountCells({ of, severities }: { of: Counts; severities: readonly Severity[] }) {
  const { lang } = useWorkbench();
  return severities.map((one) => (
    <td key={one} class={of[one] > 0 ? `number severity ${one}` : "number"}>
      {formatNumber(of[one], lang)}
    </td>
  ));
}

interface TablesProps {
  report: Quality;
  /** Topic and file by which the findings are filtered. */
  wanted: { topic: string; file: string };
  choose: (change: { topic?: string; file?: string }) => void;
}

/** What was looked for, what it means and what can be done; a topic filters the findings. */
export function TopicsTable({ report, wanted, choose }: TablesProps) {
  const { lang, t } = useWorkbench();
  const inEnglish = lang === "en";
  return (
    <table class="list quality" data-testid="quality-topics">
      <thead>
        <tr>
          <th scope="col">{t("quality.topic")}</th>
          <CountHeads severities={SEVERITIES} />
          <th scope="col">{t("quality.meaning")}</th>
          <th scope="col">{t("quality.todo")}</th>
        </tr>
      </thead>
      <tbody>
        {report.topics.map((topic) => (
          <tr key={topic.id}>
            <th scope="row">
              <button
                type="button"
                class="link"
                aria-pressed={wanted.topic === topic.id}
                onClick={() => choose({ topic: wanted.topic === topic.id ? "" : topic.id })}
              >
                {inEnglish ? topic.name_en : topic.name}
              </button>
            </th>
            <CountCells of={topic.counts} severities={SEVERITIES} />
            <td>{inEnglish ? topic.meaning_en : topic.meaning}</td>
            <td>{inEnglish ? topic.todo_en : topic.todo}</td>
          </tr>
        ))}
      </tbody>
    </table>
  );
}

/** Every file: rows read = used + set aside, edition, conditions of use; a file filters the findings. */
export function InputsTable({ report, wanted, choose }: TablesProps) {
  const { lang, t } = useWorkbench();
  const number = (value: number) => formatNumber(value, lang);
  const name = fileNames(report.inputs.map(({ file }) => file));
  return (
    <table class="list quality" data-testid="quality-inputs">
      <thead>
        <tr>
          <th scope="col">{t("sources.file")}</th>
          <th scope="col">{t("sources.kind")}</th>
          <th scope="col">{t("sources.date")}</th>
          <th scope="col" class="number">
            {t("sources.read")}
          </th>
          <th scope="col" class="number">
            {t("sources.stored")}
          </th>
          <th scope="col" class="number">
            {t("sources.quarantined")}
          </th>
          <CountHeads severities={OF_FILES} />
          <th scope="col">{t("quality.licence")}</th>
        </tr>
      </thead>
      <tbody>
        {report.inputs.map((input) => (
          <tr key={`${input.kind}${input.file}`}>
            <th scope="row" class="wrap">
              <button
                type="button"
                class="link"
                title={input.file}
                aria-pressed={wanted.file === input.file}
                onClick={() => choose({ file: wanted.file === input.file ? "" : input.file })}
              >
                {name(input.file)}
              </button>
            </th>
            <td>{translateOr(lang, `input.${input.kind}`, input.name)}</td>
            <td class="nowrap">{input.date ?? t("sources.noDate")}</td>
            <td class="number">{number(input.rows_read)}</td>
            <td class="number">{number(input.rows_stored)}</td>
            <td class="number">
              {number(input.rows_quarantined)}
              {!input.conserved && <span class="problem">{t("quality.lost")}</span>}
            </td>
            <CountCells of={input.counts} severities={OF_FILES} />
            <td>{input.licence ?? t("quality.own")}</td>
          </tr>
        ))}
      </tbody>
    </table>
  );
}
