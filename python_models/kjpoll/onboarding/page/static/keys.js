// Single keys for what has a data-key: a button is pressed, a link followed, a field or a closed part opened.
"use strict";

const STORED = "kjpoll-review-keys";
const onOff = document.getElementById("use-keys");
const MOVES = { j: "next", ArrowRight: "next", k: "prev", ArrowLeft: "prev" };
const UP_OR_DOWN = { j: 1, ArrowDown: 1, k: -1, ArrowUp: -1 };

function open(part) {
  part.open = true;
  part.scrollIntoView({ block: "start" });
  const inside = part.id === "keys" ? part.querySelector("summary") : part.querySelector("select, input:not([type=hidden])");
  (inside || part.querySelector("summary")).focus();
}

function press(target) {
  if (target.dataset.opens) open(document.getElementById(target.dataset.opens));
  else if (target.matches("details")) open(target);
  else if (target.matches("input")) target.focus();
  else target.click();
}

function move(key) {
  const turn = MOVES[key] && document.querySelector(`a[rel=${MOVES[key]}]`);
  if (turn) {
    turn.click();
    return true;
  }
  const rows = [...document.querySelectorAll("a.row")];
  if (!UP_OR_DOWN[key] || !rows.length) return false;
  const here = rows.indexOf(document.activeElement);
  const next = here < 0 ? (UP_OR_DOWN[key] > 0 ? 0 : rows.length - 1) : here + UP_OR_DOWN[key];
  rows[Math.min(Math.max(next, 0), rows.length - 1)].focus();
  return true;
}

document.addEventListener("keydown", (event) => {
  const writing = event.target.matches("input:not([type=checkbox]), select, textarea");
  if (event.key === "Escape" && writing) {
    event.target.blur();
    return;
  }
  if (writing || event.ctrlKey || event.metaKey || event.altKey || event.repeat || !onOff.checked) return;
  const target = [...document.querySelectorAll("[data-key]")].find((one) => one.dataset.key === event.key);
  if (target) press(target);
  else if (!move(event.key)) return;
  event.preventDefault();
});

document.querySelectorAll("a[data-opens]").forEach((link) => {
  link.addEventListener("click", (event) => {
    event.preventDefault();
    open(document.getElementById(link.dataset.opens));
  });
});

onOff.checked = localStorage.getItem(STORED) !== "off";
onOff.addEventListener("change", () => localStorage.setItem(STORED, onOff.checked ? "on" : "off"));

const opened = location.hash === "#edit" && document.getElementById("edit");
if (opened) open(opened);
