type Amount = { toString(): string }

/** Whether a customer is a VIP: by hand, or by a lifetime value that reaches the tenant's threshold. */
export const isVip = (
  { isVip: byHand, lifetimeValue }: { isVip: boolean; lifetimeValue: Amount | number | null },
  { vipFromLifetimeValue: from }: { vipFromLifetimeValue: Amount | null },
): boolean => byHand || (from !== null && lifetimeValue !== null && Number(lifetimeValue) >= Number(from))
