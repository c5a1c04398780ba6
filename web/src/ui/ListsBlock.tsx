import type { Summary } from "../api/summary";
import { formatNumber } from "../model/format";
import { type Facility, facilitiesIn, listRows, toldOf } from "../model/lists";
import { useWorkbench } from "./context";

const STATES = ["yes", "no", "unknown"] as const;

function FacilityLine({ of }: { of: Facility }) {
  const { lang, select, t } = useWorkbench();
  const named = (id: string, name: string) =>
    id ? (
      <button type="button" class="link" onClick={() => select({ kind: "facility", id })}>
        {name}
      </button>
    ) : (
      name
    );
  return (
    <li>
      <span>
        {named(of.id, of.name)}
        <span class="clause">
          {of.partners.length === 0
            ? t(`told.${of.told}`)
            : of.partners.map(({ id, name, km }) => (
                <span key={`${id}${name}`}>
                  → {named(id, name)}
                  {km !== null &&
                    ` ${t("lists.straight", { km: formatNumber(km, lang, { digits: 1 }) })}`}{" "}
                </span>
              ))}
        </span>
      </span>
    </li>
  );
}

/** 介護保険施設 of some municipalities and whether somebody has agreed to help each of them. */
function Partners({ summary, codes }: { summary: Summary; codes: readonly string[] }) {
  const { t } = useWorkbench();
  const rows = listRows(summary, "care_facility_partners");
  const all = rows && facilitiesIn(rows, codes);
  return (
    <details data-testid="partners">
      <summary>
        {t("lists.partners")}{" "}
        {all
          ? STATES.map((state) =>
              t("lists.count", {
                word: t(`told.${state}`),
                count: all.filter(({ told }) => told === state).length,
              }),
            ).join(t("lists.between"))
          : t("data.missing")}
      </summary>
      {all ? (
        <>
          <p class="quiet">{t("lists.partnersHelp")}</p>
          <ul class="lines">
            {all.map((one) => (
              <FacilityLine key={`${one.id}${one.name}`} of={one} />
            ))}
          </ul>
        </>
      ) : (
        <p class="quiet">{t("lists.missing", { list: t("lists.partners") })}</p>
      )}
    </details>
  );
}

/** 救急医療情報キット and tools of ACP in some municipalities. */
function Tools({ summary, codes }: { summary: Summary; codes: readonly string[] }) {
  const { study, lang, t } = useWorkbench();
  const rows = listRows(summary, "emergency_tools")?.filter((row) =>
    codes.includes(String(row.コード)),
  );
  return (
    <details data-testid="tools">
      <summary>
        {t("lists.tools")} {!rows && t("data.missing")}
      </summary>
      {rows ? (
        <ul class="lines">
          {rows.map((row) => {
            const [share, handed] = [row["普及率（%）"], row.配布数];
            const word = t(`told.${toldOf(row.状況)}`);
            const told = [
              row.名称 ? String(row.名称) : null,
              typeof share === "number"
                ? t("lists.share", { share: formatNumber(share, lang, { digits: 1 }) })
                : null,
              typeof handed === "number"
                ? t("lists.handed", { count: formatNumber(handed, lang) })
                : null,
            ].filter((one) => one !== null);
            return (
              <li key={`${row.コード}${row.取組}${row.名称}`}>
                <span>
                  {study.municipalityName(String(row.コード))} {String(row.取組)}: {word}
                  <span class="clause">{told.join("・")}</span>
                </span>
              </li>
            );
          })}
        </ul>
      ) : (
        <p class="quiet">{t("lists.missing", { list: t("lists.tools") })}</p>
      )}
    </details>
  );
}

/** What the prefecture's own lists say of some municipalities beside their functions. */
export function ListsBlock({ codes }: { codes: readonly string[] }) {
  const { study } = useWorkbench();
  return (
    <>
      <Partners summary={study.summary} codes={codes} />
      <Tools summary={study.summary} codes={codes} />
    </>
  );
}
