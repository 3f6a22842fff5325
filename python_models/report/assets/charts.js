// Replaces each static drawing by the interactive chart of its specification. A chart that fails stays as drawn.
(function () {
  "use strict";
  function replace(source) {
    var box = document.getElementById(source.dataset.chart);
    var target = document.createElement("div");
    // The box carries the chart's text; Vega's own, mark by mark, would repeat it.
    target.setAttribute("aria-hidden", "true");
    vegaEmbed(target, JSON.parse(source.textContent),
      { config: chartConfig, actions: false, renderer: "svg", tooltip: { theme: "custom" } })
      .then(function () {
        box.replaceChildren(target);
        box.dataset.interactive = "yes";
      })
      .catch(function (error) { console.error(source.dataset.chart, error); });
  }
  document.querySelectorAll("script[data-chart]").forEach(replace);
})();
