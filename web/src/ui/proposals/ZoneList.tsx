import type { Answer, ToldOverlay, ToldZone } from "../../api/proposals";
import { formatNumber } from "../../model/format";
import { useWorkbench } from "../context";

/** So many institutions are named for a unit; the others are counted. */
const NAMED = 3;

/** What an overlay rests on. */
export function OverlayNotes({ overlay }: { overlay: ToldOverlay }) {
  const { t } = useWorkbench();
  const lines = [
    t("text.labelled", { label: t("overlay.demand"), value: overlay.demand }),
    t("text.labelled", { label: t("overlay.providers"), value: overlay.providers }),
    t("text.labelled", { label: t("overlay.unit"), value: overlay.minutes }),
    ...(overlay.beyond.length > 0
      ? [
          t("text.labelled", {
            label: t("overlay.beyond"),
            value: overlay.beyond.join(t("text.separator")),
          }),
        ]
      : []),
    ...overlay.assumptions,
  ];
  return (
    <ul class="reasons" data-testid="overlay-notes">
      {lines.map((line) => (
        <li key={line}>{line}</li>
      ))}
    </ul>
  );
}

/** The zones of a plan in words: what lies in each, who leads it, who serves every part of an overlay. */
export function ZoneList({ zones, open }: { zones: ToldZone[]; open: boolean }) {
  const { lang, t } = useWorkbench();
  return (
    <details data-testid="zone-list" open={open}>
      <summary>{t("zones.title", { count: zones.length })}</summary>
      <ol class="zone-list">
        {zones.map(({ names, lead, people, served = [] }) => (
          <li key={names.join()}>
            {names.join(t("text.separator"))}
            <p class="quiet">
              {t("text.labelled", { label: t("zones.lead"), value: lead ?? t("zones.noLead") })}
              {people && ` ${t("zones.people", { people })}`}
            </p>
            {served.length > 0 && (
              <ul class="reasons">
                {served.map(({ unit, institutions }) => {
                  const near = institutions.slice(0, NAMED).map(({ institution, minutes }) =>
                    minutes === null
                      ? institution
                      : t("zones.server", {
                          institution,
                          minutes: formatNumber(minutes, lang, { digits: 0 }),
                        }),
                  );
                  const more = institutions.length - near.length;
                  const value =
                    near.join(t("text.separator")) +
                    (more > 0 ? t("zones.more", { count: more }) : "");
                  return <li key={unit}>{t("text.labelled", { label: unit, value })}</li>;
                })}
              </ul>
            )}
          </li>
        ))}
      </ol>
    </details>
  );
}

/** What became of the rows of the planner's own tables. */
export function TableFindings({ units }: { units: NonNullable<Answer["units"]> }) {
  const { t } = useWorkbench();
  const findings = units.tables.flatMap(({ file, findings }) =>
    findings.map((finding) => ({ file, ...finding })),
  );
  return (
    <>
      <p class="quiet">{t("own.units", { count: units.units.length })}</p>
      {findings.length > 0 && (
        <ul class="reasons" data-testid="own-findings">
          {findings.map(({ file, row, said, meant }) => (
            <li key={`${file} ${row} ${said} ${meant}`}>
              {row === null ? file : t("own.row", { file, row })}
              {said && ` 「${said}」`} {meant}
            </li>
          ))}
        </ul>
      )}
    </>
  );
}
