import vader from 'vader-sentiment'

const mostRead = 20_000
const mostCharacters = 2_000
const mostWord = 40
/** VADER's own constant: compound = sum / √(sum² + 15). */
const alpha = 15

/**
 * VADER's compound score (Hutto and Gilbert 2014), −1 … 1. Long words are cut, and long texts too: the library's search for capitals is
 * quadratic in a word, and its table of words with punctuation is thirty-four times as large as the text.
 */
export const compoundOf = (text: string): number =>
  vader.SentimentIntensityAnalyzer.polarity_scores(
    text
      .slice(0, mostRead)
      .replace(longWord, (word) => word.slice(0, mostWord))
      .slice(0, mostCharacters),
  ).compound

const longWord = new RegExp(`\\S{${mostWord + 1},}`, 'g')

/** The sum of valences behind a compound score, so that others can be added to it. */
export function sumOf(compound: number): number {
  // Four digits are given; ±1 would be an infinite sum.
  const inside = Math.max(-0.9999, Math.min(0.9999, compound))
  return inside * Math.sqrt(alpha / (1 - inside * inside))
}

export const compoundOfSum = (sum: number): number => sum / Math.sqrt(sum * sum + alpha)
