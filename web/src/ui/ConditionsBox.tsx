import { useState } from "preact/hooks";
import { type Key, type Lang, translate } from "../i18n";
import {
  areaText,
  type Conditions,
  isNormal,
  NORMAL,
  parseArea,
  parseWays,
  TIMES,
} from "../model/conditions";
import { useWorkbench } from "./context";

/** The conditions in a few words. */
export function conditionWords(of: Conditions, lang: Lang): string {
  const t = (key: Key) => translate(lang, key);
  const words = [
    of.snow && t("when.snow"),
    of.time !== "day" && t(`when.time.${of.time}`),
    of.noFerries && t("when.noFerries"),
    of.noTolls && t("when.noTolls"),
    (of.ways.length > 0 || of.area.length > 0) && t("when.closed"),
  ].filter((word) => typeof word === "string");
  return words.length === 0 ? t("when.normal") : words.join(t("text.separator"));
}

/** Winter, hours, ferries and closed roads, under which the server computes on demand. */
export function ConditionsBox() {
  const { state, lang, change, sketch, setSketch, t } = useWorkbench();
  const { conditions } = state;
  const [open, setOpen] = useState(false);
  const set = (more: Partial<Conditions>) => change({ conditions: { ...conditions, ...more } });
  const box = (name: "snow" | "noFerries" | "noTolls") => (
    <label>
      <input
        type="checkbox"
        checked={conditions[name]}
        data-testid={`when-${name}`}
        onChange={(event) => set({ [name]: event.currentTarget.checked })}
      />
      {t(`when.${name}`)}
    </label>
  );
  const finish = () => {
    if (sketch && sketch.length > 2) set({ area: sketch });
    setSketch(null);
  };
  return (
    <details
      class="when"
      open={open}
      data-testid="when"
      onToggle={(event) => setOpen(event.currentTarget.open)}
    >
      <summary>
        {t("text.labelled", { label: t("when.title"), value: conditionWords(conditions, lang) })}
      </summary>
      <div class="switches">
        {box("snow")}
        {box("noFerries")}
        {box("noTolls")}
      </div>
      <label class="choice-line">
        {t("when.time")}
        <select
          value={conditions.time}
          data-testid="when-time"
          onChange={(event) => {
            const time = TIMES.find((one) => one === event.currentTarget.value);
            if (time) set({ time });
          }}
        >
          {TIMES.map((time) => (
            <option key={time} value={time}>
              {t(`when.time.${time}`)}
            </option>
          ))}
        </select>
      </label>
      <label class="choice-line">
        {t("when.ways")}
        <input
          type="text"
          inputMode="numeric"
          placeholder="123456789,…"
          value={conditions.ways.join(",")}
          data-testid="when-ways"
          onChange={(event) => set({ ways: parseWays(event.currentTarget.value) })}
        />
      </label>
      <label class="choice-line">
        {t("when.area")}
        <input
          type="text"
          placeholder={t("when.areaPlaceholder")}
          value={areaText(sketch ?? conditions.area)}
          data-testid="when-area"
          onChange={(event) => {
            setSketch(null);
            set({ area: parseArea(event.currentTarget.value) });
          }}
        />
      </label>
      <p class="tools">
        {sketch === null ? (
          <button type="button" data-testid="draw-area" onClick={() => setSketch([])}>
            {t("when.draw")}
          </button>
        ) : (
          <>
            <button
              type="button"
              disabled={sketch.length < 3}
              data-testid="finish-area"
              onClick={finish}
            >
              {t("when.finish")}
            </button>
            <button type="button" onClick={() => setSketch(null)}>
              {t("when.cancel")}
            </button>
          </>
        )}
        {!isNormal(conditions) && (
          <button type="button" class="link" onClick={() => change({ conditions: NORMAL })}>
            {t("when.clear")}
          </button>
        )}
      </p>
      {sketch !== null && (
        <p class="quiet" role="status">
          {t("when.drawing", { count: sketch.length })}
        </p>
      )}
    </details>
  );
}
