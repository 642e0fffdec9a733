import type { ImportSummary, Kind } from './import-file.ts'
import { count, duration } from './progress.ts'
import { reasonLines } from './rejects.ts'

type Run = { kind: Kind; seconds: number; dryRun: boolean; rejectsPath: string }

/** What an import tells at its end. */
export function importSummary(summary: ImportSummary, { kind, seconds, dryRun, rejectsPath }: Run): string {
  const { rows, accepted, updated, duplicates, rejected, stopped, reasons } = summary
  const rate = seconds > 0 ? Math.round(rows / seconds) : 0
  const lines = [
    `${count(rows)} rows in ${duration(seconds)} (${count(rate)}/s)`,
    `${kind}: ${count(accepted)} accepted, ${count(updated)} updated, ${count(duplicates)} were there already`,
    ...(rejected > 0
      ? [`${count(rejected)} rows did not go in; they are in ${rejectsPath}`, ...reasonLines(reasons)]
      : []),
    ...(dryRun ? ['Nothing was written: this was a dry run.'] : []),
    ...(stopped ? ['Stopped early. Run it again to go on: what is in is not added twice.'] : []),
    ...(rejected > 0 && !stopped ? ['All other rows went in.'] : []),
  ]
  return `${lines.join('\n')}\n`
}
