import { useWorkbench } from "./context";
import { Search } from "./Search";

function Year() {
  const { study, state, change, t } = useWorkbench();
  const first = study.years[0];
  const last = study.years[study.years.length - 1];
  if (first === undefined || last === undefined) return null;
  const to = (year: number) => change({ year: Math.min(last, Math.max(first, year)) });
  return (
    <div class="year">
      <label for="year">{t("year.label")}</label>
      <button
        type="button"
        aria-label={t("year.previous")}
        disabled={state.year <= first}
        onClick={() => to(state.year - 1)}
      >
        ◀
      </button>
      <span class="end" aria-hidden="true">
        {first}
      </span>
      <input
        id="year"
        type="range"
        min={first}
        max={last}
        step="1"
        value={state.year}
        data-testid="year"
        onInput={(event) => to(Number(event.currentTarget.value))}
      />
      <span class="end" aria-hidden="true">
        {last}
      </span>
      <button
        type="button"
        aria-label={t("year.next")}
        disabled={state.year >= last}
        onClick={() => to(state.year + 1)}
      >
        ▶
      </button>
      <output for="year">{state.year}</output>
    </div>
  );
}

/** The top line: what is shown, of which year, and what can be done with all of it. */
export function Header({ showPoint }: { showPoint: (position: [number, number]) => void }) {
  const { study, lang, change, openDialog, t } = useWorkbench();
  const { study: of } = study.summary;
  return (
    <header class="top">
      <h1>
        圏域 <span class="latin">keniki</span>
      </h1>
      <p class="what">
        <strong>{of.prefecture_name}</strong> <span>{of.as_of}</span>
      </p>
      <Year />
      <Search showPoint={showPoint} />
      <div class="actions">
        <button type="button" data-testid="open-findings" onClick={() => openDialog("findings")}>
          {t("findings.open")}
        </button>
        <button type="button" data-testid="open-sources" onClick={() => openDialog("sources")}>
          {t("sources.open")}
        </button>
        <button type="button" data-testid="open-downloads" onClick={() => openDialog("downloads")}>
          {t("downloads.open")}
        </button>
        <button
          type="button"
          lang={lang === "ja" ? "en" : "ja"}
          aria-label={t("app.languageLabel")}
          data-testid="language"
          onClick={() => change({ lang: lang === "ja" ? "en" : "ja" })}
        >
          {t("app.language")}
        </button>
        <button type="button" data-testid="print" onClick={() => print()}>
          {t("app.print")}
        </button>
      </div>
    </header>
  );
}
