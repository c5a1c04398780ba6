import { type Lang, translateOr } from "../i18n";

/** Name of a day of the week as the server says it, or of a holiday. */
export const dayName = (lang: Lang, day: string) => translateOr(lang, `day.${day}`, day);

/** Name of a band of the day. */
export const bandName = (lang: Lang, band: string) => translateOr(lang, `band.${band}`, band);
