import { useWorkbench } from "../context";

interface PlaceChooserProps {
  /** Codes of the municipalities that are chosen. */
  codes: string[];
  toggle: (code: string) => void;
  /** Begins the test ids. */
  id: string;
}

/** A list to choose municipalities from, and those that are chosen, each to be taken out again. */
export function PlaceChooser({ codes, toggle, id }: PlaceChooserProps) {
  const { study, t } = useWorkbench();
  return (
    <>
      <label class="number-field">
        <span>{t("kind.municipality")}</span>
        <select
          value=""
          data-testid={`${id}-what`}
          onChange={(event) => {
            if (event.currentTarget.value) toggle(event.currentTarget.value);
            event.currentTarget.value = "";
          }}
        >
          <option value="">{t("place.choose")}</option>
          {study.summary.municipality_table.map(({ code, name }) => (
            <option key={code} value={code}>
              {name}
            </option>
          ))}
        </select>
      </label>
      <ul class="chosen-places" data-testid={`${id}-chosen`} aria-live="polite">
        {codes.map((code) => (
          <li key={code}>
            {study.municipalityName(code)}
            <button
              type="button"
              class="link"
              aria-label={t("place.remove", { name: study.municipalityName(code) })}
              onClick={() => toggle(code)}
            >
              ×
            </button>
          </li>
        ))}
      </ul>
    </>
  );
}
