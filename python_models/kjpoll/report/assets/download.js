// The chart as PNG, drawn by the browser: the page's static drawings side by side, below the title of the chart's file.
(function () {
  "use strict";
  var SVG = "http://www.w3.org/2000/svg", GAP = 40, HEAD = 56, LETTER = 11, SCALE = 2;
  // Kept now, since the interactive charts take the drawings' places.
  var drawings = Array.from(document.querySelectorAll(".chart > svg"), function (svg) { return svg.cloneNode(true); });

  function element(name, attributes, text) {
    var made = document.createElementNS(SVG, name);
    Object.keys(attributes).forEach(function (key) { made.setAttribute(key, attributes[key]); });
    if (text) made.textContent = text;
    return made;
  }

  function whole(title, subtitle) {
    var style = getComputedStyle(document.body);
    var outer = element("svg", { "font-family": style.fontFamily, fill: style.color });
    outer.append(element("rect", { width: "100%", height: "100%", fill: "#ffffff" }),
      element("text", { x: 8, y: 22, "font-size": 16, "font-weight": "bold" }, title),
      element("text", { x: 8, y: 42, "font-size": 12 }, subtitle));
    var at = 0, height = 0;
    drawings.forEach(function (drawing) {
      var part = drawing.cloneNode(true);
      part.setAttribute("x", at);
      part.setAttribute("y", HEAD);
      outer.append(part);
      at += Number(part.getAttribute("width")) + GAP;
      height = Math.max(height, Number(part.getAttribute("height")));
    });
    var width = Math.max(at - GAP, LETTER * title.length);
    outer.setAttribute("width", width * SCALE);
    outer.setAttribute("height", (height + HEAD) * SCALE);
    outer.setAttribute("viewBox", "0 0 " + width + " " + (height + HEAD));
    return outer;
  }

  function save(button) {
    var image = new Image();
    image.onload = function () {
      var canvas = document.createElement("canvas");
      canvas.width = image.width;
      canvas.height = image.height;
      canvas.getContext("2d").drawImage(image, 0, 0);
      canvas.toBlob(function (blob) {
        var link = document.createElement("a");
        link.download = button.dataset.png;
        link.href = URL.createObjectURL(blob);
        link.click();
        setTimeout(function () { URL.revokeObjectURL(link.href); }, 10000);
      }, "image/png");
    };
    image.src = "data:image/svg+xml;charset=utf-8," +
      encodeURIComponent(new XMLSerializer().serializeToString(whole(button.dataset.title, button.dataset.subtitle)));
  }

  document.querySelectorAll("button[data-png]").forEach(function (button) {
    button.hidden = false;
    button.addEventListener("click", function () { save(button); });
  });
})();
