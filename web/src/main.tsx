import type { Map as MapLibreMap } from "maplibre-gl";
import { render } from "preact";
import { loadSummary } from "./api/client";
import { StudyIndex } from "./model/study";
import { parseHash } from "./state/hash";
import { initialState, type State } from "./state/state";
import { keepInAddress, Store } from "./state/store";
import "./styles.css";
import { App } from "./ui/App";
import { Empty, Failure, Loading } from "./ui/Message";

declare global {
  interface Window {
    /** For browser tests: the map, and a promise of its first complete drawing. */
    __keniki?: { map: MapLibreMap; ready: Promise<void> };
  }
}

/** The first screen of this study, before a link says more. */
function firstState(study: StudyIndex): State {
  const plan = study.plan(initialState.plan)?.id ?? "";
  const service = study.summary.services.find(({ loaded }) => loaded)?.id ?? "";
  const year = study.years[0] ?? initialState.year;
  return { ...initialState, plan, reference: plan, service, year };
}

/** What a link asks for, kept to what this study has. */
function linkedState(study: StudyIndex, base: State): State {
  const asked = parseHash(location.hash, base);
  const plan = study.plans.has(asked.plan) ? asked.plan : base.plan;
  return {
    ...asked,
    plan,
    selection: study.has(plan, asked.selection) ? asked.selection : base.selection,
    reference: study.plans.has(asked.reference) ? asked.reference : base.reference,
    service: study.services.has(asked.service) ? asked.service : base.service,
    year: study.years.includes(asked.year) ? asked.year : base.year,
  };
}

async function start(root: HTMLElement): Promise<void> {
  const { lang } = parseHash(location.hash);
  document.documentElement.lang = lang;
  render(<Loading lang={lang} />, root);
  try {
    const study = new StudyIndex(await loadSummary());
    if (study.summary.municipality_table.length === 0) {
      document.body.dataset.state = "empty";
      render(<Empty lang={lang} />, root);
      return;
    }
    const base = firstState(study);
    // Another link opened in the same tab starts afresh, so that the map goes where it points.
    let opened = 0;
    const open = () => {
      opened += 1;
      document.body.dataset.state = "loading";
      const store = new Store(linkedState(study, base));
      keepInAddress(store, base);
      render(<App key={opened} study={study} store={store} />, root);
    };
    addEventListener("hashchange", open);
    open();
  } catch (error) {
    document.body.dataset.state = "failed";
    render(<Failure error={error} lang={lang} />, root);
  }
}

const root = document.getElementById("app");
if (root) void start(root);
