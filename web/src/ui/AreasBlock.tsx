import type { AreaFigures, SplitFigures } from "../api/types";
import type { Key } from "../i18n";
import { dividedAreas } from "../model/figures";
import type { ExistingPlan } from "../model/study";
import { useWorkbench } from "./context";
import { FigureRow, Row } from "./Number";

/** The areas of a system that a plan divides, each with its zones. */
function Divided({ plan, of }: { plan: ExistingPlan; of: SplitFigures }) {
  const { select, t } = useWorkbench();
  const name = (id: string) => plan.zones.find((zone) => zone.id === id)?.name ?? id;
  return (
    <li>
      <details>
        <summary>{t("areas.divided", { system: t(`units.${of.system}` as Key) })}</summary>
        <ul class="lines">
          {of.divided.map((area) => (
            <li key={area.code}>
              <span>
                {area.name}
                <span class="clause">
                  {area.zones.map((id) => (
                    <span key={id}>
                      <button
                        type="button"
                        class="link"
                        onClick={() => select({ kind: "zone", id })}
                      >
                        {name(id)}
                      </button>{" "}
                    </span>
                  ))}
                </span>
              </span>
            </li>
          ))}
        </ul>
      </details>
    </li>
  );
}

/** How the zones of a plan divide the areas of every system. No rule says that they may not. */
export function Splits({ plan }: { plan: ExistingPlan }) {
  const { t } = useWorkbench();
  const inPart = plan.splits.filter(({ areas, untold }) => areas !== null && untold.length > 0);
  return (
    <section class="block" data-testid="splits">
      <h3>{t("figures.split")}</h3>
      <p class="quiet">{t("areas.help")}</p>
      <dl class="rows">
        {plan.splits.map((of) => (
          <FigureRow
            key={of.system}
            figure="split_areas"
            label={t("compare.split", { system: t(`units.${of.system}` as Key) })}
            value={dividedAreas(of)}
          />
        ))}
      </dl>
      {inPart.map(({ system, untold }) => (
        <p key={system} class="quiet">
          {t("text.labelled", {
            label: t(`units.${system}` as Key),
            value: t("areas.untold", { count: untold.length }),
          })}
        </p>
      ))}
      <ul class="lines">
        {plan.splits
          .filter(({ divided }) => divided.length > 0)
          .map((of) => (
            <Divided key={of.system} plan={plan} of={of} />
          ))}
      </ul>
    </section>
  );
}

/** In which areas of every system a zone or a municipality lies: those that reach beyond the zone, or
 * hold a part of the municipality only, are told. */
export function AreasOf({ codes, of }: { codes: readonly string[]; of: "zone" | "municipality" }) {
  const { study, t } = useWorkbench();
  const bySystem = new Map<string, AreaFigures[]>();
  for (const area of study.summary.areas) {
    const all = [...area.municipalities, ...area.parts_of];
    if (!all.some((code) => codes.includes(code))) continue;
    bySystem.set(area.system, [...(bySystem.get(area.system) ?? []), area]);
  }
  const words = ({ name, municipalities, parts_of }: AreaFigures) => {
    if (of === "municipality")
      return parts_of.some((code) => codes.includes(code)) ? t("areas.part", { area: name }) : name;
    const isInside = [...municipalities, ...parts_of].every((code) => codes.includes(code));
    return isInside ? name : t("areas.beyond", { area: name });
  };
  return (
    <section class="block" data-testid="areas">
      <h3>{t("areas.title")}</h3>
      {bySystem.size === 0 && <p class="quiet">{t("data.missing")}</p>}
      <dl class="rows wide">
        {[...bySystem].map(([system, areas]) => (
          <Row key={system} label={t(`units.${system}` as Key)}>
            {areas.map(words).join("・")}
          </Row>
        ))}
      </dl>
    </section>
  );
}
