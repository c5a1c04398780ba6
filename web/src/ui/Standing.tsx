import type { Assumption } from "../api/types";
import { countStandings } from "../model/provenance";
import { useWorkbench } from "./context";

/** How many of the assumptions behind some figures are supposed, and how many have to be checked. */
export function Standing({ assumptions }: { assumptions: Assumption[] }) {
  const { t } = useWorkbench();
  return (
    <p class="quiet" data-testid="standing">
      {t("text.labelled", {
        label: t("evidence.assumptions"),
        value: t("data.assumptions", {
          total: assumptions.length,
          ...countStandings(assumptions),
        }),
      })}
    </p>
  );
}
