/** Words that VADER takes for joy and that are mere manners, or the names of things, when somebody writes to a shop. */
const manners = [
  'please',
  'pls',
  'kindly',
  'dear',
  '(?:kind|best|warm) (?:regards|wishes)',
  'regards',
  'thanks in advance',
  'thank you in advance',
  "(?:would|should|i'd|i’d|we'd|id) (?:really )?(?:like|love|appreciate)",
  'look(?:ing)? forward',
  'hope you are (?:well|doing well)',
  'good (?:morning|afternoon|evening|day)',
  '(?:need|want) (?:some |your )?(?:help|support|assistance|a hand)',
  '(?:can|could|would) you (?:please )?help',
  '(?:help|assist|support)(?:ing)?(?: me| us)?',
  'customer (?:support|care)',
  '(?:credit|gift) (?:cards?|notes?)',
  'gifts?',
  'free (?:shipping|delivery|account|returns?)',
  'money back',
  'like (?:this|that|to)',
  'interested in',
  'wish to',
  'no problem',
  'problems?',
  'stop',
  'cancel(?:l?ed|l?ing|lation)?',
  'lost (?:my )?(?:password|pin|login)',
  'ok(?:ay)?',
]

/** What customers of a shop are glad or cross about and VADER does not know, with its valence (VADER's scale, −4 … 4). */
const phrases: readonly (readonly [number, string])[] = [
  [-1.8, 'still (?:waiting|not|no|nothing|has ?n.?t|have ?n.?t)'],
  [
    -1.5,
    '(?:never|not|n.?t) (?:yet )?(?:arrived?|received?|shipped|delivered|came|come|got|been (?:sent|delivered|shipped))',
  ],
  [-1.6, '(?:does|do|did|is|has) ?(?:not|n.?t) (?:\\w+ )?(?:work(?:ing|ed)?|turn on|charge|fit)'],
  [-1.6, 'stopped working|fell apart|falling apart|in pieces|wo ?n.?t turn on'],
  [-1.2, '(?:is|was|are|been|being|so|too|very|arrived) (?:\\w+ )?(?:late|delayed|overdue|slow)'],
  [-1, 'wrong (?:item|product|size|colou?r|order|address|one|thing|amount)'],
  [-1.2, 'not what i ordered|someone else.?s'],
  [-2, '(?:second|third|fourth|fifth|2nd|3rd|4th|5th|several|multiple|many) (?:time|times|e-?mails?|messages?|calls?)'],
  [
    -1.6,
    'no (?:reply|response|answer|one (?:answers|replies|responds|helps))|nobody (?:answers|replies|responds|helps|cares)',
  ],
  [-2, '(?:never|not) (?:\\w+ )?(?:order|shop|buy|use)(?:ing)? (?:\\w+ ){0,3}again'],
  [-2.2, 'waste of (?:time|money)|rip.?off|fed up|sick of|last straw|had enough'],
  [-2, 'lawyer|small claims|legal action|trading standards|chargeback|consumer (?:agency|protection)'],
  [-1.2, 'charged (?:twice|double|two times)|double charged|overcharged'],
  [-1, '(?:demand|want|give me|need) (?:my |a full |a )?(?:money back|refund)'],
  [-1, 'how (?:much longer|many times)|what is going on|taking so long'],
  [-1.6, 'appalling|shocking|a joke|unhelpful|clueless|unprofessional|misleading'],
  [-4, 'thank(?:s| you) for (?:nothing|wasting|ruining|ignoring)'],
  [-0.8, 'already (?:called|written|wrote|e-?mailed|contacted)'],
  [
    1.6,
    'works? (?:perfectly|great|well|like a charm)|that (?:worked|solved it|fixed it|helps)|all (?:sorted|good)|problem solved',
  ],
  [1.6, '(?:fast|quick|prompt|speedy) (?:shipping|delivery|reply|response|answer|service)'],
  [2, 'lifesaver|you are a star|five stars|highly recommend|well done|above and beyond'],
  [1.2, 'exactly what i (?:wanted|needed|ordered)|better than (?:i )?expected|as described'],
]

const mannersPattern = new RegExp(`\\b(?:${manners.join('|')})\\b`, 'gi')
const patterns = phrases.map(([valence, pattern]) => ({ valence, pattern: new RegExp(`\\b(?:${pattern})\\b`, 'gi') }))
/** What turns a glad phrase around when it stands shortly before: "not exactly what I wanted". */
const negation = /\b(?:not|never|no|hardly|n.t|cannot)\b[^.!?]{0,20}$/i

/** The text without manners, for VADER. */
export const withoutManners = (text: string): string => text.replace(mannersPattern, ' ')

/** The sum of the valences of a shop's phrases; each counts once. */
export function shopValence(text: string): number {
  let sum = 0
  for (const { valence, pattern } of patterns) {
    pattern.lastIndex = 0
    const found = pattern.exec(text)
    if (!found) continue
    const isTurned = valence > 0 && negation.test(text.slice(Math.max(0, found.index - 30), found.index))
    sum += isTurned ? -0.74 * valence : valence
  }
  return sum
}
