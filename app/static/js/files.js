/* Shows names and sizes of the files that were chosen, before they are sent. Optional: the page works without it. */
(function () {
  "use strict";
  var field = document.querySelector("[data-files]"), box = document.querySelector("[data-files-chosen]");
  if (!field || !box) { return; }
  var most = Number(box.dataset.filesMost);
  function megabytes(size) { return (size / 1048576).toFixed(1).replace(".", document.documentElement.lang === "en" ? "." : ",") + " MB"; }
  field.addEventListener("change", function () {
    var list = document.createElement("ul"), words = document.createElement("p");
    words.textContent = box.dataset.filesWords;
    list.className = "plain";
    Array.prototype.forEach.call(field.files, function (file) {
      var line = document.createElement("li");
      line.textContent = file.name + " – " + megabytes(file.size) + (file.size > most * 1048576 ? " (" + box.dataset.filesLarge + ")" : "");
      list.appendChild(line);
    });
    box.replaceChildren(words, list);
    box.hidden = field.files.length === 0;
  });
})();
