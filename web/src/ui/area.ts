import { useWorkbench } from "./context";
import { useSelectionName } from "./Inspector";

/** The municipalities of what is selected (`null` = the whole prefecture), and its name. */
export function useArea(): { codes: readonly string[] | null; name: string } {
  const { study, state, plan, details } = useWorkbench();
  const { name } = useSelectionName();
  const { selection } = state;
  const whole = { codes: null, name: study.summary.study.prefecture_name };
  if (selection.kind === "municipality") return { codes: [selection.id], name };
  if (selection.kind === "zone") {
    const zone = plan && study.zone(plan.id, selection.id);
    return zone ? { codes: zone.municipalities, name } : whole;
  }
  const municipality = details && "municipality" in details ? details.municipality : null;
  return municipality
    ? { codes: [municipality], name: study.municipalityName(municipality) }
    : whole;
}
