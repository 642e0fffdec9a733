/** What a busy console asks for: its whole inbox page, a ticket with everything around it, and small things. */
export const inboxPage = `query Inbox($filter: TicketFilter, $first: Int!, $after: String) {
  inbox(filter: $filter, first: $first, after: $after) {
    totalCount asOf topicAlertsActive
    pageInfo { hasNextPage endCursor }
    nodes {
      id number subject status priority channel createdAt updatedAt customerSentiment estimatedDifficulty
      tags { name confidence }
      assignee { id name status }
      smartScore { total components { name weight } }
      sla { metric status elapsedSeconds breachAt policy { id name } }
      lastMessage { id content createdAt }
      viewers { agent { id name } }
      customer {
        id name isVip tags
        externalRefs { source id }
        insightSnapshot { churnRisk }
        churnRisk { level factors { feature contribution explanation } recommendations }
        ltvForecast { factors { feature contribution } }
        dna { archetype { id name } dominantSegments { axis name } }
        behavior { totalOrders daysSinceLastPurchase lifetimeValue { amount } }
      }
    }
  }
}`

export const ticketPage = `query Ticket($id: ID!) {
  ticket(id: $id) {
    id number subject status priority
    assignee { id name } tags { name } actionItems { id action completedBy { id name } }
    messages(first: 50) { nodes { id content createdAt attachments { id fileName } } pageInfo { endCursor } }
    events(first: 50) { nodes { id type changes { field } } }
    notes(first: 20) { nodes { id content author { __typename } mentions { id name } } }
    assignments { endedAt } decisions { id evidence }
    similarTickets(first: 5) { id subject status }
    sla { metric status breachAt intervals { from } policy { id name targets { metric } } }
    smartScore { total components { name weight } }
    customer {
      id name email
      tickets(first: 10) { nodes { id subject status } }
      orders(first: 10) { nodes { id items { sku title quantity } shipments { carrier } } }
      dna { axes { axis memberships { segment { name } } } dominantSegments { name } }
      churnRisk { level factors { feature contribution explanation } }
      ltvForecast { factors { feature contribution } }
      history(metric: CHURN_RISK, days: 365) { at value }
    }
  }
}`
