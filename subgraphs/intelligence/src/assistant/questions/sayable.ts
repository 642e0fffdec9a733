/**
 * Words that a question about a shop's customers is made of. Of a question that goes to a model nothing else leaves: a list of what may be said
 * cannot miss a name that is written small, in another script or with a letter too many, as a list of what looks like one would.
 */
const words = `
  a about above according actually after again ago all almost already also although always am among amongst an and another any anybody anyone anything
  are around as ask at away back be became because become been before began begin behind being below best better between beyond big bigger biggest both
  bottom but by came can cannot cant come comes coming could customer customers client clients buyer buyers shopper shoppers user users people persons
  person folks folk everybody everyone member members subscriber subscribers household households account accounts person's customer's
  count counts day days daily decent did didnt different do does doesnt doing done dont down during each early earlier earliest either else end ended
  ending enough even ever every exactly except expect expected fall fallen far fast few fewer fewest figure figures find first following for former
  frequently frequent from full further gave get gets getting give given go goes going gone good got great greater group groups grow growing had half
  happen happened happens hardly has hasnt have havent having hence high higher highest hour hours how however i if important in including increase
  increasing inside instead into is isnt it its itself just keep keeps kept kind last lasting late lately later latest lead least leave leaves leaving left
  less let like likely likelihood list listed little long longer longest look looking lose losing loss lost lot lots low lower lowest main mainly many
  maximum may maybe me mean meaning median medium mid middle might min minimum minus mine minute minutes moderate month months monthly more moreover
  most mostly much must my near nearly need needs never new newer newest next no nobody none nor not nothing now number numbers of off often old older
  oldest on once one ones only or order ordered ordering orders other others otherwise our ours out outside over overall own paid part past pay paying
  pays per percent percentage period perhaps place placed places plus possible potential potentially previous probability probable probably quarter
  quarters quarterly quickly quite range rank ranked ranking rare rarely rate rather ratio real really recent recently regular regularly relative
  remain remaining remains repeat repeated repeatedly rest return returned returning returns revenue risk risks risky rising run same say score scores
  second see seen seldom send several shall share she should show shown side silent since size slow slowly small smaller smallest so some somebody someone
  sometimes soon sooner sort sorted spend spender spenders spending spends spent split start started starting stay stayed staying stays still stop stopped
  stopping stops such sum take taken takes tell ten tend than that the their theirs them then there these they third this those though three through
  throughout thus tier time times to today together tomorrow tonight too top total toward towards trend turn turned turning twice two type typical
  typically under unless unlikely until up upper upon us use used usual usually value valuable values very want was wasnt way we week weekly weeks
  well went were what whatever when where whether which while who whole whom whose why will with within without wont worse worst worth would year yearly
  years yes yesterday yet you your
  active inactive activity anniversary attrition attached average basket behave behaviour behavior bought bring brings broke browse browsing buy buying
  buys cancel cancelled cash categories category cheap churn churned churning churns cluster cohort come-back committed contact convert cooled cooling
  coupon cross-sell dead deal deals decline declined declining defect defecting deliver departing depart detached discount discounts discounted disengage
  disengaged disappear disappeared disappearing disloyal dollar dollars donate dormant drift drifted drifting drifts drop dropped dropping earn earning
  earns engaged engagement euro euros expensive faded fading faithful forecast forecasts forget forgotten frequency gift gifts habit habits happy
  holiday holidays hunter hunters inbound interested interest invest item items join joined joining keen lapse lapsed lapsing life lifecycle lifetime
  loyal loyalty ltv clv margin marketing money monetary newcomer newcomers offer offers online pound pounds predicted premium price prices prime product
  products profit profitable promising promo promotion purchase purchased purchases purchasing recency recover recovered reactivate reactivated refund
  refunded refunds relapse reorder retain retained retention rfm sale sales save season seasonal segment segments segmented archetype archetypes
  shop shopped shopping shops sign signed sleeping sleepy slip slipped slipping spree stage stages store sub subscribed supporter supporters switch
  switching thousand threat threatened threshold tickets unhappy unprofitable upsell vip vips visit visited visiting visits wander wandering win winback
  won won-back worthless yen usd eur gbp jpy k m million thousand hundred dozen zero four five six seven eight nine eleven twelve fifteen twenty thirty
  forty fifty sixty seventy eighty ninety
  january february march april june july august september october november december jan feb mar apr jun jul aug sep sept oct nov dec monday tuesday
  wednesday thursday friday saturday sunday spring summer autumn fall winter christmas easter thanksgiving weekend weekends fortnight decade
  greater-than less-than ascending descending highest-value`

