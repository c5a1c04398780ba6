import { useRef, useState } from "preact/hooks";
import { ApiError } from "../../api/client";
import {
  type Answer,
  type Choices,
  check,
  type Drawing,
  follow,
  type Job,
  type Judged,
  loadChoices,
  loadShapes,
  type ProposalRequest,
  propose,
  type Repaired,
  type Rule,
  repair,
  stop,
  type Told,
  type ToldZone,
} from "../../api/proposals";
import type { PlanFigures } from "../../api/types";
import { type Key, type Params, translate } from "../../i18n";
import { moved, movers, type Zones, zonesOf } from "../../model/drawing";
import type { Draft, StudyIndex } from "../../model/study";
import type { Store } from "../../state/store";

/** A municipality may be moved only by itself. */
const MUNICIPALITIES = "市町村";

/** How the ids of plans begin that are drawn by hand. */
const DRAWN = "drawn-";

/** So many standings of a search are drawn. */
const MOST_STANDINGS = 300;

/** Between the id of a rule and the number of its copy. */
const COPY = "+";

/** The rule of the table of which a rule is a copy, and which copy; the rule itself is the first. */
export const ruleOf = ({ id }: Rule) => {
  const [base = id, copy = "1"] = id.split(COPY);
  return { base, copy: Number(copy) };
};

/** What a repair did, for people. */
export interface Mended {
  repaired: Repaired;
  /** Codes of the municipalities that went over. */
  movers: string[];
}

/** A job on the screen. */
export interface Run {
  job: Job<unknown>;
  /** Objective and bound as they came. */
  standings: { objective: number | null; bound: number | null }[];
}

/** How a plan is called in both languages. */
export interface Names {
  name: string;
  name_en: string;
}

/** A plan of an answer, as it is offered. */
export interface Offer {
  id: string;
  names: Names;
  zones: ToldZone[];
  /** Its own proof, if it is proven to be the best of what its name says. */
  proof: Told | null;
}

/** Where plans are made. */
export interface Desk {
  isOpen: boolean;
  show: () => void;
  hide: () => void;
  choices: Choices | null;
  request: ProposalRequest | null;
  /** Changes what is asked; a drawing under edit is judged anew. */
  ask: (change: Partial<ProposalRequest>) => void;
  changeRule: (id: string, change: Partial<Rule>) => void;
  /** Puts the same rule below a rule once more, to be asked of other zones. */
  addRule: (rule: Rule) => void;
  run: Run | null;
  start: () => void;
  stop: () => void;
  answer: Answer | null;
  /** Puts a plan of the answer among the plans and shows it. */
  adopt: (offer: Offer) => void;
  /** Places are being chosen for a rule. */
  isPlacing: boolean;
  place: (begins: boolean) => void;
  isEditing: boolean;
  edit: (plan: PlanFigures, names: Names) => void;
  endEdit: () => void;
  move: (code: string, to: number | "new") => void;
  undo: (() => void) | null;
  mend: () => void;
  mended: Mended | null;
  drop: (id: string) => void;
  /** Why the last wish was not fulfilled. */
  problem: string | null;
}

const said = (cause: unknown) => {
  if (cause instanceof ApiError) return cause.detail;
  return cause instanceof Error ? cause.message : String(cause);
};

/** The words of a key in both languages. */
export const names = (key: Key, params: Params = {}): Names => ({
  name: translate("ja", key, params),
  name_en: translate("en", key, params),
});

/** A plan of an answer: the same plan of the same question always has the same id. */
export const offer = (told: Told, key: string, names: Names, isBest: boolean): Offer => ({
  id: `made-${told.model_sha256.slice(0, 8)}-${key}`,
  names,
  zones: told.zones,
  proof: isBest ? told : null,
});

/** The same words with the overlay before them, if it is one. */
export const underOverlay = ({ overlay }: Answer, { name, name_en }: Names): Names =>
  overlay
    ? { name: `${overlay.overlay}：${name}`, name_en: `${overlay.overlay}: ${name_en}` }
    : { name, name_en };

/**
 * The best plan of an answer. The certificate of an overlay stays with the answer: it is in another unit than
 * the figures beside which plans are shown.
 */
export const bestOf = (answer: Answer): Offer =>
  offer(answer.best, "best", underOverlay(answer, names("made.best")), !answer.overlay);

