import { useMemo } from "preact/hooks";
import { serviceName } from "../i18n";
import { rankShortages, type ServiceShortage } from "../model/shortage";
import { useWorkbench } from "./context";
import { Figure } from "./Number";

function Places({ row }: { row: ServiceShortage }) {
  const { state, study, select, t } = useWorkbench();
  const limit = study.travelLimit();
  const chosen = state.selection.kind === "municipality" ? state.selection.id : "";
  if (row.places.length === 0) return <p class="quiet">✓ {t("shortage.none")}</p>;
  return (
    <table class="places">
      <thead>
        <tr>
          <th scope="col">{t("kind.municipality")}</th>
          <th scope="col">{t("shortage.people")}</th>
          <th scope="col">{t("shortage.nearest")}</th>
          <th scope="col">{t("shortage.beyond", { minutes: limit })}</th>
        </tr>
      </thead>
      <tbody>
        {row.places.map(({ municipality, gap }, at) => (
          <tr key={municipality.code} class={municipality.code === chosen ? "chosen" : ""}>
            <th scope="row">
              <button
                type="button"
                class="link"
                aria-pressed={municipality.code === chosen}
                onClick={() => select({ kind: "municipality", id: municipality.code })}
              >
                <span class="rank">{at + 1}</span>
                {municipality.name}
              </button>
            </th>
            <td>
              <Figure figure="gap_people_75" value={gap.people_75_plus} />
            </td>
            <td>
              {typeof gap.nearest_minutes === "number" ? (
                <Figure figure="nearest_minutes" value={gap.nearest_minutes} />
              ) : (
                t("figures.overLimit", { minutes: limit })
              )}
            </td>
            <td>
              <Figure figure="beyond_limit_75" value={gap.beyond_limit_75_plus} />
            </td>
          </tr>
        ))}
      </tbody>
    </table>
  );
}

function Service({ row }: { row: ServiceShortage }) {
  const { state, lang, change, t } = useWorkbench();
  const open = row.service.id === state.service;
  const none = row.service.loaded && row.places.length === 0;
  return (
    <div class={open ? "service open" : "service"} data-testid={`service-${row.service.id}`}>
      <div class="service-head">
        <button
          type="button"
          class="disclose"
          aria-expanded={open}
          onClick={() => change({ service: row.service.id })}
        >
          <span class="arrow" aria-hidden="true">
            {open ? "▾" : "▸"}
          </span>
          <span class="name">{serviceName(lang, row.service)}</span>
          <span class="facts">
            {row.service.loaded
              ? none
                ? `✓ ${t("shortage.none")}`
                : t("shortage.row", { places: row.places.length })
              : t("shortage.notLoaded")}
          </span>
        </button>
        {row.places.length > 0 && (
          <Figure figure="gap_people_75" service={row.service.id} value={row.people75} />
        )}
      </div>
      {open && row.places.length > 0 && <Places row={row} />}
    </div>
  );
}

/** 不足地域: which municipalities lack what, and how many people aged 75 and over that is. */
export function Shortages() {
  const { study, change, t } = useWorkbench();
  const rows = useMemo(() => rankShortages(study.summary), [study]);
  return (
    <section class="shortages" aria-labelledby="shortages-title" data-testid="shortages">
      <header>
        <h2 id="shortages-title">{t("shortage.title")}</h2>
        <button
          type="button"
          class="link"
          data-testid="show-causes"
          onClick={() => change({ theme: "causes" })}
        >
          {t("short.open")} ›
        </button>
        <button
          type="button"
          class="link"
          data-testid="show-week"
          onClick={() => change({ theme: "week" })}
        >
          {t("theme.week")} ›
        </button>
      </header>
      <p class="quiet">{t("shortage.help")}</p>
      {rows.map((row) => (
        <Service key={row.service.id} row={row} />
      ))}
    </section>
  );
}
