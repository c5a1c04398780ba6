import type { Assumption } from "../api/types";
import { serviceName, translateOr } from "../i18n";
import { formatNumber } from "../model/format";
import { fileNames } from "../model/provenance";
import { useWorkbench } from "./context";
import { Dialog } from "./Dialog";

/** The standing of an assumption: its letter and what it stands for. */
export function Tag({ tag }: { tag: string }) {
  const { lang, t } = useWorkbench();
  const words = translateOr(lang, `tag.${tag}`, tag);
  return (
    <span class={`tag tag-${tag}`} title={words}>
      {t("text.labelled", { label: tag, value: words })}
    </span>
  );
}

/** One assumption with its source and standing. */
export function AssumptionText({ of }: { of: Assumption }) {
  return (
    <>
      <strong>{of.subject}</strong>　{of.text}{" "}
      <span class="clause">
        {of.source} <Tag tag={of.tag} />
      </span>
    </>
  );
}

/** 出典・前提: every input, what was not loaded, what is assumed, and who must be named. */
export function SourcesDialog({ close }: { close: () => void }) {
  const { study, lang, t } = useWorkbench();
  const { summary } = study;
  const missing = summary.services.filter(({ loaded }) => !loaded);
  const number = (value: number) => formatNumber(value, lang);
  const name = fileNames(summary.study.inputs.map(({ file }) => file));
  return (
    <Dialog title={t("sources.title")} name="sources" close={close}>
      <h3>{t("sources.inputs")}</h3>
      <table class="list">
        <thead>
          <tr>
            <th scope="col">{t("sources.kind")}</th>
            <th scope="col">{t("sources.file")}</th>
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
            <th scope="col">{t("sources.sha")}</th>
          </tr>
        </thead>
        <tbody>
          {summary.study.inputs.map((input) => (
            <tr key={`${input.kind}${input.file}`}>
              <td>{translateOr(lang, `input.${input.kind}`, input.kind)}</td>
              <td class="wrap" title={input.file}>
                {name(input.file)}
              </td>
              <td class="nowrap">{input.date ?? t("sources.noDate")}</td>
              <td class="number">{number(input.rows_read)}</td>
              <td class="number">{number(input.rows_stored)}</td>
              <td class="number">{number(input.rows_quarantined)}</td>
              <td>
                <code title={input.sha256}>{input.sha256.slice(0, 8)}…</code>
              </td>
            </tr>
          ))}
        </tbody>
      </table>
      <h3>{t("sources.missing")}</h3>
      {missing.length === 0 ? (
        <p>{t("sources.nothingMissing")}</p>
      ) : (
        <>
          <p>{t("sources.missingText")}</p>
          <ul class="plain-list" data-testid="not-loaded">
            {missing.map((service) => (
              <li key={service.id}>{serviceName(lang, service)}</li>
            ))}
          </ul>
        </>
      )}
      <h3>{t("sources.assumptions")}</h3>
      <ul class="assumptions">
        {summary.assumptions.map((one) => (
          <li key={`${one.subject}${one.text}`}>
            <AssumptionText of={one} />
          </li>
        ))}
      </ul>
      <h3>{t("sources.geocoding")}</h3>
      <p>
        {Object.entries(summary.geocoding)
          .map(
            ([precision, count]) =>
              `${translateOr(lang, `precision.${precision}`, precision)} ${number(count)}`,
          )
          .join("　")}
      </p>
      <h3>{t("sources.network")}</h3>
      <p>
        {t("sources.networkText", {
          km: formatNumber(summary.network.length_km, lang, { digits: 1 }),
          nodes: number(summary.network.nodes),
          edges: number(summary.network.edges),
          cells: number(summary.network.unlinked_cells),
          institutions: number(summary.network.unlinked_institutions),
        })}
      </p>
      <h3>{t("sources.attributions")}</h3>
      <ul class="plain-list">
        {summary.attributions.map((one) => (
          <li key={one}>{one}</li>
        ))}
      </ul>
      <p class="quiet">
        {t("text.labelled", {
          label: t("sources.version"),
          value: `keniki ${summary.study.program_version}`,
        })}
      </p>
    </Dialog>
  );
}
