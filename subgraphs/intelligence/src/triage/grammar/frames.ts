/** Ways to ask for an action: in the infinitive, or as a gerund. */
export const frames: [string, ...string[]] = [
  'I [want|need|would like|have|wish] to {action}',
  'I [want|need|would like] to {action}',
  'how [do|can|could] I {action}',
  'how to {action}',
  'can [you|u] [help|assist] me [to|] {action}',
  'can I {action}',
  'could you [please|] {action}',
  'I am trying to {action}',
  'I try to {action}',
  'I [do not|dont] know how to {action}',
  'what do I have to do to {action}',
  'is it possible to {action}',
  'help me {action}',
  'I need [help|assistance|support] to {action}',
  'I need [help|assistance|support|a hand] {doing}',
  'I [want|would like] [help|assistance] {doing}',
  'I have [a problem|problems|trouble|issues|difficulties|a question about] {doing}',
  'question about {doing}',
  '{doing}',
  'where can I {action}',
  'I [can not|cant|am unable to] {action}',
  'please {action}',
  'I wanna {action}',
  'show me how to {action}',
  'assistance to {action}',
  'would it be possible to {action}',
  'I am calling to {action}',
  'tell me how I can {action}',
  'let me {action}',
  'please help me {action}',
  'can you tell me how to {action}',
  'what is the way to {action}',
]

/** Ways to ask about a thing. */
export const questions: [string, ...string[]] = [
  '[I have a|a|] question about {thing}',
  '{thing}',
  '{thing} please',
  'I need help with {thing}',
  'help with {thing}',
  '[I have a|there is a] [problem|issue] with {thing}',
  'I am writing about {thing}',
  'what about {thing}',
  'can you help me with {thing}',
  'any news on {thing}',
  'information [about|on] {thing}',
  'I want to ask about {thing}',
  'could you tell me [more|something] about {thing}',
  'I need [assistance|some help|information] with {thing}',
  're: {thing}',
  'I have a concern regarding {thing}',
  'this is about {thing}',
  'I am contacting you because of {thing}',
  'trouble with {thing}',
]

export const openings: [string, ...string[]] = [
  'hi',
  'hello',
  'hey',
  'hi there',
  'good [morning|afternoon|evening]',
  'dear [team|support|customer service]',
  'hello [team|everyone]',
  'sorry to bother you',
  'excuse me',
  'hi [team|guys], hope you are well',
  'hey there',
  'dear sir or madam',
  'hi, [I hope you can help|quick question]',
  'hello, I have a question',
]

/** Circumstances that tell nothing about what is wanted. */
export const contexts: [string, ...string[]] = [
  'my order number is {number}',
  '[it is|order] {number}',
  'I bought a {item} on your website [last week|{span} ago|]',
  'I ordered a {item} {span} ago',
  'I am a [long-time|loyal|new] customer',
  'it was a present for {person}',
  'this is the [second|third] time I write',
  'I am {mild} [frustrated|upset|annoyed|worried]',
  'I live in {place}',
  'I paid {money}',
  'my name is [Anna|Tom|Maria|Sam|Priya|Chen]',
  'I use the app',
  'I already [called|emailed you] [twice|]',
  'I know you are busy',
  'it is urgent',
  'the {item} was for {person}',
  'I have shopped with you for years',
  'it is a {color} {item}',
  'this is {bad}',
  'I wrote to you on {day}',
]

export const closings: [string, ...string[]] = [
  'thanks',
  'thank you',
  'please help',
  'thanks in advance',
  'please let me know',
  'asap please',
  'kind regards',
  'best, [Anna|Tom|Maria|Sam]',
  'I look forward to your reply',
  'can you help',
  'please reply soon',
  'cheers',
  'best regards',
  'thank you for your help',
  'let me know what you need from me',
  'sent from my iPhone',
]

/** "cancel my order" → "cancelling my order": by the first word, which is the verb. */
export function doing(action: string): string {
  const [verb = '', ...rest] = action.split(' ')
  return [gerund(verb), ...rest].join(' ')
}

const doubled = new Set([
  'get',
  'stop',
  'swap',
  'put',
  'set',
  'cancel',
  'drop',
  'submit',
  'ship',
  'log',
  'abort',
  'print',
])

function gerund(verb: string): string {
  if (verb === 'cancel' || (doubled.has(verb) && /[aeiou][gpt]$/.test(verb) && verb !== 'abort'))
    return `${verb}${verb.at(-1)}ing`
  if (/[^aeiouy]e$|[aiou]ve$|ue$/.test(verb) && verb !== 'be') return `${verb.slice(0, -1)}ing`
  return `${verb}ing`
}
