import { linksOf } from './links.ts'

/** What somebody wrote, as they wrote it: text and safe links, never markup. */
export function PlainText({ children }: { children: string }) {
  return (
    <p className="break-words whitespace-pre-wrap">
      {linksOf(children).map(({ text, href }, index) =>
        href === undefined ? (
          text
        ) : (
          <a
            key={index}
            href={href}
            target="_blank"
            rel="noopener noreferrer nofollow"
            className="text-accent underline underline-offset-2"
          >
            {text}
          </a>
        ),
      )}
    </p>
  )
}
