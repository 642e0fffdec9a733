const cues: readonly (readonly [Emotion, RegExp])[] = [
  [
    'angry',
    /\b(?:furious|angry|outrag\w+|disgust\w+|ridiculous|unacceptable|scam\w*|thie(?:f|ves)|liars?|lying|rip.?off|worst|pathetic|useless|incompetent|hate|fed up|sick of|damn|wtf|never again|lawyer|disgrace\w*|appalling)\b/i,
  ],
  [
    'frustrated',
    /\b(?:frustrat\w+|annoy\w+|still (?:waiting|not|no|nothing)|keeps? (?:failing|moving|changing|getting)|(?:third|3rd|second|2nd|fourth) time|how (?:much longer|many times)|again and again|taking so long|no (?:reply|response|answer)|stuck|already (?:called|wrote|emailed|contacted))\b/i,
  ],
  [
    'disappointed',
    /\b(?:disappoint\w*|let down|unhappy|sad|dissatisf\w+|unsatisf\w+|unimpressed|expected (?:more|better)|not happy|regret|poor(?:ly)?|shame)\b/i,
  ],
  [
    'worried',
    /\b(?:worr\w+|concern(?:ed|s)|anxious|afraid|scared|nervous|stolen|hacked|is it safe|panick?\w*|fraud\w*|allerg\w+)\b/i,
  ],
  [
    'confused',
    /\b(?:confus\w+|do(?:es)?(?: not|n.?t) (?:understand|make sense)|not sure|unclear|unsure|no idea|lost as to|puzzl\w+)\b/i,
  ],
  ['grateful', /\b(?:thank(?:s| you|ful)|thx|ty|grateful|appreciate[sd]?|cheers|much appreciated)\b/i],
  [
    'happy',
    /\b(?:love[sd]?|great|amazing|awesome|excellent|perfect|wonderful|fantastic|happy|delighted|brilliant|lovely|superb|pleased)\b/i,
  ],
]

export type Emotion =
  'angry' | 'frustrated' | 'disappointed' | 'worried' | 'confused' | 'grateful' | 'happy' | 'neutral'

/** Of what sentiment each emotion can be: "thanks for nothing" is not gratitude. */
const fits: Record<Emotion, (score: number) => boolean> = {
  angry: (score) => score < 0.4,
  frustrated: (score) => score < 0.5,
  disappointed: (score) => score < 0.5,
  worried: (score) => score < 0.65,
  confused: (score) => score < 0.65,
  grateful: (score) => score > 0.55,
  happy: (score) => score > 0.55,
  neutral: () => true,
}

/** The emotion that a text shows by its words, of those that fit its sentiment (0 … 1); by the sentiment alone where no word tells. */
export function emotionOf(text: string, score: number): Emotion {
  const told = cues.find(([emotion, cue]) => fits[emotion](score) && cue.test(text))
  if (told) return told[0]
  if (score < 0.2) return 'angry'
  if (score < 0.4) return 'disappointed'
  return score > 0.7 ? 'happy' : 'neutral'
}
