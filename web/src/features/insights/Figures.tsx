import clsx from 'clsx'
import { FigureCard, type FigureShown } from '@/ui/FigureCard'
import { useExplain } from './explaining'
import { useCatalogue } from './queries'

export type Figure = { slug: string; label: string; unit: string }

type FiguresProps<Shown extends Figure> = {
  figures: readonly Shown[]
  /** What stands on the card; null while the answer is on its way. */
  shown: (figure: Shown) => FigureShown | null
  /** Where figures open, by metric; one that has no address does not. */
  explain: Record<string, string> | undefined
  /** How many stand side by side. */
  columns: string
  height: string
}

/** The figures of a report. Each opens to what it is made of. */
export function Figures<Shown extends Figure>(props: FiguresProps<Shown>) {
  const { figures, shown, explain: links, columns, height } = props
  const explain = useExplain()
  const catalogue = useCatalogue()
  return (
    <div
      role="group"
      aria-label="Figures"
      className={clsx('grid grid-cols-2 gap-3 sm:gap-4', columns)}
    >
      {figures.map((figure) => {
        const { slug, label } = figure
        const info = catalogue?.get(slug)
        const url = links?.[slug]
        const about = info && `${info.formula}. ${info.description}`
        return (
          <FigureCard
            key={slug}
            label={label}
            about={about && url ? `${about} Press to see where it comes from.` : about}
            figure={shown(figure)}
            opensDialog
            onClick={url ? () => explain({ title: info?.label ?? label, url }) : undefined}
            className={height}
          />
        )
      })}
    </div>
  )
}
