import { translateOr } from "../i18n";
import { useDated, useWorkbench } from "./context";
import { AssumptionText } from "./SourcesDialog";

/** What has to stand on paper beside the map and figures: files with dates, assumptions, names. */
export function PrintSources() {
  const { study, lang, t } = useWorkbench();
  const { summary } = study;
  const dated = useDated();
  return (
    <section class="print-sources print-only">
      <h2>{t("sources.title")}</h2>
      <ul>
        {summary.study.inputs.map((input) => (
          <li key={`${input.kind}${input.file}`}>
            {t("text.labelled", {
              label: translateOr(lang, `input.${input.kind}`, input.kind),
              value: dated(input),
            })}
          </li>
        ))}
      </ul>
      <h3>{t("sources.assumptions")}</h3>
      <ul>
        {summary.assumptions.map((one) => (
          <li key={`${one.subject}${one.text}`}>
            <AssumptionText of={one} />
          </li>
        ))}
      </ul>
      <p>{summary.attributions.join("／")}</p>
      <p>{t("app.printed", { version: summary.study.program_version })}</p>
    </section>
  );
}
