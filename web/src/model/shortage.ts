import type { GapFigures, MunicipalityFigures, ServiceFigures, Summary } from "../api/types";

/** A municipality without any institution of a service. */
export interface Shortage {
  municipality: MunicipalityFigures;
  gap: GapFigures;
}

/** A service with the municipalities that lack it, most people aged 75 and over first. */
export interface ServiceShortage {
  service: ServiceFigures;
  /** Rising rank; empty for a service that was not loaded. */
  places: Shortage[];
  /** People aged 75 and over in these municipalities; `null` = not loaded. */
  people75: number | null;
}

const byPeople = (a: Shortage, b: Shortage) =>
  (b.gap.people_75_plus ?? 0) - (a.gap.people_75_plus ?? 0) ||
  a.municipality.code.localeCompare(b.municipality.code);

/**
 * What is lacking where: services in order of the people aged 75 and over who live in a municipality
 * without one, those that were not loaded last.
 */
export function rankShortages(summary: Summary): ServiceShortage[] {
  const municipalities = new Map(summary.municipality_table.map((one) => [one.code, one]));
  const rows = summary.services.map((service): ServiceShortage => {
    if (!service.loaded) return { service, places: [], people75: null };
    const places = summary.gaps
      .filter((gap) => gap.service === service.id && gap.state === "none")
      .flatMap((gap) => {
        const municipality = municipalities.get(gap.municipality_code ?? "");
        return municipality ? [{ municipality, gap }] : [];
      })
      .sort(byPeople);
    const people75 = places.reduce((sum, { gap }) => sum + (gap.people_75_plus ?? 0), 0);
    return { service, places, people75 };
  });
  return rows.sort((a, b) => (b.people75 ?? -1) - (a.people75 ?? -1));
}
