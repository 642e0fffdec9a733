import type { Bus } from '@quimbi/events/bus.ts'
import { decodeRevision, revisionChannel, type Revision } from '@quimbi/events/revisions.ts'

/** What became of a tenant's customers since one began to watch. */
export type Watch = {
  /** Whether what was true of this customer may not be true any more. */
  isRevised(id: string): boolean
  end(): void
}

/** What Intelligence says of its writes. While it may be missed, nothing that is kept can be trusted. */
export type Revisions = {
  readonly isHeard: boolean
  /** To be begun before anything is asked: an answer that was revised meanwhile is not to be kept. */
  watch(tenantId: string): Watch
  stop(): void
}

type Listeners = {
  onRevised(revision: Revision): void
  /** Whatever is kept is to be forgotten: something was missed, or will be. */
  onLost(): void
}

type Watching = { ids: Set<string>; isAll: boolean }

export function hearRevisions(bus: Bus, { onRevised, onLost }: Listeners): Revisions {
  const watching = new Map<string, Set<Watching>>()
  // A bus that can be lost says when it is heard, by an empty message.
  let isHeard = bus.onLost === undefined

  function mark({ tenantId, customerIds }: Revision): void {
    const concerned = tenantId === null ? [...watching.values()] : [watching.get(tenantId) ?? []]
    for (const all of concerned)
      for (const one of all) {
        if (customerIds) for (const id of customerIds) one.ids.add(id)
        else one.isAll = true
      }
  }

  function lose(): void {
    mark({ tenantId: null, customerIds: null })
    onLost()
  }

  const leave = bus.subscribe(revisionChannel, (message) => {
    if (message === '') {
      isHeard = true
      lose()
      return
    }
    const revision = decodeRevision(message)
    mark(revision)
    if (revision.tenantId === null) onLost()
    else onRevised(revision)
  })
  const leaveLost = bus.onLost?.(() => {
    isHeard = false
    lose()
  })

  return {
    get isHeard() {
      return isHeard
    },
    watch(tenantId) {
      const own: Watching = { ids: new Set(), isAll: false }
      const all = watching.get(tenantId) ?? new Set()
      watching.set(tenantId, all.add(own))
      return {
        isRevised: (id) => own.isAll || own.ids.has(id),
        end() {
          all.delete(own)
          if (all.size === 0 && watching.get(tenantId) === all) watching.delete(tenantId)
        },
      }
    },
    stop() {
      leave()
      leaveLost?.()
      isHeard = false
      lose()
    },
  }
}