/** The desk of one study. */
export function useDesk(study: StudyIndex, store: Store): Desk {
  const [isOpen, setOpen] = useState(false);
  const [choices, setChoices] = useState<Choices | null>(null);
  const [request, setRequest] = useState<ProposalRequest | null>(null);
  const [run, setRun] = useState<Run | null>(null);
  const [result, setResult] = useState<{ request: ProposalRequest; answer: Answer } | null>(null);
  const [edited, setEdited] = useState<{ id: string; names: Names; past: Zones[] } | null>(null);
  const [mended, setMended] = useState<Mended | null>(null);
  const [isPlacing, setPlacing] = useState(false);
  const [problem, setProblem] = useState<string | null>(null);
  const [, setDrawn] = useState(0);
  // Of several wishes under way the last one counts.
  const latest = useRef(0);

  const attempt = async (wish: () => Promise<void>) => {
    setProblem(null);
    try {
      await wish();
    } catch (cause) {
      setProblem(said(cause));
    }
  };

  const put = (draft: Draft) => {
    study.put(draft);
    setDrawn((count) => count + 1);
  };

  /** Has a drawing judged, puts it among the plans and shows it. */
  const draw = async (
    plan: { id: string; names: Names; told: Told | null },
    drawing: Drawing,
    colours: number[] | null,
  ) => {
    latest.current += 1;
    const mine = latest.current;
    const judged = await check(drawing);
    if (mine !== latest.current) return;
    const draft = draftOf(plan, drawing, judged, colours, study.drafts.get(plan.id));
    put(draft);
    store.set({ plan: plan.id, theme: "zones" });
    const shapes = await loadShapes(drawing);
    if (mine === latest.current) put({ ...draft, shapes });
  };

  const redraw = (zones: Zones, past: Zones[], asked = request) => {
    if (!edited || !asked) return;
    setEdited({ ...edited, past });
    setMended(null);
    const drawing = { request: overMunicipalities(asked), zones: zones.zones };
    const plan = { id: edited.id, names: edited.names, told: null };
    void attempt(() => draw(plan, drawing, zones.colours));
  };

  const now = (): Zones | null => {
    const draft = edited && study.drafts.get(edited.id);
    return draft ? { zones: draft.drawing.zones, colours: draft.colours } : null;
  };

  /** Asks for a job and hears of it until it is over; gives its answer, if there is one. */
  const watch = async <T>(begin: () => Promise<Job<T>>): Promise<T | null> => {
    const first = await begin();
    const hear = (job: Job<unknown>) =>
      setRun((before) => ({ job, standings: noted(before, job) }));
    setRun({ job: first, standings: [] });
    const last = await follow<T>(first.id, hear);
    hear(last);
    if (last.problem !== null) throw new Error(last.problem);
    return last.answer ?? null;
  };

  const wish = async (work: () => Promise<void>) => {
    await attempt(work);
    setRun((before) => (before && isUnderWay(before) ? null : before));
  };

  /** Puts a plan of an answer among the plans. */
  const take = async (request: ProposalRequest, { id, names, zones, proof }: Offer) => {
    setEdited(null);
    const drawing = { request, zones: zones.map(({ municipalities }) => municipalities) };
    await draw({ id, names, told: proof }, drawing, null);
  };

  const changeRequest = (change: Partial<ProposalRequest>) => {
    if (!request) return;
    const asked = { ...request, ...change };
    setRequest(asked);
    const zones = now();
    if (edited && zones) redraw(zones, edited.past, asked);
  };

  return {
    isOpen,
    show: () => {
      setOpen(true);
      if (choices) return;
      void attempt(async () => {
        const found = await loadChoices();
        setChoices(found);
        setRequest({
          ...found.defaults,
          asked: { ...found.defaults.asked, rule: found.rules },
        });
      });
    },
    hide: () => {
      setOpen(false);
      setPlacing(false);
      setEdited(null);
    },
    choices,
    request,
    ask: changeRequest,
    changeRule: (id, change) => {
      if (!request) return;
      const rule = request.asked.rule.map((one) => (one.id === id ? { ...one, ...change } : one));
      changeRequest({ asked: { ...request.asked, rule } });
    },
    addRule: (rule) => {
      if (!request) return;
      const { rule: rules } = request.asked;
      const { base } = ruleOf(rule);
      const numbers = rules
        .filter((one) => ruleOf(one).base === base)
        .map((one) => ruleOf(one).copy);
      const again = { ...rule, id: `${base}${COPY}${Math.max(...numbers) + 1}` };
      const at = rules.findIndex(({ id }) => id === rule.id) + 1;
      changeRequest({
        asked: { ...request.asked, rule: [...rules.slice(0, at), again, ...rules.slice(at)] },
      });
    },
    run,
    start: () => {
      if (!request) return;
      setResult(null);
      const before = latest.current;
      void wish(async () => {
        const answer = await watch(() => propose(request));
        if (!answer) return;
        setResult({ request, answer });
        // Whoever drew another plan meanwhile goes on with it.
        if (isDrawable(answer.best.zones) && before === latest.current)
          await take(request, bestOf(answer));
      });
    },
    stop: () => {
      const id = run?.job.id;
      if (id) void attempt(async () => void (await stop(id)));
    },
    answer: result?.answer ?? null,
    adopt: (chosen) => {
      if (!result) return;
      const { request } = result;
      void attempt(() => take(request, chosen));
    },
    isPlacing,
    place: setPlacing,
    isEditing: edited !== null,
    edit: (plan, names) => {
      if (!request) return;
      const id = plan.id.startsWith(DRAWN) ? plan.id : freeId(study);
      const { zones, colours } = zonesOf(plan);
      setEdited({ id, names: id === plan.id ? plan : names, past: [] });
      setMended(null);
      const drawing = { request: overMunicipalities(request), zones };
      const begun = { id, names: id === plan.id ? plan : names, told: null };
      void attempt(() => draw(begun, drawing, colours));
    },
    endEdit: () => setEdited(null),
    move: (code, to) => {
      const zones = now();
      if (zones && edited) redraw(moved(zones, code, to), [...edited.past, zones]);
    },
    undo:
      edited && edited.past.length > 0
        ? () => redraw(edited.past.at(-1) as Zones, edited.past.slice(0, -1))
        : null,
    mend: () => {
      const draft = edited && study.drafts.get(edited.id);
      if (!edited || !draft) return;
      const { drawing, colours } = draft;
      setMended(null);
      void wish(async () => {
        const repaired = await watch(() => repair(drawing));
        if (!repaired) return;
        const zones = repaired.plan.zones.map(({ municipalities }) => municipalities);
        setMended({ repaired, movers: movers(drawing.zones, zones) });
        if (zones.length === 0) return;
        setEdited({ ...edited, past: [...edited.past, { zones: drawing.zones, colours }] });
        await draw({ ...edited, told: null }, { ...drawing, zones }, null);
      });
    },
    mended,
    drop: (id) => {
      // Land that is still under way must not bring it back.
      latest.current += 1;
      if (edited?.id === id) setEdited(null);
      study.drop(id);
      setDrawn((count) => count + 1);
      if (store.get().plan === id) store.set({ plan: study.plan("")?.id ?? "" });
      if (store.get().reference === id) store.set({ reference: study.plan("")?.id ?? "" });
    },
    problem,
  };
}

