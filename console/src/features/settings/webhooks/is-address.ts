/** Whether a webhook may be sent there, as far as that can be seen from here. */
export function isAddress(text: string): boolean {
  try {
    return new URL(text.trim()).protocol === 'https:'
  } catch {
    return false
  }
}
