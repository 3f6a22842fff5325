// The crosstab of two questions in one wave; the numbers and the letters come from the macro crosstab_tested.
(function (explorer) {
  "use strict";

  /** The query behind a crosstab, for all waves or for one. */
  explorer.crosstabQuery = ({ q, by, wave }) =>
    `select * from crosstab_tested(${explorer.literal(q)}, ${explorer.literal(by === "country" ? "series" : by)})` +
    (wave ? `\nwhere wave = ${wave}` : "");

  /** rows: those of crosstab_tested, of all waves. */
  explorer.showCrosstab = function (target, rows) {
    const { q, by, wave } = explorer.choice();
    const shown = rows.filter((row) => row.wave === wave);
    if (!shown.length) {
      target.replaceChildren(
        explorer.element("p", {}, `Wave ${wave} did not ask both questions of the same people.`),
      );
      return;
    }
    const panels = by === "country" ? [null] : explorer.countriesOf(explorer.question(q));
    target.replaceChildren(
      ...panels
        .map((country) => [country, shown.filter((row) => row.country === country)])
        .filter(([, members]) => members.length)
        .map(([country, members]) => one(explorer.question(q), by, wave, country, members)),
    );
  };

  function one(question, by, wave, country, rows) {
    const columns = [...new Map(rows.map((row) => [row.by_category_id, row])).values()];
    const byLetter = (a, b) =>
      (a.letter === null) - (b.letter === null) || String(a.letter).localeCompare(String(b.letter));
    columns.sort(byLetter);
    const cells = new Map(
      rows.map((row) => [[row.grouping, row.category_id, row.by_category_id].join(), row]),
    );
    const head = [
      { text: "Answer" },
      ...columns.map((column) => ({
        ...explorer.columnLabel(by, column.by_category_id),
        number: true,
        note: column.letter && `(${column.letter})`,
      })),
    ];
    const body = explorer
      .answers(question)
      .map((answer) => ({
        answer,
        found: columns.map((column) => cells.get([answer.grouping, answer.id, column.by_category_id].join())),
      }))
      .filter(({ found }) => found.some(Boolean))
      .map(({ answer, found }) => ({
        kind: answer.grouping,
        cells: [
          { header: true, ...explorer.labelled(answer) },
          ...found.map((cell) => (cell ? percentage(cell) : { text: "–", number: true })),
        ],
      }));
    const foot = (name, text) => ({
      kind: "foot",
      cells: [
        { header: true, text: name },
        ...columns.map((column) => ({ text: text(column), number: true })),
      ],
    });
    body.push(foot("Base", (column) => explorer.count(column.base_n)));
    body.push(foot("Effective base", (column) => explorer.count(column.base_effective)));
    if (columns.some((column) => column.low_base || !column.is_tested)) body.push(foot("Note", remark));
    const place = country ? explorer.labelled(explorer.data.countries[country]) : "Both countries";
    const names = Object.keys(rows[0]);
    return explorer.table(
      `crosstab-${country || "both"}`,
      [place, `, ${wave}, per cent`],
      head,
      body,
      [names, ...rows.map((row) => names.map((name) => row[name]))],
      `crosstab_${question.id}_by_${by}_${wave}${country ? `_${country}` : ""}.csv`,
    );
  }

  const remark = (column) =>
    column.is_tested
      ? column.low_base
        ? "low base"
        : ""
      : column.low_base && column.letter !== null
        ? "low base, not tested"
        : "not tested";

  const percentage = (cell) => ({
    text: explorer.percent(cell.pct),
    number: true,
    note: cell.higher_than,
    attributes: {
      class: cell.basis === "assumed" ? "n assumed" : cell.low_base ? "n low-base" : "n",
      "data-answer": `${cell.grouping}:${cell.category_id}`,
      "data-column": cell.by_category_id,
      "data-n": cell.n,
      "data-pct": cell.pct,
      title: `${cell.n} of ${cell.base_n}; ${explorer.interval(cell.ci_low, cell.ci_high)}`,
    },
  });
})(window.explorer);
