/** Answers a mutation by `payload`, and keeps what was asked. */
export function heard(payload: object) {
  const inputs: object[] = []
  return {
    inputs,
    answer: ({ input }: { input: object }) => {
      inputs.push({ ...input })
      return { userErrors: [], ...payload }
    },
  }
}
