/** What a ticket's score is made of; each weight with what it gives points for. */
export const weightMeanings = {
  slaBreaching: ['A promise is being broken', 'Points while an SLA clock is over its target.'],
  slaImminent: ['A promise is about to be broken', 'Points once the warning has come.'],
  urgency: ['Urgency', 'Times the ticket’s priority: low to urgent.'],
  churnRisk: ['Churn risk', 'Times the chance that the customer leaves.'],
  customerValue: ['Customer value', 'The points that a valuable customer comes near to.'],
  topicAlert: ['Topic alert', 'Points where a topic alert matches.'],
  sentiment: ['Sentiment', 'Times how unhappy the customer sounds.'],
  age: ['Waiting', 'Times how long it has waited.'],
  difficultyEasy: ['Easy to answer', 'Points for what is quickly done.'],
  difficultyHard: ['Hard to answer', 'Takes points from what will take long: 0 or less.'],
} as const

export type WeightName = keyof typeof weightMeanings
export type Weights = Record<WeightName, number>
export const weightNames = Object.keys(weightMeanings) as WeightName[]
