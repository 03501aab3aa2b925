/* Keeps what is being written on this device, when the person asks for it; never sent anywhere, never with a code.
   Optional: the page works without it. On the page after sending, and on "Xóa bản nháp", the draft is removed. */
(function () {
  "use strict";
  var KEY = "langnghe-draft", box = document.querySelector("[data-draft]"), text = document.getElementById("text");
  function read() { try { return window.localStorage.getItem(KEY); } catch (error) { return null; } }
  function drop() { try { window.localStorage.removeItem(KEY); } catch (error) { /* nothing is kept then */ } }
  function write(value) { try { window.localStorage.setItem(KEY, value); return true; } catch (error) { return false; } }
  if (document.querySelector("[data-draft-sent]")) { drop(); return; }
  if (!box || !text) { return; }
  var keep = box.querySelector("[data-draft-keep]"), open = box.querySelector("[data-draft-open]");
  var remove = box.querySelector("[data-draft-drop]"), status = box.querySelector("[data-draft-status]");
  var found = read();
  function say(words) { status.textContent = words; }
  function show() { remove.hidden = read() === null; }
  function save() {
    if (keep.checked && write(text.value)) { say(box.dataset.draftKept); }
    show();
  }
  keep.parentNode.hidden = false;
  say("");
  if (found !== null) {
    keep.checked = text.value === "" || text.value === found;
    if (text.value === "") { text.value = found; say(box.dataset.draftKept); }
    else if (text.value !== found) { open.hidden = false; say(box.dataset.draftFound); }
  }
  show();
  open.addEventListener("click", function () { text.value = read() || text.value; open.hidden = true; keep.checked = true; save(); });
  remove.addEventListener("click", function () { drop(); keep.checked = false; open.hidden = true; say(box.dataset.draftGone); show(); });
  keep.addEventListener("change", function () { if (keep.checked) { save(); } else { drop(); say(box.dataset.draftGone); show(); } });
  text.addEventListener("input", save);
})();
