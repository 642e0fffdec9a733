/** The tickets before and after one in the inbox as it is shown. */
export function useInboxNeighbours(_number: number): { previous: number | null; next: number | null } {
  return { previous: null, next: null }
}
