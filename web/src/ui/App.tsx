import { useCallback, useEffect, useRef, useState } from "preact/hooks";
import {
  ApiError,
  loadContours,
  loadDemandCells,
  loadOutlook,
  loadShortage,
  loadStart,
  loadStop,
  loadWeek,
  loadWeekCells,
} from "../api/client";
import type { Direction, Origin } from "../api/reach";
import { translate } from "../i18n";
import type { MapDetails } from "../map/details";
import type { MapView } from "../map/view";
import type { Conditions } from "../model/conditions";
import { REACH_LIMITS, type Reach } from "../model/reach";
import type { StudyIndex } from "../model/study";
import { isByCause, isOfDemand, type Selection, type State, type Theme } from "../state/state";
import type { Store } from "../state/store";
import { ByCause } from "./ByCause";
import { Compare } from "./Compare";
import {
  type DialogName,
  type Question,
  translator,
  useWorkbench,
  type WhatIf,
  type Workbench,
  WorkbenchContext,
} from "./context";
import { DataBar } from "./DataBar";
import { DemandPanel } from "./DemandPanel";
import { DownloadsDialog } from "./DownloadsDialog";
import { Evidence } from "./Evidence";
import { FindingsDialog } from "./FindingsDialog";
import { Header } from "./Header";
import { Inspector, useSelectionName } from "./Inspector";
import { MapPane } from "./MapPane";
import { SidePanel } from "./Panel";
import { Plans } from "./Plans";
import { PrintSources } from "./PrintSources";
import { useDesk } from "./proposals/desk";
import { ProposalPanel } from "./proposals/ProposalPanel";
import { Shortages } from "./Shortages";
import { SourcesDialog } from "./SourcesDialog";
import { useAnswer } from "./useAnswer";
import { WeekPanel } from "./WeekPanel";

/** Says aloud what is selected, for those who do not see it. */
function Live() {
  const { t } = useWorkbench();
  const { name, kind } = useSelectionName();
  return (
    <p class="unseen" role="status" aria-live="polite" data-testid="live">
      {t("live.selected", { name: `${kind} ${name}` })}
    </p>
  );
}

/** The whole screen of one study. */
export function App({ study, store }: { study: StudyIndex; store: Store }) {
  const [state, setState] = useState(store.get());
  const [details, setDetails] = useState<MapDetails | null>(null);
  const [question, setQuestion] = useState<Question | null>(null);
  const [dialog, setDialog] = useState<DialogName | null>(null);
  const map = useRef<MapView | null>(null);
  useEffect(() => store.subscribe(() => setState(store.get())), [store]);
  useEffect(() => {
    document.documentElement.lang = state.lang;
    document.title = pageTitle(study, state.lang);
  }, [study, state.lang]);
  const asked = useRef(0);
  const [reach, setReach] = useState<Reach | null>(null);
  const hideReach = useCallback(() => {
    asked.current += 1;
    setReach(null);
  }, []);
  const { conditions } = state;
  const showReach = useCallback(
    async (origin: Origin, direction: Direction) => {
      asked.current += 1;
      const mine = asked.current;
      const waiting: Reach = { origin, direction, contours: null, problem: null };
      setReach(waiting);
      const found = await loadContours(origin, direction, REACH_LIMITS, conditions).then(
        (contours) => ({ ...waiting, contours }),
        (cause) => ({
          ...waiting,
          problem: cause instanceof ApiError ? cause.detail : String(cause),
        }),
      );
      // Somebody may have asked for another place meanwhile.
      if (mine === asked.current) setReach(found);
    },
    [conditions],
  );
  // What is shown follows the conditions.
  useEffect(() => {
    if (reach) void showReach(reach.origin, reach.direction);
  }, [showReach]);
  const shortage = useShortage(study, state);
  const week = useWeek(state);
  const demand = useDemand(study, state);
  const loadWhatIf = useCallback(
    (asked: WhatIf) =>
      asked.kind === "stop"
        ? loadStop(asked.id, conditions)
        : loadStart(asked.service, asked.origin, conditions),
    [conditions],
  );
  const { answer: whatIf, ask: askWhatIf, forget: hideWhatIf } = useAnswer(loadWhatIf);
  useEffect(() => {
    if (whatIf) void askWhatIf(whatIf.question);
  }, [askWhatIf]);
  const [sketch, setSketch] = useState<Conditions["area"] | null>(null);
  const showPoint = useCallback(
    (position: [number, number]) => map.current?.showPoint(position),
    [],
  );
  const desk = useDesk(study, store);
  const closeQuestion = useCallback(() => setQuestion(null), []);
  const closeDialog = useCallback(() => setDialog(null), []);

  const workbench: Workbench = {
    study,
    state,
    plan: study.plan(state.plan),
    lang: state.lang,
    details: "id" in state.selection && details?.id === state.selection.id ? details : null,
    t: translator(state.lang),
    change: (change) => store.set(change),
    select: (selection: Selection, found: MapDetails | null = null) => {
      setDetails(found);
      hideReach();
      hideWhatIf();
      store.set({ selection });
    },
    reach,
    showReach,
    hideReach,
    shortage,
    week,
    demand,
    whatIf,
    askWhatIf,
    hideWhatIf,
    sketch,
    setSketch,
    showPoint,
    desk,
    explain: setQuestion,
    openDialog: setDialog,
  };
  const { t } = workbench;
  const { invented } = study.summary.study;
  return (
    <WorkbenchContext.Provider value={workbench}>
      <button type="button" class="skip" onClick={skipToMap}>
        {t("app.skip")}
      </button>
      <div class="app">
        <Header showPoint={showPoint} />
        {invented && (
          <p class="invented" data-testid="invented">
            <strong>{t("invented.banner")}</strong> {t("invented.more")}
          </p>
        )}
        <SidePanel name="left" title={`${t("plans.title")}・${t("shortage.title")}`}>
          <div class="scroll">
            {desk.isOpen ? (
              <ProposalPanel />
            ) : (
              <>
                <Plans />
                <Topic theme={state.theme} />
              </>
            )}
          </div>
        </SidePanel>
        <MapPane
          onDetails={setDetails}
          onMap={(view) => {
            map.current = view;
          }}
        />
        <Compare />
        <SidePanel name="right" title={t("figures.title")}>
          <Inspector />
        </SidePanel>
        <DataBar />
        <PrintSources />
      </div>
      <Live />
      {question && <Evidence question={question} close={closeQuestion} />}
      {dialog === "findings" && <FindingsDialog close={closeDialog} />}
      {dialog === "sources" && <SourcesDialog close={closeDialog} />}
      {dialog === "downloads" && <DownloadsDialog close={closeDialog} />}
    </WorkbenchContext.Provider>
  );
}

