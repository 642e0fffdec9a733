/** Why rows stand still. */
export type HoldReason = 'pointer' | 'focus' | 'scroll' | 'typing' | 'keys' | 'panel'

/** How long each lasts after its last sign, in milliseconds. */
const lasts: Record<HoldReason, number> = {
  pointer: 600,
  focus: 600,
  scroll: 600,
  typing: 2_000,
  keys: 2_000,
  panel: 600,
}

export type Hold = {
  /** From now on, until `end`. */
  begin(reason: HoldReason): void
  /** It is over: a moment later rows may move. */
  end(reason: HoldReason): void
  /** For a moment, from its last sign on. */
  sign(reason: HoldReason): void
  stop(): void
}

/** Gathers the reasons to keep rows where they are; `changed` is told when the first comes and when the last is over. */
export function createHold(changed: (isHeld: boolean) => void): Hold {
  /** Null: it has no end yet. */
  const reasons = new Map<HoldReason, ReturnType<typeof setTimeout> | null>()
  const put = (reason: HoldReason, timer: ReturnType<typeof setTimeout> | null) => {
    const wasHeld = reasons.size > 0
    clearTimeout(reasons.get(reason) ?? undefined)
    reasons.set(reason, timer)
    if (!wasHeld) changed(true)
  }
  const endSoon = (reason: HoldReason) =>
    put(
      reason,
      setTimeout(() => {
        reasons.delete(reason)
        if (reasons.size === 0) changed(false)
      }, lasts[reason]),
    )
  return {
    begin: (reason) => put(reason, null),
    end(reason) {
      if (reasons.has(reason)) endSoon(reason)
    },
    sign: endSoon,
    stop() {
      for (const timer of reasons.values()) clearTimeout(timer ?? undefined)
      reasons.clear()
    },
  }
}
