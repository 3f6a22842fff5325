// Replaces each static drawing by the interactive chart of its specification. A chart that fails stays as drawn.
(function () {
  "use strict";
  // Below this a plot has no room for its numbers, and the whole chart is scaled instead.
  var NARROWEST = 120;
  // So many short names stand side by side in a legend on a narrow screen, and one where names are long.
  var BESIDE = 3;

  function replace(source) {
    var box = document.getElementById(source.dataset.chart);
    var specification = JSON.parse(source.textContent);
    var target = document.createElement("div");
    // The box carries the chart's text; Vega's own, mark by mark, would repeat it.
    target.setAttribute("aria-hidden", "true");
    draw(target, box, specification)
      .then(function () {
        box.replaceChildren(target);
        box.dataset.interactive = "yes";
      })
      .catch(function (error) { console.error(source.dataset.chart, error); });
  }

  // On a narrow screen the plots of a chart get narrower, so that its letters keep their size.
  function draw(target, box, specification) {
    if (width(box) <= box.clientWidth) return embed(target, specification);
    if (specification.columns) specification.columns = 1;
    plots(specification).forEach(foldLegend);
    return embed(target, specification).then(function () {
      var missing = width(target) - box.clientWidth;
      if (missing <= 0) return;
      narrow(specification, missing);
      return embed(target, specification);
    });
  }

  function embed(target, specification) {
    // With ast, expressions are interpreted, since the served page may not evaluate text.
    return vegaEmbed(target, specification,
      { config: chartConfig, actions: false, ast: true, renderer: "svg", tooltip: { theme: "custom" } });
  }

  function width(element) {
    return element.querySelector("svg").viewBox.baseVal.width;
  }

  function plots(specification) {
    return specification.vconcat || [specification];
  }

  function foldLegend(plot) {
    (plot.layer || []).forEach(function (layer) {
      var legend = layer.encoding && layer.encoding.color && layer.encoding.color.legend;
      if (legend) legend.columns = legend.columns ? 1 : BESIDE;
    });
  }

  function narrow(specification, missing) {
    var smallest = (specification.params || []).find(function (parameter) { return parameter.name === "smallest"; });
    plots(specification).forEach(function (plot, at) {
      if (!plot.width) return;
      var left = Math.max(NARROWEST, plot.width - missing);
      if (smallest && at === 0) smallest.value *= plot.width / left;
      plot.width = left;
    });
  }

  document.querySelectorAll("script[data-chart]").forEach(replace);
})();
