(() => {
  const form = document.getElementById("filters");
  const shown = document.getElementById("shown");
  const entries = [...document.querySelectorAll(".entry")];
  if (!form || entries.length === 0) return;
  const apply = () => {
    const severities = new Set([...form.querySelectorAll("input:checked")].map((box) => box.value));
    const operation = form.elements.operation ? form.elements.operation.value : "";
    let count = 0;
    for (const entry of entries) {
      const fits = severities.has(entry.dataset.severity)
        && (operation === "" || "more" in entry.dataset || entry.dataset.operations.includes(` ${operation} `));
      entry.hidden = !fits;
      count += fits ? 1 : 0;
    }
    shown.textContent = `${count} of ${entries.length} entries`;
  };
  const unfold = () => {
    const target = location.hash && document.getElementById(location.hash.slice(1));
    const version = target && target.querySelector(".version");
    if (version) version.open = true;
  };
  form.hidden = false;
  form.addEventListener("change", apply);
  form.addEventListener("submit", (event) => event.preventDefault());
  addEventListener("hashchange", unfold);
  apply();
  unfold();
})();
