import type { Key } from "../i18n";
import { fileName } from "../model/provenance";
import { useWorkbench } from "./context";
import { Dialog } from "./Dialog";

const LAYERS = ["zones", "municipalities", "cells", "facilities", "findings"] as const;

/** The published files. */
export function DownloadsDialog({ close }: { close: () => void }) {
  const { t } = useWorkbench();
  const files: { file: string; words: string }[] = [
    { file: "tables.xlsx", words: t("downloads.excel") },
    { file: "study.gpkg", words: t("downloads.gpkg") },
    ...LAYERS.map((layer) => ({
      file: `layers/${layer}.geojson`,
      words: t("downloads.geojson", { layer: t(`layer.${layer}` as Key) }),
    })),
    { file: "summary.json", words: t("downloads.json") },
    { file: "findings.json", words: t("downloads.findings") },
  ];
  return (
    <Dialog title={t("downloads.title")} name="downloads" close={close}>
      <ul class="downloads">
        {files.map(({ file, words }) => (
          <li key={file}>
            <a href={`files/${file}`} download={fileName(file)}>
              {words}
            </a>
            <code>{file}</code>
          </li>
        ))}
      </ul>
    </Dialog>
  );
}
