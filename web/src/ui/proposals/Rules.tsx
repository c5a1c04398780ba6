import type { Rule, Strength } from "../../api/proposals";
import { translateOr } from "../../i18n";
import { useWorkbench } from "../context";
import { ruleOf } from "./desk";
import { PlaceChooser } from "./PlaceChooser";
import { isPlaceRule, toggled } from "./PlaceRules";

const STRENGTHS: Strength[] = ["hard", "soft", "off"];

/** Limits of rules that people may change, with the factor from the rule's unit to the one shown. */
const LIMITS: Record<string, number> = { least: 1, most: 1, most_share: 100 };

interface NumberFieldProps {
  label: string;
  value: number | null;
  change: (value: number | null) => void;
  /** What is left empty is no limit. */
  optional?: boolean;
  most?: number;
  unit?: string;
  id: string;
}

/** A number with its label and unit. */
export function NumberField(field: NumberFieldProps) {
  const { label, value, change, optional = false, most, unit, id } = field;
  return (
    <label class="number-field">
      <span>{label}</span>
      <input
        type="number"
        min={0}
        max={most}
        step="any"
        value={value ?? ""}
        data-testid={id}
        onChange={(event) => {
          const text = event.currentTarget.value;
          const given = Number(text);
          if (text === "" && optional) change(null);
          else if (text !== "" && given >= 0 && given <= (most ?? given)) change(given);
          else event.currentTarget.value = String(value ?? "");
        }}
      />
      {unit && <span class="unit">{unit}</span>}
    </label>
  );
}

/** Rules that ask each zone for something by itself, and so may be asked of some zones only. */
const OF_EACH_ZONE = [
  "demand",
  "population",
  "active_institutions",
  "within",
  "linkage",
  "known",
  "self_sufficiency",
];

const REACHES = ["every", "with", "without"] as const;
type Reach = (typeof REACHES)[number];

/** Of which zones a rule is asked. */
function RuleReach({ rule }: { rule: Rule }) {
  const { desk, t } = useWorkbench();
  const { zones_with: held, zones_without: avoided } = rule;
  const reach: Reach = held ? "with" : avoided ? "without" : "every";
  const set = (to: Reach, codes: string[]) =>
    desk.changeRule(rule.id, {
      zones_with: to === "with" ? codes : undefined,
      zones_without: to === "without" ? codes : undefined,
    });
  const codes = held ?? avoided ?? [];
  return (
    <div class="reach">
      <label class="number-field">
        <span>{t("scope.of")}</span>
        <select
          value={reach}
          data-testid={`reach-${rule.id}`}
          onChange={(event) => set(event.currentTarget.value as Reach, codes)}
        >
          {REACHES.map((one) => (
            <option key={one} value={one}>
              {t(`scope.${one}`)}
            </option>
          ))}
        </select>
      </label>
      {reach !== "every" && (
        <>
          <PlaceChooser
            id={`reach-${rule.id}`}
            codes={codes}
            toggle={(code) => set(reach, toggled(codes, code))}
          />
          {codes.length === 0 && <p class="quiet">{t("scope.none")}</p>}
          <button
            type="button"
            class="link"
            data-testid={`again-${rule.id}`}
            onClick={() => desk.addRule(rule)}
          >
            {t("scope.again")}
          </button>
        </>
      )}
    </div>
  );
}

function RuleRow({ rule }: { rule: Rule }) {
  const { desk, lang, t } = useWorkbench();
  const name = translateOr(lang, `zoningRule.${ruleOf(rule).base}`, rule.name);
  const limits = Object.entries(rule.asks).filter(
    (entry): entry is [string, number] => entry[0] in LIMITS && typeof entry[1] === "number",
  );
  const isOff = rule.strength === "off";
  return (
    <li class="rule-row" data-testid={`rule-${rule.id}`}>
      <label>
        <span class="rule" title={rule.source}>
          {name}
        </span>
        <select
          value={rule.strength}
          onChange={(event) =>
            desk.changeRule(rule.id, { strength: event.currentTarget.value as Strength })
          }
        >
          {STRENGTHS.map((strength) => (
            <option key={strength} value={strength}>
              {t(`strength.${strength}`)}
            </option>
          ))}
        </select>
      </label>
      {!isOff && (
        <div class="limits">
          {limits.map(([limit, value]) => {
            const factor = LIMITS[limit] as number;
            return (
              <NumberField
                key={limit}
                id={`limit-${rule.id}-${limit}`}
                label={t(`limit.${limit as "least" | "most" | "most_share"}`)}
                unit={limit === "most_share" ? "%" : undefined}
                most={limit === "most_share" ? 100 : undefined}
                value={value * factor}
                change={(given) =>
                  desk.changeRule(rule.id, {
                    asks: { ...rule.asks, [limit]: (given ?? 0) / factor },
                  })
                }
              />
            );
          })}
          {rule.strength === "soft" && (
            <NumberField
              id={`weight-${rule.id}`}
              label={t("limit.weight")}
              unit={t("unit.receiptMinutes")}
              value={rule.weight}
              change={(weight) => desk.changeRule(rule.id, { weight })}
            />
          )}
        </div>
      )}
      {!isOff && OF_EACH_ZONE.includes(rule.asks.kind) && <RuleReach rule={rule} />}
      <span class="clause">{rule.source}</span>
    </li>
  );
}

/** The rules that every zoning keeps are told; the others are chosen. */
export function Rules() {
  const { desk, t } = useWorkbench();
  const { request, choices } = desk;
  if (!request || !choices) return null;
  const rules = request.asked.rule.filter((rule) => !isPlaceRule(rule));
  const chosen = rules.filter(({ strength }) => strength !== "off").length;
  return (
    <details class="rules" data-testid="rules">
      <summary>{t("propose.rules", { count: chosen })}</summary>
      <p class="quiet">{t("propose.rulesHelp")}</p>
      <ul>
        {rules.map((rule) => (
          <RuleRow key={rule.id} rule={rule} />
        ))}
      </ul>
      <p class="clause">{choices.version}</p>
    </details>
  );
}
