import { useEffect, useRef, useState } from "preact/hooks";
import type { Change } from "../api/shortage";
import { type Key, serviceName, translateOr } from "../i18n";
import type { MapDetails } from "../map/details";
import { type Hovered, MapView } from "../map/view";
import { isCause } from "../model/causes";
import { FACILITY_KINDS } from "../model/facilities";
import { formatNumber } from "../model/format";
import { ALL_KINDS, OVERLAYS, PANELS, type Selection, THEMES, type View } from "../state/state";
import { useWorkbench, type Workbench } from "./context";
import { KindSign, Legend } from "./Legend";

function Layers() {
  const { study, state, lang, change, t } = useWorkbench();
  return (
    <div class="layers" data-testid="layers">
      <label>
        {t("map.service")}
        <select
          value={state.service}
          data-testid="service"
          onChange={(event) => change({ service: event.currentTarget.value })}
        >
          {study.summary.services.map((service) => (
            <option key={service.id} value={service.id}>
              {serviceName(lang, service)}
            </option>
          ))}
        </select>
      </label>
      <fieldset>
        <legend>{t("map.theme")}</legend>
        {THEMES.map((theme) => (
          <label key={theme}>
            <input
              type="radio"
              name="theme"
              checked={state.theme === theme}
              data-testid={`theme-${theme}`}
              onChange={() => change({ theme })}
            />
            {t(`theme.${theme}`)}
          </label>
        ))}
      </fieldset>
      <fieldset>
        <legend>{t("map.overlays")}</legend>
        {OVERLAYS.filter((one) => one !== "care_links" || study.hasCareLinks).map((overlay) => (
          <label key={overlay}>
            <input
              type="checkbox"
              checked={state.overlays.includes(overlay)}
              data-testid={`overlay-${overlay}`}
              onChange={(event) => {
                const on = event.currentTarget.checked;
                change({
                  overlays: OVERLAYS.filter((one) =>
                    one === overlay ? on : state.overlays.includes(one),
                  ),
                });
              }}
            />
            {t(`overlay.${overlay}`)}
          </label>
        ))}
      </fieldset>
      {state.overlays.includes("facilities") && (
        <fieldset>
          <legend>{t("map.kinds")}</legend>
          <label>
            <input
              type="radio"
              name="kinds"
              checked={state.kinds === null}
              onChange={() => change({ kinds: null })}
            />
            {t("map.kindsService")}
          </label>
          <label>
            <input
              type="radio"
              name="kinds"
              checked={state.kinds !== null}
              data-testid="kinds-chosen"
              onChange={() => change({ kinds: ALL_KINDS })}
            />
            {t("map.kindsChosen")}
          </label>
          {FACILITY_KINDS.map(({ id, shape }) => (
            <label key={id} class="inner">
              <input
                type="checkbox"
                disabled={state.kinds === null}
                checked={state.kinds?.includes(id) ?? false}
                onChange={(event) => {
                  const on = event.currentTarget.checked;
                  change({
                    kinds: ALL_KINDS.filter((one) =>
                      one === id ? on : (state.kinds?.includes(one) ?? false),
                    ),
                  });
                }}
              />
              <KindSign shape={shape} filled={false} />
              {t(`facilityKind.${id}`)}
            </label>
          ))}
        </fieldset>
      )}
    </div>
  );
}

function Hover({ at }: { at: Hovered }) {
  const { study, state, plan, lang, t } = useWorkbench();
  const lines: string[] = [];
  if (at.facility?.kind === "facility") {
    const kind = at.facility.facilityKind;
    const words = translateOr(lang, `facilityKind.${kind}`, kind);
    lines.push(t("text.noted", { text: at.facility.name, note: words }));
  }
  if (at.municipality) {
    const zone = plan && study.zoneOf(plan.id, at.municipality);
    const name = study.municipalityName(at.municipality);
    lines.push(zone && zone.name !== name ? `${name}｜${zone.name}` : name);
  }
  if (at.cell?.kind === "cell") {
    const minutes = at.cell.minutes.get(state.service);
    const time = !at.cell.linked
      ? t("figures.linkedNo")
      : minutes === null || minutes === undefined
        ? t("figures.overLimit", { minutes: study.travelLimit() })
        : `${formatNumber(minutes, lang, { digits: 1 })} ${t("unit.minutes")}`;
    const people = t("hover.people", { count: formatNumber(at.cell.age75, lang) });
    lines.push(`${time}　${people}`);
  }
  if (at.short) {
    const { cause, causes, institutions, total } = at.short;
    const why =
      cause === "none"
        ? t("short.noCause")
        : causes
            .split(",")
            .filter(isCause)
            .map((one) => t(`cause.${one}`))
            .join(t("text.separator"));
    lines.push(`${why}　${t("short.hover", { institutions, people: formatNumber(total, lang) })}`);
  }
  if (at.week) {
    const { answer, total } = at.week;
    const people = `${formatNumber(total, lang)} ${t("unit.people")}`;
    lines.push(`${t(`answer.${answer}`)}　${people}`);
  }
  if (at.demand) lines.push(formatNumber(at.demand.demand, lang, { digits: 2 }));
  if (at.finding?.kind === "finding") lines.push(at.finding.meant);
  return (
    <div class="hover" style={{ left: `${at.x + 14}px`, top: `${at.y + 14}px` }} aria-hidden="true">
      {lines.map((line) => (
        <div key={line}>{line}</div>
      ))}
    </div>
  );
}

/** Its licence asks to be named on the map itself, where there may be no room for all. */
const openStreetMapFirst = (a: string, b: string) =>
  Number(b.includes("OpenStreetMap")) - Number(a.includes("OpenStreetMap"));

