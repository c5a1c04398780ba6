import type { Front, Goal, Told } from "../../api/proposals";
import { formatNumber } from "../../model/format";
import { useWorkbench } from "../context";
import { names, offer } from "./desk";

const WIDTH = 256;
const HEIGHT = 120;
const EDGE = 8;

/** A whole number as it is, any other with one decimal. */
const digits = (value: number) => (Number.isInteger(value) ? 0 : 1);

/** What is proven of each objective in order. */
export function Goals({ goals }: { goals: Goal[] }) {
  const { lang, t } = useWorkbench();
  return (
    <table class="offers" data-testid="goals">
      <caption>{t("goals.title")}</caption>
      <thead>
        <tr>
          <th scope="col">{t("goals.goal")}</th>
          <th scope="col">{t("evidence.value")}</th>
          <th scope="col">{t("compare.proof")}</th>
        </tr>
      </thead>
      <tbody>
        {goals.map(({ goal, unit, value, status }) => (
          <tr key={goal}>
            <th scope="row">{goal}</th>
            <td>
              {formatNumber(value, lang, {
                digits: value === null ? 0 : digits(value),
                absence: "none",
              })}{" "}
              {unit}
            </td>
            <td>{t(status === "optimal" ? "plans.optimal" : "plans.unproven")}</td>
          </tr>
        ))}
      </tbody>
    </table>
  );
}

/** Two objectives against each other: lower and further left is better. */
function Plot({ front, chosen }: { front: Front; chosen: number }) {
  const scale = (at: number, size: number) => {
    const values = front.compromises.map(({ values }) => values[at] ?? 0);
    const [low, high] = [Math.min(...values), Math.max(...values)];
    return (value: number) => EDGE + ((value - low) / (high - low || 1)) * (size - 2 * EDGE);
  };
  const [x, y] = [scale(0, WIDTH), scale(1, HEIGHT)];
  return (
    <figure>
      <svg class="search-chart" viewBox={`0 0 ${WIDTH} ${HEIGHT}`} aria-hidden="true">
        {front.compromises.map(({ values: [a = 0, b = 0] }, at) => (
          <circle
            key={`${a} ${b}`}
            cx={x(a)}
            cy={HEIGHT - y(b)}
            r={at === chosen ? 6 : 4}
            class={at === chosen ? "chosen" : ""}
          />
        ))}
      </svg>
      <figcaption class="quiet">
        → {front.goals[0]}　↑ {front.goals[1]}
      </figcaption>
    </figure>
  );
}

/** The compromises between objectives, each to be shown with a click. */
export function Compromises({ front, best }: { front: Front; best: Told }) {
  const { desk, lang, state, t } = useWorkbench();
  const offers = front.compromises.map(({ zones }, at) =>
    offer({ ...best, zones }, `front-${at + 1}`, names("made.compromise", { rank: at + 1 }), false),
  );
  const chosen = offers.findIndex(({ id }) => id === state.plan);
  return (
    <section data-testid="front">
      {front.goals.length === 2 && front.compromises.length > 1 && (
        <Plot front={front} chosen={chosen} />
      )}
      <table class="offers">
        <caption>{t("front.title")}</caption>
        <thead>
          <tr>
            <th scope="col">{t("compare.plan")}</th>
            {front.goals.map((goal) => (
              <th key={goal} scope="col">
                {goal}
              </th>
            ))}
          </tr>
        </thead>
        <tbody>
          {front.compromises.map(({ values }, at) => {
            const one = offers[at];
            if (!one) return null;
            return (
              <tr key={one.id} class={at === chosen ? "chosen" : ""}>
                <th scope="row">
                  <button
                    type="button"
                    class="link"
                    aria-pressed={at === chosen}
                    data-testid={`adopt-front-${at + 1}`}
                    onClick={() => desk.adopt(one)}
                  >
                    {lang === "ja" ? one.names.name : one.names.name_en}
                  </button>
                </th>
                {values.map((value, goal) => (
                  <td key={front.goals[goal]}>
                    {formatNumber(value, lang, { digits: digits(value) })}
                  </td>
                ))}
              </tr>
            );
          })}
        </tbody>
      </table>
      <p class="quiet">{t(front.open.length === 0 ? "front.all" : "front.open")}</p>
    </section>
  );
}
