// One answer over the waves, with 95% intervals: for each country, or for the columns of the crosstab.
(function (explorer) {
  "use strict";
  const { element } = explorer;
  // A plot's width, less on a narrow screen, and what its axis takes beside it.
  const WIDTH = 400;
  const AXIS = 55;
  let drawing = 0;

  /** rows: those of crosstab_tested, of all waves; null if there is nobody to split by. */
  explorer.showTrend = function (target, rows) {
    const { q, by, answer } = explorer.choice();
    const question = explorer.question(q);
    const [grouping, id] = answer.split(/:(.*)/);
    const points =
      rows === null
        ? question.cells
            .filter((cell) => cell[2] === grouping && cell[3] === id)
            .map(([wave, country, , , , base, low, high, pct]) => ({
              wave,
              country,
              column: country,
              pct,
              low,
              high,
              base,
            }))
        : rows
            .filter((row) => row.grouping === grouping && row.category_id === id)
            .map((row) => ({
              wave: row.wave,
              country: row.country || row.by_category_id,
              column: row.by_category_id,
              pct: row.pct,
              low: row.ci_low,
              high: row.ci_high,
              base: row.base_n,
              lowBase: row.low_base,
              missing: row.letter === null,
            }));
    const lines = rows === null ? "country" : by;
    // Korea and Japan share a chart where they are the lines, and have one each where something else is.
    const panels =
      lines === "country"
        ? [[null, points]]
        : explorer
            .countriesOf(question)
            .map((country) => [country, points.filter((point) => point.country === country)]);
    const highest = Math.min(
      100,
      Math.ceil(Math.max(0, ...points.filter((point) => !point.missing).map((point) => point.high ?? point.pct)) / 10) *
        10,
    );
    const shown = panels.filter(([, members]) => members.length);
    if (!shown.length) {
      target.replaceChildren(element("p", {}, "No wave asked both questions of the same people."));
      return;
    }
    const name = explorer.labelled(
      explorer.answers(question).find((a) => a.grouping === grouping && a.id === id),
    );
    const boxes = shown.map(([country, members]) => panel(question, lines, country, members, name, highest));
    target.replaceChildren(
      element(
        "p",
        { class: "note" },
        "Per cent ",
        name,
        ", with 95% intervals; a hollow point is assumed and has none. " +
          "A line breaks where a wave cannot be compared with the one before.",
      ),
      element("div", { class: "charts" }, ...boxes.map((box) => box.chart)),
      ...breaks(
        question,
        shown.flatMap(([, members]) => members),
      ),
      element(
        "details",
        {},
        element("summary", {}, "The numbers of the trend"),
        ...boxes.map((box) => box.table),
      ),
    );
    const mine = ++drawing;
    for (const box of boxes) box.draw(() => mine === drawing);
  };

  function panel(question, lines, country, points, name, highest) {
    const columns = order(lines, [...new Set(points.map((point) => point.column))]);
    const label = (column) => explorer.columnLabel(lines, column).text;
    const place = country ? explorer.labelled(explorer.data.countries[country]) : "Both countries";
    const caption = [place, ": ", name, ", per cent"];
    const waves = [...new Set(points.map((point) => point.wave))].sort();
    const at = new Map(points.map((point) => [[point.column, point.wave].join(), point]));
    const words = columns
      .map(
        (column) =>
          `${label(column)}: ${waves
            .filter((wave) => at.has([column, wave].join()))
            .map((wave) => `${explorer.percent(at.get([column, wave].join()).pct)} in ${wave}`)
            .join(", ")}.`,
      )
      .join(" ");
    const box = element("div", {
      class: "chart",
      role: "img",
      "aria-label": `${explorer.joined(caption)}. ${words}`,
    });
    // Side by side within a wave, so that no interval hides another.
    const shift = (column) =>
      (columns.indexOf(column) - (columns.length - 1) / 2) * Math.min(0.1, 0.5 / columns.length);
    const values = points
      .filter((point) => !point.missing)
      .map((point) => ({
        ...point,
        assumed: point.low === null,
        line: label(point.column),
        place: point.wave + shift(point.column),
        part: question.breaks.filter(([where, wave]) => where === point.country && wave <= point.wave).length,
      }));
    const file = `trend_${question.id}_by_${lines}${country ? `_${country}` : ""}.csv`;
    const table = explorer.table(
      `trend-${country || "both"}`,
      caption,
      [
        lines === "country" ? { text: "Country" } : explorer.labelled(explorer.question(lines)),
        ...waves.map((wave) => ({ text: String(wave), number: true })),
      ],
      columns.map((column) => ({
        cells: [
          { header: true, ...explorer.columnLabel(lines, column) },
          ...waves.map((wave) => cell(at.get([column, wave].join()))),
        ],
      })),
      [
        ["column", "wave", "pct", "ci_low", "ci_high", "base_n"],
        ...points.map((point) => [point.column, point.wave, point.pct, point.low, point.high, point.base]),
      ],
      file,
    );
    const drawn = columns.filter((column) => values.some((value) => value.column === column));
    const colours = drawn.map((column) => colour(lines, column));
    return {
      chart: element("figure", {}, element("figcaption", {}, place), box),
      table,
      draw: (isCurrent) => {
        const inside = element("div", { "aria-hidden": "true" });
        vegaEmbed(inside, specification(values, drawn.map(label), colours, highest, waves, box.clientWidth), {
          actions: false,
          // Expressions are interpreted, since the served page may not evaluate text.
          ast: true,
          renderer: "svg",
          tooltip: { theme: "custom" },
        })
          .then(() => {
            if (isCurrent()) {
              box.replaceChildren(inside);
              box.dataset.drawn = "yes";
            }
          })
          .catch((error) => {
            box.textContent = "The chart cannot be drawn; the numbers are below.";
            console.error(error);
          });
      },
    };
  }

  const cell = (point) =>
    point
      ? {
          number: true,
          text: explorer.percent(point.pct),
          attributes: {
            class: point.low === null ? "n assumed" : point.lowBase ? "n low-base" : "n",
            "data-wave": point.wave,
            "data-column": point.column,
            "data-pct": point.pct,
            title: `${explorer.interval(point.low, point.high)}; base ${point.base}`,
          },
        }
      : { number: true, text: "–" };

  const order = (lines, columns) =>
    (lines === "country"
      ? Object.keys(explorer.data.countries)
      : explorer.question(lines).categories.map((category) => category.id)
    ).filter((id) => columns.includes(id));

  const colour = (lines, column) =>
    lines === "country"
      ? explorer.data.countries[column].colour
      : explorer.question(lines).categories.find((category) => category.id === column).colour;

  function breaks(question, points) {
    const waves = new Set(points.map((point) => `${point.country} ${point.wave}`));
    const reasons = question.breaks.filter(([country, wave]) => waves.has(`${country} ${wave}`));
    return reasons.length
      ? [
          element(
            "ul",
            { class: "breaks" },
            ...reasons.map(([country, wave, reason]) =>
              element(
                "li",
                {},
                explorer.labelled(explorer.data.countries[country]),
                `, before ${wave}: ${reason}.`,
              ),
            ),
          ),
        ]
      : [];
  }

  function specification(values, names, colours, highest, waves, room) {
    const x = {
      field: "place",
      type: "quantitative",
      title: null,
      axis: { format: "d", values: waves, labelOverlap: true, grid: false },
      scale: { domain: [waves[0] - 0.4, waves[waves.length - 1] + 0.4], nice: false },
    };
    const y = { field: "pct", type: "quantitative", title: "Per cent", scale: { domain: [0, highest] } };
    const series = {
      field: "line",
      type: "nominal",
      sort: names,
      scale: { domain: names, range: colours },
      legend: { columns: 2, title: null },
    };
    const tooltip = [
      { field: "line", title: " " },
      { field: "wave", title: "Wave" },
      { field: "pct", title: "Per cent", format: ".1f" },
      { field: "low", title: "95% from", format: ".1f" },
      { field: "high", title: "to", format: ".1f" },
      { field: "base", title: "Base" },
    ];
    return {
      config: chartConfig,
      width: Math.min(WIDTH, room - AXIS),
      height: 260,
      data: { values },
      layer: [
        {
          transform: [{ filter: "!datum.assumed" }],
          mark: { type: "rule", opacity: 0.55 },
          encoding: { x, y: { ...y, field: "low" }, y2: { field: "high" }, color: series },
        },
        // Pale on the way to and from an assumed share.
        { mark: { type: "line", opacity: 0.3 }, encoding: { x, y, color: series, detail: { field: "part" } } },
        {
          transform: [
            { calculate: "datum.assumed ? 1 : 0", as: "guess" },
            {
              window: [{ op: "sum", field: "guess", as: "guesses" }],
              groupby: ["line", "part"],
              sort: [{ field: "wave" }],
            },
            { filter: "!datum.assumed" },
          ],
          mark: { type: "line" },
          encoding: { x, y, color: series, detail: [{ field: "part" }, { field: "guesses" }] },
        },
        ...[true, false].map((filled) => ({
          transform: [{ filter: filled ? "!datum.assumed" : "datum.assumed" }],
          mark: { type: "point", filled, size: 45, opacity: 1, ...(filled ? {} : { fill: "white" }) },
          encoding: { x, y, color: series, shape: { ...series, scale: { domain: names } }, tooltip },
        })),
      ],
    };
  }
})(window.explorer);
