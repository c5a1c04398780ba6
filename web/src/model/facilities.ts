/** Kinds of institution with the shape that stands for each on the map. */
export const FACILITY_KINDS = [
  { id: "病院", shape: "square" },
  { id: "診療所", shape: "circle" },
  { id: "歯科診療所", shape: "diamond" },
  { id: "薬局", shape: "cross" },
  { id: "訪問看護", shape: "star" },
  { id: "介護事業所", shape: "triangle" },
] as const;

export type FacilityKind = (typeof FACILITY_KINDS)[number]["id"];
export type Shape = (typeof FACILITY_KINDS)[number]["shape"];

/** Whether a word names a kind of institution. */
export const isFacilityKind = (word: string): word is FacilityKind =>
  FACILITY_KINDS.some(({ id }) => id === word);
