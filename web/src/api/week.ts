import type { FeatureCollection, MultiPolygon } from "geojson";
import { type Conditions, conditionParams } from "../model/conditions";
import type { Answer, Basis } from "../model/week";
import type { Institution, People } from "./shortage";
import type { Assumption } from "./summary";

/** People by what a slot is for them; those of whom there are none are left out. */
export type PeopleByAnswer = Partial<Record<Answer, People>>;

/** Which band of which day. */
export interface SlotName {
  /** 月 to 日, or 祝. */
  day: string;
  band: string;
  hours: string;
}

/** A band on a day. */
export interface Slot extends SlotName {
  people: PeopleByAnswer;
  /** By code. */
  municipalities: Record<string, PeopleByAnswer>;
  /** Places in `posts`; `whole` = from the first to the last minute. */
  there: { post: number; whole: boolean }[];
}

/** An institution that is there at some time, or of which no file tells when. */
export interface Post extends Institution {
  basis: Basis;
  /** People of the homes that it reaches, by code of the municipality. */
  people: Record<string, number>;
}

/** The week of a service. */
export interface ServiceWeek {
  service: string;
  assumptions: Assumption[];
  /** `null` = not loaded. */
  known: { posts: Post[]; slots: Slot[] } | null;
}

/** Who takes the calls of an area at some time. */
export interface Call {
  /** As written. */
  area: string;
  /** Codes. */
  municipalities: string[];
  /** Whether a rule says so. */
  rule: "exists" | "unclear" | "unknown";
  /** In words. */
  time: string;
  /** The slots of which that is some part; `whole` = all of it. */
  slots: (SlotName & { whole: boolean })[];
  /** As written; empty = nobody is named. */
  taken_by: string;
  institution: Institution | null;
}

/** The answer of `api/week`. */
export interface Week {
  limit_minutes: number;
  /** `null` = asked for, but no file tells where nurses are. */
  online: boolean | null;
  /** `null` = not loaded. */
  files: Record<"opening_hours" | "duties" | "duties_online" | "rota_limits", number | null>;
  everybody: People;
  services: ServiceWeek[];
  /** `null` = not loaded. */
  night_calls: Call[] | null;
}

/** A populated cell of `api/week/cells`. */
export interface WeekCell {
  /** Mesh code, hyphen, municipality code. */
  cell: string;
  mesh: string;
  municipality_code: string;
  municipality: string;
  total: number;
  age_75_plus: number;
  answer: Answer;
}

export type WeekCells = FeatureCollection<MultiPolygon, WeekCell>;

/** What a rota comes to, and what none can go below. */
export interface Aim {
  value: number;
  bound: number | null;
}

/** The answer of `api/week/rota`. */
export interface Rota {
  service: string;
  limit_minutes: number;
  assumptions: Assumption[];
  institutions: (Institution & { group: number; duties: number; most: number | null })[];
  /** Who is on duty, as places in `institutions`. */
  shifts: (SlotName & { on_duty: number[] })[];
  groups: {
    institutions: number;
    proven: boolean;
    alone: Aim;
    duties: Aim;
    highest: Aim;
    spread: Aim;
    squares: Aim;
  }[];
  unfilled: {
    shift: number;
    people: People;
    municipalities: string[];
    institutions: Institution[];
    reason: "nobody_able" | "weekly_limits";
  }[];
  unreachable: People;
}

const path = (address: string, asked: [string, string][], conditions: Conditions) =>
  `api/${address}?${new URLSearchParams([...asked, ...conditionParams(conditions)])}`;

const onlineParams = (online: boolean): [string, string][] => (online ? [["online", "on"]] : []);

/** The address of the week. */
export const weekPath = (online: boolean, conditions: Conditions) =>
  path("week", onlineParams(online), conditions);

/** The address of the cells of a slot. */
export const weekCellsPath = (
  service: string,
  { day, band }: { day: string; band: string },
  online: boolean,
  conditions: Conditions,
) =>
  path(
    "week/cells",
    [["service", service], ["day", day], ["band", band], ...onlineParams(online)],
    conditions,
  );

/** The address of the fair rota. */
export const rotaPath = (conditions: Conditions) => path("week/rota", [], conditions);
