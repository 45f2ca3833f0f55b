// Small conveniences; every page works without them.
"use strict";
document.addEventListener("DOMContentLoaded", () => {
  for (const button of document.querySelectorAll("button.copy")) {
    if (!navigator.clipboard) continue;
    button.hidden = false;
    button.addEventListener("click", async () => {
      const from = button.dataset.copyFrom;
      const text = from ? document.getElementById(from).textContent : button.dataset.copy;
      await navigator.clipboard.writeText(text);
      button.classList.add("done");
      setTimeout(() => button.classList.remove("done"), 1500);
    });
  }
  const zone = document.querySelector("select[data-own-zone]");
  const own = Intl.DateTimeFormat().resolvedOptions().timeZone;
  if (zone && zone.value === "UTC" && [...zone.options].some((option) => option.value === own)) zone.value = own;
  for (const form of document.querySelectorAll("form[data-drop]")) takeFiles(form);
});

// Files one after the other, each with its progress; what the server says of each is taken from the page it answers.
function takeFiles(form) {
  const chosen = form.querySelector("input[type=file]");
  const list = document.getElementById("uploads");
  const waiting = [];
  let sending = false;

  function next() {
    const file = waiting.shift();
    sending = Boolean(file);
    if (file) send(file);
  }

  function told(row, text) {
    row.textContent = text;
    row.className = "fault";
    next();
  }

  function send({ file, row }) {
    if (file.size > Number(form.dataset.most)) return told(row, file.name + ": " + form.dataset.tooLarge);
    const progress = document.createElement("progress");
    progress.max = 1;
    progress.setAttribute("aria-label", file.name);
    row.append(" ", progress);
    const body = new FormData();
    body.append("csrf", form.elements.csrf.value);
    body.append("to", form.elements.to.value);
    body.append("file", file, file.name);
    const request = new XMLHttpRequest();
    request.open("POST", form.action);
    request.setRequestHeader("Accept", "text/html");
    request.upload.addEventListener("progress", (event) => {
      if (event.lengthComputable) progress.value = event.loaded / event.total;
    });
    request.addEventListener("error", () => told(row, file.name + ": " + form.dataset.failed));
    request.addEventListener("load", () => {
      const page = new DOMParser().parseFromString(request.responseText, "text/html");
      const answer = request.status === 200 && page.querySelector("#uploads > li");
      if (!answer) return told(row, file.name + ": " + (request.status === 413 ? form.dataset.tooLarge : form.dataset.failed));
      row.replaceWith(document.adoptNode(answer));
      next();
    });
    request.send(body);
  }

  function take(files) {
    for (const file of files) {
      const row = document.createElement("li");
      row.textContent = file.name;
      list.append(row);
      waiting.push({ file, row });
    }
    if (!sending) next();
  }

  form.addEventListener("submit", (event) => {
    event.preventDefault();
    take(chosen.files);
    chosen.value = "";
  });
  for (const name of ["dragover", "dragleave", "drop"]) {
    form.addEventListener(name, (event) => {
      event.preventDefault();
      form.classList.toggle("over", name === "dragover");
      if (name === "drop") take(event.dataTransfer.files);
    });
  }
}
