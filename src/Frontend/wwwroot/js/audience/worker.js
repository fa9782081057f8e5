// The audience, away from the page's thread. Members come one after the other, act at their own pace, and leave when told.
import { freeName, plain } from "./lines.js";
import { Member } from "./member.js";

const joinEveryMs = 120;
const tellEveryMs = 500;

let scene = { service: "", stream: "", kinds: [], tap: true, polls: [], mood: 2 };
let size = 0, joining = false, stopped = false;
let people = new Set(); // plain names of those who are no simulation: nobody here is called like them
let members = [];
const sum = { reactions: 0, comments: 0 };

onmessage = ({ data }) => {
  if (data.t === "start") Object.assign(scene, { service: data.service, stream: data.stream });
  if (data.t === "scene") Object.assign(scene, { kinds: data.kinds, tap: data.tap, polls: data.polls });
  if (data.t === "adjust") ({ size } = data, scene.mood = data.mood);
  if (data.t === "people") people = new Set(data.names.map(plain));
  if (data.t === "stop") {
    stopped = true;
    size = 0;
  }
  gather();
};

async function gather() {
  if (joining) return;
  joining = true;
  sendHome();
  while (members.length < size && !stopped) {
    try {
      const taken = new Set([...people, ...members.map(member => plain(member.name))]);
      members.push(await Member.join(scene, freeName(taken), sum));
      postMessage({ t: "problem", text: "" });
    } catch (error) {
      postMessage({ t: "problem", text: `Nobody more can come: ${error.message}` });
      break;
    }
    await new Promise(resolve => setTimeout(resolve, joinEveryMs));
    sendHome();
  }
  joining = false;
}

/** Those who are too many, and those whose name somebody real has now: others come instead. */
function sendHome() {
  const isNamesake = member => people.has(plain(member.name));
  for (const member of members.filter(isNamesake)) member.leave();
  members = members.filter(member => !isNamesake(member));
  while (members.length > size) members.pop().leave();
}

setInterval(() => postMessage({ t: "figures", here: members.filter(member => member.here).length, ...sum }), tellEveryMs);
