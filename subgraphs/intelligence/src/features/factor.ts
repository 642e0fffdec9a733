/** One thing that moves a score or a forecast. `explanation` is inherited: a copy by spread does not have it. */
export type Factor = { feature: string; value: number; contribution: number; readonly explanation: string }

/**
 * Makes factors whose words are made when they are read. They all inherit one getter: to give each a getter of its own took
 * a microsecond and more, and a customer's profile has sixteen.
 */
export function factorMaker(say: (feature: string, value: number, contribution: number) => string) {
  const common = {
    feature: '',
    value: 0,
    contribution: 0,
    get explanation(): string {
      return say(this.feature, this.value, this.contribution)
    },
  }
  return (feature: string, value: number, contribution: number): Factor => {
    const factor = Object.create(common) as typeof common
    factor.feature = feature
    factor.value = value
    factor.contribution = contribution
    return factor
  }
}
