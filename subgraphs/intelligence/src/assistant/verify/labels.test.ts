import { describe, expect, it } from 'vitest'
import { customerFacts, policy, situation } from '../situation.test-kit.ts'
import type { Cite } from '../written.ts'
import { verify } from './verify.ts'

const codes = (text: string, archetype: string | null = 'Rising premium regular buyers', cites: readonly Cite[] = []) =>
  verify(
    { paragraphs: [[{ text, cites, importance: 1 }]], personalization: [], reasoning: '', confidence: 0.8 },
    {
      ...situation({ policies: [policy({ id: 'codes', kind: 'DISCOUNT', text: 'Codes are for new customers.' })] }),
      customer: customerFacts({ archetype }),
    },
  ).map(({ code }) => code)

describe('what the models call a customer', () => {
  it.each([
    'You are a rising premium regular buyer.',
    'As one of our Rising Premium Regular Buyers, you come first.',
    'Thank you: rising, premium-regular buyers are dear to us.',
    'You are a Steady regular to us.',
    'To us you are a steady regular.',
    'Steady regulars like you come first.',
    'You are one of our regulars.',
    'You are a loyal customer.',
    'We know you as a deal-hunting, frequent buyer.',
    'You are a deal hunter.',
    'For an at-risk customer like you we do more.',
    'You are a frequent returner, so please tell us why.',
    'We have you down as lapsed.',
    'Your status is dormant with us.',
    'You are flagged in our list.',
    'You have been classified for this.',
    'Your customer tier is known to us.',
    'Your lifecycle is known to us.',
    'You are one of our top-spending customers.',
    'You are a first-time buyer, thank you.',
  ])('is not told to them: %s', (text) => expect(codes(text)).toContain('INTERNAL'))

  it('is not told in one word either, but the word may be used otherwise', () => {
    for (const text of ['You are a regular to us.', 'You are our Whale.', 'Thank you, dear Whale.', "You're a whale."])
      expect(codes(text, text.toLowerCase().includes('whale') ? 'Whales' : 'Regular')).toContain('INTERNAL')
    for (const text of [
      'The regular delivery is on weekdays.',
      'Please use your regular address for it.',
      'Is this your regular size?',
    ])
      expect(codes(text, 'Regular')).not.toContain('INTERNAL')
  })

  it.each([
    'Thank you for being our customer.',
    'Would you like a new one?',
    'Please send it in its new and regular box.',
    'Thank you for your loyalty.',
    'How can I help you with your return?',
    'Could you tell me whether the value is high enough for you?',
    'Our customer service will help you.',
    'Is your account active?',
  ])('is none of this: %s', (text) => expect(codes(text)).not.toContain('INTERNAL'))

  it('may be the name of all, and a policy’s own word', () => {
    expect(codes('This is so for all customers.', 'All customers')).not.toContain('INTERNAL')
    const text = 'Our codes are for new customers, as you know.'
    expect(codes(text)).toContain('INTERNAL')
    expect(codes(text, null, [{ source: 'POLICY', id: 'codes', quote: 'for new customers' }])).not.toContain('INTERNAL')
  })
})
