import { useEffect, useRef, useState } from "preact/hooks";
import { loadFindings, loadQuality } from "../api/client";
import type { Finding, Quality, Severity } from "../api/types";
import { translateOr } from "../i18n";
import { formatNumber } from "../model/format";
import { fileNames } from "../model/provenance";
import { useWorkbench } from "./context";
import { Dialog } from "./Dialog";
import { InputsTable, TopicsTable } from "./QualityTables";

const SEVERITIES: Severity[] = ["quarantined", "warning", "note"];
/** More rows than anybody reads make the dialog slow. */
const MOST_ROWS = 300;

/** What findings are filtered by; the empty word is all. */
interface Wanted {
  topic: string;
  file: string;
  severity: string;
  kind: string;
  words: string;
}

const ALL: Wanted = { topic: "", file: "", severity: "", kind: "", words: "" };

/** Findings of a topic, file, severity and kind that hold the words. */
export function filterFindings(
  findings: Finding[],
  asked: Partial<Wanted>,
  topicOf: (kind: string) => string = () => "",
): Finding[] {
  const wanted = { ...ALL, ...asked };
  const words = wanted.words.normalize("NFKC").toLowerCase().trim();
  return findings.filter(
    (one) =>
      (wanted.topic === "" || topicOf(one.kind) === wanted.topic) &&
      (wanted.file === "" || one.file === wanted.file) &&
      (wanted.severity === "" || one.severity === wanted.severity) &&
      (wanted.kind === "" || one.kind === wanted.kind) &&
      (words === "" ||
        [one.kind, one.file, one.layer, one.field, one.said, one.meant].some((text) =>
          (text ?? "").normalize("NFKC").toLowerCase().includes(words),
        )),
  );
}

/** データの質: what was looked for, what became of every row, and all findings, read when the dialog opens. */
export function FindingsDialog({ close }: { close: () => void }) {
  const { state, lang, change, select, showPoint, t } = useWorkbench();
  const [findings, setFindings] = useState<Finding[] | null>(null);
  const [failed, setFailed] = useState(false);
  const [report, setReport] = useState<Quality | null>(null);
  const [wanted, setWanted] = useState(ALL);
  useEffect(() => {
    Promise.all([loadFindings(), loadQuality()]).then(
      ([read, of]) => {
        setFindings(read.findings);
        setReport(of);
      },
      () => setFailed(true),
    );
  }, []);
  const topics = new Map(
    report?.topics.flatMap(({ id, kinds }) => kinds.map((of) => [of.kind, id])),
  );
  const shown = filterFindings(findings ?? [], wanted, (kind) => topics.get(kind) ?? "").sort(
    (one, other) => SEVERITIES.indexOf(one.severity) - SEVERITIES.indexOf(other.severity),
  );
  const name = fileNames((findings ?? []).map(({ file }) => file));
  const list = useRef<HTMLHeadingElement>(null);
  const choose = (change: Partial<Wanted>) => {
    setWanted({ ...wanted, ...change });
    // The list stands below the tables in which topic and file are chosen.
    list.current?.scrollIntoView({ block: "start" });
  };
  const kinds = [...new Set((findings ?? []).map(({ kind }) => kind))].sort();
  const kindName = (kind: string) => translateOr(lang, `finding.${kind}`, kind);
  // The layer of the map has a row for every finding with a place, in this order.
  const placed = (findings ?? []).filter((one) => one.place);
  const show = (one: Finding, [longitude, latitude]: [number, number]) => {
    if (!state.overlays.includes("findings")) change({ overlays: [...state.overlays, "findings"] });
    select({ kind: "finding", id: String(placed.indexOf(one) + 1) });
    showPoint([longitude, latitude]);
    close();
  };
  const place = (one: Finding) =>
    [one.layer, one.row ? t("findings.row", { row: one.row }) : null, one.field]
      .filter(Boolean)
      .join("・");
  return (
    <Dialog title={t("findings.title")} name="findings" close={close}>
      <p>
        {t("findings.lead")}{" "}
        <a href="files/tables.xlsx" download>
          {t("findings.workbook")}
        </a>
      </p>
      {failed && <p class="problem">{t("error.findings")}</p>}
      {!failed && findings === null && <p>{t("app.loading")}</p>}
      {findings !== null && report !== null && (
        <>
          <TopicsTable report={report} wanted={wanted} choose={choose} />
          <details class="quality-files">
            <summary>{t("quality.inputs")}</summary>
            <InputsTable report={report} wanted={wanted} choose={choose} />
          </details>
          <h3 ref={list}>{t("findings.list")}</h3>
          <div class="filters">
            <label>
              {t("findings.severity")}
              <select
                value={wanted.severity}
                onChange={(event) => setWanted({ ...wanted, severity: event.currentTarget.value })}
              >
                <option value="">{t("findings.all")}</option>
                {SEVERITIES.map((one) => (
                  <option key={one} value={one}>
                    {t(`findings.${one}`)}
                  </option>
                ))}
              </select>
            </label>
            <label>
              {t("findings.kind")}
              <select
                value={wanted.kind}
                onChange={(event) => setWanted({ ...wanted, kind: event.currentTarget.value })}
              >
                <option value="">{t("findings.all")}</option>
                {kinds.map((kind) => (
                  <option key={kind} value={kind}>
                    {kindName(kind)}
                  </option>
                ))}
              </select>
            </label>
            <label class="grow">
              {t("findings.filter")}
              <input
                type="search"
                placeholder={t("findings.filterPlaceholder")}
                value={wanted.words}
                onInput={(event) => setWanted({ ...wanted, words: event.currentTarget.value })}
              />
            </label>
            {(wanted.topic || wanted.file) && (
              <button type="button" onClick={() => setWanted({ ...wanted, topic: "", file: "" })}>
                {t("quality.clear")}
              </button>
            )}
            <output data-testid="findings-count">
              {t("findings.shown", {
                shown: formatNumber(shown.length, lang),
                total: formatNumber(findings.length, lang),
              })}
            </output>
          </div>
          {findings.length === 0 && <p>{t("findings.none")}</p>}
          {shown.length > 0 && (
            <table class="list findings">
              <thead>
                <tr>
                  <th scope="col">{t("findings.severity")}</th>
                  <th scope="col">{t("findings.kind")}</th>
                  <th scope="col">{t("findings.file")}</th>
                  <th scope="col">{t("findings.said")}</th>
                  <th scope="col">{t("findings.meant")}</th>
                </tr>
              </thead>
              <tbody>
                {shown.slice(0, MOST_ROWS).map((one, at) => (
                  <tr key={at}>
                    <td>
                      <span class={`severity ${one.severity}`}>
                        {t(`findings.${one.severity}`)}
                      </span>
                    </td>
                    <td>{kindName(one.kind)}</td>
                    <td class="wrap">
                      <button
                        type="button"
                        class="link"
                        title={one.file}
                        onClick={() => choose({ file: one.file })}
                      >
                        {name(one.file)}
                      </button>
                      <span class="clause">{place(one)}</span>
                    </td>
                    <td class="wrap">{one.said}</td>
                    <td>
                      {one.meant}
                      {one.place && (
                        <button
                          type="button"
                          class="link nowrap"
                          onClick={() => one.place && show(one, one.place)}
                        >
                          {t("findings.onMap")}
                        </button>
                      )}
                    </td>
                  </tr>
                ))}
              </tbody>
            </table>
          )}
          {shown.length > MOST_ROWS && <p>{t("findings.first", { count: MOST_ROWS })}</p>}
        </>
      )}
    </Dialog>
  );
}
