// The same page in another language is opened at the same place, also where a slider has moved the address on.

for (const link of document.querySelectorAll(".edition")) {
    const keep = () => (link.hash = location.hash);
    for (const event of ["pointerdown", "keydown"]) link.addEventListener(event, keep);
}
