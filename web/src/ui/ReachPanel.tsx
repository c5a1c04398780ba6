import type { Direction, Origin } from "../api/reach";
import { formatNumber } from "../model/format";
import { type Reach, reachColour } from "../model/reach";
import { ConditionsBox } from "./ConditionsBox";
import { useWorkbench } from "./context";

const DIRECTIONS: Direction[] = ["outward", "inward"];

/** Asks what is reached from a place; how a keyboard does what the second button of the mouse does. */
export function ShowReach({ origin }: { origin: Origin }) {
  const { showReach, t } = useWorkbench();
  return (
    <p class="block">
      <button type="button" data-testid="show-reach" onClick={() => showReach(origin, "outward")}>
        {t("reach.show")}
      </button>
    </p>
  );
}

function Table({ reach }: { reach: Reach }) {
  const { lang, t } = useWorkbench();
  return (
    <table data-testid="reach-people">
      <thead>
        <tr>
          {(["minutes", "everybody", "age75", "institutions"] as const).map((head) => (
            <th key={head} scope="col">
              {t(`reach.${head}`)}
            </th>
          ))}
        </tr>
      </thead>
      <tbody>
        {reach.contours?.features.map(({ properties: of }) => (
          <tr key={of.minutes}>
            <th scope="row">
              <span class="box" style={{ background: reachColour(of.minutes) }} />
              {of.minutes}
            </th>
            {[of.total, of.age_75_plus, of.institutions].map((count, at) => (
              <td key={at}>{formatNumber(count, lang)}</td>
            ))}
          </tr>
        ))}
      </tbody>
    </table>
  );
}

/** Who is reached from the place whose reach is on the map. */
export function ReachPanel() {
  const { reach, showReach, hideReach, t } = useWorkbench();
  if (!reach) return null;
  const { origin, direction } = reach;
  const name =
    origin.name ??
    (origin.kind === "point"
      ? t("reach.point", {
          longitude: origin.longitude.toFixed(4),
          latitude: origin.latitude.toFixed(4),
        })
      : origin.id);
  return (
    <section class="block reach" aria-label={t("reach.title")} data-testid="reach">
      <h3>{t("text.labelled", { label: t("reach.title"), value: name })}</h3>
      <fieldset>
        <legend class="unseen">{t("reach.direction")}</legend>
        {DIRECTIONS.map((one) => (
          <label key={one}>
            <input
              type="radio"
              name="reach-direction"
              checked={one === direction}
              data-testid={`reach-${one}`}
              onChange={() => showReach(origin, one)}
            />
            {t(`reach.${one}`)}
          </label>
        ))}
      </fieldset>
      <ConditionsBox />
      <div role="status">
        {reach.problem !== null && <p class="problem">{reach.problem}</p>}
        {reach.problem === null && !reach.contours && <p class="quiet">{t("reach.loading")}</p>}
      </div>
      {reach.contours && <Table reach={reach} />}
      <p class="quiet">{t("reach.help")}</p>
      <button type="button" class="link" data-testid="hide-reach" onClick={hideReach}>
        {t("reach.hide")}
      </button>
    </section>
  );
}
