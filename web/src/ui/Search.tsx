import type { Feature } from "geojson";
import { useRef, useState } from "preact/hooks";
import { loadLayer } from "../api/client";
import { type FacilityDetails, readFacility } from "../map/details";
import { type Hit, search } from "../model/search";
import { useWorkbench } from "./context";

interface Facilities {
  hits: Hit[];
  details: Map<string, FacilityDetails>;
}

/** Institutions that have a place, as the published layer gives them. */
function readFacilities(features: Feature[]): Facilities {
  const hits: Hit[] = [];
  const details = new Map<string, FacilityDetails>();
  for (const { geometry, properties } of features) {
    if (geometry?.type !== "Point") continue;
    const of = readFacility(properties);
    const [longitude = 0, latitude = 0] = geometry.coordinates;
    details.set(of.id, of);
    hits.push({
      kind: "facility",
      id: of.id,
      name: of.name,
      note: of.address,
      position: [longitude, latitude],
    });
  }
  return { hits, details };
}

/** A search field with a list of what it found. */
export function Search({ showPoint }: { showPoint: (position: [number, number]) => void }) {
  const { study, plan, select, t } = useWorkbench();
  const [words, setWords] = useState("");
  const [open, setOpen] = useState(false);
  const [at, setAt] = useState(0);
  const [facilities, setFacilities] = useState<Facilities | null>(null);
  const [failed, setFailed] = useState(false);
  const asked = useRef(false);

  const prepare = () => {
    setOpen(true);
    if (asked.current) return;
    asked.current = true;
    loadLayer("facilities").then(
      ({ features }) => setFacilities(readFacilities(features)),
      () => setFailed(true),
    );
  };
  const hits = search(words, study, plan?.id ?? "", facilities?.hits ?? []);
  const choose = (hit: Hit | undefined) => {
    if (!hit) return;
    select({ kind: hit.kind, id: hit.id }, facilities?.details.get(hit.id) ?? null);
    if (hit.kind === "facility") showPoint(hit.position);
    setOpen(false);
  };
  const keys = (event: KeyboardEvent) => {
    if (event.key === "ArrowDown") setAt(Math.min(at + 1, hits.length - 1));
    else if (event.key === "ArrowUp") setAt(Math.max(at - 1, 0));
    else if (event.key === "Enter") choose(hits[at]);
    else if (event.key === "Escape") setOpen(false);
    else return;
    event.preventDefault();
  };
  const shown = open && words.trim() !== "";
  return (
    <div class="search">
      <input
        type="search"
        role="combobox"
        aria-label={t("search.label")}
        aria-expanded={shown}
        aria-controls="search-hits"
        aria-activedescendant={shown && hits[at] ? `hit-${at}` : undefined}
        aria-autocomplete="list"
        placeholder={t("search.placeholder")}
        value={words}
        data-testid="search"
        onFocus={prepare}
        onBlur={() => setOpen(false)}
        onInput={(event) => {
          setWords(event.currentTarget.value);
          setAt(0);
          setOpen(true);
        }}
        onKeyDown={keys}
      />
      {shown && (
        <div
          class="hits"
          id="search-hits"
          role="listbox"
          aria-label={t("search.label")}
          tabIndex={-1}
        >
          {hits.map((hit, index) => (
            // biome-ignore lint/a11y/useKeyWithClickEvents: the field above handles the keys
            <div
              key={`${hit.kind}${hit.id}`}
              id={`hit-${index}`}
              role="option"
              tabIndex={-1}
              aria-selected={index === at}
              class={index === at ? "hit chosen" : "hit"}
              onMouseDown={(event) => event.preventDefault()}
              onClick={() => choose(hit)}
            >
              <span class="kind">{t(`kind.${hit.kind}`)}</span> {hit.name}
              <span class="clause">{hit.note}</span>
            </div>
          ))}
          {hits.length === 0 && <p class="quiet">{t("search.none")}</p>}
          {failed && <p class="quiet">{t("search.noFacilities")}</p>}
        </div>
      )}
    </div>
  );
}
