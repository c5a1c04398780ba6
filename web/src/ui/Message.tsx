import { ApiError } from "../api/client";
import type { Lang } from "../i18n";
import { translator } from "./context";

/** The screen when there is nothing to show: why, and what to do next. */
export function Failure({ error, lang }: { error: unknown; lang: Lang }) {
  const t = translator(lang);
  const status = error instanceof ApiError ? error.status : undefined;
  const advice =
    status === null ? "error.noAnswer" : status === 404 ? "error.missing" : "error.other";
  return (
    <main class="message" role="alert" data-testid="failure">
      <h1>{t("error.title")}</h1>
      <p>{t(advice)}</p>
      <p class="quiet">
        {t("error.detail")} <code>{error instanceof Error ? error.message : String(error)}</code>
      </p>
      <button type="button" onClick={() => location.reload()}>
        {t("error.retry")}
      </button>
    </main>
  );
}

/** The screen of a study without municipalities: which file to bring first. */
export function Empty({ lang }: { lang: Lang }) {
  const t = translator(lang);
  return (
    <main class="message" data-testid="empty">
      <h1>{t("empty.title")}</h1>
      <p>{t("empty.text")}</p>
    </main>
  );
}

/** Shown until the figures have come. */
export function Loading({ lang }: { lang: Lang }) {
  return (
    <main class="message" aria-busy="true">
      <p>{translator(lang)("app.loading")}</p>
    </main>
  );
}
