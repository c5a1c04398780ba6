import { useEffect, useRef, useState } from "preact/hooks";
import type { ProposalRequest, Rule } from "../../api/proposals";
import { translate } from "../../i18n";
import { useWorkbench } from "../context";
import { PlaceChooser } from "./PlaceChooser";

/** Rules about chosen places, with how many they take at least and at most. */
const KINDS = {
  locked: [1, Number.POSITIVE_INFINITY],
  together: [2, Number.POSITIVE_INFINITY],
  apart: [2, Number.POSITIVE_INFINITY],
  closed_border: [2, 2],
} as const;

type Kind = keyof typeof KINDS;
const NAMES = Object.keys(KINDS) as Kind[];

/** How the ids of rules begin that are made here. */
const OWN = "place-";

/** Whether a rule was made here. */
export const isPlaceRule = ({ id }: Rule) => id.startsWith(OWN);

/** The codes with this one, or without it if it was among them. */
export const toggled = (codes: string[], code: string) =>
  codes.includes(code) ? codes.filter((one) => one !== code) : [...codes, code];

/** Locked zones, places that go together or apart, and borders that no zone crosses. */
export function PlaceRules({ request }: { request: ProposalRequest }) {
  const { desk, study, state, t } = useWorkbench();
  const [kind, setKind] = useState<Kind>("together");
  const [codes, setCodes] = useState<string[]>([]);
  const { selection } = state;
  const seen = useRef(selection);
  const toggle = (code: string) => setCodes((now) => toggled(now, code));
  // What is clicked on the map while the box is open is chosen.
  useEffect(() => {
    if (desk.isPlacing && selection !== seen.current && selection.kind === "municipality")
      toggle(selection.id);
    seen.current = selection;
  }, [selection, desk.isPlacing]);
  const rules = request.asked.rule.filter(isPlaceRule);
  const [least, most] = KINDS[kind];
  const fits = codes.length >= least && codes.length <= most;
  const set = (rule: Rule[]) => desk.ask({ asked: { ...request.asked, rule } });
  const add = () => {
    const numbers = rules.map(({ id }) => Number(id.slice(OWN.length)));
    const places = codes.map((code) => study.municipalityName(code)).join("・");
    const name = translate("ja", "text.labelled", {
      label: translate("ja", `place.${kind}`),
      value: places,
    });
    const rule: Rule = {
      id: `${OWN}${Math.max(0, ...numbers) + 1}`,
      name,
      strength: "hard",
      weight: null,
      asks: { kind, municipalities: codes },
      source: "",
      tag: "",
    };
    set([...request.asked.rule, rule]);
    setCodes([]);
  };
  return (
    <details
      class="places"
      data-testid="places"
      onToggle={(event) => desk.place(event.currentTarget.open)}
    >
      <summary>{t("place.title", { count: rules.length })}</summary>
      <p class="quiet">{t("place.help")}</p>
      <label class="number-field">
        <span>{t("place.kind")}</span>
        <select
          value={kind}
          data-testid="place-kind"
          onChange={(event) => setKind(event.currentTarget.value as Kind)}
        >
          {NAMES.map((name) => (
            <option key={name} value={name}>
              {t(`place.${name}`)}
            </option>
          ))}
        </select>
      </label>
      <PlaceChooser id="place" codes={codes} toggle={toggle} />
      <button type="button" data-testid="place-add" disabled={!fits} onClick={add}>
        {t("place.add")}
      </button>
      <ul data-testid="place-rules">
        {rules.map((rule) => {
          const { kind: of, municipalities } = rule.asks as {
            kind: Kind;
            municipalities: string[];
          };
          const names = municipalities.map((code) => study.municipalityName(code));
          const words = t("text.labelled", {
            label: t(`place.${of}`),
            value: names.join(t("text.separator")),
          });
          return (
            <li key={rule.id}>
              {words}
              <button
                type="button"
                class="link"
                aria-label={t("place.remove", { name: words })}
                data-testid={`remove-${rule.id}`}
                onClick={() => set(request.asked.rule.filter(({ id }) => id !== rule.id))}
              >
                ×
              </button>
            </li>
          );
        })}
      </ul>
    </details>
  );
}
