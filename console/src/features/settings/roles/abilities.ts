export const roleWords = {
  AGENT: 'Agent',
  SENIOR_AGENT: 'Senior agent',
  TEAM_LEAD: 'Team lead',
  MANAGER: 'Manager',
  ADMIN: 'Admin',
} as const

export type RoleName = keyof typeof roleWords
/** Something that may be done by a role and those above. */
export type Ability = { title: string; about: string; from: RoleName }

export const abilities: readonly Ability[] = [
  { title: 'Answer tickets', about: 'Read and change one’s own, and take those that are nobody’s.', from: 'AGENT' },
  { title: 'Change customers', about: 'Add them, and change what is known of them.', from: 'AGENT' },
  { title: 'Set topic alerts', about: 'For one’s own inbox.', from: 'AGENT' },
  { title: 'See and change all tickets', about: 'Those of colleagues too.', from: 'SENIOR_AGENT' },
  { title: 'Merge customers', about: 'Two records that are one person.', from: 'SENIOR_AGENT' },
  { title: 'Assign tickets', about: 'To others, and set topic alerts for a team or everybody.', from: 'TEAM_LEAD' },
  { title: 'Change agents’ skills and capacity', about: 'And say who takes new tickets.', from: 'TEAM_LEAD' },
  { title: 'Read reports', about: 'SLA, agents, drafts, satisfaction.', from: 'TEAM_LEAD' },
  { title: 'Read the configuration', about: 'Queues, promises, rules, policies; try rules.', from: 'TEAM_LEAD' },
  {
    title: 'Add and deactivate agents',
    about: 'And teams. Managers decide about roles below their own.',
    from: 'MANAGER',
  },
  { title: 'Change the configuration', about: 'Queues, promises, rules, policies, webhooks.', from: 'MANAGER' },
  { title: 'Look after partner keys', about: 'Make, rotate, revoke; see what they read.', from: 'MANAGER' },
  {
    title: 'Read the audit log',
    about: 'Who changed or read what; export what is known of a person.',
    from: 'MANAGER',
  },
  { title: 'Delete tickets', about: 'For good.', from: 'ADMIN' },
  { title: 'Erase customers', about: 'What is known of a person, at their wish.', from: 'ADMIN' },
]
