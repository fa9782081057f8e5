// What the simulated audience is called and says.

// None of those that the page suggests to people.
const names = ["Quinn", "Rosa", "Sami", "Tove", "Uma", "Veit", "Wanda", "Xenia", "Yara", "Zeno", "Amara", "Björn", "Chiyo", "Devi", "Elif", "Fynn", "Greta", "Hakan", "Ilse", "João", "Kaya", "Linus", "Malik", "Nora", "Otis", "Pia", "Ravi", "Siri", "Theo", "Ulla", "Vera", "Wim", "Yuki", "Zoë", "Anouk", "Bruno", "Carmen", "Dario", "Esra", "Femi", "Gioia", "Hugo", "Imani", "Jonas", "Keiko", "Leif", "Maren", "Noor", "Olga", "Petra", "Rune", "Selma", "Tariq", "Ursa", "Vito", "Zuri"];
const lines = [
  "What a start", "Did you see that?", "One more, come on", "Hello from the train", "My cat is watching too", "First time here. Hi everyone", "That was close",
  "Sound is perfect on my end", "Greetings from Lisbon", "¡Vamos!", "Say hi to Oslo", "I can't believe it", "Again, please", "Where do you all watch from?", "This is so good",
  "Who else is cooking meanwhile?", "Best one so far", "I was just thinking the same", "Turn it up", "Ha, good one", "Goosebumps", "That took courage", "Can we have that again in slow motion?",
  "Wait, what?", "Not a dry eye here", "Our whole office is watching", "Well played", "Is this really live? Wow", "Love the light", "Ten out of ten", "Bravo", "Here with my grandmother, she loves it",
  "Could watch this all night", "Encore!", "Merci, c'est superbe", "Wunderbar", "I only came for the first ten minutes and I'm still here", "Please never stop", "No way",
];

/** How the user ids of simulated viewers begin; those that the page makes for people have no "@". */
export const guest = "guest@";

/** A name as it is compared: nobody tells "Zoë" from "zoe". */
export const plain = name => name.normalize("NFKD").replace(/[^\p{L}\p{N}]/gu, "").toLowerCase();

/** The first name that is free. `taken`: plain names of everyone who has one. */
export function freeName(taken) {
  for (let round = 1; ; round++) {
    for (const name of names) {
      const shown = round === 1 ? name : `${name} ${round}`;
      if (!taken.has(plain(shown))) return shown;
    }
  }
}
const recent = [];

/** A line that nobody has just said. */
export function comment() {
  const fresh = lines.filter(line => !recent.includes(line));
  const line = fresh[Math.floor(Math.random() * fresh.length)];
  recent.push(line);
  if (recent.length > lines.length / 2) recent.shift();
  return line;
}
