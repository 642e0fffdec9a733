import type { Plugin } from 'vite'

/**
 * Styles that libraries write into the page while it runs, as a strict policy takes them: sonner's goes into the style sheet (and out of the
 * script), the scroll lock of dialogs gets the page's nonce.
 */
export function strictStyles(): Plugin {
  return {
    name: 'strict-styles',
    apply: 'build',
    enforce: 'pre',
    transform(code, id) {
      if (/\/sonner\/dist\/index\.mjs$/.test(id)) {
        const own = code.replace(/^__insertCSS\(".*"\);?$/m, '')
        if (own === code) this.error('sonner brings its styles in another way than before')
        return { code: `import 'sonner/dist/styles.css'\n${own}`, map: null }
      }
      if (/\/get-nonce\/dist\/es2015\/index\.js$/.test(id)) return { code: getNonce, map: null }
      return undefined
    },
  }
}

const getNonce = `
export const setNonce = () => {}
export const getNonce = () => document.querySelector('meta[property="csp-nonce"]')?.nonce
`
