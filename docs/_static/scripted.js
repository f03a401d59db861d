// Scripts run. The theme says so itself, but at the end, where its style sheet then has every element
// styled anew.

document.documentElement.removeAttribute("class");
