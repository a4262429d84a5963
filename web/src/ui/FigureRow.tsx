import { FigureCard, type FigureShown } from './FigureCard'

/** A figure of an answer: what it is called, what it means, and how it is read from the answer. */
export type FigureOf<Answer> = {
  label: string
  about: string
  of: (answer: Answer) => FigureShown
}

type FigureRowProps<Answer> = {
  figures: readonly FigureOf<Answer>[]
  /** Null while it loads. */
  answer: Answer | null
}

/** The figures of an answer side by side, without a course. */
export function FigureRow<Answer>({ figures, answer }: FigureRowProps<Answer>) {
  return (
    <div
      role="group"
      aria-label="Figures"
      className="grid grid-cols-2 gap-3 sm:gap-4 xl:grid-cols-4"
    >
      {figures.map(({ label, about, of }) => (
        <FigureCard
          key={label}
          label={label}
          about={about}
          figure={answer === null ? null : of(answer)}
          className="h-24"
        />
      ))}
    </div>
  )
}
