// What the simulated audience is called and says.

const names = ["Ada", "Bo", "Cleo", "Dag", "Eva", "Finn", "Gus", "Hedy", "Ines", "Jun", "Kofi", "Lena", "Mira", "Nils", "Oya", "Pim", "Quinn", "Rosa", "Sami", "Tove", "Uma", "Veit", "Wanda", "Xenia", "Yara", "Zeno", "Amara", "Björn", "Chiyo", "Devi", "Elif", "Fynn", "Greta", "Hakan", "Ilse", "João", "Kaya", "Linus", "Malik", "Nora", "Otis", "Pia", "Ravi", "Siri", "Theo", "Ulla", "Vera", "Wim", "Yuki", "Zoë"];
const lines = [
  "What a start", "Did you see that?", "One more, come on", "Hello from the train", "My cat is watching too", "First time here. Hi everyone", "That was close",
  "Sound is perfect on my end", "Greetings from Lisbon", "¡Vamos!", "Say hi to Oslo", "I can't believe it", "Again, please", "Where do you all watch from?", "This is so good",
  "Who else is cooking meanwhile?", "Best one so far", "I was just thinking the same", "Turn it up", "Ha, good one", "Goosebumps", "That took courage", "Can we have that again in slow motion?",
  "Wait, what?", "Not a dry eye here", "Our whole office is watching", "Well played", "Is this really live? Wow", "Love the light", "Ten out of ten", "Bravo", "Here with my grandmother, she loves it",
  "Could watch this all night", "Encore!", "Merci, c'est superbe", "Wunderbar", "I only came for the first ten minutes and I'm still here", "Please never stop", "No way",
];

export const name = index => names[index % names.length];
export const comment = () => lines[Math.floor(Math.random() * lines.length)];
