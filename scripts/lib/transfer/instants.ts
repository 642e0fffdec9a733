const pattern = /^(\d{4}-\d\d-\d\d)(?:[T ](\d\d:\d\d)(:\d\d)?(\.\d{1,9})?)?(Z|[+-]\d\d:?\d\d)?$/

/** `2011-01-18`, `2011-01-18 10:01`, `2011-01-18T10:01:30.5+01:00`, …; without a zone it is UTC. null for anything else. */
export function parseInstant(text: string): Date | null {
  const match = pattern.exec(text)
  if (!match) return null
  const [, day = '', time = '00:00', seconds = ':00', fraction = '', zone = 'Z'] = match
  // The engine takes 30 February for 2 March.
  const midnight = new Date(`${day}T00:00:00Z`)
  if (Number.isNaN(midnight.getTime()) || !midnight.toISOString().startsWith(day)) return null
  const instant = new Date(`${day}T${time}${seconds}${fraction.slice(0, 4)}${zone}`)
  return Number.isNaN(instant.getTime()) ? null : instant
}