/** The list that belongs to what the map shows. */
function Topic({ theme }: { theme: Theme }) {
  if (isByCause(theme)) return <ByCause />;
  if (theme === "week") return <WeekPanel />;
  return isOfDemand(theme) ? <DemandPanel /> : <Shortages />;
}

/** The week, and the cells of its chosen slot, while the theme shows them. */
function useWeek({ theme, service, slot, online, conditions }: State) {
  const load = useCallback(([video, under]: [boolean, Conditions]) => loadWeek(video, under), []);
  const { answer, ask, forget } = useAnswer(load);
  const wanted = theme === "week";
  useEffect(() => {
    if (wanted) void ask([online, conditions]);
    else forget();
  }, [wanted, online, conditions]);
  const services = answer?.answer?.services;
  const shown = services?.find((one) => one.service === service) ?? services?.[0];
  const loadCells = useCallback(
    (question: Parameters<typeof loadWeekCells>) => loadWeekCells(...question),
    [],
  );
  const { answer: cells, ask: askCells, forget: forgetCells } = useAnswer(loadCells);
  useEffect(() => {
    if (shown?.known) void askCells([shown.service, slot, online, conditions]);
    else forgetCells();
  }, [shown, slot]);
  return { answer, service: shown, cells };
}

/** Demand of the chosen layer for the zones of the plan, and its cells, while a theme shows them. */
function useDemand(study: StudyIndex, { theme, layer, plan, year }: State) {
  const load = useCallback(
    ([of, zones]: Parameters<typeof loadOutlook>) => loadOutlook(of, zones),
    [],
  );
  const { answer, ask, forget } = useAnswer(load);
  const wanted = isOfDemand(theme);
  const shown = study.plan(plan);
  useEffect(() => {
    if (wanted) void ask([layer, (shown?.zones ?? []).map(({ municipalities }) => municipalities)]);
    else forget();
  }, [wanted, layer, shown]);
  const loadCells = useCallback(
    ([of, then]: Parameters<typeof loadDemandCells>) => loadDemandCells(of, then),
    [],
  );
  const { answer: cells, ask: askCells, forget: forgetCells } = useAnswer(loadCells);
  const cellsWanted = theme === "demandCells";
  useEffect(() => {
    if (cellsWanted) void askCells([layer, year]);
    else forgetCells();
  }, [cellsWanted, layer, year]);
  return { answer, cells };
}

/** The shortage of the chosen service by cause, while a theme shows it. */
function useShortage(study: StudyIndex, { theme, service, conditions }: State) {
  const load = useCallback(([of, under]: [string, Conditions]) => loadShortage(of, under), []);
  const { answer, ask, forget } = useAnswer(load);
  const wanted = isByCause(theme) && study.services.get(service)?.loaded === true;
  useEffect(() => {
    if (wanted) void ask([service, conditions]);
    else forget();
  }, [wanted, service, conditions]);
  return answer;
}

function skipToMap(): void {
  document.querySelector<HTMLElement>("#map canvas, #map")?.focus();
}

/** The page's title for a study. */
const pageTitle = (study: StudyIndex, lang: "ja" | "en") =>
  `${study.summary.study.prefecture_name} — ${translate(lang, "app.title")}`;
