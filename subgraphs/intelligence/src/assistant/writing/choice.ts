/** A number below `count` that is the same for the same text, and spread evenly (FNV-1a, 32 bits). */
export function choiceOf(text: string, count: number): number {
  let hash = 0x811c9dc5
  for (let at = 0; at < text.length; at++) hash = Math.imul(hash ^ text.charCodeAt(at), 0x01000193)
  return ((hash ^ (hash >>> 15)) >>> 0) % count
}
