import type { Overlay, ProposalRequest } from "../../api/proposals";
import { useWorkbench } from "../context";
import { NumberField } from "./Rules";

/** For whom zones are made: 在宅医療圏, or an overlay over it with other demand and providers. */
export function OverlayBox({ request }: { request: ProposalRequest }) {
  const { desk, lang, t } = useWorkbench();
  const shipped = desk.choices?.overlays ?? [];
  const { overlay } = request;
  const original = shipped.find(({ id }) => id === overlay?.id);
  const change = (more: Partial<Overlay>) => {
    if (overlay) desk.ask({ overlay: { ...overlay, ...more } });
  };
  const named = overlay?.providers?.kind === "named" ? overlay.providers.institutions : [];
  return (
    <>
      <label class="number-field">
        <span>{t("overlay.title")}</span>
        <select
          value={overlay?.id ?? ""}
          data-testid="overlay"
          onChange={(event) => {
            const chosen = shipped.find(({ id }) => id === event.currentTarget.value);
            desk.ask({ overlay: chosen ?? null });
          }}
        >
          <option value="">{t("overlay.none")}</option>
          {shipped.map(({ id, name_en }) => (
            <option key={id} value={id}>
              {lang === "ja" ? id : name_en}
            </option>
          ))}
        </select>
      </label>
      {overlay && (
        <fieldset data-testid="overlay-box">
          <legend>{lang === "ja" ? overlay.id : overlay.name_en}</legend>
          <p class="quiet">{overlay.source}</p>
          <label>
            {t("overlay.institutions")}
            <textarea
              rows={3}
              value={named.join("\n")}
              data-testid="overlay-institutions"
              onChange={(event) => {
                const institutions = event.currentTarget.value
                  .split("\n")
                  .map((line) => line.trim())
                  .filter((line) => line !== "");
                const providers =
                  institutions.length > 0
                    ? ({ kind: "named", institutions } as const)
                    : (original?.providers ?? null);
                change({ providers });
              }}
            />
          </label>
          <p class="quiet">{t("overlay.institutionsHelp")}</p>
          <NumberField
            id="overlay-minutes"
            label={t("overlay.minutes")}
            unit={t("unit.minutes")}
            most={600}
            value={overlay.travel_limit_minutes}
            optional
            change={(value) =>
              change({
                travel_limit_minutes: value === null ? null : Math.max(1, Math.round(value)),
              })
            }
          />
          <NumberField
            id="overlay-least"
            label={t("overlay.least")}
            value={overlay.least_demand}
            optional
            change={(least_demand) => change({ least_demand })}
          />
        </fieldset>
      )}
    </>
  );
}
