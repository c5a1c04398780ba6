import type { Theme } from "../state/state";
import { useWorkbench } from "./context";

/** By which of these the map is coloured. */
export function Colourings({ themes }: { themes: readonly Theme[] }) {
  const { state, change, t } = useWorkbench();
  return (
    <fieldset>
      <legend class="unseen">{t("map.theme")}</legend>
      {themes.map((theme) => (
        <label key={theme}>
          <input
            type="radio"
            name="colouring"
            checked={state.theme === theme}
            data-testid={`colour-${theme}`}
            onChange={() => change({ theme })}
          />
          {t(`theme.${theme}`)}
        </label>
      ))}
    </fieldset>
  );
}
