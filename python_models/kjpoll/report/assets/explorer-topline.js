// The topline of a question: for each country, every answer in every wave, as the release has it.
(function (explorer) {
  "use strict";

  explorer.showTopline = function (target) {
    const question = explorer.question(explorer.choice().q);
    target.replaceChildren(...explorer.countriesOf(question).map((country) => one(question, country)));
  };

  function one(question, country) {
    const samples = question.asked.filter((sample) => sample[1] === country);
    const cells = new Map(
      question.cells
        .filter((cell) => cell[1] === country)
        .map((cell) => [[cell[0], cell[2], cell[3]].join(), cell]),
    );
    const label = explorer.labelled(explorer.data.countries[country]);
    const rows = [];
    const csv = [["country", "wave", "grouping", "answer", "n", "base_n", "pct", "ci_low", "ci_high", "basis"]];
    for (const answer of explorer.answers(question)) {
      const found = samples.map(([wave]) => cells.get([wave, answer.grouping, answer.id].join()));
      if (!found.some(Boolean)) continue;
      rows.push({
        kind: answer.grouping,
        cells: [
          { header: true, ...explorer.labelled(answer) },
          ...found.map((cell, at) =>
            cell
              ? {
                  number: true,
                  text: explorer.percent(cell[8]),
                  attributes: {
                    "data-wave": samples[at][0],
                    "data-answer": `${answer.grouping}:${answer.id}`,
                    class: cell[9] === "assumed" ? "n assumed" : "n",
                    "data-n": cell[4],
                    title: `${cell[4]} of ${cell[5]}; ${explorer.interval(cell[6], cell[7])}`,
                  },
                }
              : { number: true, text: "–" },
          ),
        ],
      });
      for (const cell of found.filter(Boolean)) {
        csv.push([
          country,
          cell[0],
          cell[2],
          cell[3],
          cell[4],
          cell[5],
          cell[8],
          cell[6],
          cell[7],
          cell[9],
        ]);
      }
    }
    rows.push(
      foot(
        "Base",
        samples.map((sample) => explorer.count(base(question, sample))),
      ),
    );
    if (samples.some((sample) => sample[2] !== "identical")) {
      rows.push(
        foot(
          "Differs in",
          samples.map((sample) => (sample[2] === "identical" ? "" : sample[2])),
        ),
      );
    }
    if (samples.some((sample) => sample[3]))
      rows.push(
        foot(
          "About",
          samples.map((sample) => sample[3] || ""),
        ),
      );
    const head = [{ text: "Answer" }, ...samples.map(([wave]) => ({ text: String(wave), number: true }))];
    return explorer.table(
      `topline-${country}`,
      [label, ": ", explorer.labelled(question)],
      head,
      rows,
      csv,
      `topline_${question.id}_${country}.csv`,
    );
  }

  const base = (question, [wave, country]) =>
    question.cells.find((cell) => cell[0] === wave && cell[1] === country)[5];

  const foot = (name, texts) => ({
    kind: "foot",
    cells: [{ header: true, text: name }, ...texts.map((text) => ({ text, number: true }))],
  });
})(window.explorer);
