import { areaText, parseArea, parseWays, TIMES } from "../model/conditions";
import { isFacilityKind } from "../model/facilities";
import { initialState, OVERLAYS, PANELS, type Selection, type State, THEMES } from "./state";

const SELECTIONS = ["zone", "municipality", "cell", "facility", "finding"] as const;

const subset = <T extends string>(text: string, all: readonly T[]): T[] => {
  const said = text.split(",");
  return all.filter((one) => said.includes(one));
};

function parseSelection(text: string): Selection {
  const at = text.indexOf(":");
  const kind = SELECTIONS.find((one) => one === text.slice(0, at));
  const id = text.slice(at + 1);
  return kind && id ? { kind, id } : { kind: "prefecture" };
}

function parseView(text: string): State["view"] {
  const [zoom, latitude, longitude] = text.split("/").map(Number);
  const known = [zoom, latitude, longitude].every((one) => Number.isFinite(one));
  return known ? ({ zoom, latitude, longitude } as State["view"]) : null;
}

/**
 * The state that a hash such as `#plan=secondary&sel=municipality:19201&year=2040` asks for.
 * What it does not say, or says wrongly, stays as in `base`.
 */
export function parseHash(hash: string, base: State = initialState): State {
  const said = new URLSearchParams(hash.replace(/^#/, ""));
  const state = { ...base };
  const read = (key: string, use: (text: string) => void) => {
    const text = said.get(key);
    if (text !== null) use(text);
  };
  read("plan", (text) => {
    state.plan = text;
  });
  read("ref", (text) => {
    state.reference = text;
  });
  read("sel", (text) => {
    state.selection = parseSelection(text);
  });
  read("service", (text) => {
    state.service = text;
  });
  read("year", (text) => {
    if (/^\d{4}$/.test(text)) state.year = Number(text);
  });
  read("lang", (text) => {
    if (text === "ja" || text === "en") state.lang = text;
  });
  read("theme", (text) => {
    state.theme = THEMES.find((one) => one === text) ?? base.theme;
  });
  read("slot", (text) => {
    const [day = "", band = ""] = text.split(",");
    if (day && band) state.slot = { day, band };
  });
  read("online", (text) => {
    state.online = text === "on";
  });
  read("layer", (text) => {
    state.layer = text;
  });
  read("future", (text) => {
    state.future = text;
  });
  const under = (change: Partial<State["conditions"]>) => {
    state.conditions = { ...state.conditions, ...change };
  };
  read("when", (text) => {
    const said = text.split(",");
    under({
      snow: said.includes("snow"),
      time: TIMES.find((one) => said.includes(one)) ?? "day",
      noFerries: said.includes("no_ferries"),
      noTolls: said.includes("no_tolls"),
    });
  });
  read("ways", (text) => under({ ways: parseWays(text) }));
  read("closed", (text) => under({ area: parseArea(text) }));
  read("show", (text) => {
    state.overlays = subset(text, OVERLAYS);
  });
  read("kinds", (text) => {
    state.kinds = text === "service" ? null : text.split(",").filter(isFacilityKind);
  });
  read("open", (text) => {
    state.open = subset(text, PANELS);
  });
  read("view", (text) => {
    state.view = parseView(text);
  });
  return state;
}

/** The hash that reproduces a state; what is as in `base` is left out. */
export function formatHash(state: State, base: State = initialState): string {
  const out = new URLSearchParams();
  const write = (key: string, text: (state: State) => string) => {
    if (text(state) !== text(base)) out.set(key, text(state));
  };
  write("plan", (s) => s.plan);
  write("ref", (s) => s.reference);
  write("sel", ({ selection: s }) => (s.kind === "prefecture" ? s.kind : `${s.kind}:${s.id}`));
  write("service", (s) => s.service);
  write("year", (s) => String(s.year));
  write("lang", (s) => s.lang);
  write("theme", (s) => s.theme);
  write("slot", ({ slot }) => `${slot.day},${slot.band}`);
  write("online", (s) => (s.online ? "on" : "off"));
  write("layer", (s) => s.layer);
  write("future", (s) => s.future);
  write("when", ({ conditions: of }) =>
    [
      of.snow && "snow",
      of.time !== "day" && of.time,
      of.noFerries && "no_ferries",
      of.noTolls && "no_tolls",
    ]
      .filter(Boolean)
      .join(","),
  );
  write("ways", (s) => s.conditions.ways.join(","));
  write("closed", (s) => areaText(s.conditions.area));
  write("show", (s) => s.overlays.join(","));
  write("kinds", (s) => (s.kinds === null ? "service" : s.kinds.join(",")));
  write("open", (s) => s.open.join(","));
  write("view", ({ view }) =>
    view
      ? [view.zoom.toFixed(2), view.latitude.toFixed(5), view.longitude.toFixed(5)].join("/")
      : "",
  );
  return out.toString().replaceAll("%3A", ":").replaceAll("%2C", ",").replaceAll("%2F", "/");
}
