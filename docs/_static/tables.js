// Long tables: a press on a column's name sorts by it, up, down and back; what is typed above filters the rows.

const collator = new Intl.Collator(document.documentElement.lang, { numeric: true });
const text = (row, column) => row.cells[column].textContent.trim();
// A bound, "<= 0.95", counts as its number; Number("") would be 0.
const number = (written) => Number(written.replace(/^[<>]=/, "").replace("−", "-") || NaN);
const NEXT = { null: "ascending", ascending: "descending", descending: null };

for (const tools of document.querySelectorAll(".table-tools")) {
    const table = tools.nextElementSibling.querySelector("table");
    const heads = [...table.tHead.rows[0].cells];
    const [body] = table.tBodies;
    // Rows are sorted below their title, and seen with it.
    const groups = [{ rows: [] }];
    for (const row of body.rows) {
        if (row.classList.contains("group-title")) groups.push({ title: row, rows: [] });
        else groups.at(-1).rows.push(row);
    }
    const all = groups.flatMap(({ rows }) => rows);

    function order(column, direction) {
        const sign = direction === "descending" ? -1 : 1;
        const written = new Map(all.map((row) => [row, text(row, column)]));
        const numbers = new Map(all.map((row) => [row, number(written.get(row))]));
        // What is not finite has no digits; a version, 2.4.6, has, and is no number.
        const numeric = all.every((row) => !Number.isNaN(numbers.get(row)) || !/\d/.test(written.get(row)));
        const missing = (row) => (numeric ? Number.isNaN(numbers.get(row)) : written.get(row) === "");
        const compare = (a, b) =>
            numeric ? numbers.get(a) - numbers.get(b) : collator.compare(written.get(a), written.get(b));
        return (a, b) => missing(a) - missing(b) || (missing(a) ? 0 : sign * compare(a, b));
    }

    heads.forEach((head, column) => {
        const button = Object.assign(document.createElement("button"), { type: "button" });
        const name = head.querySelector("p") ?? head;
        button.append(...name.childNodes);
        name.append(button);
        button.addEventListener("click", () => {
            const direction = NEXT[head.getAttribute("aria-sort")];
            for (const other of heads) other.removeAttribute("aria-sort");
            if (direction) head.setAttribute("aria-sort", direction);
            for (const { title, rows } of groups) {
                if (title) body.append(title);
                body.append(...(direction ? [...rows].sort(order(column, direction)) : rows));
            }
        });
    });

    const boxes = [...tools.querySelectorAll("[type=checkbox]")];
    function filter() {
        const sought = tools.querySelector("[type=search]").value.trim().toLowerCase();
        const has = (row) => row?.textContent.toLowerCase().includes(sought);
        const ticked = boxes.filter((box) => box.checked);
        for (const { title, rows } of groups) {
            for (const row of rows) {
                const wanted = ticked.every((box) => text(row, box.dataset.column) === box.value);
                row.hidden = !(wanted && (has(row) || has(title)));
            }
            if (title) title.hidden = rows.every((row) => row.hidden);
        }
        const shown = all.filter((row) => !row.hidden).length;
        tools.querySelector("[role=status]").textContent = tools.dataset.shown
            .replace("{shown}", shown)
            .replace("{all}", all.length);
    }
    tools.addEventListener("input", filter);
    filter();
    tools.hidden = false;
}
