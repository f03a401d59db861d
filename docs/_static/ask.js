// Questions: each answer becomes a button, or a number is typed, and what it reveals is said. The answers and what
// they reveal stand folded below, where they can be read without this script.

function make(parent, name, properties) {
    const element = Object.assign(document.createElement(name), properties);
    parent.append(element);
    return element;
}

for (const question of document.querySelectorAll(".ask")) {
    const [text, answers] = question.children;
    const fieldset = document.createElement("fieldset");
    text.replaceWith(fieldset);
    make(fieldset, "legend", {}).append(...text.childNodes);
    const replies = [...question.querySelectorAll("dl > div")];
    const said = make(fieldset, "p", { role: "status" });
    if (answers.matches("ul")) said.before(answers);
    // progress.js keeps what becomes of it.
    const tell = (detail) => question.dispatchEvent(new CustomEvent("course-progress", { detail, bubbles: true }));
    function reply(found) {
        said.replaceChildren(...found.querySelector("dd").cloneNode(true).childNodes);
        tell(found.className ? "done" : "tried");
    }

    const buttons = [...fieldset.querySelectorAll("li")].map((item, number) => {
        const words = [...item.childNodes];
        const right = replies[number].className;
        const button = make(item, "button", { type: "button", className: right, ariaPressed: "false" });
        button.append(...words);
        button.addEventListener("click", () => {
            for (const other of buttons) other.ariaPressed = String(other === button);
            reply(replies[number]);
        });
        return button;
    });

    if (question.dataset.says) {
        const [yours, answer, tooMuch, tooLittle, none] = JSON.parse(question.dataset.says);
        const form = make(fieldset, "form", {});
        const input = make(make(form, "label", { textContent: yours }), "input", { inputMode: "decimal" });
        input.autocomplete = "off";
        make(form, "button", { textContent: answer });
        said.before(form);
        form.addEventListener("submit", (event) => {
            event.preventDefault();
            // The same form as in course/practice/questions.py.
            const text = input.value.trim().replaceAll(",", ".").replaceAll("\u2212", "-");
            const typed = text.match(/^([+-]?(?:\d+\.?\d*|\.\d+)(?:e[+-]?\d+)?)( ?%)?$/i);
            if (!typed) {
                said.textContent = none;
                return;
            }
            const value = typed[1] / (typed[2] ? 100 : 1);
            const found = replies.find(({ dataset: { low, high } }) => low <= value && value <= high);
            if (found) {
                reply(found);
            } else {
                said.textContent = value > replies[0].dataset.high ? tooMuch : tooLittle;
                tell("tried");
            }
            question.dispatchEvent(new CustomEvent("answered", { detail: value }));
        });
    }
}