const known = new Set(words.trim().split(/\s+/))
/** What says of the number after it, or before it, that it counts something rather than is somebody's. */
const before =
  /^(?:[$€£¥<>]|[<>]=|usd|eur|gbp|jpy|top|first|last|past|best|bottom|over|under|above|below|than|least|most|between)$/
const after =
  /^(?:[%$€£¥]|(?:day|week|month|quarter|year|hour|time|order|purchase|dollar|euro|pound)s?|percent|yen|usd|eur|gbp|jpy|k|m|thousand|million)$/
const beforeYear =
  /^(?:in|since|of|until|before|after|during|spring|summer|autumn|winter|[a-z]+(?:ary|ch|il|ay|une|uly|ust|ber))$/
const mostDigits = 6
const tokens = /[\p{L}\p{M}]+(?:['’-][\p{L}\p{M}]+)*|\d+(?:[.,]\d+)*|[<>]=?|[%$€£¥]|[,.?!;:()/-]|\S/gu

export type Sayable = { text: string; unknown: number; known: number }

/**
 * The question in known words, small letters, plain punctuation, and numbers beside what they count; any other word is `<word-1>`, any other number
 * `<number-1>`. `own`: words of the tenant's own archetypes and segments. `known` counts the words that are left. Pure.
 */
export function sayable(question: string, own: ReadonlySet<string>): Sayable {
  const seen = question.normalize('NFKC').replace(/[\p{Cf}\p{Default_Ignorable_Code_Point}]/gu, '')
  const plain = seen.replace(/\p{Cc}/gu, ' ').toLowerCase()
  const parts = plain.match(tokens) ?? []
  const hidden = new Map<string, string>()
  const hide = (kind: 'word' | 'number', part: string): string => {
    const name = hidden.get(part) ?? `<${kind}-${hidden.size + 1}>`
    hidden.set(part, name)
    return name
  }
  let count = 0
  const said = parts.map((part, at) => {
    if (/^\d/.test(part)) return isMeasured(parts, at) ? part : hide('number', part)
    if (!/^[\p{L}\p{M}]/u.test(part)) return /^[<>%$€£¥,.?!;:()/=-]+$/.test(part) ? part : ''
    const word = part.replaceAll('’', "'")
    const bare = word.replace(/'s$/, '').replaceAll("'", '')
    if (!known.has(bare) && !own.has(bare)) return hide('word', bare)
    count += 1
    return word
  })
  const text = said.filter((part) => part !== '').join(' ')
  return { text: text.replace(/ (?=[,.?!;:)])/g, ''), unknown: hidden.size, known: count }
}

/** Beside a unit, a currency or a comparison; more digits than an amount has are somebody's number in any case. */
function isMeasured(parts: readonly string[], at: number): boolean {
  const [part = '', left = '', right = ''] = [parts[at], parts[at - 1], parts[at + 1]]
  // Pieces of a telephone number, of a date or of an address stand beside each other.
  if (part.replace(/\D/g, '').length > mostDigits || [left, right].some((beside) => /^[\d(/-]/.test(beside)))
    return false
  return before.test(left) || after.test(right) || (/^(?:19|20)\d\d$/.test(part) && beforeYear.test(left))
}
