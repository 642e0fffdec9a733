/** How many wait; the server counts to 10,000. */
export const waitingInWords = (count: number): string => (count >= 10_000 ? '10,000+' : count.toLocaleString('en'))
