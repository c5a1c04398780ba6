import { useCallback, useEffect, useRef, useState } from "preact/hooks";
import { ApiError, loadContours } from "../api/client";
import type { Direction, Origin } from "../api/reach";
import { translate } from "../i18n";
import type { MapDetails } from "../map/details";
import type { MapView } from "../map/view";
import { REACH_LIMITS, type Reach } from "../model/reach";
import type { StudyIndex } from "../model/study";
import type { Selection } from "../state/state";
import type { Store } from "../state/store";
import { Compare } from "./Compare";
import {
  type DialogName,
  type Question,
  translator,
  useWorkbench,
  type Workbench,
  WorkbenchContext,
} from "./context";
import { DataBar } from "./DataBar";
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
  const showReach = useCallback(async (origin: Origin, direction: Direction) => {
    asked.current += 1;
    const mine = asked.current;
    const waiting: Reach = { origin, direction, contours: null, problem: null };
    setReach(waiting);
    const found = await loadContours(origin, direction, REACH_LIMITS).then(
      (contours) => ({ ...waiting, contours }),
      (cause) => ({
        ...waiting,
        problem: cause instanceof ApiError ? cause.detail : String(cause),
      }),
    );
    // Somebody may have asked for another place meanwhile.
    if (mine === asked.current) setReach(found);
  }, []);
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
      store.set({ selection });
    },
    reach,
    showReach,
    hideReach,
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
        <Header showPoint={(position) => map.current?.showPoint(position)} />
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
                <Shortages />
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

function skipToMap(): void {
  document.querySelector<HTMLElement>("#map canvas, #map")?.focus();
}

/** The page's title for a study. */
const pageTitle = (study: StudyIndex, lang: "ja" | "en") =>
  `${study.summary.study.prefecture_name} — ${translate(lang, "app.title")}`;
