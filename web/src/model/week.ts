import type { ExpressionSpecification } from "maplibre-gl";
import type { PeopleByAnswer, Slot } from "../api/week";

/** What a slot of the week is for people, the best first; the last three are a hole. */
export const ANSWERS = ["reached", "unknown", "partly", "away", "nobody"] as const;
export type Answer = (typeof ANSWERS)[number];

/** Why an institution counts as being there. */
export type Basis = "filing" | "opening" | "duty" | "online" | "unknown";

export const HOLES = ["partly", "away", "nobody"] as const satisfies readonly Answer[];

/** The graver, the darker; told apart without red and green. What is unknown is hatched as well. */
export const ANSWER_COLOURS: Record<Answer, string> = {
  reached: "#e6eeea",
  unknown: "#b9bfc4",
  partly: "#eba93b",
  away: "#b3401b",
  nobody: "#3b0f51",
};

/** Fill of a cell in a slot. */
export const answerFill = [
  "match",
  ["get", "answer"],
  ...ANSWERS.flatMap((answer) => [answer, ANSWER_COLOURS[answer]]),
  ANSWER_COLOURS.unknown,
] as unknown as ExpressionSpecification;

export const isAnswer = (word: string): word is Answer => ANSWERS.some((one) => one === word);

/** People of some municipalities in a slot; `null` = of the whole prefecture. */
export function peopleIn(
  slot: Slot,
  municipalities: readonly string[] | null,
): Record<Answer, number> {
  const parts: PeopleByAnswer[] =
    municipalities === null
      ? [slot.people]
      : municipalities.map((code) => slot.municipalities[code] ?? {});
  const of = (answer: Answer) => parts.reduce((sum, part) => sum + (part[answer]?.total ?? 0), 0);
  return Object.fromEntries(ANSWERS.map((answer) => [answer, of(answer)])) as Record<
    Answer,
    number
  >;
}

/** Those in a hole: left alone for some or all of the slot. */
export const inHole = (people: Record<Answer, number>): number =>
  HOLES.reduce((sum, answer) => sum + people[answer], 0);

/** How a slot of the grid looks: nobody, some, or many of everybody in a hole; or only unknown. */
export function gravity(people: Record<Answer, number>): "full" | "unknown" | "some" | "many" {
  const hole = inHole(people);
  const all = hole + people.reached + people.unknown;
  if (hole === 0) return people.unknown > 0 ? "unknown" : "full";
  return hole / all < 0.1 ? "some" : "many";
}
