import { useState } from "preact/hooks";
import { planName, translate, translateOr } from "../../i18n";
import type { Draft } from "../../model/study";
import { useWorkbench } from "../context";
import { isUnderWay } from "./desk";

/** Moves one municipality to another zone: the one selected on the map, or chosen here. */
function Move({ draft }: { draft: Draft }) {
  const { study, state, select, desk, t } = useWorkbench();
  const { plan } = draft;
  const codes = study.summary.municipality_table.map(({ code }) => code);
  const code = state.selection.kind === "municipality" ? state.selection.id : (codes[0] ?? "");
  const own = plan.zones.findIndex(({ municipalities }) => municipalities.includes(code));
  const beside = new Set(
    study.municipalities.get(code)?.neighbours.map((one) => plan.assignment[one]),
  );
  const others = plan.zones.map((zone, at) => ({ zone, at })).filter(({ at }) => at !== own);
  const groups = [
    { name: t("edit.beside"), zones: others.filter(({ zone }) => beside.has(zone.id)) },
    { name: t("edit.others"), zones: others.filter(({ zone }) => !beside.has(zone.id)) },
  ].filter(({ zones }) => zones.length > 0);
  const [chosen, setChosen] = useState("");
  const first = String(groups[0]?.zones[0]?.at ?? "new");
  const isOffered = chosen === "new" || others.some(({ at }) => String(at) === chosen);
  const to = isOffered ? chosen : first;
  return (
    <div class="move">
      <label>
        {t("kind.municipality")}
        <select
          value={code}
          data-testid="move-what"
          onChange={(event) => select({ kind: "municipality", id: event.currentTarget.value })}
        >
          {codes.map((one) => (
            <option key={one} value={one}>
              {study.municipalityName(one)}
            </option>
          ))}
        </select>
      </label>
      <p class="quiet">{t("edit.now", { zone: plan.zones[own]?.name ?? "" })}</p>
      <label>
        {t("edit.to")}
        <select
          value={to}
          data-testid="move-to"
          onChange={(event) => setChosen(event.currentTarget.value)}
        >
          {groups.map(({ name, zones }) => (
            <optgroup key={name} label={name}>
              {zones.map(({ zone, at }) => (
                <option key={zone.id} value={String(at)}>
                  {zone.name}
                </option>
              ))}
            </optgroup>
          ))}
          <option value="new">{t("edit.newZone")}</option>
        </select>
      </label>
      <button
        type="button"
        data-testid="move"
        onClick={() => desk.move(code, to === "new" ? "new" : Number(to))}
      >
        {t("edit.move")}
      </button>
      <button
        type="button"
        data-testid="undo"
        disabled={desk.undo === null}
        onClick={() => desk.undo?.()}
      >
        {t("edit.undo")}
      </button>
    </div>
  );
}

/** What a repair did. */
function Mended() {
  const { study, desk, t } = useWorkbench();
  if (!desk.mended) return null;
  const { repaired, movers } = desk.mended;
  if (repaired.moves === null)
    return (
      <div class="problem" data-testid="mended">
        <p>{t("mended.none")}</p>
        <ul class="reasons">
          {repaired.plan.reasons.map((reason) => (
            <li key={reason}>{reason}</li>
          ))}
        </ul>
      </div>
    );
  const names = movers.map((code) => study.municipalityName(code)).join(t("text.separator"));
  const isSure = movers.length === repaired.moves && movers.length > 0;
  return (
    <p class="proof" data-testid="mended">
      {t("mended.moves", { count: repaired.moves })}
      {isSure && t("mended.movers", { names })} {repaired.is_proven && t("mended.proven")}
    </p>
  );
}

/** The checker's word on the drawing, what is broken first. */
function Check({ draft }: { draft: Draft }) {
  const { desk, lang, t } = useWorkbench();
  const broken = draft.verdicts.filter(({ verdict }) => verdict === "fail");
  const tolerated = draft.verdicts.filter(({ verdict }) => verdict === "tolerated");
  const items = (verdicts: Draft["verdicts"]) => (
    <ul class="reasons">
      {verdicts.map(({ rule, clause, reason }) => (
        <li key={`${rule} ${clause}`}>
          <strong>{translateOr(lang, `rule.${rule}`, rule)}</strong>{" "}
          {t("text.labelled", { label: clause, value: reason })}
        </li>
      ))}
    </ul>
  );
  const isBusy = desk.run !== null && isUnderWay(desk.run);
  return (
    <div class="check" data-testid="check" data-accepts={draft.accepts}>
      <p role="status" class={draft.accepts ? "verdict pass" : "verdict fail"}>
        {draft.accepts
          ? `✓ ${t("edit.accepts")}`
          : `✗ ${t("edit.breaks", { count: broken.length })}`}
      </p>
      {items(broken)}
      {tolerated.length > 0 && (
        <>
          <p class="quiet">{t("edit.tolerated")}</p>
          {items(tolerated)}
        </>
      )}
      {!draft.accepts && (
        <button type="button" data-testid="mend" disabled={isBusy} onClick={desk.mend}>
          {t("edit.mend")}
        </button>
      )}
      <Mended />
    </div>
  );
}

/** The plan on the map, drawn on by hand. */
export function Editor() {
  const { study, plan, desk, lang, t } = useWorkbench();
  if (!plan || plan.zones.length === 0) return null;
  const draft = study.drafts.get(plan.id);
  const isOwn = desk.isEditing && draft !== undefined;
  return (
    <section class="editor" aria-labelledby="editor-title" data-testid="editor">
      <h3 id="editor-title">{t("edit.title")}</h3>
      <p>{t("text.labelled", { label: t("figures.plan"), value: planName(lang, plan) })}</p>
      {!isOwn && (
        <button
          type="button"
          data-testid="edit"
          onClick={() =>
            desk.edit(plan, {
              name: translate("ja", "made.edited", { name: plan.name }),
              name_en: translate("en", "made.edited", { name: plan.name_en }),
            })
          }
        >
          {t("edit.begin")}
        </button>
      )}
      {isOwn && (
        <>
          <p class="quiet">{t("edit.help")}</p>
          <Move draft={draft} />
          <Check draft={draft} />
          <button type="button" data-testid="end-edit" onClick={desk.endEdit}>
            {t("edit.end")}
          </button>
        </>
      )}
      {draft && (
        <button type="button" class="link" data-testid="drop" onClick={() => desk.drop(plan.id)}>
          {t("edit.drop")}
        </button>
      )}
    </section>
  );
}