/** The same question with municipalities as units, which are moved by hand. */
const overMunicipalities = (request: ProposalRequest): ProposalRequest => ({
  ...request,
  units: MUNICIPALITIES,
  unit_table: null,
});

/** Whether zones can be drawn: there are some, and none holds a part of a municipality. */
export const isDrawable = (zones: ToldZone[]): boolean =>
  zones.length > 0 && zones.every(({ parts = [] }) => parts.length === 0);

/** The first id for a drawn plan that no other bears. */
function freeId(study: StudyIndex): string {
  let number = 1;
  while (study.drafts.has(`${DRAWN}${number}`)) number += 1;
  return `${DRAWN}${number}`;
}

/** Whether a job is still to end. */
export const isUnderWay = ({ job }: Run) => job.stage === "waiting" || job.stage === "running";

function noted(before: Run | null, job: Job<unknown>): Run["standings"] {
  const standing = {
    objective: job.objective_receipt_minutes,
    bound: job.bound_receipt_minutes,
  };
  return [...(before?.standings ?? []), standing].slice(-MOST_STANDINGS);
}

function draftOf(
  { id, names, told }: { id: string; names: Names; told: Told | null },
  drawing: Drawing,
  judged: Judged,
  colours: number[] | null,
  before: Draft | undefined,
): Draft {
  const painted = colours ?? judged.plan.zones.map(({ colour }) => colour);
  const zones = judged.plan.zones.map((zone, at) => ({ ...zone, colour: painted[at] ?? 0 }));
  // The checker numbers the zones; on the map they have names.
  const verdicts = judged.verdicts.map((verdict) => ({
    ...verdict,
    clause: verdict.clause.replace(
      /^圏域(\d+)/,
      (whole, number) => zones[Number(number) - 1]?.name ?? whole,
    ),
  }));
  const certificate = told && {
    status: told.status,
    objective: told.objective_receipt_minutes,
    bound: told.bound_receipt_minutes,
    gap: told.gap,
    nodes: told.nodes,
    rounds: told.rounds,
    model_sha256: told.model_sha256,
    statement: `${told.title}。${judged.statement}`,
    checker: verdicts,
  };
  const { name, name_en } = names;
  const kind = certificate ? "proposal" : "drawn";
  return {
    plan: { ...judged.plan, id, name, name_en, kind, zones, certificate },
    demand: judged.demand,
    drawing,
    colours: painted,
    verdicts,
    accepts: judged.accepts,
    shapes: before?.shapes ?? null,
  };
}
