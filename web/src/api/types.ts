/** Everything that comes from the server, under one roof. */
import type { Finding } from "./findings";
import type { Input } from "./summary";

export type * from "./findings";
export type * from "./quality";
export type * from "./summary";

/** What an input file is. */
export type InputKind = Input["kind"];

/** How much a finding matters. */
export type Severity = Finding["severity"];

/** A value that the study may not know. */
export type Maybe<T> = T | null | undefined;
