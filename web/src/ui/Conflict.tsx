import type { Clash } from '@/lib/draft'
import { Button } from './Button'
import { Notice } from './Notice'

type ConflictProps = {
  /** What both of them changed: "product". */
  of: string
  clashes: Clash[]
  onTheirs: () => void
  onMine: () => void
  busy: boolean
}

/** Somebody saved first: what they changed, what stands here, and the two ways on. */
export function Conflict({ of, clashes, onTheirs, onMine, busy }: ConflictProps) {
  const fought = clashes.some(({ mine }) => mine !== null)
  return (
    <Notice tone="bad" className="mx-4 mb-4 sm:mx-5">
      <p className="font-semibold">Somebody else saved this {of} while you were editing.</p>
      <p className="text-ink">
        {clashes.length === 0
          ? 'They changed nothing of what stands in this form, so saving yours takes nothing of theirs away.'
          : fought
            ? 'Nothing of yours is saved yet. Where both of you changed a field, one value has to give way:'
            : 'Nothing of yours is saved yet. They changed other fields than you, so both changes can stay:'}
      </p>
      {clashes.length > 0 && (
        <table className="my-3 w-full text-ink">
          <caption className="sr-only">What they changed, beside yours</caption>
          <thead className="text-left text-xs text-muted">
            <tr>
              <th scope="col" className="pr-3 font-medium">
                Field
              </th>
              <th scope="col" className="pr-3 font-medium">
                Theirs
              </th>
              <th scope="col" className="font-medium">
                Yours
              </th>
            </tr>
          </thead>
          <tbody>
            {clashes.map(({ field, label, theirs, mine }) => (
              <tr key={field} className="align-top">
                <th scope="row" className="pr-3 text-left font-medium">
                  {label}
                </th>
                <td className="line-clamp-3 pr-3 break-words">{theirs}</td>
                <td className="break-words">
                  {mine ?? <span className="text-muted">not changed</span>}
                </td>
              </tr>
            ))}
          </tbody>
        </table>
      )}
      <div className="mt-3 flex flex-wrap gap-2 text-ink">
        <Button onClick={onMine} disabled={busy} look="solid">
          {fought ? 'Save mine over theirs' : 'Save mine too'}
        </Button>
        <Button onClick={onTheirs} disabled={busy}>
          Keep theirs, drop mine
        </Button>
      </div>
    </Notice>
  )
}
