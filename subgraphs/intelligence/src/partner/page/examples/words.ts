import { passedIn, sampleIds, type Example } from './example.ts'

const reading = { group: 'reading', scopes: ['insight:read'] } as const
const writing = { group: 'writing', scopes: ['generate'] } as const

const complaint = 'My order #10042 arrived broken, and nobody has answered me for a week. I want my money back!'

export const readingExamples = {
  triageMessage: {
    ...reading,
    document: `query Triage($input: TriageInput!) {
  triageMessage(input: $input) {
    intent { label confidence evidence }
    urgency { label }
    sentiment { score emotion }
    entities { kind text }
    difficulty
    language
  }
}`,
    variables: {
      input: { subject: 'Broken on arrival', channel: 'EMAIL', turns: [{ fromAgent: false, content: complaint }] },
    },
  },
  detectIntent: {
    ...reading,
    document: `query Intent($message: String!) {
  detectIntent(message: $message) { label confidence alternatives { label confidence } }
}`,
    variables: { message: 'Where is my parcel? It should have been here on Monday.' },
  },
  classifyCategory: {
    ...reading,
    document: `query Category($subject: String!, $content: String!) {
  classifyCategory(subject: $subject, content: $content) { label confidence }
}`,
    variables: { subject: 'Refund for order 10042', content: 'Please refund my money for order #10042.' },
  },
  analyzeSentiment: {
    ...reading,
    document: `query Sentiment($text: String!) {
  analyzeSentiment(text: $text) { score emotion confidence }
}`,
    variables: { text: 'Thank you so much, that was quick!' },
  },
} satisfies Record<string, Example>

export const writingExamples = {
  generateMessage: {
    ...writing,
    scopes: ['generate', 'insight:read'],
    document: `query Write($input: GenerateMessageInput!) {
  generateMessage(input: $input) {
    content
    limit { unit max used }
    citations { sentence source quote }
    reasoning
    confidence
  }
}`,
    variables: {
      input: {
        customerId: sampleIds.customer,
        channel: 'EMAIL',
        goal: 'RESOLVE_SUPPORT_ISSUE',
        tone: 'EMPATHETIC',
        customerName: 'Alex',
        brand: 'Harbour Home',
        turns: [{ fromAgent: false, content: complaint }],
        policies: [{ kind: 'REFUND', text: 'Goods that arrive broken are refunded in full within 30 days.' }],
      },
    },
  },
  generateCampaign: {
    ...writing,
    scopes: ['generate', 'insight:read'],
    document: `query Campaign($input: GenerateCampaignInput!) {
  generateCampaign(input: $input) { text citations { sentence source quote } }
}`,
    variables: {
      input: { archetypeId: sampleIds.archetype, objective: 'WIN_BACK', channel: 'EMAIL', variants: 2 },
    },
  },
  summarizeCustomer: {
    ...writing,
    scopes: ['generate', 'insight:read'],
    document: `query Summarize($input: AnalyzeCustomerInput!) {
  summarizeCustomer(input: $input) { text citations { sentence source quote } }
}`,
    variables: { input: passedIn },
  },
  splitMessage: {
    ...writing,
    document: `query Split($text: String!) {
  splitMessage(text: $text, channel: SMS)
}`,
    variables: {
      text: 'Your order has left our warehouse this morning. It will be with you on Thursday between nine and noon. If nobody is at home, the courier leaves it with a neighbour and puts a card in your box.',
    },
  },
} satisfies Record<string, Example>
