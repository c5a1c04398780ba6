import { createContext } from "preact";
import { useContext } from "preact/hooks";
import type { DemandCells, Outlook } from "../api/demand";
import type { Direction, Origin } from "../api/reach";
import type { Change, ShortageList, ShortCells } from "../api/shortage";
import type { Assumption, Input, Maybe, PlanFigures } from "../api/types";
import type { ServiceWeek, Week, WeekCells } from "../api/week";
import { type Key, type Lang, type Params, translate } from "../i18n";
import type { MapDetails } from "../map/details";
import type { Conditions } from "../model/conditions";
import type { FigureKey } from "../model/figures";
import { fileName } from "../model/provenance";
import type { Reach } from "../model/reach";
import type { StudyIndex } from "../model/study";
import type { Selection, State } from "../state/state";
import type { Desk } from "./proposals/desk";
import type { Answer } from "./useAnswer";

/** A number whose 根拠 is asked for. */
export interface Question {
  figure: FigureKey;
  /** Name of what is shown, when it says more than the figure's own label. */
  label: string;
  value: Maybe<number>;
  /** Service of which the figure speaks, when it is not the chosen one. */
  service?: string;
  /** What it rests on beside the assumptions of the study. */
  assumptions?: Assumption[];
  anchor: HTMLElement;
}

/** An institution that stops, or a place from which a service begins. */
export type WhatIf =
  | { kind: "stop"; id: string }
  | { kind: "start"; service: string; origin: Origin };

export type DialogName = "findings" | "sources" | "downloads";

/** What every part of the screen can see and do. */
export interface Workbench {
  study: StudyIndex;
  state: State;
  plan: PlanFigures | undefined;
  lang: Lang;
  /** What the map knows of the selected cell or institution. */
  details: MapDetails | null;
  t: (key: Key, params?: Params) => string;
  change: (change: Partial<State>) => void;
  select: (selection: Selection, details?: MapDetails | null) => void;
  /** Whose reach is shown, if any. */
  reach: Reach | null;
  showReach: (origin: Origin, direction: Direction) => void;
  hideReach: () => void;
  /** The shortage of the chosen service by cause, while a theme shows it. */
  shortage: Answer<unknown, [ShortageList, ShortCells]> | null;
  /** The week, the service of it that is shown, and the cells of the chosen slot. */
  week: {
    answer: Answer<unknown, Week> | null;
    service: ServiceWeek | undefined;
    cells: Answer<unknown, WeekCells> | null;
  };
  /** Demand of the chosen layer, and its cells, while a theme shows them. */
  demand: {
    answer: Answer<unknown, Outlook> | null;
    cells: Answer<unknown, DemandCells> | null;
  };
  /** What changes with an institution, if that was asked. */
  whatIf: Answer<WhatIf, Change[]> | null;
  askWhatIf: (question: WhatIf) => void;
  hideWhatIf: () => void;
  /** Corners of the closed area that is being drawn; `null` = none is. */
  sketch: Conditions["area"] | null;
  setSketch: (sketch: Conditions["area"] | null) => void;
  /** Moves the map to a place. */
  showPoint: (position: [number, number]) => void;
  /** Where plans are made. */
  desk: Desk;
  explain: (question: Question) => void;
  openDialog: (name: DialogName) => void;
}

export const WorkbenchContext = createContext<Workbench | null>(null);

/** The workbench around this part of the screen. */
export function useWorkbench(): Workbench {
  const workbench = useContext(WorkbenchContext);
  if (workbench === null) throw new Error("a part of the screen stands outside the workbench");
  return workbench;
}

/** A file's name with the date of its data. */
export function useDated(): (input: Input) => string {
  const { t } = useWorkbench();
  return ({ file, date }) =>
    t("text.noted", {
      text: fileName(file),
      note: t("text.labelled", { label: t("sources.date"), value: date ?? t("sources.noDate") }),
    });
}

/** `t` bound to a language, for what stands outside the workbench. */
export const translator =
  (lang: Lang) =>
  (key: Key, params?: Params): string =>
    translate(lang, key, params);
