import { useState } from "preact/hooks";
import type { ProposalRequest } from "../../api/proposals";
import { decodeTable, isTooLarge, MOST_TABLE } from "../../model/table";
import { useWorkbench } from "../context";

type Name = "unit_table" | "neighbour_table";

/** A table of the planner's own, from a file or pasted. */
function Table({ name, request }: { name: Name; request: ProposalRequest }) {
  const { desk, t } = useWorkbench();
  const [problem, setProblem] = useState(false);
  const take = (text: string) => {
    const large = isTooLarge(text);
    setProblem(large);
    if (!large) desk.ask({ [name]: text.trim() === "" ? null : text });
  };
  const help = `${name}-help`;
  return (
    <fieldset>
      <legend>{t(`own.${name}`)}</legend>
      <p class="quiet" id={help}>
        {t(`own.${name}.help`)}
      </p>
      <input
        type="file"
        accept=".csv,text/csv"
        aria-label={t("own.file", { name: t(`own.${name}`) })}
        data-testid={`${name}-file`}
        onChange={async (event) => {
          const file = event.currentTarget.files?.[0];
          if (!file) return;
          if (file.size > MOST_TABLE) setProblem(true);
          else take(decodeTable(await file.arrayBuffer()));
        }}
      />
      <textarea
        rows={4}
        spellcheck={false}
        aria-label={t(`own.${name}`)}
        aria-describedby={help}
        value={request[name] ?? ""}
        data-testid={name}
        onChange={(event) => take(event.currentTarget.value)}
      />
      {problem && (
        <p class="problem" role="alert">
          {t("own.tooLarge", { kilobytes: MOST_TABLE / 1024 })}
        </p>
      )}
    </fieldset>
  );
}

/** Units of the planner's own, and neighbours added and cut. */
export function OwnTables({ request }: { request: ProposalRequest }) {
  const { t } = useWorkbench();
  return (
    <details data-testid="own-tables">
      <summary>{t("own.title")}</summary>
      <Table name="unit_table" request={request} />
      <Table name="neighbour_table" request={request} />
    </details>
  );
}