/** What is outlined of a what-if: the change of the chosen service, else of the first. */
const changedCells = ({ whatIf, state }: Workbench): Change | undefined =>
  whatIf?.answer?.find(({ service }) => service === state.service) ?? whatIf?.answer?.[0];

interface MapPaneProps {
  onDetails: (details: MapDetails) => void;
  /** Hands the map to whoever moves it from outside. */
  onMap: (view: MapView | null) => void;
}

/** The map with its buttons, layers and legend. */
export function MapPane({ onDetails, onMap }: MapPaneProps) {
  const workbench = useWorkbench();
  const { study, state, select, change, openDialog, t } = workbench;
  const holder = useRef<HTMLDivElement>(null);
  const view = useRef<MapView | null>(null);
  const clicked = useRef<Selection | null>(null);
  const latest = useRef(workbench);
  latest.current = workbench;
  const [hovered, setHovered] = useState<Hovered | null>(null);
  const [layers, setLayers] = useState(false);
  const [broken, setBroken] = useState(false);
  const [problem, setProblem] = useState(false);
  const wide = !state.open.includes("left") && !state.open.includes("right");

  useEffect(() => {
    if (!holder.current) return;
    const events = {
      select: (selection: Selection, details: MapDetails | null) => {
        clicked.current = selection;
        select(selection, details);
      },
      moved: (now: View | null) => latest.current.change({ view: now }),
      details: onDetails,
      problem: () => setProblem(true),
      hover: setHovered,
      corner: (longitude: number, latitude: number) => {
        const { sketch, setSketch } = latest.current;
        setSketch([...(sketch ?? []), [longitude, latitude]]);
      },
      point: (longitude: number, latitude: number) =>
        latest.current.showReach({ kind: "point", longitude, latitude, name: null }, "outward"),
    };
    const locale = { "Map.Title": t("map.label"), "ScaleControl.Kilometers": "km" };
    try {
      view.current = new MapView(holder.current, study, state, events, locale);
      const { map, ready } = view.current;
      window.__keniki = { map, ready };
      onMap(view.current);
    } catch {
      setBroken(true);
      document.body.dataset.state = "no-map";
    }
    return () => {
      view.current?.remove();
      onMap(null);
    };
    // The map lives as long as the study; later states reach it below.
  }, [study]);

  useEffect(() => {
    view.current?.update(state, clicked.current === state.selection);
  }, [state]);

  const draft = study.drafts.get(state.plan);
  useEffect(() => {
    view.current?.showDraft(draft ?? null);
  }, [draft]);

  const picks = workbench.desk.isEditing || workbench.desk.isPlacing;
  useEffect(() => {
    if (view.current) view.current.isPicking = picks;
  }, [picks]);

  useEffect(() => {
    view.current?.showReach(workbench.reach);
  }, [workbench.reach]);

  const shown = workbench.shortage?.answer;
  useEffect(() => {
    view.current?.showCells("short", shown?.[1] ?? null);
  }, [shown]);

  const slotCells = workbench.week.cells?.answer;
  useEffect(() => {
    view.current?.showCells("week", slotCells ?? null);
  }, [slotCells]);

  const { answer: outlook, cells: demandCells } = workbench.demand;
  useEffect(() => {
    view.current?.showOutlook(outlook?.answer ?? null);
  }, [outlook?.answer]);
  useEffect(() => {
    view.current?.showCells("outlook", demandCells?.answer ?? null);
  }, [demandCells?.answer]);

  const changed = changedCells(workbench);
  useEffect(() => {
    view.current?.showChanged(changed?.cells ?? []);
  }, [changed]);

  const { sketch } = workbench;
  useEffect(() => {
    view.current?.showClosed(sketch ?? state.conditions.area, sketch !== null);
  }, [sketch, state.conditions.area]);

  const buttons: [Key, string, () => void][] = [
    ["map.zoomIn", "＋", () => view.current?.map.zoomIn()],
    ["map.zoomOut", "−", () => view.current?.map.zoomOut()],
    ["map.home", "⌂", () => view.current?.home()],
    [
      wide ? "map.normal" : "map.full",
      wide ? "⤡" : "⤢",
      () => change({ open: wide ? [...PANELS] : [] }),
    ],
  ];
  const attributions = [...study.summary.attributions].sort(openStreetMapFirst).join("／");

  return (
    <main class="map" id="map" tabIndex={-1} data-testid="map">
      <div
        class="map-holder"
        ref={holder}
        role="application"
        aria-label={t("map.label")}
        aria-describedby="map-help"
      />
      <p id="map-help" class="unseen">
        {t("map.help")}
      </p>
      {broken && <p class="problem map-problem">{t("error.map")}</p>}
      {!broken && problem && (
        <p class="problem map-problem" role="status">
          {t("error.tiles")}
        </p>
      )}
      <div class="map-tools">
        <div class="map-bar">
          <button
            type="button"
            aria-expanded={layers}
            data-testid="open-layers"
            onClick={() => setLayers(!layers)}
          >
            {t("map.layers")} <span aria-hidden="true">{layers ? "▴" : "▾"}</span>
          </button>
          {buttons.map(([key, sign, act]) => (
            <button key={key} type="button" aria-label={t(key)} title={t(key)} onClick={act}>
              <span aria-hidden="true">{sign}</span>
            </button>
          ))}
        </div>
        {layers && <Layers />}
      </div>
      <Legend />
      <button
        type="button"
        class="attribution"
        title={study.summary.attributions.join("\n")}
        onClick={() => openDialog("sources")}
      >
        {t("text.labelled", { label: t("map.attribution"), value: attributions })}
      </button>
      {hovered && <Hover at={hovered} />}
    </main>
  );
}
