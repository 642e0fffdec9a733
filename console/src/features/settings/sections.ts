import {
  Bell,
  BookOpenText,
  Building2,
  CalendarClock,
  FileClock,
  Inbox,
  KeyRound,
  Radar,
  ShieldCheck,
  Timer,
  UserRound,
  Users,
  UsersRound,
  Webhook,
  Workflow,
  type LucideIcon,
} from 'lucide-react'
import type { ComponentType } from 'react'
import type { Permission } from '../../session/viewer.tsx'
import { lazyPart } from '../../ui/lazy-part.tsx'

export type SettingsSection = {
  /** Its address: /settings/<id>. */
  id: string
  title: string
  /** What it is for, in one sentence. */
  description: string
  icon: LucideIcon
  /** Who may read it; everybody unless given. */
  permission?: Permission
  keywords?: string[]
  component: ComponentType
}

export type SettingsGroup = { title: string; sections: readonly SettingsSection[] }

const section = <Name extends string>(name: Name, load: () => Promise<Record<Name, ComponentType>>) =>
  lazyPart(async () => (await load())[name])

export const groups: readonly SettingsGroup[] = [
  {
    title: 'You',
    sections: [
      {
        id: 'profile',
        title: 'Profile',
        description: 'Your status, your password, and how the console looks and listens at this browser.',
        icon: UserRound,
        keywords: ['password', 'theme', 'dark', 'shortcuts', 'status'],
        component: section('ProfileSection', () => import('./profile/section.tsx')),
      },
      {
        id: 'alerts',
        title: 'Topic alerts',
        description: 'Words that lift tickets up in the inbox while something is going on.',
        icon: Bell,
        keywords: ['keywords', 'topics'],
        component: section('AlertsSection', () => import('./alerts/section.tsx')),
      },
    ],
  },
  {
    title: 'People',
    sections: [
      {
        id: 'agents',
        title: 'Agents',
        description: 'Who answers customers, how much they take, and what they are good at.',
        icon: Users,
        permission: 'agent:update',
        keywords: ['people', 'users', 'invite', 'capacity', 'skills'],
        component: section('AgentsSection', () => import('./agents/section.tsx')),
      },
      {
        id: 'teams',
        title: 'Teams',
        description: 'Groups of agents that queues and escalations go to.',
        icon: UsersRound,
        permission: 'agent:update',
        component: section('TeamsSection', () => import('./teams/section.tsx')),
      },
      {
        id: 'roles',
        title: 'Roles',
        description: 'What each role may do. Each includes the ones before it.',
        icon: ShieldCheck,
        keywords: ['permissions'],
        component: section('RolesSection', () => import('./roles/section.tsx')),
      },
    ],
  },
  {
    title: 'Work',
    sections: [
      {
        id: 'queues',
        title: 'Queues',
        description: 'Where tickets wait. Each has its place, its team and the skills that it asks for.',
        icon: Inbox,
        permission: 'config:read',
        component: section('QueuesSection', () => import('./queues/section.tsx')),
      },
      {
        id: 'sla',
        title: 'SLA policies',
        description: 'What you promise, to whom. The first policy in order that fits a ticket counts.',
        icon: Timer,
        permission: 'config:read',
        keywords: ['service level', 'targets', 'deadlines'],
        component: section('SlaSection', () => import('./sla/section.tsx')),
      },
      {
        id: 'calendars',
        title: 'Calendars',
        description: 'Opening hours and holidays that targets in business hours count by.',
        icon: CalendarClock,
        permission: 'config:read',
        keywords: ['business hours', 'holidays', 'time zone'],
        component: section('CalendarsSection', () => import('./calendars/section.tsx')),
      },
      {
        id: 'rules',
        title: 'Automation rules',
        description: 'What happens by itself. Each can be tried on your history before it is switched on.',
        icon: Workflow,
        permission: 'config:read',
        keywords: ['triggers', 'dry run'],
        component: section('RulesSection', () => import('./rules/section.tsx')),
      },
    ],
  },
  {
    title: 'Business',
    sections: [
      {
        id: 'business',
        title: 'Business',
        description: 'Brand, language, how replies go out, how the inbox is ranked, and how long things are kept.',
        icon: Building2,
        permission: 'config:read',
        keywords: ['tenant', 'brand', 'signature', 'scoring', 'retention', 'undo send', 'drafts'],
        component: section('BusinessSection', () => import('./business/section.tsx')),
      },
      {
        id: 'policies',
        title: 'Policies',
        description: 'What you allow and how you sound. Drafts promise nothing beyond it.',
        icon: BookOpenText,
        permission: 'config:read',
        keywords: ['refund', 'discount', 'tone'],
        component: section('PoliciesSection', () => import('./policies/section.tsx')),
      },
    ],
  },
  {
    title: 'Connections',
    sections: [
      {
        id: 'keys',
        title: 'Partner keys',
        description: 'What partners identify themselves with: what each may do, when it was used, and what it read.',
        icon: KeyRound,
        permission: 'config:write',
        keywords: ['api keys', 'tokens', 'rotate'],
        component: section('KeysSection', () => import('./keys/section.tsx')),
      },
      {
        id: 'webhooks',
        title: 'Webhooks',
        description: 'Where ticket events are sent, signed, until they are accepted.',
        icon: Webhook,
        permission: 'config:read',
        component: section('WebhooksSection', () => import('./webhooks/section.tsx')),
      },
      {
        id: 'insight-webhooks',
        title: 'Insight webhooks',
        description: 'Where changes of what is known of customers are sent: churn risk, engagement, value.',
        icon: Radar,
        permission: 'config:write',
        component: section('InsightWebhooksSection', () => import('./webhooks/insight-section.tsx')),
      },
    ],
  },
  {
    title: 'Records',
    sections: [
      {
        id: 'audit',
        title: 'Audit log',
        description: 'Who changed or read what: everything that is no ticket event.',
        icon: FileClock,
        permission: 'audit:read',
        keywords: ['history', 'who'],
        component: section('AuditSection', () => import('./audit/section.tsx')),
      },
    ],
  },
]

export const sectionOf = (id: string): SettingsSection | undefined =>
  groups.flatMap(({ sections }) => sections).find((one) => one.id === id)

/** From which role on one has a permission. */
export const leastRole: Partial<Record<Permission, string>> = {
  'agent:update': 'Team lead',
  'config:read': 'Team lead',
  'config:write': 'Manager',
  'agent:manage': 'Manager',
  'audit:read': 'Manager',
}
