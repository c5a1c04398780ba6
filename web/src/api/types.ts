/** Everything that comes from the server, under one roof. */
export type * from "./findings";
export type * from "./summary";

/** A value that the study may not know. */
export type Maybe<T> = T | null | undefined;
