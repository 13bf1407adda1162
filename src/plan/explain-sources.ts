/** A published result: the words of its docstring's `Source:` line, and the file that has it. */
export interface Source {
  readonly file: string
  readonly text: string
}

/** Where the formulas of the derivations come from; a test holds them to the docstrings. */
export const sources = {
  little: {
    file: 'littles-law.ts',
    text: 'Little, A proof for the queuing formula L = λW, Operations Research 9 (1961)',
  },
  operational: {
    file: 'asymptotic-bounds.ts',
    text: 'Denning, Buzen (1978); Lazowska et al. (1984), ch. 5.2',
  },
  closedStation: {
    file: 'load-dependent-closed.ts',
    text: 'Lazowska, Zahorjan, Graham, Sevcik, Quantitative System Performance (1984), ch. 8; Reiser (1981)',
  },
  flowEquivalent: {
    file: 'flow-equivalent.ts',
    text: 'Chandy, Herzog, Woo, Parametric analysis of queuing networks, IBM J. Res. Dev. 19 (1975)',
  },
  openStation: {
    file: 'load-dependent-open.ts',
    text: 'Kleinrock, Queueing Systems I (1975), §3.1; Kelly, Reversibility and Stochastic Networks (1979), §3.3',
  },
  arrivalTheorem: {
    file: 'closed-response-percentile.ts',
    text: 'Sevcik, Mitrani, JACM 28 (1981), and Lavenberg, Reiser (1980), for the arrival theorem',
  },
  erlangB: {
    file: 'erlang-b.ts',
    text: 'Erlang (1917), by the recursion 1/B(k) = 1 + (k/A)/B(k−1) of Jagerman (1974)',
  },
  erlangC: {
    file: 'erlang-c.ts',
    text: 'Erlang (1917); C = B ÷ (1 − ρ(1 − B)), P(wait > t) = C·exp(−(c − A)·t/S)',
  },
  erlangA: {
    file: 'erlang-a.ts',
    text: 'Palm (1946); Garnett, Mandelbaum, Reiman, Designing a call center with impatient customers, M&SOM 4 (2002)',
  },
  processorSharing: {
    file: 'processor-sharing.ts',
    text: 'Kleinrock, Time-shared systems: a theoretical treatment, JACM 14 (1967); Sakata, Noguchi, Oizumi (1969)',
  },
  finiteRoom: { file: 'mmck.ts', text: 'Kleinrock, Queueing Systems I (1975), §3.6' },
} as const satisfies Readonly<Record<string, Source>>
