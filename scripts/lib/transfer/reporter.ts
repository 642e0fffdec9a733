import { progressLine, type Progress } from './progress.ts'

/** Shows how far a transfer is. */
export type Reporter = { update(progress: Omit<Progress, 'seconds'>): void; end(): void }

type Screen = { isTTY?: boolean; columns?: number; write(text: string): unknown }

/** On a terminal one line that is drawn anew ten times a second, elsewhere a line every five seconds. */
export function createReporter(screen: Screen, now: () => number = () => performance.now()): Reporter {
  const started = now()
  const interval = screen.isTTY ? 100 : 5_000
  let shown = screen.isTTY ? -Infinity : started
  let drawn = false
  return {
    update(progress) {
      const at = now()
      if (at - shown < interval) return
      shown = at
      const line = progressLine(
        { ...progress, seconds: (at - started) / 1000 },
        screen.isTTY ? (screen.columns ?? 80) - 1 : 200,
      )
      screen.write(screen.isTTY ? `\r\u001b[2K${line}` : `${line}\n`)
      drawn = true
    },
    end() {
      if (screen.isTTY && drawn) screen.write('\r\u001b[2K')
    },
  }
}
