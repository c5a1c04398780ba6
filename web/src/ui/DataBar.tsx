import { type Key, serviceName } from "../i18n";
import { countStandings, DATED_INPUTS, datesOf, isLoaded, LISTS } from "../model/provenance";
import { useWorkbench } from "./context";

/** Where the numbers come from, on one line: dates, what is not loaded, what is assumed. */
export function DataBar() {
  const { study, lang, openDialog, t } = useWorkbench();
  const { study: of, services, assumptions } = study.summary;
  const dates = DATED_INPUTS.filter((kind) => isLoaded(of, kind)).map((kind) => {
    const known = datesOf(of, kind).map((date) => date ?? t("sources.noDate"));
    return `${t(`data.${kind}` as Key)} ${known.join(" / ")}`;
  });
  const missing = [
    ...services.filter(({ loaded }) => !loaded).map((service) => serviceName(lang, service)),
    ...[...DATED_INPUTS, ...LISTS]
      .filter((kind) => !isLoaded(of, kind))
      .map((kind) => t(`data.${kind}` as Key)),
  ];
  const separator = t("text.separator");
  return (
    <footer class="data-bar" data-testid="data-bar">
      <p class="dates">
        <strong>{t("data.title")}</strong> {dates.join(separator)}
      </p>
      <p data-testid="missing">
        <strong>{t("data.missing")}</strong>{" "}
        {missing.length === 0 ? t("data.nothingMissing") : missing.join(separator)}
      </p>
      <p>
        <strong>{t("sources.assumptions")}</strong>{" "}
        {t("data.assumptions", { total: assumptions.length, ...countStandings(assumptions) })}
      </p>
      <button type="button" class="link" onClick={() => openDialog("sources")}>
        {t("data.more")}
      </button>
    </footer>
  );
}
