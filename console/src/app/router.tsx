import {
  createRootRoute,
  createRoute,
  createRouter,
  lazyRouteComponent,
  Link,
  Outlet,
  redirect,
} from '@tanstack/react-router'
import { InboxPage } from '../features/inbox/page.tsx'
import { inboxSearch } from '../features/inbox/search.ts'
import { Shell } from '../shell/shell.tsx'
import { EmptyState, ErrorState } from '../ui/state.tsx'
import { CustomerRoute, SettingsRoute, TicketRoute } from './routes.tsx'
import { Toasts } from './toasts.tsx'

const root = createRootRoute({
  component: () => (
    <>
      <Outlet />
      <Toasts />
    </>
  ),
  notFoundComponent: () => (
    <main className="grid min-h-dvh place-items-center">
      <EmptyState title={<h1>There is no such page</h1>}>
        <Link to="/inbox" className="inline-flex min-h-6 items-center text-accent underline">
          Back to the inbox
        </Link>
      </EmptyState>
    </main>
  ),
  errorComponent: ({ error, reset }) => (
    <main className="grid min-h-dvh place-items-center">
      <ErrorState title={<h1>This page failed</h1>} error={error} onRetry={reset} />
    </main>
  ),
})

const login = createRoute({
  getParentRoute: () => root,
  path: '/login',
  component: lazyRouteComponent(() => import('../features/login/page.tsx'), 'LoginPage'),
  // Only a path of our own: an address elsewhere would lead people away.
  validateSearch: ({ from }: Record<string, unknown>): { from?: string } =>
    typeof from === 'string' && /^\/(?!\/)/.test(from) ? { from } : {},
})
const shell = createRoute({ getParentRoute: () => root, id: 'shell', component: Shell })
const home = createRoute({
  getParentRoute: () => shell,
  path: '/',
  beforeLoad: () => {
    throw redirect({ to: '/inbox' })
  },
})
const inbox = createRoute({
  getParentRoute: () => shell,
  path: '/inbox',
  component: InboxPage,
  validateSearch: inboxSearch,
})
const ticket = createRoute({ getParentRoute: () => inbox, path: '$number', component: TicketRoute })
const customers = createRoute({
  getParentRoute: () => shell,
  path: '/customers',
  component: lazyRouteComponent(() => import('../features/customer/customers-page.tsx'), 'CustomersPage'),
})
const customer = createRoute({ getParentRoute: () => shell, path: '/customers/$customerId', component: CustomerRoute })
const analytics = createRoute({
  getParentRoute: () => shell,
  path: '/analytics',
  component: lazyRouteComponent(() => import('../features/analytics/page.tsx'), 'AnalyticsPage'),
})
const settings = createRoute({
  getParentRoute: () => shell,
  path: '/settings',
  beforeLoad: ({ location }) => {
    if (/^\/settings\/?$/.test(location.pathname))
      throw redirect({ to: '/settings/$section', params: { section: 'profile' } })
  },
})
const settingsSection = createRoute({ getParentRoute: () => settings, path: '$section', component: SettingsRoute })
const demo = createRoute({
  getParentRoute: () => shell,
  path: '/demo',
  component: lazyRouteComponent(() => import('../features/demo/page.tsx'), 'DemoPage'),
})

const routeTree = root.addChildren([
  login,
  shell.addChildren([
    home,
    inbox.addChildren([ticket]),
    customers,
    customer,
    analytics,
    settings.addChildren([settingsSection]),
    demo,
  ]),
])

export const createConsoleRouter = () => createRouter({ routeTree, defaultPreload: 'intent', scrollRestoration: true })

declare module '@tanstack/react-router' {
  interface Register {
    router: ReturnType<typeof createConsoleRouter>
  }
}
