import type { GraphQLSchema } from 'graphql'
import { blockAsHtml, type Chapter } from './blocks.ts'
import { changesOf } from './changes.ts'
import { bulk } from './guide/bulk.ts'
import { changelog } from './guide/changelog.ts'
import { errors } from './guide/errors.ts'
import type { GuideFacts } from './guide/facts.ts'
import { limits } from './guide/limits.ts'
import { subscriptions, webhooks } from './guide/live.ts'
import { authentication, start } from './guide/start.ts'
import { anchor, html, type Html } from './html.ts'
import { grouped, operationsOf, typesOf } from './operations.ts'
import { operationAsHtml, typeAsHtml } from './reference.ts'

export type DocumentFacts = { schema: GraphQLSchema; origin: string; limits: GuideFacts['limits'] }

/** The guide, what comes before the reference and what after it. */
export function chaptersOf(given: DocumentFacts): { before: Chapter[]; after: Chapter[] } {
  const facts: GuideFacts = { ...given, changes: changesOf(given.schema) }
  return {
    before: [start, authentication, limits, errors, subscriptions, webhooks, bulk].map((chapter) => chapter(facts)),
    after: [changelog(facts)],
  }
}

const chapterAsHtml = ({ id, title, blocks }: Chapter): Html =>
  html`<section class="chapter" id="${id}" aria-labelledby="${id}-title">
    <h2 id="${id}-title">${title}</h2>
    ${blocks.map(blockAsHtml)}
  </section>`

const links = (items: readonly { id: string; name: string }[]): Html =>
  html`<ul>
    ${items.map(({ id, name }) => html`<li><a href="#${id}">${name}</a></li>`)}
  </ul>`

/** The whole page. Works without scripts; what needs one is hidden until it runs. */
export function pageAsHtml(given: DocumentFacts): Html {
  const { before, after } = chaptersOf(given)
  const groups = grouped(operationsOf(given.schema))
  const types = typesOf(given.schema)
  const typeLinks = types.map(({ name }) => ({ id: anchor('type', name), name }))
  const entries = (chapters: Chapter[]) => links(chapters.map(({ id, title }) => ({ id, name: title })))
  return shell({
    title: 'Quimbi Intelligence API',
    styles: '/partner/page.css',
    scripts: ['/partner/page.mjs'],
    body: html`<nav id="contents" aria-label="Contents">
        <p class="find" hidden>
          <label for="find">Find an operation or a type</label
          ><input id="find" type="search" autocomplete="off" spellcheck="false" placeholder="Find…" /><span
            id="found"
            role="status"
          ></span>
        </p>
        <h2>Guide</h2>
        ${entries(before)}
        ${groups.map(
          ({ title, operations }) =>
            html`<h2>${title}</h2>
              ${links(operations)}`,
        )}
        <h2>More</h2>
        ${entries(after)}
        <details>
          <summary>Types (${types.length})</summary>
          ${links(typeLinks)}
        </details>
      </nav>
      <main id="main" tabindex="-1">
        <h1>Quimbi Intelligence API</h1>
        ${before.map(chapterAsHtml)}
        ${groups.map(
          ({ group, title, operations }) =>
            html`<section class="chapter wide" id="group-${group}" aria-labelledby="group-${group}-title">
              <h2 id="group-${group}-title">${title}</h2>
              ${operations.map(operationAsHtml)}
            </section>`,
        )}
        ${after.map(chapterAsHtml)}
        <section class="chapter" id="types" aria-labelledby="types-title">
          <h2 id="types-title">Types</h2>
          ${types.map(typeAsHtml)}
        </section>
      </main>`,
  })
}

const scriptTag = (script: string): Html =>
  script.endsWith('.mjs')
    ? html`<script src="${script}" type="module"></script>`
    : html`<script src="${script}" defer></script>`

export type Shell = { title: string; styles: string; scripts: readonly string[]; body: Html }

/** What all our pages share: head, skip link, header. Nothing comes from another origin. */
export const shell = ({ title, styles, scripts, body }: Shell): Html =>
  html`<!doctype html>
    <html lang="en">
      <head>
        <meta charset="utf-8" />
        <meta name="viewport" content="width=device-width, initial-scale=1" />
        <meta name="color-scheme" content="light dark" />
        <title>${title}</title>
        <meta name="description" content="Reference and guide of the Quimbi Intelligence partner API." />
        <link rel="icon" href="/partner/icon.svg" type="image/svg+xml" />
        <link rel="stylesheet" href="${styles}" />
        ${scripts.map(scriptTag)}
      </head>
      <body>
        <a class="skip" href="#main">Skip to content</a>
        <header class="top">
          <a class="brand" href="/partner"><span aria-hidden="true">◆</span> Quimbi Intelligence</a>
          <nav aria-label="Pages">
            <a href="/partner">Docs</a><a href="/partner/explorer">Explorer</a
            ><a href="/partner/schema.graphql">Schema</a><a href="/partner/docs.md">Markdown</a>
          </nav>
        </header>
        ${body}
      </body>
    </html> `
