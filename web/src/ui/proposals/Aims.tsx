import type { Aim, ProposalRequest } from "../../api/proposals";
import { useWorkbench } from "../context";

/** Objectives that the screen offers; travel always comes last. */
const AIMS = {
  travel: { kind: "travel" },
  zones: { kind: "zones" },
  balance: { kind: "balance" },
  "splits-hokenjo": { kind: "splits", system: "保健所" },
  "splits-secondary": { kind: "splits", system: "二次医療圏" },
  "change-secondary": { kind: "change", from: "二次医療圏" },
} as const satisfies Record<string, Aim>;

type AimKey = keyof typeof AIMS;
const KEYS = Object.keys(AIMS) as AimKey[];

const same = (a: Aim | undefined, b: Aim) => JSON.stringify(a) === JSON.stringify(b);

/** What there should be least of, before travel. */
export function FirstAim({ request }: { request: ProposalRequest }) {
  const { desk, t } = useWorkbench();
  const { asked } = request;
  const now = KEYS.find((key) => same(asked.objective[0]?.of, AIMS[key])) ?? "travel";
  return (
    <label class="number-field">
      <span>{t("aim.first")}</span>
      <select
        value={now}
        data-testid="aim"
        onChange={(event) => {
          const key = event.currentTarget.value as AimKey;
          const objective = key === "travel" ? [] : [{ order: 1, weight: 1, of: AIMS[key] }];
          desk.ask({ asked: { ...asked, objective } });
        }}
      >
        {KEYS.map((key) => (
          <option key={key} value={key}>
            {t(`aim.${key}`)}
          </option>
        ))}
      </select>
    </label>
  );
}

/** Between what compromises are asked for. */
export function FrontAims({ request }: { request: ProposalRequest }) {
  const { desk, t } = useWorkbench();
  const { front } = request;
  return (
    <details data-testid="front-aims">
      <summary>{t("front.ask", { count: front.length })}</summary>
      <p class="quiet">{t("front.help")}</p>
      {KEYS.map((key) => (
        <label key={key} class="line">
          <input
            type="checkbox"
            checked={front.some((aim) => same(aim, AIMS[key]))}
            data-testid={`front-${key}`}
            onChange={(event) => {
              const others = front.filter((aim) => !same(aim, AIMS[key]));
              desk.ask({ front: event.currentTarget.checked ? [...others, AIMS[key]] : others });
            }}
          />
          {t(`aim.${key}`)}
        </label>
      ))}
    </details>
  );
}
